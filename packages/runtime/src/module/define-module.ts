import type { Clock, Logger, LogLevel } from '@m3m/base'
import type { GoalsService, ProjectData, QueueService, RecordEvents, WorkOptions } from '@m3m/data'
import type { JobMarks, JobReport, RunLimits } from '../supervisor/supervisor.port.ts'
import type { ToolPool } from '../tools/index.ts'

/** What changed outside and must reach a running service within a second. */
export type Invalidation = 'models' | 'env'

/** Durable jobs: pushing them, and serving them until a signal aborts. */
export interface DurableQueue extends Pick<QueueService, 'push'> {
  work(options: WorkOptions): Promise<void>
}

/** What the host half of a module may know and use. Bound to one run of one project by the supervisor, never by the guest. */
export interface HostContext {
  readonly project: { readonly id: string; readonly slug: string; readonly name: string }
  readonly run: {
    readonly id: string
    /** `release:1.2` or `debug:develop`. */
    readonly source: string
    readonly tag: string | null
    /** Unix time in milliseconds. */
    readonly startedAtMs: number
  }
  readonly limits: RunLimits
  /** Records, models and variables of this project, by the rules panel and REST obey too. */
  readonly data: ProjectData
  /** Counters of all projects: give it this project, never another. */
  readonly goals: GoalsService
  /** Jobs of all projects: as with goals. */
  readonly queue: DurableQueue
  /** Changes of records of all projects by anyone: as with goals. */
  readonly recordEvents: RecordEvents
  /** Absolute path of the project's storage folder; it may not exist yet. Nothing outside of it may be touched. */
  readonly storagePath: string
  /** The operator's settings of the runtime (`config.yaml` `runtime`): checked by who reads them. */
  readonly settings: Readonly<Record<string, unknown>>
  /** True when the service's files name this word: what nobody names need not be loaded. */
  mentions(word: string): boolean
  /** Killable helper processes for work on hostile or heavy input (images, archives). */
  readonly tools: ToolPool
  /** What earlier runs left of the project's jobs, and where it is told what becomes of them. */
  readonly jobs: { readonly marks: JobMarks; report(report: JobReport): void }
  readonly clock: Clock
  /** The agent's own log (not the service's). */
  readonly logger: Logger
  /** Writes a line into the log of the run. */
  log(level: LogLevel, text: string): void
  /**
   * Runs the handler that the sandbox half registered by `kernel.on('<module>.<event>')`, in arrival order with
   * everything else that enters, and gives back what it returned. While a `$` call of the service is waiting,
   * the handler waits too: a host call must not wait for its own `enter` (see {@link CallContext.enter}).
   *
   * @throws what the handler threw; RUN_OVER when the run ends first; SERVICE_HANDLER_TIMEOUT after `timeoutMs`.
   */
  enter(event: string, args: readonly unknown[], options?: { timeoutMs?: number }): Promise<unknown>
}

/** One call from the isolate. */
export interface CallContext {
  /** Aborted at the call's deadline and when the run ends. */
  readonly signal: AbortSignal
  /** Milliseconds the call may still take (its own limit, at most the request's remaining wall time). */
  readonly remainingMs: number
  /** True for the `$` spelling: the isolate stands still until this call settles. */
  readonly blocking: boolean
  /**
   * As {@link HostContext.enter}, for a call whose answer depends on a handler of the service itself.
   *
   * @throws SERVICE_WOULD_WAIT_FOR_ITSELF at once when the call is `blocking`.
   */
  enter(event: string, args: readonly unknown[]): Promise<unknown>
}

/**
 * A function of the host half. Arguments come from a hostile guest: check them. Dates and bytes cross by the
 * tagged codec (`Uint8Array` in, `Uint8Array` out). What it throws reaches the guest as an Error with `code` when it
 * is an AppError, else as RUNTIME_INTERNAL without details.
 */
export type HostCall = (args: readonly unknown[], call: CallContext) => unknown

export interface ArmOptions {
  /** When the run before this one was disarmed, to take over what fell due since; null when there was none. */
  readonly sinceMs: number | null
}

export interface HostModule extends Partial<AsyncDisposable> {
  /** Keyed by member; the isolate calls `<module>.<member>`. */
  readonly calls: Readonly<Record<string, HostCall>>
  /** What the panel may ask of a running service (list its jobs); never reachable from its code. */
  readonly controls?: Readonly<Record<string, (args: readonly unknown[]) => unknown>>
  /** Before the main file runs: what the sandbox half reads by `kernel.bootData('<module>')`. */
  bootData?(): unknown
  /** The run became active: jobs, queue and events may fire from now on. */
  arm?(options: ArmOptions): void | Promise<void>
  /** The run gives way to another, or ends: nothing may fire after this has settled. */
  disarm?(): void | Promise<void>
  /** Models or variables changed. */
  invalidate?(what: Invalidation): void | Promise<void>
}

/** One room: a folder below `modules/`, one line in `modules/rooms.ts`. */
export interface ModuleDefinition {
  /** The global's name; the twin is `$name`. The folder has this name too. */
  readonly name: string
  /** Further global names for the same module (`mail` for `smtp`). */
  readonly aliases?: readonly string[]
  /** What the sandbox half exports for the global scope besides (`Headers` of `fetch`). */
  readonly globals?: readonly string[]
  /** The host half; absent where everything happens inside the isolate. */
  readonly host?: (context: HostContext) => HostModule
  /** False for a module without a `$` twin (`console`). Default true. */
  readonly twin?: boolean
}

/** Declares a room. The folder's `<name>.sandbox.ts` exports the `SandboxRoom` as `room`. */
export function defineModule(definition: ModuleDefinition): ModuleDefinition {
  return definition
}
