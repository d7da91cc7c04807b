import { expect, it } from 'vitest'
import { bootError } from '../../testing/fake-supervisor.ts'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { TestCore } from '../../testing/open-test-core.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'
import { AGENT_ACTOR } from '../access/actor.schema.ts'

const LONG = Boolean(process.env['M3M_LONG'])
const ROUNDS = LONG ? 400 : 25

/** Mulberry32: the same wishes for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const options = { timeout: LONG ? 180_000 : 20_000 }

it.each([1, 2, 3])(
  'whatever is wished at one moment, what is shown is what runs (seed %i)',
  options,
  async (seed) => {
    await using test = await openTestCore('run_chaos')
    const dice = random(seed)
    const pick = <T>(of: readonly T[]): T => of[Math.floor(dice() * of.length)]!
    const projectId = await project(test)
    const { runs } = test.core.services
    const sources: CodeSource[] = [{ release: '1.0' }, { release: '1.1' }, { branch: 'develop' }]

    const wishes: (() => Promise<unknown>)[] = [
      () => runs.start(AGENT_ACTOR, projectId, pick(sources)),
      () => runs.start(AGENT_ACTOR, projectId, pick(sources)),
      () => runs.stop(AGENT_ACTOR, projectId),
      () => runs.restart(AGENT_ACTOR, projectId),
      async () => test.supervisor.alive().at(-1)?.crash(),
      async () => test.clock.advance(500),
      async () => test.supervisor.plan({ bootError: bootError(pick(['user', 'host'])) }),
      async () => test.supervisor.plan({ activateError: bootError() }),
      async () => test.supervisor.plan({ until: new Promise((resolve) => setTimeout(resolve, 3)) }),
    ]

    for (let round = 0; round < ROUNDS; round++) {
      const asked = Array.from({ length: 1 + Math.floor(dice() * 4) }, () => pick(wishes)())
      await Promise.allSettled(asked)
      const state = await settled(test, projectId)
      const alive = test.supervisor.alive()
      const told = { round, observed: state.observed, desired: state.desired }
      expect({ ...told, alive: alive.length }).toEqual({
        ...told,
        alive: state.observed.state === 'running' ? 1 : 0,
      })
      if (alive[0]) {
        expect({ ...told, runId: alive[0].runId }).toEqual({ ...told, runId: state.observed.runId })
        expect(alive[0].calls.filter((call) => call !== 'over').at(-1)).toMatch(/^(activate|rearm)$/)
      }
      expect(['running', 'stopped', 'crashed']).toContain(state.observed.state)
      if (state.observed.state === 'stopped')
        expect({ ...told, run: state.desired.run }).toEqual({ ...told, run: false })
    }

    // In the end one wish is enough, whatever came before.
    test.clock.advance(60 * 60_000)
    await settled(test, projectId)
    while ((await runs.stop(AGENT_ACTOR, projectId)).observed.state !== 'stopped');
    const history = await runs.history({ projectId, limit: 200 })
    await expect.poll(() => open(test, projectId)).toBe(0)
    expect(history.every(({ startedAt }) => startedAt !== null)).toBe(true)
  },
)

async function project(test: TestCore): Promise<string> {
  const root = await test.root()
  const { id: projectId } = await root.projects.create({ name: 'Chaos' })
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
  for (const tag of ['stable', 'develop'] as const) {
    await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag })
  }
  return projectId
}

/**
 * The state once every end is written down and told, and the queue is empty: a branch that is not there asks for the queue
 * and changes nothing.
 */
async function settled(test: TestCore, projectId: string) {
  const { runs } = test.core.services
  await expect.poll(() => open(test, projectId)).toBe(test.supervisor.alive().length)
  await expect.poll(async () => isOver(test, (await runs.state(projectId)).observed)).toBe(false)
  for (let n = 0; n < 4; n++) {
    await new Promise((resolve) => setImmediate(resolve))
    await runs.codeUse.removeUnused(projectId, { branch: 'none' }, async () => {})
  }
  return runs.state(projectId)
}

/** A run is shown that has ended, of which nothing was told yet. */
function isOver(
  { supervisor }: TestCore,
  { state, runId }: { state: string; runId: string | null },
): boolean {
  return state === 'running' && !supervisor.alive().some((run) => run.runId === runId)
}

const open = (test: TestCore, projectId: string) =>
  test.store.control.collection('runs').countDocuments({ projectId, endedAt: null })
