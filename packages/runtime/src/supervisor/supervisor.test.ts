import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'
import { reapProcesses, startTimeOf } from './process-file.ts'

const hello = `service.boot(() => router.get('/hello/:name', (ctx) => ({ hello: ctx.params.name })))`

/** Pids of runners by their files. */
function pids(agent: TestAgent): number[] {
  const folder = join(agent.folder, 'processes')
  return existsSync(folder) ? readdirSync(folder).map((name) => Number(/\d+/.exec(name)![0])) : []
}

async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (
    const end = Date.now() + 8000;
    !(await check());
    await new Promise((resolve) => setTimeout(resolve, 10))
  )
    if (Date.now() > end) throw new Error('it did not happen')
}

test('a service boots in a runner, answers through the front, and is gone after its stop', async () => {
  await using agent = await openTestAgent()
  const run = await agent.run('hello', `${hello}; service.shutdown(() => logger.info('bye'))`)
  const answer = await fetch(`${agent.base('hello')}/hello/w%C3%B6rld?x=1`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(await answer.json()).toEqual({ hello: 'wörld' })
  expect(agent.supervisor.figures(run.runId)).toMatchObject({
    requests: 1,
    errors: 0,
    routes: [{ method: 'GET', pattern: '/hello/:name', hits: 1 }],
  })
  const [pid] = pids(agent)
  await Promise.all([run.stop({ graceMs: 1000 }), run.stop({ graceMs: 1000 })])
  expect(await run.ended).toEqual({ kind: 'stopped' })
  expect((await fetch(`${agent.base('hello')}/hello/x`)).status).toBe(503)
  expect(startTimeOf(pid!)).toBe(null)
  expect(pids(agent)).toEqual([])
  const log = readdirSync(join(agent.folder, 'logs'), { recursive: true })
    .map(String)
    .find((name) => name.endsWith('.log'))!
  expect(readFileSync(join(agent.folder, 'logs', log), 'utf8').match(/bye/g)).toHaveLength(1)
})

test('a loaded runner waits in reserve, is taken by the next start and replaced', async () => {
  await using agent = await openTestAgent({ spare: true })
  await until(() => pids(agent).length === 1)
  const [spare] = pids(agent)
  const run = await agent.run('hello', hello)
  expect(pids(agent)).toContain(spare)
  await until(() => pids(agent).length === 2)
  await run.stop({ graceMs: 1000 })
  expect(startTimeOf(spare!)).toBe(null)
  expect(pids(agent)).toHaveLength(1)
})

test('a reserve that died while it waited is not given out', async () => {
  await using agent = await openTestAgent({ spare: true })
  await until(() => pids(agent).length === 1)
  process.kill(pids(agent)[0]!, 'SIGKILL')
  await agent.run('hello', hello)
  expect((await fetch(`${agent.base('hello')}/hello/x`)).status).toBe(200)
})

test('many services started at one moment all come up', async () => {
  await using agent = await openTestAgent()
  const slugs = Array.from({ length: 8 }, (_, n) => `many-${n}`)
  await Promise.all(slugs.map((slug) => agent.run(slug, hello)))
  const answers = await Promise.all(slugs.map((slug) => fetch(`${agent.base(slug)}/hello/x`)))
  expect(answers.map(({ status }) => status)).toEqual(slugs.map(() => 200))
})

test('a boot that is cut off is over at once', async () => {
  await using agent = await openTestAgent()
  const cut = new AbortController()
  const booting = agent.supervisor.boot(agent.spec('endless', 'await new Promise(() => {})'), {
    signal: cut.signal,
  })
  const refused = expect(booting).rejects.toThrow()
  await until(() => pids(agent).length === 1)
  const [pid] = pids(agent)
  cut.abort()
  await refused
  await until(() => startTimeOf(pid!) === null)
})

test('an unknown slug is 404, a stopped service 503 with Retry-After', async () => {
  await using agent = await openTestAgent()
  expect((await fetch(`${agent.base('nobody')}/`)).status).toBe(404)
  agent.spec('stopped', '')
  const answer = await fetch(`${agent.base('stopped')}/`)
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test.for([
  ['a throw in the main file', `\nthrow new Error('main broke')`, /main broke/, { line: 2, column: 7 }],
  ['a throw in a boot callback', `service.boot(() => {\n  null.x\n})`, /null/, { line: 2, column: 8 }],
  [
    'a rejected boot callback',
    `service.boot(async () => {\n  await null\n  throw new Error('late')\n})`,
    /late/,
    { line: 3, column: 9 },
  ],
  ['a syntax error', `let a = 1\nlet b = ;`, /Unexpected token/, { line: 2, column: 9 }],
  [
    'a syntax error in a module',
    `import { a } from './lib.js'\n\n  let b = ;`,
    /Unexpected token/,
    { line: 3, column: 11 },
  ],
  ['an import of a file that is not there', `import { a } from './nope'\n`, /nope/, { line: 1, column: 19 }],
  [
    'an import of what is not exported',
    `import { a,\n  price } from './lib'\n`,
    /no export named "price"/,
    { line: 2, column: 3 },
  ],
  [
    'a throw in another file',
    `import { fail } from './lib'\nfail()`,
    /from lib/,
    { file: 'lib.js', line: 2, column: 32 },
  ],
  [
    'a throw in a required file',
    `$require('classic')`,
    /from classic/,
    { file: 'classic.js', line: 1, column: 7 },
  ],
] as const)('code that cannot boot is refused with its position: %s', async ([, code, message, position]) => {
  await using agent = await openTestAgent()
  const files = [
    { path: 'lib.js', code: `export const a = 1\nexport function fail() { throw new Error('from lib') }` },
    { path: 'classic.js', code: `throw new Error('from classic')` },
  ]
  const failing = agent.supervisor.boot(agent.spec('broken', code, { files }))
  await expect(failing).rejects.toMatchObject({
    message: expect.stringMatching(message),
    position: { file: 'main.js', ...position },
  })
  await until(() => pids(agent).length === 0)
})

test('a boot that never ends is refused after its limit', async () => {
  await using agent = await openTestAgent()
  const endless = agent.supervisor.boot(
    agent.spec('slow', `service.boot(() => new Promise(() => {}))`, { limits: { bootMs: 300 } }),
  )
  await expect(endless).rejects.toMatchObject({ code: 'RUN_BOOT_TIMEOUT' })
  const looping = agent.supervisor.boot(agent.spec('loop', `for (;;);`, { limits: { bootMs: 300 } }))
  await expect(looping).rejects.toMatchObject({ code: expect.stringMatching(/^RUN_BOOT/) })
})

test('kill -9 of a runner ends its run as crashed, and the others go on', async () => {
  await using agent = await openTestAgent()
  const first = await agent.run('first', hello)
  const [pid] = pids(agent)
  await agent.run('second', hello)
  process.kill(pid!, 'SIGKILL')
  expect(await first.ended).toMatchObject({
    kind: 'crashed',
    // Not only that its socket closed, which comes first and says nothing.
    error: { code: 'RUN_RUNNER_DIED', message: expect.stringMatching(/signal SIGKILL|it was killed/) },
  })
  expect((await fetch(`${agent.base('second')}/hello/x`)).status).toBe(200)
  expect((await fetch(`${agent.base('first')}/hello/x`)).status).toBe(503)
})

test('no runner outlives its agent, not even one that is stuck', async () => {
  const script = `
    import { openTestAgent } from ${JSON.stringify(join(import.meta.dirname, '../testing/open-agent.ts'))}
    const agent = await openTestAgent()
    await agent.run('a', 'router.get("/loop", () => { for (;;); })')
    await agent.run('b', 'setInterval(() => {}, 10)')
    fetch(agent.base('a') + '/loop').catch(() => {})
    console.log(agent.folder)
  `
  const child = spawn(process.execPath, ['--no-node-snapshot', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const folder = join(line.toString().trim(), 'processes')
  const runners = readdirSync(folder).map((name) => Number(/\d+/.exec(name)![0]))
  expect(runners).toHaveLength(2)
  child.kill('SIGKILL')
  await until(() => runners.every((pid) => startTimeOf(pid) === null))
  // The next agent finds their files and nothing to end.
  expect(reapProcesses(folder)).toBe(0)
})

test('a switch under load loses no request and runs each job once', async () => {
  await using agent = await openTestAgent()
  const code = (version: number) => `
    service.boot(() => {
      router.get('/v', async () => { await new Promise((done) => setTimeout(done, 5)); return { version: ${version} } })
      schedule.cron('* * * * * *', () => logger.info('tick ' + new Date().toISOString().slice(0, 19)))
    })`
  const spec = agent.spec('switch', code(1))
  let run = await agent.supervisor.boot(spec)
  await run.activate()
  const statuses: number[] = []
  const versions = new Set<number>()
  let loading = true
  const load = Promise.all(
    Array.from({ length: 8 }, async () => {
      while (loading) {
        const answer = await fetch(`${agent.base('switch')}/v`)
        statuses.push(answer.status)
        if (answer.ok) versions.add(((await answer.json()) as { version: number }).version)
      }
    }),
  )
  for (const version of [2, 3, 4]) {
    await new Promise((resolve) => setTimeout(resolve, 600))
    const next = await agent.supervisor.boot({
      ...agent.spec('switch', code(version)),
      projectId: spec.projectId,
    })
    await run.disarm()
    await next.activate()
    await run.stop({ graceMs: 5000 })
    run = next
  }
  await new Promise((resolve) => setTimeout(resolve, 1200))
  loading = false
  await load
  expect(new Set(statuses)).toEqual(new Set([200]))
  expect([...versions].sort((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, 4])
  await run.stop({ graceMs: 1000 })
  const logs = readdirSync(join(agent.folder, 'logs'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.log'))
  const text = logs.map((name) => readFileSync(join(agent.folder, 'logs', name), 'utf8')).join('')
  const ticks = [...text.matchAll(/tick (\S+)/g)].map((found) => found[1]!).sort()
  expect(new Set(ticks).size).toBe(ticks.length)
  const seconds = ticks.map((tick) => Date.parse(`${tick}Z`) / 1000)
  expect(seconds.length).toBeGreaterThanOrEqual(2)
  // None is missing between the first and the last.
  expect(seconds.at(-1)! - seconds[0]!).toBe(seconds.length - 1)
})
