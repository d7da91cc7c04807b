import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'
import type { SupervisedRun } from './supervisor.port.ts'

const hello = (say: string) => `service.boot(() => router.get('/', () => ${JSON.stringify(say)}))
  service.shutdown(() => logger.info('bye from ${say}'))`
const shared = { isolation: 'shared' as const }
/** Fatal for V8, uncatchably. */
const kills = `router.get('/', () => 'here'); router.get('/kill', () => 'x'.repeat(2 ** 28).split('').length)`

function pids(agent: TestAgent): number[] {
  const folder = join(agent.folder, 'processes')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names.filter((name) => name.startsWith('runner-')).map((name) => Number(/\d+/.exec(name)![0]))
}

/** What each run has logged. */
function logs(agent: TestAgent): string[] {
  return readdirSync(join(agent.folder, 'logs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join(agent.folder, 'logs', name), 'utf8'))
}

async function text(agent: TestAgent, slug: string, path = '/'): Promise<string> {
  return await (await fetch(`${agent.base(slug)}${path}`)).text()
}

/** As core does it: a run that was displaced is started again, a suspect alone. */
function startAgain(agent: TestAgent, slug: string, code: string, run: SupervisedRun) {
  return run.ended.then(async (end) => {
    if (end.kind !== 'displaced') return { end, run: null }
    const next = await agent.run(slug, code, { isolation: end.suspect ? 'process' : 'shared' })
    return { end, run: next }
  })
}

test('services share one process; the last one that leaves takes it along', async () => {
  await using agent = await openTestAgent()
  const slugs = ['a', 'b', 'c', 'd']
  const runs = await Promise.all(slugs.map((slug) => agent.run(slug, hello(slug), shared)))
  expect(pids(agent)).toHaveLength(1)
  expect(await Promise.all(slugs.map((slug) => text(agent, slug)))).toEqual(slugs)
  for (const [index, run] of runs.entries()) {
    await run.stop({ graceMs: 1000 })
    expect(await run.ended).toEqual({ kind: 'stopped' })
    for (const slug of slugs.slice(index + 1)) expect(await text(agent, slug)).toBe(slug)
  }
  expect(pids(agent)).toEqual([])
  const said = logs(agent)
  // Each log has its own run's line and nobody else's.
  expect(said.map((log) => log.match(/bye from ./g))).toEqual(said.map(() => [expect.any(String)]))
  expect(new Set(said.map((log) => /bye from (.)/.exec(log)![1]))).toEqual(new Set(slugs))
})

test('debug runs and native plugins have their own process beside it', async () => {
  await using agent = await openTestAgent()
  await agent.run('a', hello('a'), shared)
  for (const more of [{ source: { branch: 'develop' } }, { nativePlugins: true }]) {
    const run = await agent.supervisor.boot({ ...agent.spec('own', hello('own'), shared), ...more })
    await run.activate()
    expect(pids(agent)).toHaveLength(2)
    await run.stop({ graceMs: 1000 })
  }
  expect(pids(agent)).toHaveLength(1)
})

test('a killed run, a boot that fails and a boot that is cut off leave their neighbours alone', async () => {
  await using agent = await openTestAgent()
  await agent.run('a', hello('a'), shared)
  const [pid] = pids(agent)
  const killed = await agent.run('b', hello('b'), shared)
  await killed.kill()
  await expect(agent.run('c', `throw new Error('no')`, shared)).rejects.toThrow('no')
  const cut = new AbortController()
  const booting = agent.supervisor.boot(agent.spec('d', `await new Promise(() => {})`, shared), {
    signal: cut.signal,
  })
  setImmediate(() => cut.abort())
  await expect(booting).rejects.toThrow()
  const slow = agent.run('e', `service.boot(() => new Promise((done) => setTimeout(done, 1500)))`, shared)
  expect(await text(agent, 'a')).toBe('a')
  await slow
  expect(pids(agent)).toEqual([pid])
})

test('a service that dies by its own memory is crashed, and the process goes on', async () => {
  await using agent = await openTestAgent()
  await agent.run('a', hello('a'), shared)
  const [pid] = pids(agent)
  const run = await agent.run(
    'grows',
    `let last = null; router.get('/', () => { for (;;) last = { last } })`,
    {
      ...shared,
      limits: { memoryMb: 16 },
    },
  )
  await fetch(agent.base('grows')).catch(() => {})
  expect(await run.ended).toMatchObject({ kind: 'crashed' })
  expect(await text(agent, 'a')).toBe('a')
  expect(pids(agent)).toEqual([pid])
})

test('of a service that kills its process the neighbours are displaced, and it is the one suspect', async () => {
  await using agent = await openTestAgent()
  const guilty = await agent.run('guilty', kills, shared)
  const innocent = await Promise.all(['a', 'b'].map((slug) => agent.run(slug, hello(slug), shared)))
  const dispatched = fetch(`${agent.base('guilty')}/kill`)
  const again = [
    startAgain(agent, 'guilty', kills, guilty),
    ...['a', 'b'].map((slug, index) => startAgain(agent, slug, hello(slug), innocent[index]!)),
  ]
  expect((await dispatched).status).toBe(503)
  // Asked while they move: held, and answered by the next process.
  expect(await Promise.all(['a', 'b'].map((slug) => text(agent, slug)))).toEqual(['a', 'b'])
  const ends = (await Promise.all(again)).map(({ end }) => end)
  expect(ends).toMatchObject([
    { kind: 'displaced', suspect: true, error: { code: 'RUN_SUSPECTED' } },
    { kind: 'displaced', suspect: false, error: { code: 'RUN_DISPLACED' } },
    { kind: 'displaced', suspect: false },
  ])
  expect(pids(agent)).toHaveLength(2)
  // Alone, it is nobody else's trouble.
  expect((await fetch(`${agent.base('guilty')}/kill`)).status).toBe(503)
  expect(await text(agent, 'a')).toBe('a')
})

test('what an innocent service had under way is asked again where that does no harm, and once', async () => {
  await using agent = await openTestAgent()
  const waits = `router.get('/', async (ctx) => { logger.info('began'); await utils.sleep(600_000) })
    router.post('/', async (ctx) => { logger.info('began'); await utils.sleep(600_000) })`
  const innocent = await agent.run('innocent', waits, shared)
  const guilty = await agent.run('guilty', kills, shared)
  const asked = [
    fetch(agent.base('innocent')),
    fetch(agent.base('innocent'), { method: 'POST' }),
    fetch(agent.base('innocent'), { method: 'POST', body: 'x' }),
  ]
  await expect.poll(() => logs(agent).join('').match(/began/g)?.length, { timeout: 30_000 }).toBe(3)
  const next = `router.get('/', () => 'from the next'); router.post('/', () => 'twice')`
  const again = [
    startAgain(agent, 'innocent', next, innocent),
    startAgain(agent, 'guilty', `router.get('/kill', () => 'asked again')`, guilty),
  ]
  const killer = await fetch(`${agent.base('guilty')}/kill`)
  await Promise.all(again)
  const answers = await Promise.all(asked)
  expect(answers.map(({ status }) => status)).toEqual([200, 503, 503])
  expect(await answers[0]!.text()).toBe('from the next')
  // Its like would end the next process too.
  expect(killer.status).toBe(503)
})

test('who stands still in a call of the host is no suspect', async () => {
  await using agent = await openTestAgent()
  const waits = `router.get('/', () => { logger.info('waits'); for (let i = 0; i < 100; i++) $crypto.hashPassword('secret') })
    service.boot(() => {}); router.get('/ok', () => 'ok')`
  const waiting = await agent.run('waits', waits, shared)
  const guilty = await agent.run('guilty', kills, shared)
  const parked = fetch(agent.base('waits'))
  const again = startAgain(agent, 'waits', `router.get('/', () => 'done')`, waiting)
  await fetch(`${agent.base('guilty')}/kill`)
  expect((await parked).status).toBe(200)
  expect((await again).end).toMatchObject({ kind: 'displaced', suspect: false })
  expect(await guilty.ended).toMatchObject({ kind: 'displaced', suspect: true })
})

test('a service that ends the process while it boots is refused as the suspect', async () => {
  await using agent = await openTestAgent()
  const neighbour = await agent.run('a', hello('a'), shared)
  const booting = agent.run('guilty', `'x'.repeat(2 ** 28).split('')`, shared)
  await expect(booting).rejects.toMatchObject({ code: 'RUN_SUSPECTED', blame: 'user' })
  expect(await neighbour.ended).toMatchObject({ kind: 'displaced', suspect: false })
})

test('a process that somebody kills displaces all and blames none; soon after, all', async () => {
  await using agent = await openTestAgent()
  const run = await agent.run('a', hello('a'), shared)
  process.kill(pids(agent)[0]!, 'SIGKILL')
  // Within a minute of its start: nothing explains it, so each is tried alone.
  expect(await run.ended).toMatchObject({ kind: 'displaced', suspect: true })
})

test('who is not started again is not waited for longer than bounded, and a body is read by the next process', async () => {
  await using agent = await openTestAgent()
  const echo = `router.post('/', (ctx) => ctx.body); ${kills}`
  const spec = agent.spec('echo', echo, shared)
  const run = await agent.supervisor.boot(spec)
  await run.activate()
  const [pid] = pids(agent)
  process.kill(pid!, 'SIGKILL')
  await run.ended
  const held = fetch(agent.base('echo'), { method: 'POST', body: 'x'.repeat(300_000) })
  const next = await agent.supervisor.boot({ ...spec, runId: `${spec.runId}2` })
  await next.activate()
  expect((await (await held).text()).length).toBe(300_000)
})

test('a request whose client went away while it was held is not passed on', async () => {
  await using agent = await openTestAgent()
  const spec = agent.spec('a', `let hits = 0; router.get('/', () => ++hits)`, shared)
  const run = await agent.supervisor.boot(spec)
  await run.activate()
  process.kill(pids(agent)[0]!, 'SIGKILL')
  await run.ended
  const left = new AbortController()
  const held = fetch(agent.base('a'), { signal: left.signal })
  setTimeout(() => left.abort(), 50)
  await expect(held).rejects.toThrow()
  const next = await agent.supervisor.boot({ ...spec, runId: `${spec.runId}2` })
  await next.activate()
  expect(await text(agent, 'a')).toBe('1')
})

describe('a project that is about to be started', () => {
  test('holds requests until it is there', async () => {
    await using agent = await openTestAgent()
    const spec = agent.spec('late', hello('late'), shared)
    agent.supervisor.expect(spec)
    const held = [text(agent, 'late'), text(agent, 'late')]
    const run = await agent.supervisor.boot(spec)
    await run.activate()
    expect(await Promise.all(held)).toEqual(['late', 'late'])
  })

  test('lets them go when it cannot boot, or will not', async () => {
    await using agent = await openTestAgent()
    const broken = agent.spec('broken', 'throw new Error("no")', shared)
    const none = agent.spec('none', hello('none'), shared)
    agent.supervisor.expect(broken)
    const takeBack = agent.supervisor.expect(none)
    const asked = ['broken', 'none'].map((slug) => fetch(agent.base(slug)))
    await expect(agent.supervisor.boot(broken)).rejects.toMatchObject({ code: 'RUN_BOOT_FAILED' })
    takeBack()
    expect((await Promise.all(asked)).map(({ status }) => status >= 400)).toEqual([true, true])
  })

  test('is taken back once, not again when others wait for it', async () => {
    await using agent = await openTestAgent()
    const spec = agent.spec('twice', hello('twice'), shared)
    const takeBack = agent.supervisor.expect(spec)
    takeBack()
    agent.supervisor.expect(spec)
    const held = text(agent, 'twice')
    takeBack()
    const run = await agent.supervisor.boot(spec)
    await run.activate()
    expect(await held).toBe('twice')
  })
})
