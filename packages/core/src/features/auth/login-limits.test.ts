import { ManualClock } from '@m3m/base'
import { expect, it } from 'vitest'
import { createLoginLimits } from './login-limits.service.ts'

it('a clock that was set back by a day locks nobody out for a day', () => {
  const clock = new ManualClock()
  const limits = createLoginLimits(clock)
  for (let attempt = 0; attempt < 5; attempt += 1) limits.begin('ann@example.com', '192.0.2.1')
  expect(() => limits.begin('ann@example.com', '192.0.2.1')).toThrow(/1 s/)
  clock.advance(-24 * 60 * 60_000)
  expect(() => limits.begin('ann@example.com', '192.0.2.1')).toThrow(/1 s/)
})
