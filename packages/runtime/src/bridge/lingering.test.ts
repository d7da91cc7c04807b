import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Lingering } from './lingering.ts'

let usedMs = 0
beforeEach(() => {
  usedMs = 0
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.spyOn(process, 'cpuUsage').mockImplementation((since) => ({
    user: usedMs * 1000 - (since?.user ?? 0),
    system: 0,
  }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('is stuck when the process has used a second of CPU time meanwhile', () => {
  usedMs = 5000
  const lingering = new Lingering()
  usedMs += 1000
  expect(lingering.isStuck).toBe(false)
  usedMs += 1
  expect(lingering.isStuck).toBe(true)
})

it('is not stuck as long as it waits for a core, up to fifteen seconds', () => {
  const lingering = new Lingering()
  usedMs += 200
  vi.advanceTimersByTime(15_000)
  expect(lingering.isStuck).toBe(false)
  vi.advanceTimersByTime(1)
  expect(lingering.isStuck).toBe(true)
})
