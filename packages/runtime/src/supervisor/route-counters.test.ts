import { expect, test } from 'vitest'
import { RouteCounters } from './route-counters.ts'

test('a hundred thousand different paths count, and grow nothing', () => {
  const counters = new RouteCounters(1000)
  counters.register(0, 'GET', '/users/:id')
  for (let n = 0; n < 100_000; n++) counters.count(n % 2 === 0 ? 0 : -1, n % 2 === 0 ? 200 : 404, 1)
  expect(counters.requests).toBe(100_000)
  expect(counters.figures()).toEqual([
    { method: 'GET', pattern: '/users/:id', hits: 50_000, errors: 0, p50Ms: 1.16, p95Ms: 1.16 },
  ])
  expect(counters.statusClasses).toEqual([50_000, 0, 50_000, 0])
  expect(counters.latencyClasses).toHaveLength(63)
})

test('answers count by their class, a socket with those that went well', () => {
  const counters = new RouteCounters(1)
  for (const status of [101, 204, 301, 499, 503, 504]) counters.count(-1, status, 0.05)
  expect(counters.statusClasses).toEqual([2, 1, 1, 2])
  expect([counters.requests, counters.errors]).toEqual([6, 2])
})
