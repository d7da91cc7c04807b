import { afterEach, beforeEach, expect, it } from 'vitest'
import { displacedError } from '../../testing/fake-supervisor.ts'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'
import type { RunState } from './runs.schema.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeEach(async () => {
  test = await openTestCore('run_moves')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Moves' })).id
  await root.projects.update({ projectId, settings: { isolation: 'shared' } })
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '//' }] })
  for (let n = 0; n < 2; n++)
    await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
})
afterEach(() => test[Symbol.asyncDispose]())

const TEN_MINUTES = 10 * 60_000
const start = (release: string) => root.runs.start({ projectId, source: { release } })
const placed = () => test.supervisor.runs.map(({ spec }) => spec.isolation)

async function until(is: (state: RunState) => boolean): Promise<RunState> {
  for await (const now of test.core.services.runs.watch(projectId, new AbortController().signal)) {
    if (is(now)) return now
  }
  throw new Error('the watch ended')
}

/** Running in another run than before. */
const moved = (from: string) =>
  until(({ observed }) => observed.state === 'running' && observed.runId !== from)

it('the innocent shares a process again at once, which is no crash', async () => {
  const { runId } = await start('1.0')
  test.supervisor.latest.displace(false)
  const { observed } = await moved(runId)
  expect(observed).toMatchObject({ conditions: [] })
  expect(observed.reason).toBeUndefined()
  expect(placed()).toEqual(['shared', 'shared'])
  const [now, before] = await root.runs.history({ projectId })
  expect(now).toMatchObject({ cause: 'relocated', startedBy: null })
  expect(before).toMatchObject({ endCause: 'displaced', reason: { code: 'RUN_DISPLACED' } })
  // None of the hour's five restarts is used up.
  for (let n = 0; n < 6; n++) {
    const from = (await root.runs.state({ projectId })).observed.runId!
    test.supervisor.latest.displace(false)
    await moved(from)
  }
})

it('a suspect goes on in a process of its own, says why, and shares again after ten clean minutes', async () => {
  const { runId } = await start('1.0')
  test.supervisor.latest.displace(true)
  const { observed } = await moved(runId)
  expect(observed).toMatchObject({ conditions: ['quarantined'], reason: { code: 'RUN_SUSPECTED' } })
  expect(placed()).toEqual(['shared', 'process'])
  expect(test.supervisor.latest.spec.notice).toContain('being executed')
  expect((await root.runs.history({ projectId }))[0]).toMatchObject({ cause: 'quarantined' })

  test.clock.advance(TEN_MINUTES)
  const back = await moved(observed.runId!)
  expect(back.observed).toMatchObject({ conditions: [] })
  expect(placed()).toEqual(['shared', 'process', 'shared'])
  await test.supervisor.saw('over:2')
})

it('a suspect that fails to share again goes on where it is', async () => {
  const { runId } = await start('1.0')
  test.supervisor.latest.displace(true)
  const { observed } = await moved(runId)
  test.supervisor.plan({ bootError: displacedError(false) })
  test.supervisor.plan({ bootError: displacedError(false) })
  test.supervisor.plan({ bootError: displacedError(false) })
  test.clock.advance(TEN_MINUTES)
  await test.supervisor.saw('over:5')
  const state = await until((now) => now.observed.state === 'running')
  expect(state.observed).toMatchObject({ runId: observed.runId, conditions: ['quarantined'] })
})

it('a suspect that ends its own process has crashed, and stays alone', async () => {
  const { runId } = await start('1.0')
  test.supervisor.latest.displace(true)
  const { observed } = await moved(runId)
  test.supervisor.latest.crash({ code: 'RUN_RUNNER_DIED' })
  const crashed = await until((now) => now.observed.conditions.includes('backing-off'))
  expect(crashed.observed).toMatchObject({
    state: 'crashed',
    conditions: ['backing-off', 'quarantined'],
    reason: { code: 'RUN_RUNNER_DIED' },
  })
  test.clock.advance(500)
  await moved(observed.runId!)
  expect(placed()).toEqual(['shared', 'process', 'process'])
  // The ten minutes began anew.
  test.clock.advance(TEN_MINUTES - 1)
  expect((await root.runs.state({ projectId })).observed.conditions).toEqual(['quarantined'])
})

it('one that is caught a second time stays alone, and so does one that is caught without doubt', async () => {
  const { runId } = await start('1.0')
  test.supervisor.latest.displace(true)
  const first = await moved(runId)
  test.clock.advance(TEN_MINUTES)
  const shares = await moved(first.observed.runId!)
  test.supervisor.latest.displace(true)
  await moved(shares.observed.runId!)
  test.clock.advance(10 * TEN_MINUTES)
  expect((await root.runs.state({ projectId })).observed.conditions).toEqual(['quarantined'])
  expect(placed()).toEqual(['shared', 'process', 'shared', 'process'])

  // Another version is another matter, until there is no doubt about it.
  const { runId: other } = await start('1.1')
  test.supervisor.latest.displace(true, true)
  await moved(other)
  test.clock.advance(10 * TEN_MINUTES)
  expect((await root.runs.state({ projectId })).observed.conditions).toEqual(['quarantined'])
  expect(placed().slice(4)).toEqual(['shared', 'process'])
})

it.for([{ killed: true }, {}])('a suspect stays alone when the agent was restarted (%j)', async (how) => {
  const { runId } = await start('1.0')
  test.supervisor.latest.displace(true, true)
  await moved(runId)
  await using next = await test.restarted(how)
  const watch = next.core.services.runs.watch(projectId, new AbortController().signal)
  for await (const { observed } of watch) {
    if (observed.state !== 'running' || observed.runId === runId) continue
    expect(observed).toMatchObject({ conditions: ['quarantined'], reason: { code: 'RUN_SUSPECTED' } })
    break
  }
  expect(next.supervisor.latest.spec).toMatchObject({
    isolation: 'process',
    notice: expect.stringContaining('process'),
  })
})

it('another version than the suspected one may share', async () => {
  await start('1.0')
  const first = test.supervisor.latest.runId
  test.supervisor.latest.displace(true)
  await moved(first)
  await start('1.1')
  expect(placed()).toEqual(['shared', 'process', 'shared'])
  expect((await root.runs.state({ projectId })).observed.conditions).toEqual([])
})

it('a boot that a neighbour brought down is tried again, one that is suspected alone', async () => {
  test.supervisor.plan({ bootError: displacedError(false) })
  test.supervisor.plan({ bootError: displacedError(true) })
  const { state } = await start('1.0')
  expect(state).toBe('running')
  expect(placed()).toEqual(['shared', 'shared', 'process'])
  expect((await root.runs.state({ projectId })).observed).toMatchObject({
    conditions: ['quarantined'],
    reason: { code: 'RUN_SUSPECTED' },
  })
  const causes = (await root.runs.history({ projectId })).map(({ endCause }) => endCause)
  expect(causes).toEqual([null, 'displaced', 'displaced'])
})

it('a stop while it moves is the last word', async () => {
  await start('1.0')
  test.supervisor.plan({ until: new Promise(() => {}) })
  test.supervisor.latest.displace(true)
  await test.supervisor.saw('boot:2')
  const { observed } = await root.runs.stop({ projectId })
  expect(observed).toMatchObject({ state: 'stopped', conditions: [] })
  test.clock.advance(TEN_MINUTES)
  expect(test.supervisor.alive()).toEqual([])
})
