import { callHost, callHostBlocking } from './calls.ts'
import type { Awaitable, Lane } from './lane.ts'

/** Calls return promises. */
export const bareLane: Lane = {
  kind: 'bare',
  call: <T>(name: string, args: readonly unknown[]) => callHost(name, args) as Promise<T>,
  map: async <T, U>(value: Awaitable<T>, project: (value: T) => U) => project(await value),
  recover: async <T, U>(value: () => Awaitable<T>, cure: (error: unknown) => U) => {
    try {
      return await value()
    } catch (error) {
      return cure(error)
    }
  },
}

/** Calls block the service until the answer is there. */
export const dollarLane: Lane = {
  kind: 'dollar',
  call: <T>(name: string, args: readonly unknown[]) => callHostBlocking(name, args) as T,
  map: <T, U>(value: Awaitable<T>, project: (value: T) => U) => project(value as T),
  recover: <T, U>(value: () => Awaitable<T>, cure: (error: unknown) => U) => {
    try {
      return value() as T
    } catch (error) {
      return cure(error)
    }
  },
}

/** The cure that is none: with `lane.recover` also what is thrown before there is a promise comes by it. */
export function rethrow(error: unknown): never {
  throw error
}

const rejected = Promise.reject.bind(Promise) as (error: unknown) => Promise<never>

/** A member that gives a promise in the bare spelling: what it throws before there is one comes by it, too. `$` throws. */
export function promised<A extends unknown[]>(
  lane: Lane,
  member: (...args: A) => unknown,
): (...args: A) => unknown {
  // One frame and no more: V8 keeps ten, and the author's own have to be among them.
  if (lane.kind === 'dollar') return member
  return (...args) => {
    try {
      return member(...args)
    } catch (error) {
      return rejected(error)
    }
  }
}

/** As {@link promised}, for each of several members. */
export function promisedAll(
  lane: Lane,
  members: Readonly<Record<string, (...args: never[]) => unknown>>,
): Record<string, (...args: unknown[]) => unknown> {
  const made: Record<string, (...args: unknown[]) => unknown> = {}
  for (const name of Object.keys(members))
    made[name] = promised(lane, members[name] as (...args: unknown[]) => unknown)
  return made
}
