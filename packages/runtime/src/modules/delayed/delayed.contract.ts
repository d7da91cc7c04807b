/** Entered by the host: `[armed]`. Tasks begin while the run is active only. */
export const DELAYED_ARM = 'delayed.arm'

/** What the prelude knows before the main file. */
export interface DelayedSetup {
  /** Tasks at once (`runtime.workerPoolSize`). */
  poolSize: number
  /** Tasks that may wait (`runtime.limits.delayedQueue`). */
  maxWaiting: number
}
