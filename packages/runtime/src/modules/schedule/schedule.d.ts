/** A job. Times are Unix milliseconds. */
interface ScheduleJob {
  /** `job_1`, `job_2`… */
  readonly id: string
  readonly type: 'cron' | 'interval' | 'once' | 'delay'
  readonly status: 'active' | 'paused' | 'one-time'
  readonly executionCount: number
  readonly createdAt: number
  readonly expression?: string
  readonly timezone?: string
  /** Milliseconds. */
  readonly interval?: number
  readonly lastRun?: number
  readonly nextRun?: number
  readonly skipIfRunning?: boolean
  /** Milliseconds. */
  readonly timeout?: number
}

/**
 * Jobs. They fire while the run is active; in a switch of versions each fires once. Times of day are UTC. Errors go to the
 * service's log. `$schedule` gives `''` for invalid input where `schedule` throws.
 */
interface ScheduleModule {
  /** Every minute, at second 0. Returns the job's id. */
  minutely(fn: () => unknown): string
  /** Every hour, at minute 0. */
  hourly(fn: () => unknown): string
  /** Every day at 00:00 UTC. */
  daily(fn: () => unknown): string
  /** Every week at 00:00 UTC of `day`, 0 being Sunday. @throws SCHEDULE_TIME_INVALID */
  weekly(day: number, fn: () => unknown): string
  /** Every month at 00:00 UTC of `day`, 1 to 31; months without that day are left out. @throws SCHEDULE_TIME_INVALID */
  monthly(day: number, fn: () => unknown): string
  /** Every day at `HH:MM` UTC. @throws SCHEDULE_TIME_INVALID */
  at(time: string, fn: () => unknown): string
  /**
   * By a cron expression of 5 or 6 fields (seconds first), with names (`MON`) and `@daily`, `@hourly`…
   * @param options `timezone` (default UTC), `skipIfRunning` (default true), `timeout` after which waiting for the job ends.
   * @throws SCHEDULE_EXPRESSION_INVALID, SCHEDULE_TOO_MANY_JOBS
   */
  cron(
    expression: string,
    fn: () => unknown,
    options?: { timezone?: string; skipIfRunning?: boolean; timeout?: number | string },
  ): string
  /** Again and again, `interval` (`'5s'`, `'1h30m'` or milliseconds, at least 100 ms) after the last time ended. @throws SCHEDULE_TIME_INVALID */
  every(interval: string | number, fn: () => unknown): string
  /** Once, at a date or Unix milliseconds; at once when that is past. @throws SCHEDULE_TIME_INVALID */
  once(at: Date | number, fn: () => unknown): string
  /** Once, after `ms` milliseconds or a duration like `'5s'`. @throws SCHEDULE_TIME_INVALID */
  delay(ms: number | string, fn: () => unknown): string
  /** Removes a job. `false` when there is none. */
  cancel(id: string): boolean
  /** Stops a repeating job from firing. `false` for an unknown or one-time job. */
  pause(id: string): boolean
  /** Undoes `pause`. `false` when it was not paused. */
  resume(id: string): boolean
  /** All jobs. */
  list(): ScheduleJob[]
  /** A job, or `null`. */
  get(id: string): ScheduleJob | null
  /** When the job is due next; `null` when it is not. */
  nextRun(id: string): number | null
  /** When the job last fired; `null` when it never did. */
  lastRun(id: string): number | null
}
