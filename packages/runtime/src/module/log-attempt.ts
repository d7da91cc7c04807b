import type { HostContext } from './define-module.ts'

export interface FailedAttempt {
  /** What failed, as its author would call it, at the beginning of a sentence. */
  what: string
  /** 1 the first time. */
  attempt: number
  /** How often it is tried in all. */
  attempts: number
  /** What becomes of it after the last one. */
  then: string
  error: unknown
}

/**
 * Tells the author, in the log of the run, that something which is tried again has failed: a warning, and an error the last time.
 * A run that ends is no failure: another one takes it up.
 */
export function logAttempt(
  log: HostContext['log'],
  { what, attempt, attempts, then, error }: FailedAttempt,
): void {
  const { code, stack, message } = error as Error & { code?: string }
  if (code === 'RUN_OVER') return
  const last = attempt >= attempts
  const how =
    attempts === 1
      ? ''
      : last
        ? ` for good (attempt ${attempt} of ${attempts})`
        : ` (attempt ${attempt} of ${attempts})`
  log(last ? 'error' : 'warn', `${what} failed${how}${last ? `; ${then}` : ''}: ${stack ?? message}`)
}
