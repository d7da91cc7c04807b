import type { Kernel } from './kernel.port.ts'

/** A value, or a promise of it in the bare spelling. */
export type Awaitable<T> = T | Promise<T>

/**
 * The way a module's code reaches its host half. A room is written once against a lane; the prelude installs
 * it twice: `name` with the bare lane (calls return promises) and `$name` with the dollar lane (calls block the service).
 */
export interface Lane {
  readonly kind: 'bare' | 'dollar'
  /** Calls `<module>.<member>` in the host. Rejects or throws an Error with `code` when the host refuses. */
  call<T>(name: string, args: readonly unknown[]): Awaitable<T>
  /** `then` for both lanes: maps the answer, synchronously in the dollar lane. */
  map<T, U>(value: Awaitable<T>, project: (value: T) => U): Awaitable<U>
  /** `catch` for both lanes. Used where the `$` spelling fails quietly (original-api.md). */
  recover<T, U>(value: () => Awaitable<T>, cure: (error: unknown) => U): Awaitable<T | U>
}

/**
 * Makes the members of one module for one lane. Pure modules ignore lane and kernel. What both spellings share
 * (routes, jobs) lives in module-level variables of the file: one isolate runs one copy of it.
 */
export type SandboxRoom = (lane: Lane, kernel: Kernel) => object
