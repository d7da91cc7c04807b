// From an empty folder to a service that answers, and through every violent end of a process.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connectRuntime, openDatastore } from '@m3m/datastore'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ApiError, ROOT, signIn, subscribe, type PanelClient } from './panel-client.ts'
import { COMMANDS, descendants, isAlive, until, type Descendant } from './processes.ts'

// Several processes start in each test: seconds on an idle machine, much more on a loaded one.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const MAIN = `
import { greet } from './lib/greet'
service.boot(() => {
  router.get('/hello/:name', (ctx) => ({ greeting: greet(ctx.params.name) }))
  router.post('/visits', async (ctx) => {
    const visit = await database.visits.insert({ who: ctx.body.who })
    return router.response(201, visit)
  })
  router.get('/visits', async () => ({ count: await database.visits.count() }))
  router.get('/limit', () => ({ limit: env.get('LIMIT') }))
  router.get('/throw', () => {
    throw new Error('on purpose')
  })
  router.get('/cookies', (ctx) => ctx.cookies)
  schedule.daily(() => logger.info('a day'))
})
service.start(() => logger.info('started'))
service.shutdown(() => logger.info('shut down'))
`
/** 1-based, as editors count. */
const THROWS_AT = MAIN.split('\n').findIndex((line) => line.includes('on purpose')) + 1
const GREET = 'export const greet = (name: string): string => `hello ${name}`\n'
const files = [
  { path: 'main.js', code: MAIN },
  { path: 'lib/greet.ts', code: GREET },
]

const home = mkdtempSync(join(tmpdir(), 'm3m-life-'))
let agent: TestAgent
let panel: PanelClient
let projectId: string

interface State {
  desired: { run: boolean; source: unknown }
  observed: {
    state: string
    source: unknown
    runId: string | null
    tag?: string
    reason?: { code: string; message: string }
  }
  activeRelease: string | null
}
interface LogPage {
  runId: string
  lines: { level: string; text: string }[]
}
const state = () => panel.query<State>('runs.state', { projectId })
const log = async (runId?: string) =>
  (await panel.query<LogPage>('runs.logs', { projectId, ...(runId && { runId }) })).lines
const service = (path: string, init?: RequestInit) => fetch(`${agent.servicesUrl}/r/life${path}`, init)
const answers = async () => (await service('/hello/x').catch(() => null))?.status === 200

async function serve(): Promise<void> {
  agent = await startAgent({ home, ownGroup: true })
  panel = await signIn(agent.url)
}

/** Waits until the start is through, and gives the run. A start that is cut off has no shutdown callbacks. */
async function running(): Promise<string> {
  await until(async () => (await state()).observed.state === 'running', 'the run is up')
  return (await state()).observed.runId!
}

async function find(what: RegExp): Promise<Descendant> {
  let found: Descendant | undefined
  await until(
    () => (found = descendants(agent.process.pid!).find(({ command }) => what.test(command))) !== undefined,
    `a process ${what}`,
  )
  return found!
}

beforeAll(async () => {
  agent = await startAgent({ home })
})
afterAll(async () => {
  await agent?.stop()
  rmSync(home, { recursive: true, force: true })
})

describe('from an empty folder', () => {
  it('tells how to make the first operator, which works while the agent serves', async () => {
    expect(agent.output()).toContain("npx m3m-agent new-admin you@example.com '<password>'")
    const made = await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
    expect(made).toMatchObject({ code: 0 })
    panel = await signIn(agent.url)
  })

  it('saves code, and answers requests of a debug run', async () => {
    projectId = (await panel.mutate<{ id: string }>('projects.create', { name: 'Life', slug: 'life' })).id
    expect((await service('/hello/x')).status).toBe(503)
    const field = { key: 'who', type: 'string', required: true }
    await panel.mutate('models.create', { projectId, name: 'Visits', slug: 'visits', fields: [field] })
    await panel.mutate('env.save', { projectId, variables: [{ key: 'LIMIT', type: 'integer', value: 7 }] })
    const saved = await panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files })
    expect(saved).toMatchObject({ branch: 'develop', problems: [] })
    await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })

    expect(await (await service('/hello/world')).json()).toEqual({ greeting: 'hello world' })
    expect(await (await fetch(`${agent.url}/r/life/hello/program`)).json()).toEqual({
      greeting: 'hello program',
    })
    expect(await (await fetch(`${agent.url}/bot-${projectId}/hello/bot`)).json()).toEqual({
      greeting: 'hello bot',
    })
    expect(await (await service('/limit')).json()).toEqual({ limit: 7 })
  })

  it("never shows a service the panel's cookie", async () => {
    const login = await fetch(`${agent.url}/trpc/auth.login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(ROOT),
    })
    const cookie = `${login.headers.get('set-cookie')!.split(';')[0]}; own=1`
    for (const url of [agent.url, agent.servicesUrl])
      expect(await (await fetch(`${url}/r/life/cookies`, { headers: { cookie } })).json()).toEqual({
        own: '1',
      })
  })

  it('stores records by the rules of the model, seen by the panel', async () => {
    const post = (body: unknown) =>
      service('/visits', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await post({ who: 'ann' })).status).toBe(201)
    expect((await post({ who: 7 })).status).toBe(400)
    const listed = await panel.query<{ total: number }>('records.list', { projectId, model: 'visits' })
    expect(listed.total).toBe(1)
  })

  it('shows where code threw, and streams the log', async () => {
    const tail = subscribe<{ id?: string; data?: { lines: { text: string }[] }; lines?: { text: string }[] }>(
      {
        url: agent.url,
        token: panel.token,
        procedure: 'runs.tail',
        input: { projectId },
        origin: agent.url,
      },
    )
    let heard = ''
    const listening = (async () => {
      for await (const chunk of tail) {
        heard += JSON.stringify(chunk)
        if (heard.includes('on purpose')) return
      }
    })()
    // The tail begins when the socket is open: what is thrown before that is in the log alone.
    await until(async () => {
      expect((await service('/throw')).status).toBe(500)
      return heard.includes('on purpose')
    }, 'the error in the tail')
    await listening
    expect((await log()).find(({ text }) => text.includes('on purpose'))).toMatchObject({
      level: 'error',
      text: expect.stringContaining(`main.js:${THROWS_AT}:`),
    })
  })

  it('runs a release, and says so', async () => {
    const release = { projectId, branch: 'develop', bump: 'major', tag: 'stable', comment: 'the first' }
    expect(await panel.mutate('pipeline.createRelease', release)).toMatchObject({ version: '1.0' })
    await panel.mutate('runs.stop', { projectId })
    await panel.mutate('runs.start', { projectId, source: { release: '1.0' } })
    expect(await state()).toMatchObject({
      desired: { run: true, source: { release: '1.0' } },
      observed: { state: 'running', source: { release: '1.0' }, tag: 'stable' },
      activeRelease: '1.0',
    })
    expect(await answers()).toBe(true)
  })

  it('gives the log as a download', async () => {
    const { runId } = (await state()).observed
    const headers = { authorization: `Bearer ${panel.token}` }
    await until(async () => (await log()).length > 0, 'a line')
    const response = await fetch(`${agent.url}/files/logs/${projectId}/${runId}`, { headers })
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="life-${runId}.log"`)
    expect(await response.text()).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] \[INFO\] started$/m)
  })

  it('refuses code that does not compile with its position, and saves it all the same', async () => {
    const broken = [{ path: 'main.js', code: 'service.boot(() => {\n  let = 1 +\n})\n' }]
    await panel.mutate('pipeline.createBranch', { projectId, name: 'broken', from: { branch: 'develop' } })
    const saved = await panel.mutate<{ problems: unknown[] }>('pipeline.saveFiles', {
      projectId,
      branch: 'broken',
      files: broken,
    })
    expect(saved.problems).toMatchObject([
      { file: 'main.js', line: expect.any(Number), column: expect.any(Number) },
    ])
    const refused = await panel
      .mutate('runs.start', { projectId, source: { branch: 'broken' } })
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ApiError)
    expect((refused as ApiError).data).toMatchObject({
      position: { file: 'main.js', line: expect.any(Number) },
    })
    expect(await answers()).toBe(true)
  })

  it('calls the shutdown callbacks exactly once', async () => {
    const { runId } = (await state()).observed
    await panel.mutate('runs.stop', { projectId })
    expect((await service('/hello/x')).status).toBe(503)
    const lines = await log(runId!)
    expect(lines.filter(({ text }) => text === 'shut down')).toHaveLength(1)
    await panel.mutate('runs.start', { projectId, source: { release: '1.0' } })
  })
})

describe('projects apart', () => {
  it("the runners' socket cannot read users, sessions or code", async () => {
    await using attached = await openDatastore({ path: join(home, 'data'), attach: true })
    expect(await attached.control.collection('users').countDocuments()).toBe(1)
    await using runner = await connectRuntime({ uri: attached.runtimeUri, database: 'm3m' })
    for (const name of ['users', 'sessions', 'branches'])
      await expect(runner.db.collection(name).findOne()).rejects.toMatchObject({ code: 13 })
    await expect(
      runner.db.collection('users').insertOne({ email: 'evil@example.com' }),
    ).rejects.toMatchObject({ code: 13 })
  })
})

describe('kill -9', () => {
  it('of the agent: nothing is left, and what should run runs again', async () => {
    const children = descendants(agent.process.pid!)
    expect(children.length).toBeGreaterThanOrEqual(2)
    await agent.kill()
    await until(
      () => !children.some(isAlive),
      `the end of ${children.map(({ command }) => command).join('; ')}`,
    )
    await serve()
    await until(answers, 'the service answers again')
    await until(async () => (await state()).observed.state === 'running', 'the state says so')
    expect(await state()).toMatchObject({ observed: { source: { release: '1.0' } } })
    const listed = await panel.query<{ total: number }>('records.list', { projectId, model: 'visits' })
    expect(listed.total).toBe(1)
  })

  it('of a runner: the service runs again', async () => {
    const runner = await find(COMMANDS.runner)
    process.kill(runner.pid, 'SIGKILL')
    await until(() => !isAlive(runner), 'its end')
    await until(answers, 'the service answers again')
    await until(async () => (await state()).observed.state === 'running', 'the state says so')
  })

  it('of the datastore: it comes back, and nothing is lost', async () => {
    const store = await find(COMMANDS.datastore)
    process.kill(store.pid, 'SIGKILL')
    await until(
      async () => (await service('/visits').catch(() => null))?.status === 200,
      'records answer again',
    )
    expect(await (await service('/visits')).json()).toEqual({ count: 1 })
    expect((await panel.query<{ total: number }>('records.list', { projectId, model: 'visits' })).total).toBe(
      1,
    )
  })

  it('of a tool process: the next save is checked', async () => {
    // What was checked before would need no tool.
    const save = (text: string) => {
      const more = { path: 'more.ts', code: `export const text: string = '${text}'` }
      return panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files: [...files, more] })
    }
    await save('one')
    const tool = await find(COMMANDS.tool)
    process.kill(tool.pid, 'SIGKILL')
    await until(() => !isAlive(tool), 'its end')
    expect(await save('two')).toMatchObject({ problems: [] })
  })

  it('of the agent while a debug run is on: the release returns', async () => {
    await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
    expect((await state()).observed.source).toEqual({ branch: 'develop' })
    await agent.kill()
    await serve()
    await until(answers, 'the service answers again')
    expect((await state()).observed.source).toEqual({ release: '1.0' })
  })
})

describe('an orderly end', () => {
  it('by Ctrl+C, which reaches every process of the terminal, drains all the same', async () => {
    const runId = await running()
    const gone = once(agent.process, 'close')
    process.kill(-agent.process.pid!, 'SIGINT')
    expect(await gone).toEqual([0, null])
    await serve()
    expect((await log(runId)).filter(({ text }) => text === 'shut down')).toHaveLength(1)
    await until(answers, 'the service answers again')
  })

  it('drains: answers under way are given, shutdown callbacks run, no process is left, exit code 0', async () => {
    const runId = await running()
    const children = descendants(agent.process.pid!)
    expect(await agent.stop()).toBe(0)
    expect(children.filter(isAlive)).toEqual([])
    await serve()
    expect((await log(runId)).filter(({ text }) => text === 'shut down')).toHaveLength(1)
    await until(answers, 'the service answers again')
  })
})
