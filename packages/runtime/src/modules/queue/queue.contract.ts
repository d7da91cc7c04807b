/** The host's entry into the service with one job. */
export const QUEUE_JOB = 'queue.job'
/** How long one job may take unless its queue says otherwise. */
export const DEFAULT_JOB_MS = 5 * 60_000
export const MAX_JOB_MS = 24 * 3_600_000

/** A queue as it crosses to the host. */
export interface DefinedQueue {
  name: string
  concurrency: number
  retries: number
  backoffMs: number
  timeoutMs: number
}

/** The texts of this room's errors that are thrown inside the isolate. */
export const queueTexts = {
  QUEUE_HANDLER_INVALID: (p: { name: string }) =>
    `The queue "${p.name}" needs a function that does its jobs.`,
  QUEUE_SETTING_INVALID: (p: { option: string; expected: string }) =>
    `The option "${p.option}" must be ${p.expected}.`,
}
