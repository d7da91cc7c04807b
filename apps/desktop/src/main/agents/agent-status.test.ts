import type { RequestListener } from 'node:http'
import { ManualClock } from '@m3m/base'
import { expect, test } from 'vitest'
import { healthyAgent, serveOnLoopback } from '../testing/servers.ts'
import type { AgentNews } from './agent-services.ts'
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
  statuses.watch(id, server.url, { fetch, refused: () => null, token })
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
    protocol: null,
    shown: null,
    services: null,
  })
})

test('a refused certificate is told from an agent that is away', async () => {
  await using statuses = createAgentStatuses({ clock: new ManualClock(), onChange: () => {} })
  const fetch = () => Promise.reject(new Error('net::ERR_FAILED'))
  statuses.watch(id, 'https://127.0.0.1:1', { fetch, refused: () => 'ab', token })
  await statuses.refresh(id)
  expect(statuses.of(id)).toMatchObject({ state: 'untrusted', shown: 'ab' })
})

test('a forgotten agent is asked no more', async () => {
  const clock = new ManualClock()
  let asked = 0
  await using statuses = createAgentStatuses({ clock, onChange: () => {} })
  const fetch = () => Promise.reject(new Error(`away ${asked++}`))
  statuses.watch(id, 'http://127.0.0.1:1', { fetch, refused: () => null, token })
  await statuses.refresh(id)
  const before = asked
  statuses.forget(id)
  clock.advance(60_000)
  expect(asked).toBe(before)
  expect(statuses.of(id).state).toBe('unknown')
})

const REASON = { code: 'RUN_BOOT_FAILED', message: 'It failed.', params: { phase: 'main file' } }

/** An agent with two services; `news` is what it answers to the further questions. */
function agentWith(
  states: Map<string, string>,
  news: { alerts?: object[]; releases?: object[] },
): RequestListener {
  const done = (data: unknown) => ({ result: { data } })
  const lacking = { error: { message: 'No procedure found' } }
  return (request, response) => {
    const asked = new URL(request.url!, 'http://agent').pathname
    if (request.headers.authorization !== 'Bearer short' || !asked.startsWith('/trpc/runs.states,'))
      return healthyAgent(request, response)
    const runs = [...states].map(([projectId, state]) => ({
      projectId,
      desired: { source: { release: '1.0' } },
      observed: { state, ...(state === 'crashed' && { reason: { ...REASON, position: { line: 1 } } }) },
    }))
    const projects = [...states.keys()].map((slug) => ({ id: slug, name: slug.toUpperCase(), slug }))
    response.end(
      JSON.stringify([
        done(runs),
        done(projects),
        news.alerts ? done(news.alerts) : lacking,
        news.releases ? done(news.releases) : lacking,
      ]),
    )
  }
}

test('who is signed in sees what runs, and is told once of each service that crashes', async () => {
  const clock = new ManualClock()
  const states = new Map([
    ['tea', 'running'],
    ['old', 'crashed'],
  ])
  await using server = await serveOnLoopback(agentWith(states, {}))
  const told: string[] = []
  const reasons: unknown[] = []
  const onNews = (_id: string, news: AgentNews) => {
    told.push(`${news.kind} ${'slug' in news ? news.slug : ''}`)
    if (news.kind === 'crash') reasons.push(news.reason)
  }
  await using statuses = createAgentStatuses({ clock, onChange: () => {}, onNews })
  statuses.watch(id, server.url, { fetch, refused: () => null, token: async () => 'short' })
  await statuses.refresh(id)
  await expect.poll(() => statuses.of(id).services).toEqual({ running: 1, crashed: 1 })
  expect([statuses.stateOf(id, 'tea'), statuses.sourceOf(id, 'tea')]).toEqual(['running', { release: '1.0' }])
  expect(told).toEqual([])
  states.set('tea', 'crashed')
  await statuses.refresh(id)
  await statuses.refresh(id)
  expect(statuses.of(id).services).toEqual({ running: 0, crashed: 2 })
  expect(told).toEqual(['crash tea'])
  expect(reasons).toEqual([REASON])
})

test('alerts and what others released are told once; one’s own releases and what was there before are not', async () => {
  const alert = { id: 'a1', kind: 'memory', projectId: 'tea', value: 93, endedAt: null }
  const release = { projectId: 'tea', version: '1.0', tag: 'stable', own: false, createdBy: { name: 'Ann' } }
  const news = { alerts: [] as object[], releases: [release] as object[] }
  await using server = await serveOnLoopback(agentWith(new Map([['tea', 'running']]), news))
  const told: AgentNews[] = []
  const onNews = (_id: string, one: AgentNews) => void told.push(one)
  await using statuses = createAgentStatuses({ clock: new ManualClock(), onChange: () => {}, onNews })
  statuses.watch(id, server.url, { fetch, refused: () => null, token: async () => 'short' })
  await statuses.refresh(id)
  news.alerts = [
    alert,
    { ...alert, id: 'a2', kind: 'crashed' },
    { ...alert, id: 'a3', endedAt: '2026-01-01' },
  ]
  news.releases = [{ ...release, version: '1.2', own: true }, { ...release, version: '1.1' }, release]
  await statuses.refresh(id)
  await statuses.refresh(id)
  expect(told).toEqual([
    { kind: 'alert', about: 'memory', project: 'TEA', value: 93 },
    { kind: 'release', project: 'TEA', slug: 'tea', version: '1.1', tag: 'stable', by: 'Ann' },
  ])
})

test('whoever signs out knows nothing of the services any more', async () => {
  const states = new Map([['tea', 'running']])
  await using server = await serveOnLoopback(agentWith(states, {}))
  let who: string | null = 'short'
  await using statuses = createAgentStatuses({ clock: new ManualClock(), onChange: () => {} })
  statuses.watch(id, server.url, { fetch, refused: () => null, token: async () => who })
  await statuses.refresh(id)
  who = null
  await statuses.refresh(id)
  expect([statuses.of(id).services, statuses.stateOf(id, 'tea')]).toEqual([null, null])
})
