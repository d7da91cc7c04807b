// What the main thread and the reading thread tell each other.

/** What the thread begins with. */
export interface WorkerData {
  /** The store's file. */
  file: string
  /** What its jobs may keep in memory together. */
  maxHeapBytes: number
  /** One number, shared: the job that is at work, or 0. Read when the thread is gone by its memory. */
  running: Int32Array<SharedArrayBuffer>
}

/** What a job must know of the command it runs. */
export interface JobRequest {
  name: string
  db: string
  /** The command, as BSON. */
  body: Uint8Array
  /** The only database it may reach; null: all. */
  onlyDatabase: string | null
}

export type ToWorker =
  | { kind: 'open'; id: number; request: JobRequest; maxTimeMs: number }
  /** Asks for the next page of documents. */
  | { kind: 'page'; id: number; maxTimeMs: number }
  /** Ends a job, also in the middle of its work. */
  | { kind: 'close'; id: number }

/** How a cursor wants to be opened, as far as the reading thread knows. */
export interface CursorShape {
  ns: string
  batchSize: number
  single: boolean
  noTimeout: boolean
}

/** A MongoServerFault that crosses threads. */
export interface FaultShape {
  code: number
  codeName: string
  message: string
  /** BSON of the further fields. */
  extra: Uint8Array
  /** Set when the fault is one of ours: what to log. */
  bug: string | null
}

export type FromWorker =
  | { kind: 'opened'; id: number; cursor: CursorShape | null; reply: Uint8Array | null }
  /** Documents one after the other; none: the end. */
  | { kind: 'page'; id: number; bytes: Uint8Array }
  | { kind: 'failed'; id: number; fault: FaultShape }
  | { kind: 'closed'; id: number }
