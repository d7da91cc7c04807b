// oxlint-disable typescript/no-explicit-any -- only the author knows what a job carries; `unknown` would mark every use of it red in JavaScript
interface QueueJob {
  id: string
  name: string
  /** 1 the first time. */
  attempt: number
}
interface QueueSettings {
  /** Jobs at once; default 1, at most 50. */
  concurrency?: number
  /** Further tries after a failure; default 0. After the last one the job is among the dead letters of the panel. */
  retries?: number
  /** Pause before the first further try, doubled each time; milliseconds or `'5s'`, default 1 second. */
  backoff?: number | string
  /** How long one job may take; default 5 minutes. */
  timeout?: number | string
}

/**
 * Durable jobs: stored in the database, done at least once, also after a restart. They are served while the run is active.
 */
interface QueueModule {
  /**
   * Says how jobs of a queue are done. What the handler throws counts as a failure of the job.
   * @throws QUEUE_HANDLER_INVALID, QUEUE_SETTING_INVALID
   */
  define(name: string, handler: (payload: any, job: QueueJob) => unknown, settings?: QueueSettings): void
  /**
   * Adds a job.
   * @param payload What JSON can carry, at most 256 KB of it.
   * @param options `delay` before it is due; `key`: while a job of that key is not done, another adds nothing.
   * @returns its id, and whether it was added.
   * @throws QUEUE_NAME, QUEUE_PAYLOAD, QUEUE_OPTION, QUEUE_SETTING_INVALID, QUEUE_FULL
   */
  push(
    name: string,
    payload?: any,
    options?: { delay?: number | string | Date; key?: string },
  ): Promise<{ id: string; added: boolean }>
}
