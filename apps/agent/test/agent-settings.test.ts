// Settings of the agent and of a project, as they reach the doors of a running agent.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-settings-'))
let agent: TestAgent
let panel: PanelClient
let projectId: string
let token: string
let firstAdmin: string

beforeAll(async () => {
  agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  firstAdmin = (await runAgent(['new-admin', ROOT.email, ROOT.password], { home })).output
  panel = await signIn(agent.url)
  projectId = String((await panel.mutate('projects.create', { name: 'Shop', slug: 'shop' }))['id'])
  const key = { projectId, name: 'k', scopes: ['records:read'] }
  token = String((await panel.mutate('projects.apiKeys.create', key))['token'])
})
afterAll(async () => {
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
})

const settings = (value: object) => panel.mutate('projects.update', { projectId, settings: value })
const rest = (headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${agent.url}/api/v1/projects/shop/records/none`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...headers },
  })

describe('new-admin', () => {
  it('names the address of the agent that serves, whatever its port', () => {
    expect(firstAdmin).toContain(`Sign in at ${agent.url}`)
  })

  it('names what the next start will use when none serves', async () => {
    const other = mkdtempSync(join(tmpdir(), 'm3m-settings-'))
    const args = ['new-admin', ROOT.email, ROOT.password]
    const { output } = await runAgent(args, { home: other, env: { M3M_SERVER_PORT: '4321' } })
    expect(output).toContain(
      'Start the agent with the same settings (m3m-agent serve), then sign in at http://127.0.0.1:4321',
    )
    rmSync(other, { recursive: true, force: true })
  })
})

describe('trusted proxies and the public address', () => {
  const loginFrom = async (headers: Record<string, string>) => {
    await fetch(`${agent.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(ROOT),
    })
    const [entry] = await panel.query<{ address: string }[]>('audit.list', { action: 'auth.login', limit: 1 })
    return entry!.address
  }

  it('hold at once, without a restart', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7' }
    expect(await loginFrom(forwarded)).toBe('127.0.0.1')
    await panel.mutate('agent.updateSettings', { proxies: { trusted: ['127.0.0.1'] } })
    expect(await loginFrom(forwarded)).toBe('203.0.113.7')
    await panel.mutate('agent.updateSettings', { proxies: null })
    expect(await loginFrom(forwarded)).toBe('127.0.0.1')
  })

  it('let the panel be used from its public address', async () => {
    const from = { origin: 'https://panel.example.com' }
    const status = async () => (await fetch(`${agent.url}/trpc/agent.info`, { headers: from })).status
    expect(await status()).toBe(403)
    await panel.mutate('agent.updateSettings', { address: { publicUri: 'https://panel.example.com' } })
    expect(await status()).toBe(200)
  })
})

describe('the REST API of a project', () => {
  const page = { origin: 'https://shop.example.com' }

  it('is closed to pages of others until the project names them', async () => {
    expect((await rest(page)).status).toBe(403)
    await settings({ api: { corsOrigins: ['https://shop.example.com'], ratePerMinute: null } })
    const preflight = await rest({ ...page, 'access-control-request-method': 'GET' }, 'OPTIONS')
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
      204,
      page.origin,
    ])
    const answer = await rest(page)
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([404, page.origin])
    expect((await rest({ origin: 'https://evil.example.com' })).status).toBe(403)
    const elsewhere = await fetch(`${agent.url}/trpc/agent.info`, { headers: page })
    expect(elsewhere.status).toBe(403)
  })

  it('has a rate of its own, with the time to wait', async () => {
    await settings({ api: { corsOrigins: [], ratePerMinute: 2 } })
    const again = await panel.mutate('projects.apiKeys.create', {
      projectId,
      name: 'r',
      scopes: ['records:read'],
    })
    token = String(again['token'])
    expect([(await rest()).status, (await rest()).status]).toEqual([404, 404])
    const refused = await rest()
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.text()).toContain('2 requests a minute')
  })
})
