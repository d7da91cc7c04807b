import type { Logger } from '@m3m/base'

/** What the host half of a module may know and use. Bound to one run of one project by the supervisor, never by the guest. */
export interface HostContext {
  readonly project: { readonly id: string; readonly slug: string; readonly name: string }
  readonly run: { readonly id: string; readonly source: string; readonly tag: string | null }
  /** The agent's own log (not the service's). */
  readonly logger: Logger
}

/** One call from the isolate. */
export interface CallContext {
  /** Aborted at the call's deadline and when the run ends. */
  readonly signal: AbortSignal
  /** Milliseconds the call may still take (its own limit, at most the request's remaining wall time). */
  readonly remainingMs: number
}

/** A function of the host half. Arguments come from a hostile guest: check them. Dates and bytes cross by the tagged codec. */
export type HostCall = (args: readonly unknown[], call: CallContext) => unknown

export interface HostModule extends Partial<AsyncDisposable> {
  /** Keyed by member; the isolate calls `<module>.<member>`. */
  readonly calls: Readonly<Record<string, HostCall>>
}

/** One room: a folder below `modules/`, one line in `modules/rooms.ts`. */
export interface ModuleDefinition {
  /** The global's name; the twin is `$name`. */
  readonly name: string
  /** Further global names for the same module (`mail` for `smtp`). */
  readonly aliases?: readonly string[]
  /** The host half; absent where everything happens inside the isolate. */
  readonly host?: (context: HostContext) => HostModule
}

/** Declares a room. The folder's `<name>.sandbox.ts` exports the {@link SandboxRoom} as `room`. */
export function defineModule(definition: ModuleDefinition): ModuleDefinition {
  return definition
}
