import type { z } from 'zod'
import type { Actor, SignedIn } from '../access/actor.schema.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import type { LogPage } from './run-logs.port.ts'
import type {
  RunHistoryEntry,
  RunState,
  StartResult,
  TailChunk,
  runHistoryInput,
  runLogsInput,
  tailInput,
} from './runs.schema.ts'

/** The one owner of what runs. Transitions of a project are serialised; what is asked twice happens once. */
export interface RunsService {
  /**
   * Answers when the run is active.
   * @throws the run's own error with `position` when it cannot boot; RUNS_SUPERSEDED when a stop came between
   */
  start(actor: Actor, projectId: string, source: CodeSource): Promise<StartResult>
  /** Answers when nothing runs. Stopping a debug run brings the desired release back. */
  stop(actor: Actor, projectId: string): Promise<RunState>
  /** The same source again, with the code as it is now. @throws RUNS_NOTHING_TO_RESTART */
  restart(actor: Actor, projectId: string): Promise<StartResult>
  state(projectId: string): Promise<RunState>
  /** Of every project the one who asks may see. */
  states(actor: SignedIn): Promise<RunState[]>
  history(input: z.output<typeof runHistoryInput>): Promise<RunHistoryEntry[]>
  logs(input: z.output<typeof runLogsInput>): Promise<LogPage & { runId: string | null }>
  /** The state now, then each change. Ends with `until`, and when the project is removed. */
  watch(projectId: string, until: AbortSignal): AsyncIterable<RunState>
  watchAll(actor: SignedIn, until: AbortSignal): AsyncIterable<RunState>
  tail(query: z.output<typeof tailInput>, until: AbortSignal): AsyncIterable<TailChunk & { resume: string }>
  /** Tells the live run that its models or variables changed. */
  invalidate(projectId: string, what: 'models' | 'env'): void
  /** Starts all that should run. */
  startDesired(): Promise<void>
}
