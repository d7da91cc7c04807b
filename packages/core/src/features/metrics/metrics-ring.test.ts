import { describe, expect, it } from 'vitest'
import type { Measurement } from './metrics-ring.ts'
import { MetricsRing, percentile } from './metrics-ring.ts'
import { METRICS_POINTS, METRICS_STEP_MS } from './metrics.schema.ts'

const DAY = METRICS_POINTS * METRICS_STEP_MS
const T0 = Date.UTC(2026, 0, 2)
const second = (more: Partial<Measurement> = {}): Measurement => ({
  cpuPercent: 10,
  heapBytes: 100,
  rssBytes: 200,
  lagMs: 1,
  inFlight: 1,
  requests: 1,
  errors: 0,
  status2xx: 1,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  bytesIn: 10,
  bytesOut: 20,
  jobRuns: 0,
  ...more,
})

describe('the ring', () => {
  it('has 288 steps of 5 minutes, the newest last, and null where nothing ran', () => {
    const ring = new MetricsRing()
    ring.add(T0, second())
    ring.add(T0 + 1_000, second({ cpuPercent: 30, requests: 4, errors: 2, lagMs: 9, inFlight: 7 }))
    const { series, from, points, stepMs } = ring.history(T0 + 2_000)
    expect([points, stepMs, from]).toEqual([288, 300_000, new Date(T0 + METRICS_STEP_MS - DAY).toISOString()])
    for (const values of Object.values(series)) expect(values).toHaveLength(288)
    expect(series.cpuPercent.at(-1)).toBe(20)
    expect([series.requests.at(-1), series.errors.at(-1)]).toEqual([5, 2])
    expect([series.lagMs.at(-1), series.inFlight.at(-1)]).toEqual([9, 7])
    expect(series.requests.slice(0, -1).every((value) => value === null)).toBe(true)
  })

  it('forgets after a day and does not grow', () => {
    const ring = new MetricsRing()
    for (let step = 0; step < 1_000; step++) ring.add(T0 + step * METRICS_STEP_MS, second({ requests: step }))
    expect(ring.dump()).toHaveLength(METRICS_POINTS)
    const { series } = ring.history(T0 + 999 * METRICS_STEP_MS)
    expect([series.requests[0], series.requests.at(-1)]).toEqual([712, 999])
    expect(ring.history(T0 + 999 * METRICS_STEP_MS + DAY).series.requests.every((v) => v === null)).toBe(true)
  })

  it('goes on where a stored one ended', () => {
    const ring = new MetricsRing()
    ring.add(T0, second({ requests: 3, latencyClasses: [0, 10] }))
    const next = new MetricsRing(JSON.parse(JSON.stringify(ring.dump())) as never)
    next.add(T0 + 1_000, second({ requests: 4 }))
    const { series } = next.history(T0 + 2_000)
    expect([series.requests.at(-1), series.p50Ms.at(-1)]).toEqual([7, 0.13])
  })

  it('takes up the step that a killed agent was filling, and not one that is older than what was stored', () => {
    const ring = new MetricsRing()
    ring.add(T0, second({ requests: 1 }))
    const stored = ring.dump()
    const before = ring.openStep()!
    ring.add(T0 + 1_000, second({ requests: 2, latencyClasses: [0, 10] }))
    const open = JSON.parse(JSON.stringify(ring.openStep())) as typeof before
    ring.add(T0 + METRICS_STEP_MS, second({ requests: 9 }))

    const next = new MetricsRing(stored)
    next.resume(open)
    next.resume(before)
    next.add(T0 + 2_000, second({ requests: 4, latencyClasses: [0, 0, 30] }))
    const { series } = next.history(T0 + 2_000)
    expect([series.requests.at(-1), series.p50Ms.at(-1)]).toEqual([7, 0.16])

    const later = new MetricsRing(ring.dump())
    later.resume(open)
    expect(later.history(T0 + METRICS_STEP_MS).series.requests.slice(-2)).toEqual([3, 9])

    const empty = new MetricsRing()
    empty.resume(open)
    expect(empty.history(T0 + 2_000).series.requests.at(-1)).toBe(3)
  })

  it('goes on where one of an earlier version ended, which knew fewer figures', () => {
    const next = new MetricsRing([{ step: Math.floor(T0 / METRICS_STEP_MS), seconds: 1, requests: 3 }])
    next.add(T0, second({ bytesOut: 5 }))
    const { series } = next.history(T0)
    expect([series.requests.at(-1), series.bytesOut.at(-1), series.queueDead.at(-1)]).toEqual([4, 5, null])
  })

  it('shows what was counted in the background, also while nothing ran', () => {
    const ring = new MetricsRing()
    ring.gauge(T0, { queueWaiting: 3, databaseBytes: 4_096 })
    ring.gauge(T0 + 1_000, { queueWaiting: 2 })
    const { series } = ring.history(T0)
    expect([series.queueWaiting.at(-1), series.databaseBytes.at(-1), series.requests.at(-1)]).toEqual([
      2,
      4_096,
      null,
    ])
  })

  it('says when a step is full, and survives a clock that is set back', () => {
    const ring = new MetricsRing()
    expect(ring.add(T0, second())).toBe(false)
    expect(ring.add(T0 + METRICS_STEP_MS, second())).toBe(true)
    expect(ring.add(T0, second())).toBe(false)
    expect(ring.history(T0 + METRICS_STEP_MS).series.requests.at(-1)).toBe(2)
  })
})

it('percentiles are the end of the class that holds them', () => {
  expect(percentile([], 0.5)).toBeNull()
  expect(percentile([50, 0, 45, 5], 0.5)).toBe(0.1)
  expect(percentile([50, 0, 45, 5], 0.95)).toBe(0.16)
  expect(percentile([50, 0, 45, 5], 0.99)).toBe(0.2)
})
