import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, subscribe, type PanelClient } from './panel-client.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-agent-log-'))
let agent: TestAgent
let panel: PanelClient

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  panel = await signIn(agent.url)
})
afterAll(async () => {
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
})

const download = (path: string, token: string) =>
  fetch(`${agent.url}${path}`, { headers: { authorization: `Bearer ${token}` } })

test('root reads the log of the agent by pages, as it grows, and whole, plain and packed', async () => {
  const page = await panel.query<{ runId: string; lines: { text: string; cursor: string }[] }>('agent.logs', {
    direction: 'forward',
  })
  expect(page.runId).toBe('agent')
  expect(page.lines[0]!.text).toMatch(/^starting /)
  const input = { lastEventId: `agent:${page.lines[0]!.cursor}`, cursor: '0' }
  const tail = subscribe<{ data: { lines: { text: string }[] } }>({
    url: agent.url,
    token: panel.token,
    procedure: 'agent.tailLog',
    input: page.lines.length > 1 ? input : { cursor: '0' },
  })
  const first = await tail.next()
  expect(first.value!.data.lines.length).toBeGreaterThan(0)
  await tail.return()

  const plain = await (await download('/files/logs/agent', panel.token)).text()
  expect(plain).toContain('] [INFO] starting ')
  const packed = await download('/files/logs/agent?format=gz', panel.token)
  expect(packed.headers.get('content-disposition')).toBe('attachment; filename="m3m-agent.log.gz"')
  expect(gunzipSync(Buffer.from(await packed.arrayBuffer())).toString()).toContain(plain.split('\n')[0])
})

test('nobody but root reads it', async () => {
  const email = 'ann@example.com'
  const password = 'correct horse battery'
  await panel.mutate('users.create', { email, password, name: 'Ann', rights: { manageUsers: true } })
  const ann = await signIn(agent.url, { email, password })
  await expect(ann.query('agent.logs', {})).rejects.toMatchObject({ status: 403 })
  expect((await download('/files/logs/agent', ann.token)).status).toBe(403)
})

test('the log of a run is packed, too', async () => {
  const { id: projectId } = await panel.mutate<{ id: string }>('projects.create', { name: 'Shop' })
  const files = [{ path: 'main.js', code: "logger.info('hello from the run')" }]
  await panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files })
  const source = { branch: 'develop' }
  const { runId } = await panel.mutate<{ runId: string }>('runs.start', { projectId, source })
  const text = async () => {
    const answer = await download(`/files/logs/${projectId}/${runId}?format=gz`, panel.token)
    return answer.ok ? gunzipSync(Buffer.from(await answer.arrayBuffer())).toString() : ''
  }
  await expect.poll(text, { timeout: 10_000 }).toContain('[INFO] hello from the run')
})
