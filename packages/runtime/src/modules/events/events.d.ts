// oxlint-disable typescript/no-explicit-any -- only the author knows what events carry; `unknown` would mark every use of it red in JavaScript
/** A change of one record, by anyone: panel, REST, this or another service. */
interface RecordChange {
  /** The same at every delivery: tell by it what was handled already. */
  id: string
  /** Slug of the model. */
  model: string
  type: 'insert' | 'update' | 'delete'
  recordId: string
  /** Fields an update changed. */
  changed: string[]
  /** The record after the change, before it for `delete`; dates as ISO 8601. */
  record: Record<string, any>
  /** Who did it: `operator`, `service` or `apiKey`. */
  actor: { kind: string }
  /** ISO 8601, UTC. */
  at: string
}

/** Events inside the service, and changes of records by anyone. */
interface EventsModule {
  /** Calls the function at each `emit` of that name. @returns what takes it off again. @throws EVENTS_HANDLER_INVALID, EVENTS_TOO_MANY */
  on(name: string, fn: (...args: any[]) => unknown): () => void
  /** As `on`, for the next time only. */
  once(name: string, fn: (...args: any[]) => unknown): () => void
  /** Takes a function off, or all of that name. */
  off(name: string, fn?: (...args: any[]) => unknown): void
  /** Calls the functions of that name now. What they throw is logged. @returns how many there were. */
  emit(name: string, ...args: any[]): number
  /**
   * Calls the function for each change of the model's records: at least once, in order for each record, one after the
   * other, only in the active run. What it throws brings the same change again after a pause, at most ten times.
   * @throws EVENTS_HANDLER_INVALID, EVENTS_TYPE_UNKNOWN
   */
  onRecord(
    model: ModelSlug,
    type: 'insert' | 'update' | 'delete',
    fn: (change: RecordChange) => unknown,
  ): void
}
