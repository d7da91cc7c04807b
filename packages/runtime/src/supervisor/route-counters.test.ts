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

test('what nobody answered is put down to the route that fits best', () => {
  const counters = new RouteCounters(1000)
  const patterns = [
    ['GET', '/users/:id'],
    ['GET', '/users/me'],
    ['POST', '/users/:id'],
    ['ALL', '/files/*path'],
    ['GET', '/optional/:lang?'],
    ['GET', '/'],
  ] as const
  for (const [index, [method, pattern]] of patterns.entries()) counters.register(index, method, pattern)
  const of = (method: string, path: string) => patterns[counters.routeOf(method, path)]?.join(' ') ?? null
  expect([of('GET', '/users/7'), of('GET', '/users/me'), of('HEAD', '/users/me')]).toEqual([
    'GET /users/:id',
    'GET /users/me',
    'GET /users/me',
  ])
  expect([of('POST', '/users/me'), of('PUT', '/files/a/b'), of('GET', '/')]).toEqual([
    'POST /users/:id',
    'ALL /files/*path',
    'GET /',
  ])
  expect([of('GET', '/optional'), of('GET', '/optional/en')]).toEqual(Array(2).fill('GET /optional/:lang?'))
  expect([of('GET', '/users/'), of('DELETE', '/users/7'), of('GET', '/users/7/x')]).toEqual([
    null,
    null,
    null,
  ])
})
