// Runs the table of hostile cases with one placement.
import { expect, type TestAPI } from 'vitest'
import type { RunEnd, SupervisedRun } from '../supervisor/supervisor.port.ts'
import {
  BROKEN_OFF,
  escapes,
  fatalCases,
  limitedCases,
  pollutions,
  STEP_THREE,
  STEP_TWO,
} from './hostile-cases.ts'
import { expectNamed, logOf } from './hostile-names.ts'
import { openTestAgent, type TestAgent } from './open-agent.ts'

type Isolation = 'process' | 'shared'

// A loop costs its stretch, so it is short; what a hundred cases leave behind has room beside the next one; a neighbour on a loaded machine may need more than its 100 ms of the Targets.
const LIMITS = { cpuStretchMs: 250, requestWallMs: 1500, memoryMb: 128 }
const NEIGHBOUR_MS = 2000
const NEIGHBOUR = `router.get('/', () => 'here')`
const GOOD = `router.get('/good', () => 'good')`

/** The service beside. As core does it, it is started again when its process ended; being suspected of that fails the case. */
class Neighbour {
  readonly #agent: TestAgent
  readonly #isolation: Isolation
  #projectId = ''
  #stopped = false
  readonly suspected: RunEnd[] = []

  constructor(agent: TestAgent, isolation: Isolation) {
    this.#agent = agent
    this.#isolation = isolation
  }

  /** Of the run that answers: it may do so a moment before the one who started it knows its id. */
  get runId(): string {
    return this.#agent.supervisor.active(this.#projectId)!.runId
  }

  async start(): Promise<void> {
    const spec = this.#agent.spec('neighbour', NEIGHBOUR, { isolation: this.#isolation })
    this.#projectId = spec.projectId
    const run = await this.#agent.supervisor.boot(spec)
    await run.activate()
    void run.ended.then(async (end) => {
      if (this.#stopped) return
      if (end.kind !== 'displaced' || end.suspect) this.suspected.push(end)
      await this.start().catch((error: unknown) => {
        if (!this.#stopped) throw error
      })
    })
  }

  stop(): void {
    this.#stopped = true
  }

  async answer(): Promise<string> {
    return await (await fetch(`${this.#agent.base('neighbour')}/`)).text()
  }

  /** Its process may just have ended: its requests are held for a while, and answered by the next one, soon or, on a loaded machine, later. */
  async comesBack(): Promise<void> {
    await expect.poll(() => this.answer(), { timeout: 50_000 }).toBe('here')
  }

  /** Its longest answer while `work` is under way. */
  async during(work: Promise<unknown>): Promise<number> {
    let worst = 0
    let running = true
    const done = work.then(
      () => void (running = false),
      () => void (running = false),
    )
    while (running) {
      const began = performance.now()
      expect(await this.answer()).toBe('here')
      worst = Math.max(worst, performance.now() - began)
      await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 5))])
    }
    return worst
  }
}

/** What the tests of one placement share. */
interface Stage {
  readonly isolation: Isolation
  agent: TestAgent
  neighbour: Neighbour
  /** The service that has every limited case as a route. */
  service: SupervisedRun
  /** It has ended. */
  over: boolean
  /** What each limited case that was tried came to, by its place in the table. */
  readonly answers: Map<number, number>
  ask(slug: string, path: string): Promise<{ status: number; text: string }>
}

/** Starts the service of the limited cases. */
async function begin(stage: Stage): Promise<void> {
  const { agent, isolation } = stage
  const routes = [...limitedCases, ...escapes].map(
    ([, body], index) => `router.get('/bad${index}', () => { ${body} })`,
  )
  stage.over = false
  stage.service = await agent.run('hostile', [GOOD, ...routes].join('\n'), { isolation, limits: LIMITS })
  void stage.service.ended.then(() => void (stage.over = true))
}

/** Declares the tests. */
export function hostileSuite(test: TestAPI, isolation: Isolation): void {
  const stage = { isolation, answers: new Map<number, number>() } as Stage
  stage.ask = async (slug, path) => {
    const answer = await fetch(`${stage.agent.base(slug)}${path}`)
    const text = await answer.text().catch(() => null)
    return text === null ? { status: BROKEN_OFF, text: '' } : { status: answer.status, text }
  }
  test.beforeAll(async () => {
    stage.agent = await openTestAgent()
    stage.neighbour = new Neighbour(stage.agent, isolation)
    await stage.neighbour.start()
    await begin(stage)
  })
  // A case that ended the service has failed, and it alone.
  test.beforeEach(async () => {
    if (stage.over) await begin(stage)
  })
  test.afterAll(async () => {
    stage.neighbour.stop()
    await stage.agent[Symbol.asyncDispose]()
  })
  limitedTests(test, stage)
  realmTests(test, stage)
  fatalTests(test, stage)
  watchdogTests(test, stage)
}

function limitedTests(test: TestAPI, stage: Stage): void {
  test.for(limitedCases.map((each, index) => [...each, index] as const))(
    '%s costs its request only',
    async ([, , status, index]) => {
      const { runId } = stage.neighbour
      const bad = stage.ask('hostile', `/bad${index}`)
      const worst = await stage.neighbour.during(bad)
      stage.answers.set(index, (await bad).status)
      expect([status].flat()).toContain((await bad).status)
      expect((await stage.ask('hostile', '/good')).text).toBe('good')
      expect(worst).toBeLessThan(NEIGHBOUR_MS)
      expect(stage.neighbour.runId).toBe(runId)
    },
  )

  test('each of these is named in the log and the figures of its own run, and nothing in its neighbour’s', async () => {
    await expectNamed(stage, stage.neighbour.runId)
  })

  test('100,000 paths leave nothing behind', async () => {
    const paths = Array.from({ length: 2000 }, (_, i) => `/no/${i}`)
    for (let at = 0; at < paths.length; at += 100)
      await Promise.all(paths.slice(at, at + 100).map((path) => stage.ask('hostile', path)))
    const routes = stage.agent.supervisor.figures(stage.service.runId)!.routes.length
    expect(routes).toBeLessThanOrEqual(limitedCases.length + escapes.length + 1000)
  })
}

function realmTests(test: TestAPI, stage: Stage): void {
  test.for(escapes.map(([name], index) => [name, limitedCases.length + index] as const))(
    'nothing of Node is reached by %s',
    async ([, index]) => {
      expect(await stage.ask('hostile', `/bad${index}`)).toEqual({ status: 200, text: 'undefined' })
    },
  )

  test.for(pollutions)('a service that spoils its own %s: nobody else feels it', async ([, body]) => {
    const run = await stage.agent.run('spoilt', `${GOOD}; router.get('/bad', () => { ${body} })`, {
      isolation: stage.isolation,
      limits: LIMITS,
    })
    await stage.ask('spoilt', '/bad')
    expect([200, 500, 504]).toContain((await stage.ask('spoilt', '/good')).status)
    expect((await stage.ask('hostile', '/good')).text).toBe('good')
    expect(await stage.neighbour.answer()).toBe('here')
    await run.kill()
  })
}

function fatalTests(test: TestAPI, stage: Stage): void {
  test.for(fatalCases)('%s ends its own run, which is named; the neighbour answers', async ([, body]) => {
    const run = await stage.agent.run('fatal', `router.get('/bad', () => { ${body} })`, {
      isolation: stage.isolation,
      limits: { memoryMb: 32, cpuStretchMs: 1000, requestWallMs: 8000 },
    })
    const bad = stage.ask('fatal', '/bad')
    const over = run.ended.then((end) => end.kind)
    const how = await Promise.race([over, bad.then(({ status }) => status)])
    // 503 with the run; 500 or 504 where the engine could still refuse the one call.
    expect([500, 503, 504]).toContain((await bad).status)
    expect(['displaced', 'crashed', 500, 503, 504]).toContain(how)
    await stage.neighbour.comesBack()
    await run.kill()
    const end = await run.ended
    if (end.kind === 'displaced') expect(end.suspect).toBe(true)
    if (stage.isolation === 'process') expect(end.kind).not.toBe('displaced')
    expect(stage.neighbour.suspected).toEqual([])
    // A run that ended with its process has its reason in the history; what the runner lived to see is in the log as well.
    if (end.kind === 'crashed') {
      expect(end.error.message).toMatch(/memory|computed|process of the service ended/)
      if (end.error.code === 'RUN_MEMORY_LIMIT') expect(run.limitHits).toMatchObject({ memoryMb: 1 })
      if (end.error.code === 'RUN_CPU_LIMIT') expect(run.limitHits['cpuStretchMs']).toBeGreaterThan(0)
      if (end.error.code !== 'RUN_RUNNER_DIED')
        await expect.poll(() => logOf(stage.agent, run.runId)).toContain(end.error.message)
    }
  })
}

function watchdogTests(test: TestAPI, stage: Stage): void {
  test('step 2 of the watchdog: what its limit cannot interrupt is disposed of, and its runner goes on', async () => {
    await stage.neighbour.comesBack()
    const { runId } = stage.neighbour
    const run = await stage.agent.run('two', `router.get('/bad', () => { ${STEP_TWO} })`, {
      isolation: stage.isolation,
      limits: LIMITS,
    })
    await stage.ask('two', '/bad')
    expect(await run.ended).toMatchObject({ kind: 'crashed', error: { code: 'RUN_CPU_LIMIT' } })
    expect(await stage.neighbour.answer()).toBe('here')
    expect(stage.neighbour.runId).toBe(runId)
  })

  test('what a file does while it is imported is put down to the service that imports it', async () => {
    await stage.neighbour.comesBack()
    const { runId } = stage.neighbour
    const main = `router.get('/loop', () => import('./loop.js').catch((e) => [e.code])); router.get('/bad', () => import('./bad.js'))`
    const run = await stage.agent.run('late', main, {
      isolation: stage.isolation,
      limits: { ...LIMITS, requestWallMs: 10_000 },
      files: [
        { path: 'loop.js', code: 'for (;;);' },
        { path: 'bad.js', code: STEP_THREE.replace('return ', '') },
      ],
    })
    const looped = await stage.ask('late', '/loop')
    expect([looped.status, looped.text]).toEqual([200, '["SERVICE_IMPORT_TIMEOUT"]'])
    expect(stage.neighbour.runId).toBe(runId)
    expect((await stage.ask('late', '/bad')).status).toBe(503)
    const end = await run.ended
    if (stage.isolation === 'process') expect(end).toMatchObject({ kind: 'crashed' })
    else expect(end).toMatchObject({ kind: 'displaced', suspect: true, named: true })
    await stage.neighbour.comesBack()
    expect(stage.neighbour.suspected).toEqual([])
  })

  test('step 3 of the watchdog: what survives its isolate ends with its process', async () => {
    await stage.neighbour.comesBack()
    const { runId } = stage.neighbour
    const run = await stage.agent.run('three', `router.get('/bad', () => { ${STEP_THREE} })`, {
      isolation: stage.isolation,
      limits: { ...LIMITS, requestWallMs: 10_000 },
    })
    expect((await stage.ask('three', '/bad')).status).toBe(503)
    const end = await run.ended
    if (stage.isolation === 'process')
      expect(end).toMatchObject({ kind: 'crashed', error: { code: 'RUN_RUNNER_DIED' } })
    else expect(end).toMatchObject({ kind: 'displaced', suspect: true, named: true })
    // Ours, or on a busy machine that of isolated-vm: whichever looks first.
    expect((end as { error: { message: string } }).error.message).toMatch(
      /a loop survived|Script failed to terminate/,
    )
    await stage.neighbour.comesBack()
    expect(stage.neighbour.runId === runId).toBe(stage.isolation === 'process')
    expect(stage.neighbour.suspected).toEqual([])
  })
}
