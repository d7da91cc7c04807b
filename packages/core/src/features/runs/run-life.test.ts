import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'
import type { RunState, TailChunk } from './runs.schema.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeEach(async () => {
  test = await openTestCore('run_life')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '//' }] })
  await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
  await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
})
afterEach(() => test[Symbol.asyncDispose]())

const start = (release: string, caller = root) => caller.runs.start({ projectId, source: { release } })
const debug = () => root.runs.start({ projectId, source: { branch: 'develop' } })

async function until(core: TestCore, is: (state: RunState) => boolean): Promise<RunState> {
  for await (const now of core.core.services.runs.watch(projectId, new AbortController().signal)) {
    if (is(now)) return now
  }
  throw new Error('the watch ended')
}

describe('the end of the agent', () => {
  it('drains what runs and leaves it desired', async () => {
    await start('1.0')
    const before = test.supervisor.latest
    const next = await test.restarted()
    expect(before.calls).toEqual(['boot', 'activate', 'stop', 'over'])
    const back = await until(next, ({ observed }) => observed.state === 'running')
    expect(back).toMatchObject({ desired: { run: true }, observed: { source: { release: '1.0' } } })
    const [now, then] = await (await next.root()).runs.history({ projectId })
    expect([now?.cause, then?.endCause]).toEqual(['autostart', 'agent-stop'])
    await next[Symbol.asyncDispose]()
  })

  it('drains, too, a run whose start is still being written down', async () => {
    await start('1.0')
    await using next = await test.restarted({ killed: true })
    await until(next, ({ observed }) => observed.state === 'running')
    await next.core[Symbol.asyncDispose]()
    expect(next.supervisor.latest.calls).toEqual(['boot', 'activate', 'stop', 'over'])
  })

  it('by a kill is written down, and what should run runs again', async () => {
    const { runId } = await start('1.0')
    await using next = await test.restarted({ killed: true })
    await until(next, ({ observed }) => observed.state === 'running' && observed.runId !== runId)
    const history = await (await next.root()).runs.history({ projectId })
    expect(history[1]).toMatchObject({ runId, endCause: 'agent-killed' })
    expect(history[1]?.endedAt).not.toBeNull()
  })

  it('ends a debug run for good: the release returns', async () => {
    await start('1.0')
    await debug()
    await using next = await test.restarted({ killed: true })
    const back = await until(next, ({ observed }) => observed.state === 'running')
    expect(back.observed.source).toEqual({ release: '1.0' })
  })

  it('leaves stopped what was stopped', async () => {
    await start('1.0')
    await root.runs.stop({ projectId })
    await using next = await test.restarted()
    expect(await (await next.root()).runs.state({ projectId })).toMatchObject({
      observed: { state: 'stopped' },
    })
    expect(next.supervisor.runs).toHaveLength(0)
  })

  it('leaves stopped what shall not start by itself', async () => {
    await start('1.0')
    await root.projects.update({ projectId, settings: { autoStart: false } })
    await using next = await test.restarted({ killed: true })
    const state = await until(next, ({ desired }) => !desired.run)
    expect(state).toMatchObject({ observed: { state: 'stopped', reason: { code: 'RUNS_AGENT_KILLED' } } })
  })

  it('refuses starts that come too late', async () => {
    await test.core[Symbol.asyncDispose]()
    await expect(start('1.0')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  })
})

it('no release is marked as running before it runs, nor after it crashed', async () => {
  const marked = async () =>
    (await root.pipeline.releases({ projectId })).flatMap(({ version, running }) =>
      running ? [version] : [],
    )
  const booted = Promise.withResolvers<void>()
  test.supervisor.plan({ until: booted.promise })
  const starting = start('1.0')
  await until(test, ({ observed }) => observed.state === 'starting')
  expect(await marked()).toEqual([])
  booted.resolve()
  await starting
  expect(await marked()).toEqual(['1.0'])
  test.supervisor.latest.crash()
  await until(test, ({ observed }) => observed.state === 'crashed')
  expect(await marked()).toEqual([])
})

describe('the history', () => {
  it('counts restarts until a person starts it again', async () => {
    await start('1.0')
    test.supervisor.latest.crash()
    await until(test, ({ observed }) => observed.conditions.includes('backing-off'))
    test.clock.advance(500)
    await until(test, ({ observed }) => observed.state === 'running')
    await root.runs.restart({ projectId })
    const entries = await root.runs.history({ projectId })
    expect(entries.map(({ cause, restarts }) => [cause, restarts])).toEqual([
      ['restart', 0],
      ['crash-restart', 1],
      ['start', 0],
    ])
  })

  it('is cut to the newest 500', async () => {
    const old = Array.from({ length: 600 }, (_, i) => ({ projectId, startedAt: new Date(i), fence: 0 }))
    await test.store.control.collection('runs').insertMany(old)
    await start('1.0')
    for (let n = 0; n < 24; n++) await root.runs.restart({ projectId })
    expect(await test.store.control.collection('runs').countDocuments({ projectId })).toBe(500)
  })
})

describe('the end of a project', () => {
  it('stops the run first and leaves nothing behind', async () => {
    await start('1.0')
    const watched = collect(root.runs.watch({ projectId }))
    await root.projects.apiKeys.create({ projectId, name: 'ci', scopes: ['runs:read'] })
    await root.models.create({
      projectId,
      name: 'Users',
      slug: 'users',
      fields: [{ key: 'name', type: 'string' }],
    })
    await root.records.create({ projectId, model: 'users', data: { name: 'Ann' } })
    await root.projects.remove({ projectId, confirmName: 'Ops' })
    expect(test.supervisor.latest.calls.slice(-2)).toEqual(['stop', 'over'])
    expect((await watched).at(-1)).toMatchObject({ observed: { state: 'stopped' } })
    expect(test.removedFiles).toEqual([projectId])
    await expect(root.runs.state({ projectId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await leftovers()).toEqual([])
  })

  it('while it starts has one outcome: nothing', async () => {
    test.supervisor.plan({ until: new Promise(() => {}) })
    const starting = start('1.0').catch((error: unknown) => error)
    await until(test, ({ observed }) => observed.state === 'starting')
    await root.projects.remove({ projectId, confirmName: 'Ops' })
    expect(await starting).toBeInstanceOf(Error)
    expect(test.supervisor.alive()).toEqual([])
  })

  it('that a killed agent left half done is finished by the next one', async () => {
    await test.store.control
      .collection<{ _id: string }>('projects')
      .updateOne({ _id: projectId }, { $set: { removing: true } })
    await using next = await test.restarted({ killed: true })
    expect(next.removedFiles).toEqual([projectId])
    expect(await leftovers()).toEqual([])
  })

  async function leftovers(): Promise<string[]> {
    const found: string[] = []
    for (const db of [test.store.control, test.store.data]) {
      for (const { name } of await db.listCollections().toArray()) {
        if (name === 'audit') continue
        const ofProject = { $or: [{ projectId }, { _id: projectId as never }] }
        const known = await db.collection(name).countDocuments(ofProject)
        if (known > 0) found.push(`${db.databaseName}.${name}`)
      }
    }
    return found
  }
})

describe('what is told', () => {
  it('is pushed at every change, from one place', async () => {
    const seen = collect(root.runs.watch({ projectId }))
    await start('1.0')
    await root.runs.stop({ projectId })
    await test.core[Symbol.asyncDispose]()
    const states = (await seen).map(({ observed }) => observed.state)
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
      'stopped',
      'starting',
      'running',
      'stopping',
      'stopped',
    ])
  })

  it('ends when the sign-in ends', async () => {
    const watch = await root.runs.watch({ projectId })
    const seen = collect(Promise.resolve(watch))
    await root.auth.logout()
    await expect(seen).rejects.toMatchObject({ code: 'UNAUTHORIZED', cause: { code: 'ACCESS_SIGN_IN' } })
  })

  it('tells of a project only to those who may see it', async () => {
    const { caller } = await test.operator('outsider')
    const all = collect(caller.runs.watchAll())
    await start('1.0')
    await test.core[Symbol.asyncDispose]()
    expect(await all).toEqual([])
  })

  it('says what works while another version starts, and that nothing does once it crashed', async () => {
    await start('1.0')
    const booted = Promise.withResolvers<void>()
    test.supervisor.plan({ until: booted.promise })
    const next = debug()
    expect(await until(test, ({ observed }) => observed.state === 'starting')).toMatchObject({
      observed: { source: { branch: 'develop' } },
      live: { release: '1.0' },
    })
    // The version before ends by itself while the next one boots: its mark goes at once, not when its turn has come.
    test.supervisor.runs[0]!.crash()
    await until(test, ({ observed, live }) => observed.state === 'starting' && live === null)
    booted.resolve()
    await next
    expect(await until(test, ({ live }) => live !== null)).toMatchObject({ live: { branch: 'develop' } })
  })

  it('is told again when the run before has drained: the history has its end from then on', async () => {
    const drain = Promise.withResolvers<void>()
    test.supervisor.plan({ drained: drain.promise })
    const { runId: old } = await start('1.0')
    const { runId: next } = await start('1.1')
    const endOf = async (runId: string) =>
      (await root.runs.history({ projectId })).find((run) => run.runId === runId)?.endedAt
    expect(await endOf(old)).toBe(null)
    const words = test.core.services.runs
      .watch(projectId, AbortSignal.timeout(20_000))
      [Symbol.asyncIterator]()
    await words.next()
    drain.resolve()
    expect((await words.next()).value).toMatchObject({ observed: { state: 'running', runId: next } })
    expect(await endOf(old)).not.toBe(null)
  })

  it('of what others do: names, addresses, code, and that a project went, to whom it may concern', async () => {
    const { caller } = await test.operator('watcher')
    const { email } = await caller.auth.me()
    const all = collect(caller.projects.watch())
    const first = (await root.projects.create({ name: 'Nobody sees this' })).id
    await root.projects.members.add({ projectId, email, role: 'viewer' })
    await root.projects.update({ projectId, name: 'Renamed' })
    await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
    await root.projects.remove({ projectId: first, confirmName: 'Nobody sees this' })
    await root.projects.remove({ projectId, confirmName: 'Renamed' })
    await test.core[Symbol.asyncDispose]()
    const news = await all
    expect(news.filter((one) => one.projectId !== projectId)).toEqual([])
    expect(news.map(({ what }) => what)).toEqual(['project', 'project', 'code', 'gone'])
  })

  it('a running service hears of changed variables and models', async () => {
    await start('1.0')
    await root.env.save({ projectId, variables: [{ key: 'LIMIT', type: 'integer', value: 5 }] })
    await test.supervisor.saw('invalidate-env:1')
    await root.models.create({
      projectId,
      name: 'Users',
      slug: 'users',
      fields: [{ key: 'name', type: 'string' }],
    })
    await test.supervisor.saw('invalidate-models:1')
  })

  it('a changed slug switches the run to it', async () => {
    await start('1.0')
    await root.projects.update({ projectId, slug: 'operations' })
    await test.supervisor.saw('activate:2')
    expect(test.supervisor.latest.spec.slug).toBe('operations')
  })
})

describe('logs', () => {
  const kept = () => [...test.logs.lines.keys()]

  it('of earlier runs go when another version has started, and stay at a restart of the same', async () => {
    const first = await start('1.0')
    test.logs.write(first.runId, 'one')
    const again = await root.runs.restart({ projectId })
    test.logs.write(again.runId, 'two')
    expect(kept()).toEqual([first.runId, again.runId])
    const next = await start('1.1')
    test.logs.write(next.runId, 'three')
    await test.supervisor.saw('over:2')
    await root.runs.stop({ projectId })
    expect(kept()).toEqual([next.runId])
  })

  it('of debug runs go when another debug run has started; those of releases stay', async () => {
    const release = await start('1.0')
    test.logs.write(release.runId, 'one')
    const first = await debug()
    test.logs.write(first.runId, 'two')
    const second = await debug()
    test.logs.write(second.runId, 'three')
    await test.supervisor.saw('over:2')
    await root.runs.stop({ projectId })
    expect(kept()).toContain(release.runId)
    expect(kept()).not.toContain(first.runId)
  })

  it('stay when the new version could not boot', async () => {
    const { runId } = await start('1.0')
    test.logs.write(runId, 'one')
    test.supervisor.plan({ bootError: new Error('no') as never })
    await expect(start('1.1')).rejects.toThrow()
    expect(kept()).toEqual([runId])
  })

  it('are paged for the latest run when no other is named', async () => {
    const { runId } = await start('1.0')
    test.logs.write(runId, 'hello')
    expect(await root.runs.logs({ projectId })).toMatchObject({ runId, lines: [{ text: 'hello' }] })
  })

  it('of another project are not to be had through this one', async () => {
    const { runId } = await start('1.0')
    const other = await root.projects.create({ name: 'Other' })
    await expect(root.runs.logs({ projectId: other.id, runId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('are tailed, also over a lost connection and into the next run', async () => {
    const first = await start('1.0')
    test.logs.write(first.runId, 'before')
    const tail = (await root.runs.tail({ projectId }))[Symbol.asyncIterator]()
    const next = tail.next()
    await soon()
    test.logs.write(first.runId, 'two')
    const [id, chunk] = await read(next)
    expect(chunk).toMatchObject({ runId: first.runId, lines: [{ text: 'two' }] })
    await tail.return?.()

    test.logs.write(first.runId, 'three')
    const resumed = (await root.runs.tail({ projectId, lastEventId: id }))[Symbol.asyncIterator]()
    expect((await read(resumed.next()))[1].lines.map(({ text }) => text)).toEqual(['three'])

    const following = resumed.next()
    const second = await start('1.1')
    test.logs.write(second.runId, 'a new run')
    expect((await read(following))[1]).toMatchObject({ runId: second.runId, lines: [{ text: 'a new run' }] })
    await resumed.return?.()
  })

  /** The id and the data of a tracked event. */
  async function read(next: Promise<IteratorResult<unknown>>): Promise<[string, TailChunk]> {
    const [id, data] = (await next).value as [string, TailChunk]
    return [id, data]
  }

  /** A turn of the event loop: the reader has taken its place. */
  const soon = () => new Promise((resolve) => setTimeout(resolve, 50))
})

async function collect<T>(subscription: Promise<AsyncIterable<T>>): Promise<T[]> {
  const seen: T[] = []
  for await (const value of await subscription) seen.push(value)
  return seen
}
