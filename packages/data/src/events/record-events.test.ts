import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCollections } from '../collections.ts'
import { createDataEngine, type DataEngine, type ProjectData, type RecordEvent } from '../index.ts'
import type { NewEvent } from './event-log.ts'
import { createOutbox } from './outbox.ts'
import { createOutboxRepo } from './outbox.repo.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const
const service = { kind: 'service', source: 'release:1.2' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let agent: DataEngine
let runner: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('events')
  agent = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  runner = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await agent.ensureIndexes()
})
afterAll(async () => {
  await agent[Symbol.asyncDispose]()
  await runner[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

async function things(): Promise<{
  projectId: string
  modelId: string
  panel: ProjectData
  code: ProjectData
}> {
  const projectId = newId()
  const panel = agent.project(projectId, ann)
  const model = await panel.models.create({
    name: 'Things',
    slug: 'things',
    fields: [{ key: 'n', type: 'number' }],
  })
  return { projectId, modelId: model.id, panel, code: runner.project(projectId, service) }
}

/** Consumes until `count` events were handled. */
async function collect(
  engine: DataEngine,
  projectId: string,
  count: number,
  handle?: (event: RecordEvent) => void,
) {
  const seen: RecordEvent[] = []
  const stop = new AbortController()
  await engine.events.consume({ projectId, consumer: 'service', signal: stop.signal }, (event) => {
    handle?.(event)
    seen.push(event)
    if (seen.length === count) stop.abort()
  })
  return seen
}

/** Registers the consumer at the end of the log. */
async function register(engine: DataEngine, projectId: string): Promise<void> {
  const stop = new AbortController()
  const running = engine.events.consume({ projectId, consumer: 'service', signal: stop.signal }, () => {})
  const consumers = store.data.collection('eventConsumers')
  while (!(await consumers.findOne({ projectId }))) await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  await running
}

describe('record events', () => {
  it('tell every change from either process, in order, with who made it', async () => {
    const { projectId, panel, code } = await things()
    await register(runner, projectId)
    const { id } = await panel.records.create('things', { n: 1 })
    await code.records.update('things', id, { n: 2 })
    await panel.records.remove('things', id)
    const events = await collect(runner, projectId, 3)
    expect(
      events.map(({ type, version, record, changed }) => ({ type, version, n: record['n'], changed })),
    ).toEqual([
      { type: 'insert', version: 1, n: 1, changed: [] },
      { type: 'update', version: 2, n: 2, changed: ['n'] },
      { type: 'delete', version: 3, n: 2, changed: [] },
    ])
    expect(events.map((event) => event.actor)).toEqual([ann, service, ann])
    expect(events[0]).toMatchObject({ model: 'things', recordId: id, projectId, seq: 1 })
  })

  it('go on where the position was saved, and come again when the handler failed', async () => {
    const { projectId, panel } = await things()
    await register(runner, projectId)
    await panel.records.insertMany('things', [{ n: 1 }, { n: 2 }, { n: 3 }])
    let failures = 2
    const first = await collect(runner, projectId, 2, () => {
      failures -= 1
      if (failures >= 0) throw new Error('not yet')
    })
    expect(first.map((event) => event.record['n'])).toEqual([1, 2])
    // The second was handled when the consumer ended, its position not yet saved: it comes again, with the same id.
    const second = await collect(agent, projectId, 2)
    expect(second.map((event) => event.record['n'])).toEqual([2, 3])
    expect(second[0]!.id).toBe(first[1]!.id)
  })

  it('are not told for a write that was refused or changed nothing', async () => {
    const { projectId, panel } = await things()
    await register(runner, projectId)
    const { id } = await panel.records.create('things', { n: 1 })
    await panel.records.update('things', id, { n: 1 })
    await expect(panel.records.update('things', id, { n: 'x' })).rejects.toThrow()
    await expect(panel.records.update('things', id, { n: 5 }, { version: 9 })).rejects.toThrow()
    await panel.records.update('things', id, { n: 2 })
    const events = await collect(runner, projectId, 2)
    expect(events.map((event) => [event.type, event.version])).toEqual([
      ['insert', 1],
      ['update', 2],
    ])
  })

  it('keep the order of each record when two processes write it at once', async () => {
    const { projectId, panel, code } = await things()
    await register(runner, projectId)
    const { id } = await panel.records.create('things', { n: 0 })
    const write = (data: ProjectData) => data.records.findOneAndUpdate('things', { id }, { $inc: { n: 1 } })
    await Promise.all(Array.from({ length: 10 }, () => [write(panel), write(code)]).flat())
    const events = await collect(runner, projectId, 21)
    expect(events.map((event) => event.version)).toEqual(Array.from({ length: 21 }, (_, n) => n + 1))
    expect(events.at(-1)!.record['n']).toBe(20)
  })

  it('are settled from the record when their writer was killed', async () => {
    const { projectId, modelId, panel } = await things()
    await register(runner, projectId)
    const collections = createCollections(store.data)
    const killed = createOutbox({
      repo: createOutboxRepo(collections),
      clock: systemClock,
      logger: silentLogger,
      engineId: 'killed',
    })
    const kept = await panel.records.create('things', { n: 1 })
    const base = { projectId, model: 'things', modelId, changed: [], actor: service }
    const event = (more: Pick<NewEvent, 'type' | 'recordId' | 'version'>): NewEvent => ({
      ...base,
      ...more,
      record: more,
    })
    // Written ahead and done, but not confirmed.
    const done = new ObjectId()
    await killed.append(projectId, [event({ type: 'insert', recordId: done.toHexString(), version: 1 })])
    const at = new Date()
    await collections
      .records(modelId)
      .insertOne({ _id: done, n: 7, version: 1, createdAt: at, updatedAt: at })
    // Written ahead, then killed before the change.
    await killed.append(projectId, [
      event({ type: 'insert', recordId: newId(), version: 1 }),
      event({ type: 'update', recordId: kept.id, version: 2 }),
      event({ type: 'delete', recordId: kept.id, version: 2 }),
    ])
    expect(await agent.repair()).toBe(4)
    await panel.records.update('things', kept.id, { n: 2 })
    const events = await collect(runner, projectId, 3)
    expect(events.map(({ type, recordId, version }) => [type, recordId, version])).toEqual([
      ['insert', kept.id, 1],
      ['insert', done.toHexString(), 1],
      ['update', kept.id, 2],
    ])
  })

  it('are followed by onlookers, of chosen models only, without a saved position', async () => {
    const { projectId, panel } = await things()
    await panel.models.create({ name: 'Others', slug: 'others', fields: [{ key: 'n', type: 'number' }] })
    const stop = new AbortController()
    const seen: string[] = []
    await panel.records.create('others', { n: 1 })
    await panel.records.create('things', { n: 1 })
    await agent.events.follow(
      { projectId, models: ['others'], afterSeq: 0, signal: stop.signal },
      (event) => {
        seen.push(event.model)
        stop.abort()
      },
    )
    expect(seen).toEqual(['others'])
    expect(await store.data.collection('eventConsumers').findOne({ projectId })).toBeNull()
  })
})
