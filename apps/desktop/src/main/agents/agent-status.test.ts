import type { RequestListener } from 'node:http'
import { ManualClock } from '@m3m/base'
import { expect, test } from 'vitest'
import { healthyAgent, serveOnLoopback } from '../testing/servers.ts'
import { createAgentStatuses } from './agent-status.ts'

const id = 'a'.repeat(24)
const token = async () => null

test('an agent is online with latency and version, and offline once it is gone', async () => {
  const clock = new ManualClock()
  let tell = () => {}
  const next = () => new Promise<void>((resolve) => (tell = resolve))
  await using statuses = createAgentStatuses({ clock, onChange: () => tell() })
  const server = await serveOnLoopback(healthyAgent)

  const online = next()
  statuses.watch(id, server.url, { fetch, trusted: () => true, token })
  await online
  expect(statuses.of(id)).toMatchObject({ state: 'online', version: '1.2.3' })

  await server[Symbol.asyncDispose]()
  const offline = next()
  clock.advance(10_000)
  await offline
  expect(statuses.of(id)).toEqual({
    state: 'offline',
    latencyMs: null,
    version: '1.2.3',
    services: null,
  })
})

test('a refused certificate is told from an agent that is away', async () => {
  await using statuses = createAgentStatuses({ clock: new ManualClock(), onChange: () => {} })
  const fetch = () => Promise.reject(new Error('net::ERR_FAILED'))
  statuses.watch(id, 'https://127.0.0.1:1', { fetch, trusted: () => false, token })
  await statuses.refresh(id)
  expect(statuses.of(id).state).toBe('untrusted')
})

test('a forgotten agent is asked no more', async () => {
  const clock = new ManualClock()
  let asked = 0
  await using statuses = createAgentStatuses({ clock, onChange: () => {} })
  const fetch = () => Promise.reject(new Error(`away ${asked++}`))
  statuses.watch(id, 'http://127.0.0.1:1', { fetch, trusted: () => true, token })
  await statuses.refresh(id)
  const before = asked
  statuses.forget(id)
  clock.advance(60_000)
  expect(asked).toBe(before)
  expect(statuses.of(id).state).toBe('unknown')
})

test('who is signed in sees what runs, and is told once of each service that crashes', async () => {
  const clock = new ManualClock()
  const states = new Map([
    ['tea', 'running'],
    ['old', 'crashed'],
  ])
  const answers = (data: unknown) => JSON.stringify({ result: { data } })
  const listener: RequestListener = (request, response) => {
    const isAllowed = request.headers.authorization === 'Bearer short'
    if (isAllowed && request.url === '/trpc/runs.states')
      response.end(answers([...states].map(([projectId, state]) => ({ projectId, observed: { state } }))))
    else if (isAllowed && request.url === '/trpc/projects.list')
      response.end(answers([...states.keys()].map((slug) => ({ id: slug, name: slug.toUpperCase(), slug }))))
    else healthyAgent(request, response)
  }
  await using server = await serveOnLoopback(listener)
  const crashes: string[] = []
  const onCrash = (_id: string, crash: { project: string }) => void crashes.push(crash.project)
  await using statuses = createAgentStatuses({ clock, onChange: () => {}, onCrash })
  statuses.watch(id, server.url, { fetch, trusted: () => true, token: async () => 'short' })
  await statuses.refresh(id)
  await expect.poll(() => statuses.of(id).services).toEqual({ running: 1, crashed: 1 })
  expect(crashes).toEqual([])
  states.set('tea', 'crashed')
  await statuses.refresh(id)
  await statuses.refresh(id)
  expect(statuses.of(id).services).toEqual({ running: 0, crashed: 2 })
  expect(crashes).toEqual(['TEA'])
})
