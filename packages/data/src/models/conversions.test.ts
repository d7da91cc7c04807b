import { ManualClock, newId, silentLogger } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine } from '../index.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const
const clock = new ManualClock()
/** Machines that build are slow; the wait ends with the event. */
const patient = { timeout: 15_000 }

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('conversions')
  engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const jobs = () => store.data.collection<{ _id: string; passed: boolean }>('modelJobs')

async function texts(count: number) {
  const project = engine.project(newId(), ann)
  const model = await project.models.create({ name: 'T', slug: 't', fields: [{ key: 'a', type: 'string' }] })
  const raw = store.data.collection(`records_${model.id}`)
  const at = new Date(clock.now())
  const record = (n: number) => ({
    _id: new ObjectId(),
    a: String(n),
    createdAt: at,
    updatedAt: at,
    version: 1,
  })
  if (count > 0) await raw.insertMany(Array.from({ length: count }, (_, n) => record(n)))
  return { project, model, raw, record }
}

describe('converting records', () => {
  it('refuses another change of the model until it is through', async () => {
    const { project, model } = await texts(1)
    const job = { _id: model.id, projectId: model.projectId, before: model, after: model, done: 0, total: 1 }
    await jobs().insertOne({ ...job, passed: false })
    const change = () => project.models.update('t', { name: 'T2' })
    await expect(change()).rejects.toMatchObject({ code: 'MODEL_BUSY', status: 409 })
    // Only the second look is left.
    await jobs().updateOne({ _id: model.id }, { $set: { passed: true } })
    expect(await change()).toMatchObject({ applied: true })
    await jobs().deleteOne({ _id: model.id })
  })

  it('goes on in the background when there are many, and shows how far it is', async () => {
    const { project, raw } = await texts(2100)
    await project.models.update('t', { fields: [{ key: 'a', type: 'number' }] })
    const [progress] = Object.values(await project.models.progress())
    expect(progress).toMatchObject({ total: 2100 })
    await expect.poll(() => raw.countDocuments({ a: { $type: 'string' } }), patient).toBe(0)
    expect(await project.records.count('t', { a: { $gte: 2090 } })).toBe(10)
  })

  it('finds in a second look what another process wrote by the old model', async () => {
    const { project, model, raw, record } = await texts(2)
    await project.models.update('t', { fields: [{ ...model.fields[0]!, key: 'b', type: 'number' }] })
    await raw.insertOne(record(7))
    clock.advance(3000)
    await expect.poll(() => jobs().findOne({ _id: model.id }), patient).toBeNull()
    expect(await project.records.find('t', {}, { sort: 'b' })).toMatchObject([{ b: 0 }, { b: 1 }, { b: 7 }])
  })

  it('waits for a second look under way before the next conversion begins', async () => {
    const { project, model, raw } = await texts(1500)
    const field = model.fields[0]!
    await project.models.update('t', { fields: [{ ...field, type: 'number' }] })
    clock.advance(3000)
    await project.models.update('t', { fields: [{ ...field, type: 'bool' }] }, { force: true })
    clock.advance(3000)
    await expect.poll(() => jobs().findOne({ _id: model.id }), patient).toBeNull()
    expect(await raw.countDocuments({ a: { $type: ['number', 'string'] } })).toBe(0)
    expect(await raw.countDocuments({ a: { $type: 'bool' } })).toBe(2)
  })

  it('ends when its model is removed, and brings nothing of it back', async () => {
    const { project, model } = await texts(2100)
    await project.models.update('t', { fields: [{ ...model.fields[0]!, type: 'number', index: true }] })
    await project.models.remove('t')
    await engine[Symbol.asyncDispose]()
    const left = await store.data.listCollections({ name: `records_${model.id}` }).toArray()
    expect(left).toEqual([])
    engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  })

  it('is taken up after a kill, but not for a model that was changed again or never saved', async () => {
    const { project, model, raw } = await texts(3)
    const after = { ...model, version: 2, fields: [{ ...model.fields[0]!, key: 'b' }] }
    const left = {
      _id: model.id,
      projectId: model.projectId,
      before: model,
      after,
      done: 0,
      total: 3,
      passed: false,
    }
    // Killed before the save.
    await jobs().insertOne(left as never)
    await engine.repair()
    await expect.poll(() => jobs().findOne({ _id: model.id }), patient).toBeNull()
    expect(await raw.countDocuments({ b: { $exists: true } })).toBe(0)
    // Killed after it.
    await project.models.update('t', { name: 'T2' })
    const { fields } = after
    await store.data.collection('models').updateOne({ _id: new ObjectId(model.id) }, { $set: { fields } })
    await jobs().insertOne(left as never)
    const restarted = createDataEngine({ db: store.data, clock, logger: silentLogger })
    expect(await restarted.repair()).toBeGreaterThan(0)
    await expect.poll(() => jobs().findOne({ _id: model.id }), patient).toBeNull()
    expect(
      await restarted.project(model.projectId, ann).records.count('t', { b: { $in: ['0', '1', '2'] } }),
    ).toBe(3)
  })
})
