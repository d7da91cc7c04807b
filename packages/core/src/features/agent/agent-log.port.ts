import type { LogLine, LogPage, LogQuery } from '../runs/run-logs.port.ts'

/** Reads the agent's own log. Implemented by @m3m/runtime. */
export interface AgentLog {
  page(query: Omit<LogQuery, 'projectId' | 'runId'>): Promise<LogPage>
  /** Lines as they are written, from `cursor` or from the end; ends when `signal` aborts. */
  tail(query: { cursor?: string }, signal: AbortSignal): AsyncIterable<{ lines: LogLine[]; dropped: number }>
}
