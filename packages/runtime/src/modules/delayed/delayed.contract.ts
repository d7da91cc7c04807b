/** Entered by the host: `[armed]`. Tasks begin while the run is active only. */
export const DELAYED_ARM = 'delayed.arm'

/** Entered by the host: tells of every task, as {@link DelayedTasks}. */
export const DELAYED_LIST = 'delayed.list'
/** Entered by the host: `[taskId]`; answers whether the task had not begun. */
export const DELAYED_CANCEL = 'delayed.cancel'
/** Tasks told one by one; more are only counted. */
export const MAX_TOLD_TASKS = 200

export interface DelayedTasks {
  /** Not begun yet, or between two attempts. */
  waiting: number
  running: number
  /** The oldest first, at most {@link MAX_TOLD_TASKS}. Times are Unix milliseconds. */
  tasks: {
    id: string
    key: string | null
    state: 'waiting' | 'running'
    /** 0 before the first. */
    attempt: number
    retriesLeft: number
    addedMs: number
    /** The attempt under way began; `null` while it waits. */
    beganMs: number | null
    /** Between two attempts: when the next one is due. */
    dueMs: number | null
  }[]
}

/** What the prelude knows before the main file. */
export interface DelayedSetup {
  /** Tasks at once (`runtime.workerPoolSize`). */
  poolSize: number
  /** Tasks that may wait (`runtime.limits.delayedQueue`). */
  maxWaiting: number
}
