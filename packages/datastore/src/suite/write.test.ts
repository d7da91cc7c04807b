import { Decimal128, Double, Int32, Long, ObjectId, type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('write')
const id = (value: unknown) => value as never

test('an update that fails within a batch counts for nothing', async () => {
  await suite.things.createIndex({ a: 1 }, { unique: true })
  await suite.things.insertMany([{ a: 1 }, { a: 2 }])
  const reply = await suite.store.data.command({
    update: suite.things.collectionName,
    ordered: false,
    updates: [
      { q: { a: 1 }, u: { $inc: { b: 1 } } },
      { q: { a: 1 }, u: { $set: { a: 2 } } },
      { q: { a: 2 }, u: { $set: { b: 2 } } },
    ],
  })
  expect(reply).toMatchObject({ n: 2, nModified: 2, writeErrors: [{ index: 1, code: 11000 }] })
})

describe('insert', () => {
  test('gives an _id where there is none, and puts it first', async () => {
    const { insertedId } = await suite.things.insertOne({ a: 1 })
    expect(insertedId).toBeInstanceOf(ObjectId)
    await suite.store.data.command({
      insert: suite.things.collectionName,
      documents: [{ a: 2, _id: 7 }, { a: 3 }],
    })
    const found = await suite.things.find().toArray()
    expect(found.map((doc) => Object.keys(doc))).toEqual([
      ['_id', 'a'],
      ['_id', 'a'],
      ['_id', 'a'],
    ])
    expect(found[2]!._id).toBeInstanceOf(ObjectId)
  })

  test('ordered stops at the first duplicate, unordered goes on', async () => {
    await suite.things.insertOne({ _id: id(1) })
    const docs = [{ _id: id(2) }, { _id: id(1) }, { _id: id(3) }]
    const ordered = await failure(11000, suite.things.insertMany(docs))
    expect((ordered as unknown as Document)['result'].insertedCount).toBe(1)
    await suite.things.deleteOne({ _id: id(2) })
    const unordered = await failure(11000, suite.things.insertMany(docs, { ordered: false }))
    expect((unordered as unknown as Document)['result'].insertedCount).toBe(2)
    expect(await suite.things.countDocuments()).toBe(3)
  })

  test('an _id is one across the types of numbers', async () => {
    await suite.things.insertOne({ _id: id(new Int32(1)) })
    const error = await failure(11000, suite.things.insertOne({ _id: id(new Double(1)) }))
    expect((error as unknown as Document)['keyPattern']).toEqual({ _id: 1 })
    expect((error as unknown as Document)['keyValue']).toEqual({ _id: 1 })
  })

  test('two decimals that share a nearest double are two ids', async () => {
    const one = Decimal128.fromString('0.1000000000000000000000000000000001')
    const two = Decimal128.fromString('0.1000000000000000000000000000000002')
    await suite.things.insertMany([{ _id: id(one) }, { _id: id(two) }])
    expect(await suite.things.find({ _id: id(two) }).toArray()).toEqual([{ _id: two }])
  })

  const REFUSED: [string, Document, number][] = [
    ['an array as _id', { _id: [1] }, 53],
    ['a regex as _id', { _id: /a/ }, 53],
    ['an operator in _id', { _id: { $a: 1 } }, 52],
  ]
  test.each(REFUSED)('refuses %s', async (_name, document, code) => {
    await failure(code, suite.things.insertOne(document))
  })

  test('refuses a document of more than 16 MiB and takes one just below', async () => {
    const { insertedId } = await suite.things.insertOne({ text: 'x'.repeat(16 * 1024 * 1024 - 100) })
    const more = { $set: { more: 'x'.repeat(100) } }
    await failure(10334, suite.things.updateOne({ _id: insertedId }, more))
    expect(await suite.things.countDocuments({ more: { $exists: true } })).toBe(0)
  })
})

describe('delete', () => {
  test('one or many, by filter', async () => {
    await suite.things.insertMany([{ a: 1 }, { a: 1 }, { a: 2 }])
    expect((await suite.things.deleteOne({ a: 1 })).deletedCount).toBe(1)
    expect((await suite.things.deleteMany({})).deletedCount).toBe(2)
    expect((await suite.things.deleteMany({})).deletedCount).toBe(0)
  })
})

describe('updates of many, replacements and upserts', () => {
  test('tell matched and modified apart', async () => {
    await suite.things.insertMany([{ a: 1 }, { a: 1, b: 1 }, { a: 2 }])
    const result = await suite.things.updateMany({ a: 1 }, { $set: { b: 1 } })
    expect([result.matchedCount, result.modifiedCount]).toEqual([2, 1])
  })

  test('a document that moves ahead in the index is updated once', async () => {
    await suite.things.createIndex({ a: 1 })
    await suite.things.insertMany(Array.from({ length: 2000 }, (_, a) => ({ a })))
    const result = await suite.things.updateMany({ a: { $gte: 0 } }, { $inc: { a: 1000 } })
    expect(result.modifiedCount).toBe(2000)
    expect(await suite.things.countDocuments({ a: { $gte: 3000 } })).toBe(0)
  })

  test('a replacement keeps the _id and nothing else', async () => {
    await suite.things.insertOne({ _id: id(1), a: 1, b: 2 })
    await suite.things.replaceOne({ a: 1 }, { c: 3 })
    expect(await suite.things.findOne()).toEqual({ _id: 1, c: 3 })
    await failure(66, suite.things.replaceOne({}, { _id: id(2) }))
  })

  test('a replacement of many is refused', async () => {
    const name = suite.things.collectionName
    const updates = [{ q: {}, u: { a: 1 }, multi: true }]
    const reply = await suite.store.data.command({ update: name, updates })
    expect(reply['writeErrors']).toMatchObject([{ index: 0, code: 9 }])
  })

  const UPSERTS: [string, Document, Document | Document[], Document][] = [
    [
      'equalities of the filter',
      { a: 1, 'b.c': 2, d: { $gt: 5 } },
      { $set: { e: 1 } },
      { a: 1, b: { c: 2 }, e: 1 },
    ],
    [
      '$and, $eq and a single $in',
      { $and: [{ a: { $eq: 1 } }, { b: { $in: [2] } }] },
      { $inc: { n: 1 } },
      { a: 1, b: 2, n: 1 },
    ],
    ['$setOnInsert', { a: 1 }, { $setOnInsert: { b: 1 }, $push: { l: 1 } }, { a: 1, b: 1, l: [1] }],
    ['a replacement takes only the _id of the filter', { _id: 5, a: 1 }, { b: 2 }, { _id: 5, b: 2 }],
    ['a pipeline', { a: 1 }, [{ $set: { b: '$a' } }], { a: 1, b: 1 }],
  ]
  test.each(UPSERTS)('an upsert starts from %s', async (_name, filter, update, expected) => {
    const isReplacement = !Array.isArray(update) && !Object.keys(update)[0]!.startsWith('$')
    const result = isReplacement
      ? await suite.things.replaceOne(filter, update, { upsert: true })
      : await suite.things.updateOne(filter, update, { upsert: true })
    expect((result as Document)['upsertedCount']).toBe(1)
    expect(await suite.things.findOne()).toMatchObject(expected)
    expect(Object.keys((await suite.things.findOne())!).length).toBe(
      '_id' in expected ? Object.keys(expected).length : Object.keys(expected).length + 1,
    )
  })

  test('an upsert whose equality contradicts itself is refused', async () => {
    await failure(
      54,
      suite.things.updateOne({ $and: [{ a: 1 }, { a: 2 }] }, { $set: { b: 1 } }, { upsert: true }),
    )
  })
})

describe('findAndModify', () => {
  test('gives the document before or after, the first in order', async () => {
    await suite.things.insertMany([
      { _id: id(1), a: 5 },
      { _id: id(2), a: 3 },
    ])
    expect(await suite.things.findOneAndUpdate({}, { $inc: { a: 1 } }, { sort: { a: 1 } })).toEqual({
      _id: 2,
      a: 3,
    })
    expect(
      await suite.things.findOneAndUpdate(
        {},
        { $inc: { a: 1 } },
        { sort: { a: -1 }, returnDocument: 'after', projection: { a: 1, _id: 0 } },
      ),
    ).toEqual({ a: 6 })
    expect(await suite.things.findOneAndReplace({ a: 4 }, { b: 1 }, { returnDocument: 'after' })).toEqual({
      _id: 2,
      b: 1,
    })
    expect(await suite.things.findOneAndDelete({ b: 1 })).toEqual({ _id: 2, b: 1 })
    expect(await suite.things.findOneAndDelete({ b: 1 })).toBeNull()
  })

  test('upserts', async () => {
    expect(
      await suite.things.findOneAndUpdate({ _id: id(9) }, { $set: { a: 1 } }, { upsert: true }),
    ).toBeNull()
    expect(
      await suite.things.findOneAndUpdate(
        { _id: id(8) },
        { $set: { a: 1 } },
        { upsert: true, returnDocument: 'after' },
      ),
    ).toEqual({ _id: 8, a: 1 })
  })

  test('refuses both an update and a removal', async () => {
    await failure(
      9,
      suite.store.data.command({
        findAndModify: suite.things.collectionName,
        update: { a: 1 },
        remove: true,
      }),
    )
  })
})

describe('bulkWrite', () => {
  test('mixes all kinds and tells of each', async () => {
    await suite.things.insertMany([{ _id: id(1) }, { _id: id(2) }])
    const result = await suite.things.bulkWrite([
      { insertOne: { document: { _id: id(3) } } },
      { updateOne: { filter: { _id: id(1) }, update: { $set: { a: 1 } } } },
      { updateMany: { filter: {}, update: { $inc: { n: 1 } } } },
      { replaceOne: { filter: { _id: id(2) }, replacement: { r: 1 } } },
      { deleteOne: { filter: { _id: id(3) } } },
      { updateOne: { filter: { _id: id(4) }, update: { $set: { u: 1 } }, upsert: true } },
    ])
    expect(result).toMatchObject({
      insertedCount: 1,
      matchedCount: 5,
      modifiedCount: 5,
      deletedCount: 1,
      upsertedCount: 1,
    })
    expect(await suite.things.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, a: 1, n: 1 },
      { _id: 2, r: 1 },
      { _id: 4, u: 1 },
    ])
  })
})

describe('a retried write', () => {
  test('is done once, and answered as the first time', async () => {
    // the driver puts in the session; a high number of ours cannot have been used in it
    const name = suite.things.collectionName
    const command = (txn: number) => ({
      update: name,
      updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } }, upsert: true }],
      txnNumber: Long.fromNumber(txn),
    })
    const session = suite.store.client.startSession()
    const first = await suite.store.data.command(command(1_000_001), { session })
    const second = await suite.store.data.command(command(1_000_001), { session })
    expect(second['upserted']).toEqual(first['upserted'])
    expect(await suite.things.findOne()).toEqual({ _id: 1, n: 1 })
    await failure(225, suite.store.data.command(command(1_000_000), { session }))
    await session.endSession()
  })
})
