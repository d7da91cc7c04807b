/** A job. Times are Unix milliseconds. */
interface ScheduleJob {
  /** `job_1`, `job_2`… */
  readonly id: string
  /** Names the job in every run: `name`, else what it was made by. */
  readonly key: string
  readonly name?: string
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
  readonly missed?: 'skip' | 'once'
}

/** What a job may be told besides. */
interface ScheduleName {
  /** 1 to 100 characters. What the panel shows, and what its history and `missed` go by when the code changes. */
  name?: string
}

interface ScheduleTimes extends ScheduleName {
  /**
   * Times that came while nothing ran (the agent was off, the service stopped or crashed): `'skip'` (default) leaves them out, `'once'`
   * runs the job once at the next start, however many there were.
   */
  missed?: 'skip' | 'once'
}

/**
 * Jobs. They fire while the run is active; in a switch of versions each fires once. Times of day are UTC. Errors go to the
 * service's log. `$schedule` gives `''` for invalid input where `schedule` throws.
 */
interface ScheduleModule {
  /** Every minute, at second 0. Returns the job's id. */
  minutely(fn: () => unknown, options?: ScheduleTimes): string
  /** Every hour, at minute 0. */
  hourly(fn: () => unknown, options?: ScheduleTimes): string
  /** Every day at 00:00 UTC. */
  daily(fn: () => unknown, options?: ScheduleTimes): string
  /** Every week at 00:00 UTC of `day`, 0 being Sunday. @throws SCHEDULE_TIME_INVALID */
  weekly(day: number, fn: () => unknown, options?: ScheduleTimes): string
  /** Every month at 00:00 UTC of `day`, 1 to 31; months without that day are left out. @throws SCHEDULE_TIME_INVALID */
  monthly(day: number, fn: () => unknown, options?: ScheduleTimes): string
  /** Every day at `HH:MM` UTC. @throws SCHEDULE_TIME_INVALID */
  at(time: string, fn: () => unknown, options?: ScheduleTimes): string
  /**
   * By a cron expression of 5 or 6 fields (seconds first), with names (`MON`) and `@daily`, `@hourly`…
   * @param options `timezone` (default UTC), `skipIfRunning` (default true), `timeout` after which waiting for the job ends;
   *   `name` and `missed` as with all of them.
   * @throws SCHEDULE_EXPRESSION_INVALID, SCHEDULE_OPTION_INVALID, SCHEDULE_TOO_MANY_JOBS
   */
  cron(
    expression: string,
    fn: () => unknown,
    options?: ScheduleTimes & { timezone?: string; skipIfRunning?: boolean; timeout?: number | string },
  ): string
  /** Again and again, `interval` (`'5s'`, `'1h30m'` or milliseconds, at least 100 ms) after the last time ended. @throws SCHEDULE_TIME_INVALID */
  every(interval: string | number, fn: () => unknown, options?: ScheduleName): string
  /** Once, at a date or Unix milliseconds; at once when that is past. @throws SCHEDULE_TIME_INVALID */
  once(at: Date | number, fn: () => unknown, options?: ScheduleName): string
  /** Once, after `ms` milliseconds or a duration like `'5s'`. @throws SCHEDULE_TIME_INVALID */
  delay(ms: number | string, fn: () => unknown, options?: ScheduleName): string
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
