import { expect, test } from 'vitest'
import { ManualClock, systemClock } from './clock.ts'

test('a manual clock runs what is due, in order of time, and no more', () => {
  const clock = new ManualClock(1_000)
  const seen: string[] = []
  clock.after(30, () => seen.push(`late at ${clock.now()}`))
  clock.after(10, () => {
    seen.push(`early at ${clock.now()}`)
    clock.after(5, () => seen.push(`nested at ${clock.now()}`))
  })
  clock.after(500, () => seen.push('never'))
  clock.advance(100)
  expect(seen).toEqual(['early at 1010', 'nested at 1015', 'late at 1030'])
  expect(clock.now()).toBe(1_100)
})

test('a cancelled timer does not run', () => {
  const clock = new ManualClock()
  let ran = false
  clock.after(10, () => (ran = true))()
  clock.advance(20)
  expect(ran).toBe(false)
})

test('the system clock runs and cancels timers', async () => {
  const ran = await new Promise((resolve) => {
    systemClock.after(0, () => resolve('cancelled one'))()
    systemClock.after(1, () => resolve('second'))
  })
  expect(ran).toBe('second')
})
