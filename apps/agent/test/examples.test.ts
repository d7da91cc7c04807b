// Every service of examples/ on a real agent, used as its header says.
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-examples-'))
let agent: TestAgent
let panel: PanelClient

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home })
  panel = await signIn(agent.url)
})

afterAll(async () => {
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
})

interface Needs {
  models?: Record<string, unknown[]>
  variables?: { key: string; type: string; value: unknown }[]
}

/** Makes a project of one example with what its header names, and runs it. Gives the address of its routes. */
async function service(example: string, { models = {}, variables = [] }: Needs): Promise<string> {
  const projectId = String((await panel.mutate('projects.create', { name: example, slug: example }))['id'])
  for (const [slug, fields] of Object.entries(models))
    await panel.mutate('models.create', { projectId, name: slug, slug, fields })
  if (variables.length > 0) await panel.mutate('env.save', { projectId, variables })
  const code = readFileSync(join(import.meta.dirname, '../../../examples', example, 'main.js'), 'utf8')
  await panel.mutate('pipeline.saveFiles', {
    projectId,
    branch: 'develop',
    files: [{ path: 'main.js', code }],
  })
  await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  return `${agent.servicesUrl}/r/${example}`
}

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

test('url-shortener: a short link redirects and counts', async () => {
  const url = await service('url-shortener', {
    models: {
      links: [
        { key: 'code', type: 'string', required: true, unique: true },
        { key: 'url', type: 'url', required: true },
        { key: 'hits', type: 'number', default: 0 },
      ],
    },
  })
  expect((await fetch(`${url}/links`, json({ url: 'ftp://no' }))).status).toBe(400)
  const made = await fetch(`${url}/links`, json({ url: 'https://example.com/a?b=c' }))
  expect(made.status).toBe(201)
  const { code } = (await made.json()) as { code: string }
  for (let hit = 0; hit < 2; hit++) {
    const redirect = await fetch(`${url}/${code}`, { redirect: 'manual' })
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'https://example.com/a?b=c'])
  }
  expect(await (await fetch(`${url}/links/${code}`)).json()).toEqual({
    url: 'https://example.com/a?b=c',
    hits: 2,
  })
  expect((await fetch(`${url}/nothing-here`)).status).toBe(404)
})

test('signed-webhook: a delivery counts once, and only with its signature', async () => {
  const url = await service('signed-webhook', {
    models: {
      deliveries: [
        { key: 'delivery', type: 'string', required: true, unique: true },
        { key: 'event', type: 'string' },
        { key: 'payload', type: 'document' },
      ],
    },
    variables: [{ key: 'WEBHOOK_SECRET', type: 'string', value: 'it is a secret' }],
  })
  const body = '{"action":"opened",  "emoji":"☕"}'
  const deliver = (signature: string) =>
    fetch(`${url}/hooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'X-Hub-Signature-256': signature,
        'X-GitHub-Delivery': 'd-1',
        'X-GitHub-Event': 'issues',
      },
      body,
    })
  const good = `sha256=${createHmac('sha256', 'it is a secret').update(body).digest('hex')}`
  expect((await deliver('sha256=00')).status).toBe(401)
  expect((await deliver(good)).status).toBe(202)
  expect(await (await deliver(good)).json()).toEqual({ seen: true })
})
