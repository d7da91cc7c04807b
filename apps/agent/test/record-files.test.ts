// Records as files by the routes of a real agent: streamed out, taken in as a job, shut to whoever has no right.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const home = mkdtempSync(join(tmpdir(), 'm3m-records-'))
const VIEWER = { email: 'viewer@example.com', password: ROOT.password }
let agent: TestAgent
let panel: PanelClient
let viewer: PanelClient
let projectId: string

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home })
  panel = await signIn(agent.url)
  projectId = (await panel.mutate<{ id: string }>('projects.create', { name: 'Files' })).id
  const fields = [
    { key: 'name', type: 'string' },
    { key: 'n', type: 'number' },
  ]
  await panel.mutate('models.create', { projectId, name: 'Things', slug: 'things', fields })
  const rights = { projects: [{ projectId, role: 'viewer' }] }
  await panel.mutate('users.create', { ...VIEWER, name: 'Viewer', rights })
  viewer = await signIn(agent.url, VIEWER)
})
afterAll(async () => {
  await agent?.stop()
  rmSync(home, { recursive: true, force: true })
})

const path = () => `/files/records/${projectId}/things`
const bearer = (who: PanelClient) => ({ authorization: `Bearer ${who.token}` })
const send = (body: string, query: string, who = panel) =>
  fetch(`${agent.url}${path()}?${query}`, {
    method: 'POST',
    body,
    headers: { ...bearer(who), 'content-type': 'text/csv' },
  })

describe('records as files', () => {
  it('are taken in as a job, and given out again filtered, by token or by ticket', async () => {
    const rows = Array.from({ length: 1_200 }, (_, n) => `thing ${n},${n}`)
    const options = encodeURIComponent(JSON.stringify({ format: 'csv' }))
    const answer = await send(`name,n\n${rows.join('\n')}\n`, `name=things.csv&options=${options}`)
    const job = (await answer.json()) as { id: string; fileName: string }
    expect([answer.status, job.fileName]).toEqual([200, 'things.csv'])
    const state = async () =>
      (await panel.query<{ state: string }[]>('records.imports', { projectId, model: 'things' }))[0]?.state
    await expect.poll(state, { timeout: 30_000 }).toBe('done')

    const query = `format=csv&filter=${encodeURIComponent('n >= 1000')}&fields=name&sort=-n`
    const byToken = await fetch(`${agent.url}${path()}?${query}`, { headers: bearer(viewer) })
    expect(byToken.headers.get('content-disposition')).toContain('things.csv')
    const lines = (await byToken.text()).trim().split('\r\n')
    expect([lines.length, lines[0], lines[1]!.split(',')[1]]).toEqual([
      201,
      'id,name,createdAt,updatedAt',
      'thing 1199',
    ])

    const tickets = await fetch(`${agent.url}/files/tickets`, {
      method: 'POST',
      body: JSON.stringify({ paths: [path()] }),
      headers: { ...bearer(viewer), 'content-type': 'application/json' },
    })
    const [url] = ((await tickets.json()) as { urls: string[] }).urls
    const byTicket = await fetch(`${agent.url}${url}&format=json`)
    expect((await byTicket.json()) as unknown[]).toHaveLength(1_200)
  })

  it('are refused to whoever may not, and with what is wrong', async () => {
    expect((await fetch(`${agent.url}${path()}?format=csv`)).status).toBe(401)
    expect(
      (await send('name\nx\n', `options=${encodeURIComponent('{"format":"csv"}')}`, viewer)).status,
    ).toBe(403)
    expect((await send('name\nx\n', 'options=no')).status).toBe(400)
    const wrong = await fetch(`${agent.url}${path()}?format=csv&filter=nope%20%3D%201`, {
      headers: bearer(panel),
    })
    expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('QUERY_FIELD_UNKNOWN')])
  })
})
