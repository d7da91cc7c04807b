import type { RunSource } from '../runs/supervisor.port.ts'

/** The beginning of a body. `totalBytes` may be more than there are. */
export interface RecordedBody {
  readonly bytes: Uint8Array
  readonly totalBytes: number
}

/** One request of a service that is over. */
export interface RecordedRequest {
  readonly id: string
  /** When it came, Unix milliseconds. */
  readonly atMs: number
  readonly runId: string
  readonly source: RunSource
  readonly method: string
  /** Path and query as the service saw them. */
  readonly url: string
  readonly ip: string
  readonly route: string | null
  readonly status: number
  readonly ms: number
  /** Names and values in turn. */
  readonly requestHeaders: readonly string[]
  readonly requestBody: RecordedBody
  readonly responseHeaders: readonly string[]
  readonly responseBody: RecordedBody
}

/** Keeps the last requests of each project in memory. Implemented by @m3m/runtime, joined in apps/agent/src/compose-agent.ts. */
export interface RequestRecorder {
  /** The newest first. */
  list(projectId: string): RecordedRequest[]
  get(projectId: string, id: string): RecordedRequest | null
  forget(projectId: string): void
  /** Hears of each that is over, until the function it gives back is called. */
  listen(hear: (projectId: string, request: RecordedRequest) => void): () => void
}
