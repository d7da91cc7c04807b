import type { LogLevel } from '@m3m/base'

/** One line of a run's log. `cursor` is the byte offset of the line's start: stable while the file lives. */
export interface LogLine {
  cursor: string
  /** ISO 8601, UTC. */
  at: string
  level: LogLevel
  text: string
}

export interface LogPage {
  lines: LogLine[]
  /** Pass as `cursor` with direction `backward` for earlier lines; absent at the start of the log. */
  before?: string
  /** Pass as `cursor` with direction `forward` for later lines. */
  after?: string
}

export interface LogQuery {
  projectId: string
  runId: string
  cursor?: string
  direction: 'forward' | 'backward'
  /** At most 1,000. */
  limit: number
  /** This level and all above it. */
  level?: LogLevel
  /** Case-insensitive text. */
  search?: string
}

/** Reads what runners write: one file for each run, under `logging.path`. */
export interface RunLogs {
  /** An unknown run reads as an empty page. */
  page(query: LogQuery): Promise<LogPage>
  /** Lines as they are written, from `cursor` or from the end; ends when `signal` aborts. `dropped` counts lines left out because the reader was slow. */
  tail(
    query: { projectId: string; runId: string; cursor?: string },
    signal: AbortSignal,
  ): AsyncIterable<{ lines: LogLine[]; dropped: number }>
  /** Removes logs of the project's runs but those named. */
  clear(projectId: string, keep: readonly string[]): Promise<void>
  /** Removes every log of the project. */
  removeProject(projectId: string): Promise<void>
}
