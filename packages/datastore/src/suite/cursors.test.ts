import { MinKey, type Collection, type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('cursors')

describe('min and max take a part of an index', () => {
  const docs = [1, 2, 3, 4, 5].map((n) => ({ _id: n, a: n % 2, b: n * 10 }))
  const cases: [string, Document, { min?: Document; max?: Document }, number[]][] = [
    ['of _id', { _id: 1 }, { min: { _id: 2 }, max: { _id: 4 } }, [2, 3]],
    ['without an end', { _id: 1 }, { min: { _id: 4 } }, [4, 5]],
    ['without a beginning', { _id: 1 }, { max: { _id: 3 } }, [1, 2]],
    ['of several fields', { a: 1, b: -1 }, { min: { a: 0, b: 40 }, max: { a: 1, b: 10 } }, [4, 2, 5, 3]],
    ['of types in their order', { _id: 1 }, { min: { _id: MinKey }, max: { _id: 'a' } }, [1, 2, 3, 4, 5]],
  ]
  test.each(cases)('%s', async (_name, hint, bounds, ids) => {
    await suite.things.insertMany(docs as never)
    await suite.things.createIndex({ a: 1, b: -1 })
    const found = await suite.things.find({}, { hint, ...bounds }).toArray()
    expect(found.map(({ _id }) => _id)).toEqual(ids)
    const filtered = await suite.things.find({ b: { $gt: 20 } }, { hint, ...bounds }).toArray()
    expect(filtered.map(({ _id }) => _id)).toEqual(ids.filter((id) => id > 2))
  })

  test.each<[string, number, Document]>([
    ['no hint', 51173, { min: { _id: 1 } }],
    ['no hint, in natural order', 51173, { min: { _id: 1 }, sort: { $natural: 1 } }],
    ['another field than the index has', 51174, { hint: { _id: 1 }, min: { a: 1 } }],
    ['fewer fields than the index has', 51174, { hint: { a: 1, b: -1 }, max: { a: 1 } }],
    ['an end before its beginning', 51175, { hint: { _id: 1 }, min: { _id: 4 }, max: { _id: 4 } }],
  ])('%s is refused', async (_name, code, options) => {
    await suite.things.insertMany(docs as never)
    await suite.things.createIndex({ a: 1, b: -1 })
    await expect(suite.things.find({}, options).toArray()).rejects.toMatchObject({ code })
  })

  test('also where the filter names one document', async () => {
    await suite.things.insertMany(docs as never)
    await failure(51173, suite.things.find({ _id: 2 as never }, { min: { _id: 1 } }).toArray())
  })

  test('explained, their keys are the bounds', async () => {
    await suite.things.insertMany(docs as never)
    const cursor = suite.things.find({}, { hint: { _id: 1 }, min: { _id: 2 }, max: { _id: 4 } })
    expect((await cursor.explain('executionStats'))['executionStats']).toMatchObject({ nReturned: 2 })
  })

  test('not of a view', async () => {
    const name = `${suite.things.collectionName}_view`
    await suite.store.data.createCollection(name, { viewOn: suite.things.collectionName, pipeline: [] })
    const found = suite.store.data.collection(name).find({}, { hint: { _id: 1 }, min: { _id: 1 } })
    await failure(167, found.toArray())
    await suite.store.data.dropCollection(name)
  })

  test('is not said by options that a driver sends as false', async () => {
    await suite.things.insertMany(docs as never)
    const found = suite.things.find({}, { returnKey: false, showRecordId: false })
    expect(await found.toArray()).toHaveLength(5)
  })
})

describe('cursors', () => {
  test('give all documents over many batches', async () => {
    await suite.things.insertMany(Array.from({ length: 2500 }, (_, i) => ({ _id: i as never })))
    const found = await suite.things.find({}, { batchSize: 100 }).toArray()
    expect(found.map(({ _id }) => _id)).toEqual(Array.from({ length: 2500 }, (_, i) => i))
  })

  test('are gone after being killed', async () => {
    await suite.things.insertMany(Array.from({ length: 10 }, () => ({})))
    const name = suite.things.collectionName
    const { cursor } = await suite.store.data.command({ find: name, batchSize: 2 }, { promoteLongs: false })
    await suite.store.data.command({ killCursors: name, cursors: [cursor.id] })
    await failure(43, suite.store.data.command({ getMore: cursor.id, collection: name }))
  })

  test('of another collection are not given out', async () => {
    await suite.things.insertMany(Array.from({ length: 10 }, () => ({})))
    const { cursor } = await suite.store.data.command(
      { find: suite.things.collectionName, batchSize: 2 },
      { promoteLongs: false },
    )
    expect([13, 43]).toContain(
      (await suite.store.data.command({ getMore: cursor.id, collection: 'other' }).catch((error) => error))
        .code,
    )
  })

  test('a collection that is not there is empty', async () => {
    expect(await suite.things.find().toArray()).toEqual([])
    expect(await suite.things.countDocuments()).toBe(0)
    expect(await suite.things.distinct('a')).toEqual([])
  })
})

describe.each<[string, (things: Collection) => Promise<unknown>]>([
  ['dropped', (things) => things.drop()],
  ['renamed', (things) => things.rename(`${things.collectionName}_later`)],
])('a collection that is %s', (_name, goes) => {
  test('ends the cursors on it with 175', async () => {
    await suite.things.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })))
    const cursor = suite.things.find().batchSize(2)
    await cursor.next()
    await goes(suite.things)
    await cursor.next()
    await failure(175, cursor.next())
  })
})
