// Regression watch over the whole agent: services are started, switched and stopped while runner, datastore and agent
// are killed under them and requests keep coming. Seeded: M3M_SEED repeats a run; M3M_LONG=1 goes on for ten minutes.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'
import { COMMANDS, descendants, type Descendant, isAlive, zombies } from './processes.ts'

const LONG = Boolean(process.env['M3M_LONG'])
const CHAOS_MS = LONG ? 600_000 : 35_000
const SEED = Number(process.env['M3M_SEED'] ?? 20_260_131)
/** A crashed run is back after 0.5 s, then 2 s, then 8 s (restart-policy.ts): more kills in a row are waiting, not chaos. */
const KILLS_IN_A_ROW = 2
/** A datastore that ends more than five times a minute stays down (datastore/src/process/supervise.ts). */
const STORE_KILLS_A_MINUTE = 4
/** A client that hears nothing for so long asks again. */
const ANSWER_MS = 10_000
/** Acknowledged writes that make it worth a look whether all are there. */
const ENOUGH = 20
/** What a step may take until what is shown is what was wished; a loaded machine starts an agent in 20 s. */
const SETTLE_MS = 60_000

const codeOf = (version: string) => `
router.get('/version', () => ({ version: '${version}' }))
router.post('/write', async (ctx) => {
  await database.items.insert({ n: ctx.body.n })
  return { n: ctx.body.n }
})`

interface ShownState {
  desired: { run: boolean; source: { release?: string } | null }
  observed: { state: string; source: { release?: string; branch?: string } | null }
  activeRelease: string | null
}

interface Dice {
  pick<T>(of: readonly T[]): T
}

/** Mulberry32: the same throws for the same seed. */
function createDice(seed: number): Dice {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return { pick: (of) => of[Math.floor(next() * of.length)]! }
}

let home: string
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'm3m-chaos-'))))
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

it.skipIf(process.platform !== 'linux')(
  'whatever is killed: what is shown is what runs, what was wished comes back, what was acknowledged is there',
  { timeout: CHAOS_MS + 240_000 },
  async () => {
    await using world = await World.open(home)
    const dice = createDice(SEED)
    const until = performance.now() + CHAOS_MS
    for (let step = 1; performance.now() < until || step <= 8; step++) {
      const what = dice.pick(world.possible())
      if (process.env['M3M_STEPS']) process.stderr.write(`${step} ${what} ${Math.round(performance.now())}\n`)
      await world[what](dice)
      await world.isAsShown(`step ${step} (seed ${SEED}): ${what}`)
    }
    await world.endsClean(dice)
  },
)

type Step =
  | 'startRelease'
  | 'startDebug'
  | 'stop'
  | 'restart'
  | 'killRunner'
  | 'killDatastore'
  | 'killAgent'
  | 'stopAgent'

/** An agent, what was wished of it, and clients that never stop asking. */
class World implements AsyncDisposable {
  readonly #home: string
  #panel!: PanelClient
  readonly #acknowledged: number[] = []
  readonly #seen = new Map<string, Descendant>()
  readonly #asking = new AbortController()
  #agent!: TestAgent
  #projectId = ''
  #clients: Promise<void>[] = []
  #lastNumber = 0
  #kills = 0
  #storeKills: number[] = []
  #wished: { release: string | null; debug: boolean; active: string | null } = {
    release: null,
    debug: false,
    active: null,
  }

  private constructor(home: string) {
    this.#home = home
  }

  static async open(home: string): Promise<World> {
    const made = await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
    expect(made.code, made.output).toBe(0)
    const world = new World(home)
    await world.#serve()
    await world.#prepare()
    world.#clients = [world.#ask(), world.#ask()]
    return world
  }

  possible(): Step[] {
    const calm: Step[] = ['startRelease', 'startRelease', 'startDebug', 'stop', 'killAgent', 'stopAgent']
    const { release, debug } = this.#wished
    const runs = release !== null || debug
    const recent = this.#storeKills.filter((at) => at > performance.now() - 60_000).length
    if (recent < STORE_KILLS_A_MINUTE) calm.push('killDatastore')
    return [
      ...calm,
      ...(runs ? (['restart'] as const) : []),
      ...(runs && this.#kills < KILLS_IN_A_ROW ? (['killRunner', 'killRunner'] as const) : []),
    ]
  }

  async startRelease(dice: Dice): Promise<void> {
    const release = dice.pick(['1.0', '1.1'])
    await this.#surely(() =>
      this.#panel.mutate('runs.start', { projectId: this.#projectId, source: { release } }),
    )
    this.#kills = 0
    this.#wished = { release, debug: false, active: release }
  }

  async startDebug(): Promise<void> {
    const source = { branch: 'develop' }
    await this.#surely(() => this.#panel.mutate('runs.start', { projectId: this.#projectId, source }))
    this.#wished.debug = true
  }

  async stop(): Promise<void> {
    await this.#surely(() => this.#panel.mutate('runs.stop', { projectId: this.#projectId }))
    if (this.#wished.debug) this.#wished.debug = false
    else this.#wished.release = null
  }

  async restart(): Promise<void> {
    await this.#surely(() => this.#panel.mutate('runs.restart', { projectId: this.#projectId }))
    if (!this.#wished.debug) this.#kills = 0
  }

  async killRunner(dice: Dice): Promise<void> {
    const runner = dice.pick(this.#below().filter(({ command }) => COMMANDS.runner.test(command)))
    const before = await this.#state()
    process.kill(runner.pid, 'SIGKILL')
    this.#kills++
    await expect.poll(() => isAlive(runner), { timeout: 10_000 }).toBe(false)
    // The spare one, or that of the run: then the agent has noticed when it shows something else.
    const answer = await this.#version()
    if (this.#wished.debug && answer !== 'debug') this.#wished.debug = false
    expect(before.observed.state).toBe('running')
  }

  async killDatastore(): Promise<void> {
    const store = this.#below().find(({ command }) => COMMANDS.datastore.test(command))
    expect(store, 'the process of the datastore').toBeDefined()
    process.kill(store!.pid, 'SIGKILL')
    this.#storeKills.push(performance.now())
    await expect.poll(() => isAlive(store!), { timeout: 10_000 }).toBe(false)
  }

  async killAgent(): Promise<void> {
    this.#below()
    await this.#agent.kill()
    await this.#serve()
  }

  async stopAgent(): Promise<void> {
    this.#below()
    expect(await this.#agent.stop()).toBe(0)
    await this.#serve()
  }

  /** State, list of releases and the service itself say the same, and it is what was wished; nothing is a zombie. */
  async isAsShown(step: string): Promise<void> {
    const { release, debug, active } = this.#wished
    const version = debug ? 'debug' : release
    const expected = {
      running: version !== null,
      source: debug ? { branch: 'develop' } : release === null ? null : { release },
      desired: release !== null,
      active,
      marked: debug || release === null ? [] : [release],
      answer: version ?? 503,
      zombies: 0,
    }
    const shown = async () => {
      const { desired, observed, activeRelease } = await this.#state()
      const releases = await this.#panel.query<{ version: string; running: boolean }[]>('pipeline.releases', {
        projectId: this.#projectId,
      })
      const running = observed.state === 'running'
      return {
        running,
        source: running ? observed.source : null,
        desired: desired.run,
        active: activeRelease,
        marked: releases.flatMap(({ version, running }) => (running ? [version] : [])),
        answer: await this.#version(),
        zombies: zombies(this.#agent.process.pid!).length,
      }
    }
    const tolerant = () => shown().catch((error: unknown) => String(error))
    await expect.poll(tolerant, { timeout: SETTLE_MS, interval: 50, message: step }).toEqual(expected)
  }

  /** Everything that was acknowledged is in the database, and nothing that ever ran below the agent is left. */
  async endsClean(dice: Dice): Promise<void> {
    // Some throws leave hardly anything running: then there is nothing yet to be lost.
    if (this.#acknowledged.length < ENOUGH) await this.startRelease(dice)
    await expect.poll(() => this.#acknowledged.length, { timeout: SETTLE_MS }).toBeGreaterThanOrEqual(ENOUGH)
    this.#asking.abort()
    await Promise.all(this.#clients)
    const stored = new Set(await this.#stored())
    expect(this.#acknowledged.filter((n) => !stored.has(n))).toEqual([])
    const live = this.#wished.debug || this.#wished.release !== null
    await expect.poll(() => this.#openRuns(), { timeout: SETTLE_MS }).toBe(live ? 1 : 0)
    this.#below()
    expect(await this.#agent.stop()).toBe(0)
    const left = () => [...this.#seen.values()].filter(isAlive).map(({ command }) => command)
    await expect.poll(left, { timeout: 15_000 }).toEqual([])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#asking.abort()
    await Promise.all(this.#clients)
    await this.#agent.stop()
  }

  async #serve(): Promise<void> {
    this.#agent = await startAgent({ home: this.#home })
    this.#panel = await signIn(this.#agent.url)
    this.#kills = 0
    this.#wished.debug = false
  }

  async #prepare(): Promise<void> {
    const project = await this.#panel.mutate<{ id: string }>('projects.create', { name: 'Chaos' })
    const projectId = (this.#projectId = project.id)
    const fields = [{ key: 'n', type: 'number' }]
    await this.#panel.mutate('models.create', { projectId, name: 'Items', slug: 'items', fields })
    const save = async (version: string, revision: number) => {
      const files = [{ path: 'main.js', code: codeOf(version) }]
      await this.#panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files, revision })
    }
    for (const [index, version] of ['1.0', '1.1'].entries()) {
      await save(version, index)
      await this.#panel.mutate('pipeline.createRelease', {
        projectId,
        branch: 'develop',
        bump: 'minor',
        tag: 'stable',
      })
    }
    await save('debug', 2)
  }

  /** One client: writes number after number, whatever comes back, and keeps what was acknowledged. */
  async #ask(): Promise<void> {
    const { signal } = this.#asking
    while (!signal.aborted) {
      const n = ++this.#lastNumber
      const body = JSON.stringify({ n })
      const call = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(ANSWER_MS),
      }
      const answer = await fetch(`${this.#agent.url}/r/chaos/write`, call).catch(() => null)
      const told = answer?.ok ? ((await answer.json().catch(() => null)) as { n?: number } | null) : null
      if (told?.n === n) this.#acknowledged.push(n)
      // A pace, not a wait for anything: chaos shall not be a load test.
      await sleep(15)
    }
  }

  async #stored(): Promise<number[]> {
    const found: number[] = []
    for (let page = 1; ; page++) {
      const list = await this.#panel.query<{ items: { n: number }[]; pages: number }>('records.list', {
        projectId: this.#projectId,
        model: 'items',
        sort: 'n',
        page,
        pageSize: 1_000,
      })
      found.push(...list.items.map(({ n }) => n))
      if (page >= list.pages) return found
    }
  }

  /** While the datastore comes back a wish is refused; then it is asked again. */
  async #surely(work: () => Promise<unknown>): Promise<void> {
    const until = performance.now() + SETTLE_MS
    for (;;) {
      try {
        return void (await work())
      } catch (error) {
        if (performance.now() > until) throw error
        await sleep(100)
      }
    }
  }

  /** Runs whose end is not written down; one that still answers what was in flight is one of them. */
  async #openRuns(): Promise<number> {
    const query = { projectId: this.#projectId, limit: 200 }
    const runs = await this.#panel.query<{ endedAt: string | null }[]>('runs.history', query)
    return runs.filter(({ endedAt }) => endedAt === null).length
  }

  #state(): Promise<ShownState> {
    return this.#panel.query('runs.state', { projectId: this.#projectId })
  }

  /** What answers under the project's address: a version, or a status. */
  async #version(): Promise<string | number> {
    const answer = await fetch(`${this.#agent.url}/r/chaos/version`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    return answer.ok ? ((await answer.json()) as { version: string }).version : answer.status
  }

  #below(): Descendant[] {
    const below = descendants(this.#agent.process.pid!)
    for (const one of below) this.#seen.set(`${one.pid}/${one.startedAt}`, one)
    return below
  }
}
