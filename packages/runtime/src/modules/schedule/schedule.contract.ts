/** Entered by the host when a job is due: `[jobId]`. */
export const SCHEDULE_FIRE = 'schedule.fire'

/** A job as `schedule.list` shows it. Times are Unix milliseconds. */
export interface JobInfo {
  id: string
  /** Names the job in every run of the project: `name`, else what it was made by. */
  key: string
  name?: string
  type: 'cron' | 'interval' | 'once' | 'delay'
  status: 'active' | 'paused' | 'one-time'
  executionCount: number
  createdAt: number
  expression?: string
  timezone?: string
  interval?: number
  lastRun?: number
  nextRun?: number
  skipIfRunning?: boolean
  timeout?: number
  missed?: MissedPolicy
}

/** What becomes of times that came while nothing ran: nothing, or one run at the next start. */
export type MissedPolicy = 'skip' | 'once'

/** What is asked for when a job is made. */
export type JobRequest = { name?: string | undefined } & (
  | {
      type: 'cron'
      expression: string
      timezone?: string | undefined
      skipIfRunning?: boolean | undefined
      timeout?: number | string | undefined
      missed?: MissedPolicy | undefined
    }
  | { type: 'interval'; interval: number | string }
  | { type: 'once'; at: number | Date }
  | { type: 'delay'; ms: number | string }
)
