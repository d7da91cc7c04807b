import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BootPlan } from '../../testing/fake-supervisor.ts'
import { bootError } from '../../testing/fake-supervisor.ts'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeAll(async () => {
  test = await openTestCore('runs')
})
afterAll(() => test[Symbol.asyncDispose]())

/** A project with releases 1.0 (stable) and 1.1 (develop) and the branch develop. */
beforeEach(async () => {
  root = await test.root()
  const project = await root.projects.create({ name: `Ops ${test.supervisor.runs.length}` })
  projectId = project.id
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '// 1' }] })
  await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
  await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'develop' })
})

const start = (release: string) => root.runs.start({ projectId, source: { release } })
const debug = () => root.runs.start({ projectId, source: { branch: 'develop' } })
/** Past the border: it is asked long after the sign-in has ended. */
const state = () => test.core.services.runs.state(projectId)
const stop = () => root.runs.stop({ projectId })

/** A boot that hangs until it is let go. */
function held(): BootPlan & { release(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { until: promise, release: resolve }
}

/** Settles when the next boot has begun: the state says "starting" a moment before, and a cut then would leave the plan to another boot. */
const nextBoot = () => test.supervisor.saw(`boot:${test.supervisor.runs.length + 1}`)

/** Settles when the state is so. */
async function until(is: (state: Awaited<ReturnType<typeof root.runs.state>>) => boolean) {
  const stopped = new AbortController()
  for await (const now of test.core.services.runs.watch(projectId, stopped.signal)) if (is(now)) return now
  throw new Error('the watch ended')
}

describe('start and stop', () => {
  it('answers a start when the run is active, and tells one truth everywhere', async () => {
    const answer = await start('1.0')
    expect(answer).toMatchObject({ state: 'running', source: { release: '1.0' } })
    expect(await state()).toMatchObject({
      desired: { run: true, source: { release: '1.0' } },
      observed: { state: 'running', branch: 'develop', tag: 'stable', runId: answer.runId, conditions: [] },
      activeRelease: '1.0',
    })
    const releases = await root.pipeline.releases({ projectId })
    expect(releases.map(({ version, running }) => [version, running])).toEqual([
      ['1.1', false],
      ['1.0', true],
    ])
  })

  it('keeps as active release the last one started with the tag stable', async () => {
    await start('1.0')
    await start('1.1')
    expect(await state()).toMatchObject({ observed: { tag: 'develop' }, activeRelease: '1.0' })
  })

  it('gives two starts of one release at one moment one run', async () => {
    const [first, second] = await Promise.all([start('1.0'), start('1.0')])
    expect(second.runId).toBe(first.runId)
    expect(test.supervisor.alive().filter((run) => run.spec.projectId === projectId)).toHaveLength(1)
  })

  it('lets the later of two different starts win and leaves no run behind', async () => {
    const first = test.supervisor.runs.length + 1
    const answers = await Promise.all([start('1.0'), start('1.1')])
    await test.supervisor.saw(`over:${first}`)
    expect(answers.map(({ source }) => source)).toEqual([{ release: '1.0' }, { release: '1.1' }])
    // Both ask the database for their rights first, so either may be the later one to reach the run.
    const later = test.supervisor.latest.spec.source
    const alive = test.supervisor.alive().filter((run) => run.spec.projectId === projectId)
    expect(alive.map(({ spec }) => spec.source)).toEqual([later])
    expect(await state()).toMatchObject({
      desired: { run: true, source: later },
      observed: { state: 'running', source: later },
    })
  })

  it('refuses an unknown release and changes nothing', async () => {
    await expect(start('7.7')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await state()).toMatchObject({ desired: { run: false }, observed: { state: 'stopped' } })
  })

  it('stops by the supervisor and keeps the last source', async () => {
    await start('1.0')
    const stopped = await stop()
    expect(stopped).toMatchObject({
      desired: { run: false, source: { release: '1.0' } },
      observed: { state: 'stopped', source: { release: '1.0' } },
    })
    expect(test.supervisor.latest.calls).toEqual(['boot', 'activate', 'stop', 'over'])
  })

  it('makes one stop of two', async () => {
    await start('1.0')
    await Promise.all([stop(), stop()])
    expect(test.supervisor.latest.calls.filter((call) => call === 'stop')).toHaveLength(1)
  })

  it('cuts off a start that boots when a stop comes', async () => {
    test.supervisor.plan(held())
    const starting = start('1.0').catch((error: unknown) => error)
    await nextBoot()
    expect(await stop()).toMatchObject({ desired: { run: false }, observed: { state: 'stopped' } })
    expect(await starting).toMatchObject({ cause: { code: 'RUNS_SUPERSEDED' } })
    expect(test.supervisor.latest.calls).toContain('over')
  })

  it('restarts with a fresh run of the same source', async () => {
    const { runId } = await start('1.0')
    const again = await root.runs.restart({ projectId })
    expect(again).toMatchObject({ state: 'running', source: { release: '1.0' } })
    expect(again.runId).not.toBe(runId)
  })

  it('has nothing to restart where nothing ran', async () => {
    await expect(root.runs.restart({ projectId })).rejects.toMatchObject({
      cause: { code: 'RUNS_NOTHING_TO_RESTART' },
    })
  })
})

describe('a switch', () => {
  it('boots the new run before the old one is disarmed, and stops the old one last', async () => {
    await start('1.0')
    const from = test.supervisor.journal.length
    const n = test.supervisor.runs.length
    await start('1.1')
    await test.supervisor.saw(`over:${n}`)
    expect(test.supervisor.journal.slice(from)).toEqual([
      `boot:${n + 1}`,
      `disarm:${n}`,
      `activate:${n + 1}`,
      `stop:${n}`,
      `over:${n}`,
    ])
  })

  it('does not wait for the old run to drain', async () => {
    await start('1.0')
    const drain = Promise.withResolvers<void>()
    const old = test.supervisor.latest
    old.stop = () => drain.promise
    await start('1.1')
    expect(await state()).toMatchObject({ observed: { state: 'running', source: { release: '1.1' } } })
    drain.resolve()
    await old.kill()
  })

  it('goes on with the old run when the new one cannot boot, and says where it failed', async () => {
    const { runId } = await start('1.0')
    test.supervisor.plan({ bootError: bootError() })
    await expect(start('1.1')).rejects.toMatchObject({
      code: 'UNPROCESSABLE_CONTENT',
      cause: { position: { file: 'main.js', line: 3, column: 5 } },
    })
    expect(await state()).toMatchObject({
      desired: { run: true, source: { release: '1.0' } },
      observed: { state: 'running', runId },
    })
  })

  it('arms the old run again when the new one fails while it is activated', async () => {
    await start('1.0')
    const old = test.supervisor.latest
    test.supervisor.plan({ activateError: bootError() })
    await expect(start('1.1')).rejects.toThrow('boom')
    expect(old.calls).toEqual(['boot', 'activate', 'disarm', 'rearm'])
    expect(await state()).toMatchObject({ observed: { state: 'running', source: { release: '1.0' } } })
  })
})

describe('code that cannot boot', () => {
  it('is crashed with its position, and is not tried again', async () => {
    test.supervisor.plan({ bootError: bootError() })
    await expect(start('1.0')).rejects.toThrow('boom')
    const before = test.supervisor.runs.length
    expect(await state()).toMatchObject({
      desired: { run: true },
      observed: {
        state: 'crashed',
        conditions: [],
        reason: { code: 'RUN_BOOT_FAILED', position: { file: 'main.js', line: 3, column: 5 } },
      },
    })
    test.clock.advance(2 * 60 * 60_000)
    await state()
    expect(test.supervisor.runs).toHaveLength(before)
  })

  it('gives way to the last good release when the project says so', async () => {
    await root.projects.update({ projectId, settings: { rollback: true } })
    await start('1.0')
    await stop()
    test.supervisor.plan({ bootError: bootError() })
    await expect(start('1.1')).rejects.toThrow('boom')
    expect(await state()).toMatchObject({
      desired: { run: true, source: { release: '1.0' } },
      observed: { state: 'running', source: { release: '1.0' }, reason: { code: 'RUN_BOOT_FAILED' } },
    })
  })
})

describe('a crash', () => {
  const crashed = () => until(({ observed }) => observed.conditions.includes('backing-off'))
  const runs = () => until(({ observed }) => observed.state === 'running')

  it('is followed by a restart after a short wait', async () => {
    await start('1.0')
    test.supervisor.latest.crash()
    const seen = await crashed()
    expect(seen.observed).toMatchObject({ state: 'crashed', reason: { code: 'RUN_CRASHED' } })
    expect(Date.parse(seen.observed.nextStartAt!)).toBe(test.clock.now() + 500)
    test.clock.advance(500)
    await runs()
    expect((await root.runs.history({ projectId }))[0]).toMatchObject({
      cause: 'crash-restart',
      startedBy: null,
    })
  })

  it('is followed by at most five restarts an hour', async () => {
    await start('1.0')
    const first = test.clock.now()
    for (const wait of [500, 2_000, 8_000, 30_000, 120_000]) {
      test.supervisor.latest.crash()
      await crashed()
      test.clock.advance(wait)
      await runs()
    }
    test.supervisor.latest.crash()
    const { observed } = await crashed()
    expect(observed.conditions).toEqual(['backing-off', 'limited'])
    expect(Date.parse(observed.nextStartAt!)).toBeGreaterThanOrEqual(first + 60 * 60_000)
  })

  it('stays stopped when a stop comes during the wait', async () => {
    await start('1.0')
    test.supervisor.latest.crash()
    await crashed()
    expect(await stop()).toMatchObject({
      desired: { run: false },
      observed: { state: 'stopped', conditions: [] },
    })
    const before = test.supervisor.runs.length
    test.clock.advance(60 * 60_000)
    await state()
    expect(test.supervisor.runs).toHaveLength(before)
  })

  it('is not restarted when the code cannot boot any more', async () => {
    await start('1.0')
    test.supervisor.latest.crash()
    await crashed()
    test.supervisor.plan({ bootError: bootError() })
    test.clock.advance(500)
    await until(({ observed }) => observed.state === 'crashed' && observed.conditions.length === 0)
  })

  it('is tried again when the host could not boot it', async () => {
    test.supervisor.plan({ bootError: bootError('host') })
    await expect(start('1.0')).rejects.toThrow('boom')
    await crashed()
    test.clock.advance(500)
    await runs()
  })

  it('is in the history with its reason', async () => {
    await start('1.0')
    test.supervisor.latest.crash()
    await crashed()
    const [entry] = await root.runs.history({ projectId })
    expect(entry).toMatchObject({
      source: { release: '1.0' },
      endCause: 'crash',
      startedBy: { name: 'root' },
      reason: { code: 'RUN_CRASHED', message: 'out of memory' },
    })
  })
})

describe('a debug run', () => {
  it('replaces the release while it lasts, and the release returns when it is stopped', async () => {
    await start('1.0')
    await debug()
    expect(await state()).toMatchObject({
      desired: { run: true, source: { release: '1.0' } },
      observed: { state: 'running', source: { branch: 'develop' }, branch: 'develop' },
    })
    expect(await stop()).toMatchObject({ observed: { state: 'running', source: { release: '1.0' } } })
    expect((await root.runs.history({ projectId }))[0]).toMatchObject({ cause: 'return' })
    expect(await stop()).toMatchObject({ observed: { state: 'stopped' } })
  })

  it('starts anew with what is saved', async () => {
    await debug()
    const files = [{ path: 'main.js', code: '// 2' }]
    await root.pipeline.saveFiles({ projectId, branch: 'develop', files })
    await debug()
    expect(test.supervisor.latest.spec.files).toEqual(files)
    expect(test.supervisor.latest.spec.isolation).toBe('process')
  })

  it('that crashes gives way to the release and leaves its reason', async () => {
    await start('1.0')
    await debug()
    test.supervisor.latest.crash()
    const back = await until(({ observed }) => observed.state === 'running' && 'release' in observed.source!)
    expect(back.observed.reason).toMatchObject({ code: 'RUN_CRASHED' })
  })

  it('that crashes is not restarted where no release should run', async () => {
    await debug()
    test.supervisor.latest.crash()
    const seen = await until(({ observed }) => observed.state === 'crashed')
    expect(seen).toMatchObject({ desired: { run: false }, observed: { conditions: [] } })
  })

  it('that cannot boot leaves the release alone', async () => {
    const { runId } = await start('1.0')
    test.supervisor.plan({ bootError: bootError() })
    await expect(debug()).rejects.toThrow('boom')
    expect(await state()).toMatchObject({ observed: { state: 'running', runId } })
  })

  it('that is stopped while it boots leaves the release running', async () => {
    const { runId } = await start('1.0')
    test.supervisor.plan(held())
    const starting = debug().catch((error: unknown) => error)
    await nextBoot()
    expect(await stop()).toMatchObject({ desired: { run: true }, observed: { state: 'running', runId } })
    expect(await starting).toMatchObject({ cause: { code: 'RUNS_SUPERSEDED' } })
  })
})
