import { ManualClock, newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine } from '../index.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
const clock = new ManualClock(Date.UTC(2026, 10, 22))
const LEASE = 30_000

beforeAll(async () => {
  store = await openTestDatabase('queue')
  engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

describe('jobs', () => {
  it('are given out in the order of their time, each to one worker', async () => {
    const project = newId()
    await engine.queue.push(project, 'mail', { n: 3 }, { delayMs: 20 })
    await engine.queue.push(project, 'mail', { n: 1, $gt: 'kept', 'a.b': 1 })
    await engine.queue.push(project, 'mail', { n: 2 }, { delayMs: 10 })
    await engine.queue.push(project, 'other', {})
    const take = () => engine.queue.take(project, ['mail'], LEASE)
    expect((await take())?.payload).toEqual({ n: 1, $gt: 'kept', 'a.b': 1 })
    expect(await take()).toBeNull()
    clock.advance(20)
    const both = await Promise.all([take(), take(), take()])
    expect(both.map((job) => (job?.payload as { n: number } | undefined)?.n).sort()).toEqual([
      2,
      3,
      undefined,
    ])
    expect(await engine.queue.counts(project)).toEqual({ waiting: 1, delayed: 0, active: 3, dead: 0 })
  })

  it('come back when their worker says nothing until the lease ends', async () => {
    const project = newId()
    await engine.queue.push(project, 'mail', 'hello')
    const first = (await engine.queue.take(project, ['mail'], LEASE))!
    clock.advance(LEASE - 1)
    expect(await engine.queue.extend(first, LEASE)).toBe(true)
    clock.advance(LEASE - 1)
    expect(await engine.queue.take(project, ['mail'], LEASE)).toBeNull()
    clock.advance(1)
    const second = (await engine.queue.take(project, ['mail'], LEASE))!
    expect(second).toMatchObject({ id: first.id, attempt: 2 })
    expect(await engine.queue.complete(first)).toBe(false)
    expect(await engine.queue.extend(first, LEASE)).toBe(false)
    expect(await engine.queue.complete(second)).toBe(true)
    expect(await engine.queue.list(project)).toEqual({ items: [], total: 0 })
  })

  it('wait longer after each failure and end among the dead, from where they can be begun anew', async () => {
    const project = newId()
    const policy = { retries: 2, backoffMs: 1000 }
    const { id } = await engine.queue.push(project, 'mail', { to: 'x' }, { key: 'k' })
    for (const [attempt, wait] of [
      [1, 1000],
      [2, 2000],
    ] as const) {
      const job = (await engine.queue.take(project, ['mail'], LEASE))!
      expect(job.attempt).toBe(attempt)
      expect(await engine.queue.fail(job, new Error('no route'), policy)).toBe('again')
      clock.advance(wait - 1)
      expect(await engine.queue.take(project, ['mail'], LEASE)).toBeNull()
      clock.advance(1)
    }
    const last = (await engine.queue.take(project, ['mail'], LEASE))!
    expect(await engine.queue.fail(last, new Error('no route'), policy)).toBe('dead')
    expect(await engine.queue.fail(last, 'again', policy)).toBe('lost')
    expect((await engine.queue.list(project, { state: 'dead' })).items).toMatchObject([
      { id, state: 'dead', attempts: 3, error: 'no route', dueAt: null, preview: '{"to":"x"}', key: 'k' },
    ])
    // A dead job no longer holds its key.
    expect((await engine.queue.push(project, 'mail', {}, { key: 'k' })).added).toBe(true)
    expect(await engine.queue.get(project, id)).toMatchObject({ payload: { to: 'x' } })
    await expect(engine.queue.get(newId(), id)).rejects.toMatchObject({ code: 'QUEUE_JOB_NOT_FOUND' })
    await engine.queue.retry(project, id)
    expect(await engine.queue.counts(project)).toEqual({ waiting: 2, delayed: 0, active: 0, dead: 0 })
    await expect(engine.queue.remove(newId(), id)).rejects.toMatchObject({ code: 'QUEUE_JOB_NOT_FOUND' })
    await expect(engine.queue.remove(project, 'no id')).rejects.toMatchObject({ code: 'QUEUE_JOB_NOT_FOUND' })
  })

  it('are counted, begun anew and removed by state and queue; what is worked on is left alone', async () => {
    const project = newId()
    const { push, take, fail, summaries } = engine.queue
    const dead = async (name: string) => {
      await push(project, name, 'x'.repeat(500))
      await fail((await take(project, [name], LEASE))!, 'no', { retries: 0, backoffMs: 1 })
    }
    await dead('mail')
    await dead('mail')
    await dead('sync')
    await push(project, 'mail', 1, { delayMs: 60_000 })
    await push(project, 'mail', 2)
    const { id } = await push(project, 'sync', 3)
    await take(project, ['sync'], LEASE)
    expect(await summaries(project)).toEqual([
      { name: 'mail', waiting: 1, delayed: 1, active: 0, dead: 2 },
      { name: 'sync', waiting: 0, delayed: 0, active: 1, dead: 1 },
    ])
    expect(
      (await engine.queue.list(project, { state: 'dead', name: 'sync' })).items[0]!.preview,
    ).toHaveLength(200)
    for (const refused of [engine.queue.retry, engine.queue.remove])
      await expect(refused(project, id)).rejects.toMatchObject({ code: 'QUEUE_JOB_NOT_FOUND' })
    expect(await engine.queue.retryAll(project, { state: 'dead', name: 'mail' })).toBe(2)
    const [later] = (await engine.queue.list(project, { state: 'delayed' })).items
    await engine.queue.retry(project, later!.id)
    expect(await engine.queue.counts(project)).toEqual({ waiting: 4, delayed: 0, active: 1, dead: 1 })
    expect(await engine.queue.removeAll(project, { state: 'waiting', name: 'mail' })).toBe(4)
    expect(await engine.queue.removeAll(project, { state: 'dead' })).toBe(1)
    expect(await summaries(project)).toEqual([{ name: 'sync', waiting: 0, delayed: 0, active: 1, dead: 0 }])
  })

  it('are added once for a key until they are done', async () => {
    const project = newId()
    const pushes = Array.from({ length: 5 }, () => engine.queue.push(project, 'sync', {}, { key: 'user-1' }))
    const outcomes = await Promise.all(pushes)
    expect(outcomes.filter((outcome) => outcome.added)).toHaveLength(1)
    expect(new Set(outcomes.map((outcome) => outcome.id)).size).toBe(1)
    const job = (await engine.queue.take(project, ['sync'], LEASE))!
    await engine.queue.complete(job)
    expect((await engine.queue.push(project, 'sync', {}, { key: 'user-1' })).added).toBe(true)
    expect((await engine.queue.push(newId(), 'sync', {}, { key: 'user-1' })).added).toBe(true)
  })

  it('are refused when they make no sense', async () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    const refused = (name: unknown, payload?: unknown, options?: object) =>
      expect(engine.queue.push(newId(), name as string, payload, options)).rejects
    await refused('a b').toMatchObject({ code: 'QUEUE_NAME' })
    await refused(7).toMatchObject({ code: 'QUEUE_NAME' })
    await refused('a', circle).toMatchObject({ code: 'QUEUE_PAYLOAD' })
    await refused('a', 'x'.repeat(300_000)).toMatchObject({ code: 'QUEUE_PAYLOAD' })
    await refused('a', 1, { delayMs: -1 }).toMatchObject({ code: 'QUEUE_OPTION' })
    await refused('a', 1, { delayMs: Number.NaN }).toMatchObject({ code: 'QUEUE_OPTION' })
    await refused('a', 1, { key: '' }).toMatchObject({ code: 'QUEUE_OPTION' })
  })
})

describe('a worker', () => {
  it('works jobs off, several at once where it may, tries failures again, and stops', async () => {
    const own = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
    const project = newId()
    const stop = new AbortController()
    const seen: string[] = []
    let failures = 1
    let atOnce = 0
    let most = 0
    const done = Promise.withResolvers<void>()
    const working = own.work({
      projectId: project,
      signal: stop.signal,
      handlers: {
        mail: {
          concurrency: 3,
          retries: 1,
          backoffMs: 1,
          async handle(job) {
            atOnce += 1
            most = Math.max(most, atOnce)
            await new Promise((resolve) => setImmediate(resolve))
            atOnce -= 1
            failures -= 1
            if (failures >= 0) throw new Error('once')
            seen.push(String(job.payload))
            if (seen.length === 6) done.resolve()
          },
        },
      },
    })
    for (const n of [1, 2, 3, 4, 5, 6]) await own.queue.push(project, 'mail', n)
    await done.promise
    stop.abort()
    await working
    expect(seen.toSorted()).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(most).toBeLessThanOrEqual(3)
    expect(await own.queue.counts(project)).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 })
  })

  it('gives back at its end what it could not finish, and buries what kills its process every time', async () => {
    const own = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
    const project = newId()
    const stop = new AbortController()
    const begun = Promise.withResolvers<void>()
    await own.queue.push(project, 'slow', 1)
    const working = own.work({
      projectId: project,
      signal: stop.signal,
      graceMs: 5,
      handlers: {
        slow: {
          handle: () => {
            begun.resolve()
            return new Promise(() => {})
          },
        },
      },
    })
    await begun.promise
    stop.abort()
    await working
    expect((await own.queue.list(project)).items).toMatchObject([{ state: 'waiting', attempts: 0 }])

    // Two workers took it and died.
    for (const lease of [-1, -1]) await own.queue.take(project, ['slow'], lease)
    const again = new AbortController()
    const burying = own.work({
      projectId: project,
      signal: again.signal,
      handlers: { slow: { handle: () => 'fine' } },
    })
    await expect.poll(() => own.queue.counts(project), { timeout: 15_000 }).toMatchObject({ dead: 1 })
    again.abort()
    await burying
    await own.removeProject(project)
    expect(await own.queue.counts(project)).toEqual({ waiting: 0, delayed: 0, active: 0, dead: 0 })
  })
})
