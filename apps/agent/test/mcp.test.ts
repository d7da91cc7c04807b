import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

// The protocol's own client, against a whole agent.
const CODE = `service.boot(() => {
  router.get('/tea', () => { throw new Error('no tea left') })
})
`
const home = mkdtempSync(join(tmpdir(), 'm3m-mcp-'))
let agent: TestAgent
let panel: PanelClient
let client: Client
let projectId: string

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  panel = await signIn(agent.url)
  projectId = await project('tea-house')
  await panel.mutate('models.create', {
    projectId,
    name: 'Teas',
    slug: 'teas',
    fields: [{ key: 'title', type: 'string', required: true }],
  })
  await panel.mutate('env.save', {
    projectId,
    variables: [{ key: 'TOKEN', type: 'secret', value: 'not for assistants' }],
  })
  await panel.mutate('pipeline.saveFiles', {
    projectId,
    branch: 'develop',
    files: [{ path: 'main.js', code: CODE }],
  })
  client = await connect(await key(projectId, ['mcp']))
})

afterAll(async () => {
  await client.close()
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
})

async function project(slug: string): Promise<string> {
  return String((await panel.mutate('projects.create', { name: slug, slug }))['id'])
}

async function key(of: string, scopes: string[]): Promise<string> {
  const made = await panel.mutate('projects.apiKeys.create', { projectId: of, name: 'assistant', scopes })
  return String(made['token'])
}

async function connect(token: string): Promise<Client> {
  const made = new Client({ name: 'test', version: '1.0.0' })
  const headers = { authorization: `Bearer ${token}` }
  const transport = new StreamableHTTPClientTransport(new URL(`${agent.url}/mcp`), {
    requestInit: { headers },
  })
  await made.connect(transport)
  return made
}

async function call(name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args })
  return (content as { text: string }[])[0]!.text
}

const message = (method: string) => ({
  method,
  headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' },
  ...(method === 'POST' && { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) }),
})

test('an assistant learns what a service may use', async () => {
  const modules = JSON.parse(await call('list_reference')) as { module: string; summary: string }[]
  expect(modules.map(({ module }) => module)).toEqual(
    expect.arrayContaining(['router', 'database', 'globals']),
  )
  expect(await call('read_reference', { module: '$database' })).toMatch(/# database[\s\S]*```ts/)
  expect(await call('read_reference', { module: 'router', member: 'get' })).toMatch(/^# router\.get/)
  expect(await call('service_types')).toMatch(/interface ProjectModels \{\n {2}"teas"/)
  const { resources } = await client.listResources()
  expect(resources.map(({ uri }) => uri)).toContain('m3m://reference/schedule')
  const { contents } = await client.readResource({ uri: 'm3m://reference/schedule' })
  expect(contents[0]).toMatchObject({ mimeType: 'text/markdown', text: expect.stringMatching(/^# schedule/) })
})

test('it reads the code of the project and what the compiler says of it', async () => {
  expect(JSON.parse(await call('list_files'))).toEqual([{ path: 'main.js', chars: CODE.length }])
  expect(await call('read_file', { path: 'main.js' })).toBe(CODE)
  expect(await call('read_file', { path: 'lib.js' })).toMatch(/There are: main\.js/)
  expect(JSON.parse(await call('search_code', { text: 'no tea' }))).toMatchObject([
    { file: 'main.js', line: 2 },
  ])
  expect(JSON.parse(await call('check_code'))).toEqual([])
})

test('it sees models and names of variables, and never the value of a secret', async () => {
  const told = await call('project')
  expect(JSON.parse(told)).toMatchObject({
    slug: 'tea-house',
    models: [{ slug: 'teas' }],
    variables: [{ key: 'TOKEN', type: 'secret' }],
    run: { observed: { state: 'stopped' } },
  })
  expect(told).not.toMatch(/not for assistants/)
})

test('it follows a run: log, history, figures', async () => {
  await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  expect((await fetch(`${agent.url}/r/tea-house/tea`)).status).toBe(500)
  const log = async () =>
    JSON.parse(await call('read_log', { level: 'error' })) as { lines: { text: string }[] }
  await expect
    .poll(async () => (await log()).lines.map(({ text }) => text).join(), { timeout: 10_000 })
    .toMatch(/no tea left[\s\S]*main\.js:2/)
  expect(JSON.parse(await call('run_history'))).toMatchObject([
    { source: { branch: 'develop' }, endedAt: null },
  ])
  const [request] = JSON.parse(await call('recent_requests')) as { id: string }[]
  expect(request).toMatchObject({ method: 'GET', url: '/tea', status: 500 })
  expect(JSON.parse(await call('read_request', { id: request!.id }))).toMatchObject({
    responseBody: { text: expect.stringContaining('no tea left') },
  })
  expect(JSON.parse(await call('metrics'))).toMatchObject({ routes: [{ pattern: '/tea' }], jobs: [] })
})

test('what it asks wrongly is told with the cure', async () => {
  const wrong = await client.callTool({ name: 'read_reference', arguments: { module: 'fs' } })
  expect(wrong).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/MCP_NO_MODULE.*router/) }],
  })
  const absent = await client.callTool({ name: 'list_files', arguments: { release: '9.9' } })
  expect(absent).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/PIPELINE_NO_RELEASE/) }],
  })
})

test('there is no way in without a key that has the scope, from a foreign page, or by another method', async () => {
  const reader = await key(projectId, ['records:read'])
  const status = async (init: RequestInit) => (await fetch(`${agent.url}/mcp`, init)).status
  const post = message('POST')
  expect(await status(post)).toBe(401)
  expect(await status({ ...post, headers: { ...post.headers, authorization: `Bearer ${reader}` } })).toBe(403)
  expect(await status({ ...post, headers: { ...post.headers, origin: 'https://evil.example' } })).toBe(403)
  expect(await status(message('GET'))).toBe(405)
  await expect(connect('m3m_unknown')).rejects.toThrow()
})

test('a key reaches its own project only', async () => {
  const other = await connect(await key(await project('other'), ['mcp']))
  const { content } = await other.callTool({ name: 'project', arguments: {} })
  expect(JSON.parse((content as { text: string }[])[0]!.text)).toMatchObject({ slug: 'other', models: [] })
  await other.close()
})
