import { ManualClock } from '@m3m/base'
import { expect, it } from 'vitest'
import { createRestartPolicy } from './restart-policy.ts'

const HOUR_MS = 60 * 60_000

/** The waits before restarts that are made as soon as each is due, in milliseconds. */
function waits(clock: ManualClock, policy: ReturnType<typeof createRestartPolicy>, count: number): number[] {
  return Array.from({ length: count }, () => {
    const waitMs = policy.next().atMs - clock.now()
    clock.advance(waitMs)
    policy.made()
    return waitMs
  })
}

it('waits longer each time, and after five restarts until the hour is over', () => {
  const clock = new ManualClock()
  const policy = createRestartPolicy(clock)
  const made = waits(clock, policy, 5)
  expect(made).toEqual(made.toSorted((a, b) => a - b))
  expect(policy.next().limited).toBe(true)
  expect(policy.next().atMs - clock.now()).toBeLessThanOrEqual(HOUR_MS)
})

it('keeps nothing down for a day because the clock was set back by one', () => {
  const clock = new ManualClock()
  const policy = createRestartPolicy(clock)
  waits(clock, policy, 5)
  clock.advance(-24 * HOUR_MS)
  expect(policy.next().atMs - clock.now()).toBeLessThanOrEqual(HOUR_MS)
})
