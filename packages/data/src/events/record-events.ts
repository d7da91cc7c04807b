import type { Actor } from '../actor.ts'

/** A change of one record by anyone. `record` is the record after it (before it for `delete`), dates as ISO 8601. */
export interface RecordEvent {
  /** The same at every delivery: what was handled once can be told by it. */
  id: string
  /** Dense and growing in one project; records are in order by it. */
  seq: number
  projectId: string
  /** Slug of the model when it happened. */
  model: string
  modelId: string
  type: 'insert' | 'update' | 'delete'
  recordId: string
  version: number
  /** Keys that an update changed. */
  changed: string[]
  record: Record<string, unknown>
  actor: Actor
  /** ISO 8601, UTC. */
  at: string
}

export interface ConsumeOptions {
  projectId: string
  /** Names the saved position; `service` for the active run. */
  consumer: string
  /** Slugs; without it, events of every model. */
  models?: readonly string[]
  signal: AbortSignal
}

/** Which attempt with an event this is, of how many; 1 the first time. */
export interface Tries {
  attempt: number
  attempts: number
}

/** Record events: an outbox written by the one engine. */
export interface RecordEvents {
  /**
   * Hands events to `handler` one after the other, from the consumer's saved position (the first time: from
   * now), and saves the position after each. A handler that throws is called again with the same event after
   * a pause that doubles from 100 ms to 30 s, 10 times; then the event is logged and passed over. Settles when
   * `signal` aborts. One consumer name must run once at a time.
   */
  consume(options: ConsumeOptions, handler: (event: RecordEvent, tries: Tries) => unknown): Promise<void>
  /** Events from `afterSeq` (default: from now on), for those who look on; nothing is saved. Ends with `signal`. */
  follow(
    options: { projectId: string; models?: readonly string[]; afterSeq?: number; signal: AbortSignal },
    handler: (event: RecordEvent) => unknown,
  ): Promise<void>
}
