import { expect, it } from 'vitest'
import { runtimeErrors } from '../runtime.errors.ts'
import { logAttempt } from './log-attempt.ts'

const failure = { what: 'A job', attempts: 3, then: 'it is gone', error: new Error('no') }

function lines(attempts: number[]): [string, string][] {
  const lines: [string, string][] = []
  for (const attempt of attempts)
    logAttempt((level, text) => void lines.push([level, text.split('\n')[0]!]), { ...failure, attempt })
  return lines
}

it('warns as long as it is tried again, and says what becomes of it after the last attempt', () => {
  expect(lines([1, 2, 3])).toEqual([
    ['warn', 'A job failed (attempt 1 of 3): Error: no'],
    ['warn', 'A job failed (attempt 2 of 3): Error: no'],
    ['error', 'A job failed for good (attempt 3 of 3); it is gone: Error: no'],
  ])
})

it('does not call it a failure that the run is over', () => {
  const error = runtimeErrors.RUN_OVER({ runId: 'r1' })
  logAttempt(() => expect.unreachable(), { ...failure, attempt: 1, error })
})
