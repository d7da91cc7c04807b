/** A task that was handed over. */
interface DelayedTask<T> {
  /** `task_1`, `task_2`… */
  readonly id: string
  /** Settles when the task is through, after its last attempt. Always a promise, in both spellings. */
  readonly result: Promise<T>
  /** `true` when the task had not begun and will not. */
  cancel(): boolean
}

/** Work after the current call: at most `runtime.workerPoolSize` tasks at once, the rest wait. Tasks do not survive a restart; see `queue`. */
interface DelayedModule {
  /**
   * Runs `fn` after the current call, once the service is active. An error is a line of the log.
   * @param options `key`: while a task of that key waits or runs, its handle comes back instead of a second one. `retries` (default 0),
   *   `backoff` in ms before the first of them (default 1,000; doubled each time).
   * @throws DELAYED_QUEUE_FULL
   */
  run<T>(
    fn: () => T | Promise<T>,
    options?: { key?: string; retries?: number; backoff?: number },
  ): DelayedTask<T>
}
