// Runs and goals by a key: what a CI job and a counter on a page do.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { AGENT_START_MS, openRestAgent, type Json, type RestAgent } from './rest-agent.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: AGENT_START_MS })

const GUIDE = resolve(import.meta.dirname, '../../../docs/guides/rest-api-for-programs.md')
const SERVES = `service.boot(() => router.get('/', () => 'ok'))`
const BREAKS = `service.boot(() => {\n  throw new Error('no boot')\n})`

let agent: RestAgent
let projectId: string
let otherId: string
let keys: Record<'read' | 'control' | 'goals' | 'records' | 'foreign', string>
let document: Json

beforeAll(async () => {
  agent = await openRestAgent()
  ;[projectId, otherId] = [await agent.project('shop'), await agent.project('other')]
  keys = {
    read: await agent.key(projectId, ['runs:read']),
    control: await agent.key(projectId, ['runs:control']),
    goals: await agent.key(projectId, ['goals:write']),
    records: await agent.key(projectId, ['records:read', 'records:write']),
    foreign: await agent.key(otherId, ['runs:read', 'runs:control', 'goals:write']),
  }
  document = (await agent.rest('GET', '/openapi.json', { token: keys.records })).body
})
afterAll(() => agent[Symbol.asyncDispose]())

type KeyName = keyof typeof keys
const post = (path: string, body?: unknown, key: KeyName = 'control') =>
  agent.rest('POST', `/projects/shop${path}`, { token: keys[key], ...(body !== undefined && { body }) })
const get = (path: string, key: KeyName = 'read') =>
  agent.rest('GET', `/projects/shop${path}`, { token: keys[key] })
const refusal = ({ status, body }: { status: number; body: { error: Json } }) =>
  `${status} ${String(body.error?.['code'])}`

async function save(code: string): Promise<void> {
  const files = [{ path: 'main.js', code }]
  await agent.panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files })
}

async function release(tag: string): Promise<string> {
  const order = { projectId, branch: 'develop', bump: 'minor', tag }
  return String((await agent.panel.mutate('pipeline.createRelease', order))['version'])
}

/** What the document says of the answer of a call, against what was answered. */
function complaints(path: string, method: string, body: unknown): string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ ...document, $id: 'document' })
  const at = `/api/v1/projects/shop${path}`.replaceAll('/', '~1')
  const validate = ajv.getSchema(
    `document#/paths/${at}/${method}/responses/200/content/application~1json/schema`,
  )!
  void validate(body)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

describe('runs', () => {
  it('are told before anything ran', async () => {
    const { status, body } = await get('/run')
    expect(status).toBe(200)
    expect(body).toMatchObject({ desired: { run: false }, observed: { state: 'stopped' }, lastEnded: null })
    expect(complaints('/run', 'get', body)).toEqual([])
    expect((await get('/runs')).body).toEqual({ items: [] })
    expect(refusal(await post('/run/start'))).toBe('409 REST_NO_ACTIVE_RELEASE')
    expect(refusal(await post('/run/restart'))).toBe('409 RUNS_NOTHING_TO_RESTART')
  })

  it('start, restart and stop by a key, which is named in the history and in the audit log', async () => {
    await save(SERVES)
    const version = await release('stable')
    const started = await post('/run/start', { release: version })
    expect(started.body).toMatchObject({ state: 'running', source: { release: version } })
    expect(complaints('/run/start', 'post', started.body)).toEqual([])
    // A step that is repeated starts nothing.
    expect((await post('/run/start')).body).toMatchObject({ runId: started.body['runId'] })
    const restarted = await post('/run/restart')
    expect(restarted.status).toBe(200)
    expect(restarted.body['runId']).not.toBe(started.body['runId'])
    const stopped = await post('/run/stop', {})
    expect(stopped.body).toMatchObject({ desired: { run: false }, observed: { state: 'stopped' } })
    expect(complaints('/run/stop', 'post', stopped.body)).toEqual([])
    // Without a body: the active release.
    expect((await post('/run/start', {})).body).toMatchObject({ source: { release: version } })

    const { body: now } = await get('/run')
    const by = { name: 'runs:control', apiKey: true }
    expect(now).toMatchObject({
      activeRelease: version,
      observed: { state: 'running', source: { release: version }, conditions: [] },
      lastEnded: { runId: restarted.body['runId'], endCause: 'stop', startedBy: by, endedBy: by },
    })
    expect(complaints('/run', 'get', now)).toEqual([])

    const { body: history } = await get('/runs?limit=2')
    const items = history['items'] as Json[]
    expect(items).toMatchObject([{ startedBy: by, cause: 'start' }, { cause: 'restart' }])
    expect(complaints('/runs', 'get', history)).toEqual([])
    const older = (await get(`/runs?before=${String(items[1]!['id'])}`)).body['items']
    expect(older).toMatchObject([{ runId: started.body['runId'], startedBy: by }])

    const audit = await agent.panel.query<Json[]>('audit.list', { projectId, action: 'runs.' })
    expect(new Set(audit.map(({ action }) => action))).toEqual(
      new Set(['runs.start', 'runs.restart', 'runs.stop']),
    )
    for (const entry of audit)
      expect(entry).toMatchObject({
        actor: { ...by, id: expect.any(String) as string },
        address: '127.0.0.1',
      })
  })

  it('of a branch that cannot boot are refused with the place, and what ran goes on', async () => {
    await save(BREAKS)
    const { status, body } = await post('/run/start', { branch: 'develop' })
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.error).toMatchObject({
      message: expect.stringContaining('no boot') as string,
      position: { file: 'main.js', line: 2 },
    })
    const { body: now } = await get('/run')
    expect(now).toMatchObject({ observed: { state: 'running' }, lastEnded: { endCause: 'boot-failed' } })
    expect(complaints('/run', 'get', now)).toEqual([])
  })

  it('of a branch give way to the release when they are stopped', async () => {
    await save(SERVES)
    expect((await post('/run/start', { branch: 'develop' })).body).toMatchObject({
      state: 'running',
      source: { branch: 'develop' },
    })
    expect((await post('/run/stop')).body).toMatchObject({ observed: { state: 'running', tag: 'stable' } })
  })

  it.each([
    [{ release: '9.9' }, '404 PIPELINE_NO_RELEASE'],
    [{ branch: 'nowhere' }, '404 PIPELINE_NO_BRANCH'],
    [{ release: 1.2 }, '400 REST_BODY'],
    [{ release: 'newest' }, '400 REST_BODY'],
    [{ release: '1.0', branch: 'develop' }, '400 REST_BODY'],
    [{ version: '1.0' }, '400 REST_BODY'],
    [[], '400 REST_BODY'],
  ])('are not started by %j: %s', async (body, expected) => {
    expect(refusal(await post('/run/start', body))).toBe(expected)
  })

  it('are restarted and stopped by no word about what', async () => {
    for (const path of ['/run/restart', '/run/stop'])
      expect(refusal(await post(path, { branch: 'develop' }))).toBe('400 REST_BODY')
  })

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'before=x', 'colour=1'])(
    'are not listed by ?%s',
    async (query) => {
      const answer = await get(`/runs?${query}`)
      expect(refusal(answer)).toBe('400 REST_QUERY')
      expect(answer.body.error['message']).toContain(`"${query.split('=')[0]}"`)
    },
  )
})

describe('goals', () => {
  const goal = (input: Json) => agent.panel.mutate('goals.create', { type: 'counter', ...input })
  const add = (slug: string, body?: unknown) => post(`/goals/${slug}/increment`, body, 'goals')

  it('count by their short and whole slug, and answer the value', async () => {
    await goal({ projectId, name: 'Hits', slug: 'hits' })
    const first = await add('hits')
    expect(first).toMatchObject({ status: 200, body: { goal: 'shop-hits', value: 1 } })
    expect(complaints('/goals/{goal}/increment', 'post', first.body)).toEqual([])
    expect((await add('shop-hits', { by: 5 })).body['value']).toBe(6)
    expect((await add('hits', { by: -2 })).body['value']).toBe(4)
    expect((await add('hits', {})).body['value']).toBe(5)
  })

  it('that are global count only where the project may write them', async () => {
    await goal({ name: 'Ours', slug: 'ours', projects: [projectId] })
    await goal({ name: 'Theirs', slug: 'theirs', projects: [otherId] })
    await goal({ projectId: otherId, name: 'Own', slug: 'own' })
    expect((await add('ours', { by: 3 })).body).toEqual({ goal: 'ours', value: 3 })
    for (const slug of ['theirs', 'other-own', 'own', 'none', '%24ne'])
      expect([slug, refusal(await add(slug))]).toEqual([slug, '404 GOAL_NOT_FOUND'])
  })

  it.each([
    [{ by: 1.5 }, '400 GOAL_AMOUNT'],
    [{ by: 2_000_000_000 }, '400 GOAL_AMOUNT'],
    [{ by: '1' }, '400 REST_BODY'],
    [{ by: null }, '400 REST_BODY'],
    [{ amount: 1 }, '400 REST_BODY'],
  ])('are not counted by %j: %s', async (body, expected) => {
    expect(refusal(await add('hits', body))).toBe(expected)
  })
})

describe('a body that is left out', () => {
  const send = (path: string, key: KeyName, body: string) =>
    fetch(`${agent.url}/api/v1/projects/shop${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys[key]}`, 'content-type': 'application/json' },
      body,
    })

  it('may have its type named, and is refused where one is needed', async () => {
    expect((await send('/goals/ours/increment', 'goals', '')).status).toBe(200)
    const records = await send('/batch', 'records', '')
    expect([records.status, await records.text()]).toEqual([400, expect.stringContaining('REST_BODY')])
    expect((await send('/goals/ours/increment', 'goals', '{')).status).toBe(400)
  })
})

describe('a key', () => {
  it.each([
    ['GET', '/run', 'read'],
    ['GET', '/runs', 'read'],
    ['POST', '/run/start', 'control'],
    ['POST', '/run/stop', 'control'],
    ['POST', '/run/restart', 'control'],
    ['POST', '/goals/hits/increment', 'goals'],
  ] as const)('%s %s: only with the scope, in its own project', async (method, path, right) => {
    const { body: before } = await get('/run')
    const attempt = async (token?: string) =>
      refusal(await agent.rest(method, `/projects/shop${path}`, { ...(token && { token }) }))
    for (const name of ['read', 'control', 'goals', 'records'] as const)
      if (name !== right) expect([name, await attempt(keys[name])]).toEqual([name, '403 REST_SCOPE'])
    expect(await attempt(keys.foreign)).toBe('404 REST_NO_PROJECT')
    expect(await attempt()).toBe('401 REST_NO_KEY')
    expect(await attempt(agent.panel.token)).toBe('401 REST_NO_KEY')
    expect((await get('/run')).body).toEqual(before)
  })
})

it('the guide deploys, as a stranger would type it', async () => {
  await agent.panel.mutate('goals.create', { projectId, name: 'Deploys', slug: 'deploys', type: 'counter' })
  const guide = await readFile(GUIDE, 'utf8')
  const script = /^```sh\n(.*?)^```/ms.exec(guide)![1]!
  const token = await agent.key(projectId, ['runs:control', 'runs:read', 'goals:write'])
  const env = { ...process.env, M3M_URL: agent.url, M3M_KEY: token }
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    env,
    timeout: 50_000,
  })
  expect(stdout).toContain('"state":"running","source":{"release":"1.0"}')
  expect(stdout).toContain('"activeRelease":"1.0"')
  expect(stdout).toContain('{"goal":"shop-deploys","value":1}')
})
