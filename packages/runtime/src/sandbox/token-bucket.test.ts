import { expect, it } from 'vitest'
import { createLineBucket } from './token-bucket.ts'

it('lets a burst of 5,000 lines pass and then 1,000 a second', () => {
  const bucket = createLineBucket()
  const passed = (nowMs: number, lines: number): number =>
    Array.from({ length: lines }, () => bucket.take(nowMs)).filter(Boolean).length
  expect(passed(0, 10_000)).toBe(5_000)
  expect(passed(500, 10_000)).toBe(500)
  expect(passed(1_500, 10_000)).toBe(1_000)
  expect(passed(1_000_000, 10_000)).toBe(5_000)
})

it('reports what was dropped once a second', () => {
  const bucket = createLineBucket({ perSecond: 1, burst: 1 })
  expect([bucket.take(0), bucket.take(1), bucket.take(2)]).toEqual([true, false, false])
  expect(bucket.unreported).toBe(2)
  expect(bucket.report(500)).toBe(0)
  expect(bucket.report(1_001)).toBe(2)
  expect(bucket.report(1_002)).toBe(0)
  expect(bucket.take(1_000)).toBe(true)
  bucket.take(1_002)
  expect(bucket.report(1_003)).toBe(0)
  expect(bucket.report(1_003, true)).toBe(1)
})

it('is not fooled by a clock that goes back', () => {
  const bucket = createLineBucket({ perSecond: 1_000, burst: 1 })
  expect(bucket.take(10_000)).toBe(true)
  expect(bucket.take(5_000)).toBe(false)
  expect(bucket.take(5_001)).toBe(true)
  expect(bucket.take(5_001)).toBe(false)
})
