import { ManualClock } from '@m3m/base'
import { expect, test } from 'vitest'
import { healthyAgent, serveOnLoopback } from '../testing/servers.ts'
import { createAgentStatuses } from './agent-status.ts'

const id = 'a'.repeat(24)

test('an agent is online with latency and version, and offline once it is gone', async () => {
  const clock = new ManualClock()
  let tell = () => {}
  const next = () => new Promise<void>((resolve) => (tell = resolve))
  await using statuses = createAgentStatuses({ clock, onChange: () => tell() })
  const server = await serveOnLoopback(healthyAgent)

  const online = next()
  statuses.watch(id, server.url, { fetch, trusted: () => true })
  await online
  expect(statuses.of(id)).toMatchObject({ state: 'online', version: '1.2.3' })

  await server[Symbol.asyncDispose]()
  const offline = next()
  clock.advance(10_000)
  await offline
  expect(statuses.of(id)).toEqual({ state: 'offline', latencyMs: null, version: '1.2.3' })
})

test('a refused certificate is told from an agent that is away', async () => {
  await using statuses = createAgentStatuses({ clock: new ManualClock(), onChange: () => {} })
  const fetch = () => Promise.reject(new Error('net::ERR_FAILED'))
  statuses.watch(id, 'https://127.0.0.1:1', { fetch, trusted: () => false })
  await statuses.refresh(id)
  expect(statuses.of(id).state).toBe('untrusted')
})

test('a forgotten agent is asked no more', async () => {
  const clock = new ManualClock()
  let asked = 0
  await using statuses = createAgentStatuses({ clock, onChange: () => {} })
  const fetch = () => Promise.reject(new Error(`away ${asked++}`))
  statuses.watch(id, 'http://127.0.0.1:1', { fetch, trusted: () => true })
  await statuses.refresh(id)
  const before = asked
  statuses.forget(id)
  clock.advance(60_000)
  expect(asked).toBe(before)
  expect(statuses.of(id).state).toBe('unknown')
})
