// npm run bench -- agent: the figures of docs/benchmarks.md that need a whole agent, as ratios in one run.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { canLoad, load, type Load } from './load.ts'
import { loadWorkerd } from './workerd.ts'
import { descendants, pssMb } from './memory.ts'
import { signIn, type PanelClient as Panel } from '../test/panel-client.ts'

const EMAIL = 'root@example.com'
const PASSWORD = 'correct horse battery staple'
const SERVICES = 50
const SPREAD = 20
/** Services that start with the agent. */
const AUTOSTART = 100
const MAIN = `service.boot(() => {
  router.get('/json', () => ({ hello: 'world' }))
  router.get('/host', async () => ({ there: await storage.exists('nothing.txt') }))
  router.get('/call', async () => ({ key: (await crypto.generateKey()).length }))
  router.get('/database', async () => ({ n: await database.notes.count() }))
  router.get('/loop', () => { for (;;); })
  router.get('/kill', () => 'x'.repeat(2 ** 28).split('').length)
})`
/** Time for what was started to come to rest before memory is read. */
const SETTLE_MS = 3000

const home = mkdtempSync(join(tmpdir(), 'm3m-bench-'))
const rows: [figure: string, value: string][] = []
await runAgent(['new-admin', EMAIL, PASSWORD], { home })
let agent = await timed('agent start to ready', () => startAgent({ home }))
try {
  const panel = await signIn(agent.url, { email: EMAIL, password: PASSWORD })
  await firstAnswer(panel, agent)
  if (canLoad()) await throughput(agent)
  else console.error('wrk is not installed: no throughput figures (apt-get install wrk)')
  await manyServices(panel, agent)
  for (let n = SERVICES + 1; n <= AUTOSTART; n++) await start(panel, await project(panel, `bench-${n}`))
  await agent.stop()
  await timed(`agent start until ${AUTOSTART} services answer`, async () => {
    agent = await startAgent({ home })
    await Promise.all(Array.from({ length: AUTOSTART }, (_, n) => answers(agent, n + 1)))
  })
} finally {
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
}
console.log('| Figure | Value |\n|---|---|')
for (const [figure, value] of rows) console.log(`| ${figure} | ${value} |`)

async function firstAnswer(panel: Panel, { servicesUrl }: TestAgent): Promise<void> {
  const projectId = await project(panel, 'bench-0')
  await timed('start of a service to its first answer', async () => {
    await start(panel, projectId)
    const response = await fetch(`${servicesUrl}/r/bench-0/json`)
    if (!response.ok) throw new Error(`the service answered ${response.status}`)
  })
}

async function throughput({ servicesUrl }: TestAgent): Promise<void> {
  const bare = fork(join(import.meta.dirname, 'bare-http.ts'))
  try {
    const [port] = (await once(bare, 'message')) as [number]
    load(`http://127.0.0.1:${port}/`)
    const yardstick = load(`http://127.0.0.1:${port}/`)
    load(`${servicesUrl}/r/bench-0/json`)
    rows.push(['bare node:http, JSON, c=50', figures(yardstick)])
    const workerd = await loadWorkerd()
    if (workerd) rows.push(['workerd, the same JSON', compared(workerd, yardstick)])
    rows.push(['JSON route, one service, c=50', compared(load(`${servicesUrl}/r/bench-0/json`), yardstick)])
    const host = load(`${servicesUrl}/r/bench-0/host`)
    rows.push(['route with one awaited host call: a look at the disk', compared(host, yardstick)])
    const call = load(`${servicesUrl}/r/bench-0/call`)
    rows.push(['route with one awaited host call: 32 random bytes', compared(call, yardstick)])
    const database = load(`${servicesUrl}/r/bench-0/database`)
    rows.push(['route with one awaited database count', compared(database, yardstick)])
  } finally {
    bare.kill('SIGKILL')
  }
}

async function manyServices(panel: Panel, agent: TestAgent): Promise<void> {
  const ids: string[] = []
  for (let n = 1; n <= SERVICES; n++) ids.push(await project(panel, `bench-${n}`))
  const memory = () => descendants(agent.process.pid!).reduce((sum, pid) => sum + pssMb(pid), 0)
  await setTimeout(SETTLE_MS)
  const before = memory()
  await timed(`${SERVICES} services started and answering`, async () => {
    await Promise.all(ids.map((projectId) => start(panel, projectId)))
    const answers = await Promise.all(ids.map((_, n) => fetch(jsonOf(agent, n + 1))))
    if (answers.some((answer) => !answer.ok)) throw new Error('a service does not answer')
  })
  await setTimeout(SETTLE_MS)
  rows.push(['memory of one more idle service (PSS)', `${((memory() - before) / SERVICES).toFixed(1)} MB`])
  if (canLoad()) await spread(agent)
  await neighbours(agent)
}

/** Load on many services at once, evenly. */
async function spread({ servicesUrl }: TestAgent): Promise<void> {
  const bare = fork(join(import.meta.dirname, 'bare-http.ts'))
  try {
    const [port] = (await once(bare, 'message')) as [number]
    const script = join(home, 'spread.lua')
    writeFileSync(
      script,
      `n = 0\nrequest = function() n = n % ${SPREAD} + 1; return wrk.format('GET', '/r/bench-' .. n .. '/json') end\n`,
    )
    load(`${servicesUrl}/r/bench-1/json`, script)
    const yardstick = load(`http://127.0.0.1:${port}/`)
    const spread = load(`${servicesUrl}/r/bench-1/json`, script)
    rows.push([`${SPREAD} services spread evenly, c=50`, compared(spread, yardstick)])
  } finally {
    bare.kill('SIGKILL')
  }
}

/** What a neighbour feels: its longest answer while one service loops, and when one ends the process they share. */
async function neighbours(agent: TestAgent): Promise<void> {
  const ask = (path: string) => fetch(`${agent.servicesUrl}/r/bench-1${path}`)
  rows.push(['neighbour while a service loops, longest answer', await longest(agent, () => ask('/loop'))])
  rows.push([
    'neighbour when the shared runner is killed, longest answer',
    await longest(agent, () => ask('/kill')),
  ])
  await timed(`all ${SERVICES} answer again, counted from there`, async () => {
    await Promise.all(Array.from({ length: SERVICES }, (_, n) => answers(agent, n + 1)))
  })
}

/** Asks until the service answers. */
async function answers(agent: TestAgent, n: number): Promise<void> {
  while (!(await fetch(jsonOf(agent, n))).ok) await setTimeout(20)
}

async function longest(agent: TestAgent, doing: () => Promise<unknown>): Promise<string> {
  let over = false
  const done = doing().finally(() => (over = true))
  let worstMs = 0
  let refused = 0
  while (!over) {
    const askedMs = performance.now()
    const answer = await fetch(jsonOf(agent, 2))
    await answer.text()
    // Dispatched when the runner ended; those that were not are held.
    if (answer.status === 503) refused++
    worstMs = Math.max(worstMs, performance.now() - askedMs)
    await setTimeout(2)
  }
  const askedMs = performance.now()
  if (!(await fetch(jsonOf(agent, 2))).ok) refused++
  worstMs = Math.max(worstMs, performance.now() - askedMs)
  await done
  return `${Math.round(worstMs)} ms${refused > 0 ? `, ${refused} refused` : ''}`
}

function jsonOf({ servicesUrl }: TestAgent, n: number): string {
  return `${servicesUrl}/r/bench-${n}/json`
}

/** Starts the project's release: a debug run has a process of its own in any case. */
async function start(panel: Panel, projectId: string): Promise<void> {
  await panel.mutate('runs.start', { projectId, source: { release: '1.0' } })
}

async function project(panel: Panel, slug: string): Promise<string> {
  const created = await panel.mutate('projects.create', { name: slug, slug })
  const projectId = String(created['id'])
  await panel.mutate('models.create', {
    projectId,
    name: 'Notes',
    slug: 'notes',
    fields: [{ key: 'text', type: 'string' }],
  })
  await panel.mutate('pipeline.saveFiles', {
    projectId,
    branch: 'develop',
    files: [{ path: 'main.js', code: MAIN }],
  })
  await panel.mutate('pipeline.createRelease', {
    projectId,
    branch: 'develop',
    bump: 'minor',
    tag: 'develop',
  })
  return projectId
}

async function timed<T>(figure: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  const result = await work()
  rows.push([figure, `${Math.round(performance.now() - startedMs)} ms`])
  return result
}

function figures({ perSecond, p99Ms }: Load): string {
  return `${Math.round(perSecond)} requests/s, p99 ${p99Ms.toFixed(1)} ms`
}

function compared(load: Load, yardstick: Load): string {
  return `${(load.perSecond / yardstick.perSecond).toFixed(2)}x (${figures(load)})`
}
