import { Decimal128, Double, Int32, Long, ObjectId, Timestamp, type Document } from 'mongodb'
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

/** Applies an update to a document with `_id: 0` and gives the document back. */
async function updated(
  before: Document,
  update: Document | Document[],
  options: Document = {},
): Promise<Document> {
  const { filter = {}, ...rest } = options
  await suite.things.insertOne({ _id: id(0), ...before })
  await suite.things.updateOne(filter as Document, update, rest)
  return (await suite.things.findOne({}, { promoteValues: false, projection: { _id: 0 } }))!
}

const i = (value: number) => new Int32(value)
const d = (value: number) => new Double(value)
const l = (value: number | string) => Long.fromString(String(value))
const dec = (value: string) => Decimal128.fromString(value)

const UPDATES: [string, Document, Document | Document[], Document, Document?][] = [
  [
    '$set makes the way to a field',
    { a: i(1) },
    { $set: { 'b.c.d': 1 } },
    { a: i(1), b: { c: { d: i(1) } } },
  ],
  [
    '$set in an array by number, filling up with null',
    { a: [i(1)] },
    { $set: { 'a.3': 4 } },
    { a: [i(1), null, null, i(4)] },
  ],
  ['$set with a number makes a document where nothing is', {}, { $set: { 'a.0': 1 } }, { a: { 0: i(1) } }],
  [
    'new fields stand in the order of their names',
    {},
    { $set: { z: 1, b: 2, 'a.y': 1, 'a.x': 2 } },
    { a: { x: i(2), y: i(1) }, b: i(2), z: i(1) },
  ],
  [
    '$unset takes fields away, and leaves null in arrays',
    { a: 1, b: [1, 2] },
    { $unset: { a: '', 'b.0': '', c: '' } },
    { b: [null, i(2)] },
  ],
  ['$inc keeps an int32', { a: 1 }, { $inc: { a: 2, b: 5 } }, { a: i(3), b: i(5) }],
  ['$inc grows an int32 to an int64', { a: 2147483647 }, { $inc: { a: 1 } }, { a: l(2147483648) }],
  ['$inc of an int64 stays one', { a: l(1) }, { $inc: { a: 1 } }, { a: l(2) }],
  ['$inc with a double makes a double', { a: 1 }, { $inc: { a: new Double(1) } }, { a: d(2) }],
  ['$inc with a decimal makes a decimal', { a: 1 }, { $inc: { a: dec('0.1') } }, { a: dec('1.1') }],
  ['$inc keeps decimals exact', { a: dec('0.1') }, { $inc: { a: dec('0.2') } }, { a: dec('0.3') }],
  ['$mul', { a: 3, b: l(2) }, { $mul: { a: 4, b: 2, c: 5 } }, { a: i(12), b: l(4), c: i(0) }],
  ['$mul grows an int32', { a: 100000 }, { $mul: { a: 100000 } }, { a: l(10000000000) }],
  [
    '$min and $max by the order of types',
    { a: 5, b: 5, c: 'x' },
    { $min: { a: 3, b: 9 }, $max: { c: 1, d: 2 } },
    { a: i(3), b: i(5), c: 'x', d: i(2) },
  ],
  ['$rename', { a: 1, b: 2 }, { $rename: { a: 'c.d', x: 'y' } }, { b: i(2), c: { d: i(1) } }],
  ['$rename over a field', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: i(1) }],
  ['$push', { a: [1] }, { $push: { a: 2, b: 3 } }, { a: [i(1), i(2)], b: [i(3)] }],
  ['$push of an array is one element', {}, { $push: { a: [1, 2] } }, { a: [[i(1), i(2)]] }],
  [
    '$push with $each, $position',
    { a: [1, 4] },
    { $push: { a: { $each: [2, 3], $position: 1 } } },
    { a: [i(1), i(2), i(3), i(4)] },
  ],
  [
    '$push with a negative $position',
    { a: [1, 4] },
    { $push: { a: { $each: [2], $position: -1 } } },
    { a: [i(1), i(2), i(4)] },
  ],
  [
    '$push with $sort and $slice',
    { a: [5, 1] },
    { $push: { a: { $each: [3, 9], $sort: -1, $slice: 3 } } },
    { a: [i(9), i(5), i(3)] },
  ],
  [
    '$push with $sort by a field',
    { a: [{ x: 2 }] },
    { $push: { a: { $each: [{ x: 1 }, {}], $sort: { x: 1 } } } },
    { a: [{}, { x: i(1) }, { x: i(2) }] },
  ],
  [
    '$push with a negative $slice',
    { a: [1] },
    { $push: { a: { $each: [2, 3], $slice: -2 } } },
    { a: [i(2), i(3)] },
  ],
  ['$addToSet', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2, new Double(1)] } } }, { a: [i(1), i(2)] }],
  [
    '$addToSet of documents by the order of their fields',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: i(1), y: i(2) },
        { y: i(2), x: i(1) },
      ],
    },
  ],
  [
    '$pop from both ends',
    { a: [1, 2, 3], b: [1, 2, 3] },
    { $pop: { a: 1, b: -1 } },
    { a: [i(1), i(2)], b: [i(2), i(3)] },
  ],
  ['$pull of a value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [i(2)] }],
  ['$pull by operators', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [i(1)] }],
  [
    '$pull of documents by a condition',
    { a: [{ x: 1, y: 1 }, { x: 2 }, 3] },
    { $pull: { a: { x: 1 } } },
    { a: [{ x: i(2) }, i(3)] },
  ],
  ['$pull by a regex', { a: ['ab', 'cd'] }, { $pull: { a: /^a/ } }, { a: ['cd'] }],
  ['$pull with $in', { a: [1, 2, 3] }, { $pull: { a: { $in: [1, 3] } } }, { a: [i(2)] }],
  ['$pullAll', { a: [1, 2, 1, 3] }, { $pullAll: { a: [1, 3] } }, { a: [i(2)] }],
  [
    '$bit',
    { a: 12, b: l(1) },
    { $bit: { a: { and: 10 }, b: { or: 6 }, c: { xor: 5 } } },
    { a: i(8), b: l(7), c: i(5) },
  ],
  [
    'the positional element',
    { a: [1, 5, 9] },
    { $set: { 'a.$': 0 } },
    { a: [i(1), i(0), i(9)] },
    { filter: { a: { $gt: 3 } } },
  ],
  [
    'the positional element of documents',
    { a: [{ x: 1 }, { x: 2 }] },
    { $inc: { 'a.$.n': 1 } },
    { a: [{ x: i(1) }, { x: i(2), n: i(1) }] },
    { filter: { 'a.x': 2 } },
  ],
  [
    'all elements',
    { a: [{ x: 1 }, { x: 2 }] },
    { $inc: { 'a.$[].x': 10 } },
    { a: [{ x: i(11) }, { x: i(12) }] },
  ],
  [
    'elements by a filter',
    {
      a: [
        { x: 1, l: [1, 9] },
        { x: 5, l: [2] },
      ],
    },
    { $set: { 'a.$[e].l.$[n]': 0 } },
    {
      a: [
        { x: i(1), l: [i(1), i(0)] },
        { x: i(5), l: [i(2)] },
      ],
    },
    { arrayFilters: [{ 'e.x': { $lt: 3 } }, { n: { $gt: 5 } }] },
  ],
  [
    'a pipeline',
    { a: 2, b: { c: 1 } },
    [{ $set: { s: { $ifNull: ['$b.c', 0] }, 'b.d': '$a' } }, { $unset: 'a' }],
    { b: { c: i(1), d: i(2) }, s: i(1) },
  ],
  [
    '$setOnInsert does nothing to what is there',
    { a: 1 },
    { $setOnInsert: { b: 1 }, $set: { c: 1 } },
    { a: i(1), c: i(1) },
    { upsert: true },
  ],
  ['$set of the same value', { a: 1 }, { $set: { a: 1 } }, { a: i(1) }],
  ['an empty $set', { a: 1 }, { $set: {} }, { a: i(1) }],
]

describe('an update by', () => {
  test.each(UPDATES)('%s', async (_name, before, update, after, options) => {
    expect(await updated(before, update, options)).toEqual(after)
  })

  test('$currentDate sets dates and timestamps', async () => {
    const after = await updated(
      {},
      { $currentDate: { a: true, b: { $type: 'timestamp' }, c: { $type: 'date' } } },
    )
    expect(after['a']).toBeInstanceOf(Date)
    expect(after['b']).toBeInstanceOf(Timestamp)
    expect(after['c']).toBeInstanceOf(Date)
  })

  test('names like numbers keep their place', async () => {
    const name = suite.things.collectionName
    await suite.store.data.command({
      insert: name,
      documents: [
        new Map<string, unknown>([
          ['_id', 1],
          ['b', 1],
          ['1', 2],
          ['a', 3],
        ]),
      ],
    })
    await suite.things.updateOne({}, { $set: { z: 1 } })
    const raw = await suite.things.findOne({}, { raw: true })
    const bytes = Buffer.from(raw as unknown as Uint8Array).toString('latin1')
    const places = ['\u0010b\0', '\u00101\0', '\u0010a\0', '\u0010z\0'].map((field) => bytes.indexOf(field))
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })
})

const REFUSED_UPDATES: [string, Document, Document | Document[], number, Document?][] = [
  ['an unknown operator', {}, { $foo: { a: 1 } }, 9],
  ['two changes of one field', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a change below another', {}, { $set: { a: 1, 'a.b': 2 } }, 40],
  ['a way through a number', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
  ['a way through null', { a: null }, { $set: { 'a.b': 1 } }, 28],
  ['a name in an array', { a: [1] }, { $set: { 'a.b': 1 } }, 28],
  ['$inc of a string', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['$inc by a string', { a: 1 }, { $inc: { a: 'x' } }, 14],
  ['$inc beyond 64 bits', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  ['$mul of a string', { a: 'x' }, { $mul: { a: 2 } }, 14],
  ['$push on a number', { a: 1 }, { $push: { a: 1 } }, 2],
  ['$addToSet on a number', { a: 1 }, { $addToSet: { a: 1 } }, 2],
  ['$pop of a number', { a: 1 }, { $pop: { a: 1 } }, 14],
  ['$pop by two', { a: [1] }, { $pop: { a: 2 } }, 9],
  ['$pull from a number', { a: 1 }, { $pull: { a: 1 } }, 2],
  ['$bit on a string', { a: 'x' }, { $bit: { a: { or: 1 } } }, 2],
  ['another _id', {}, { $set: { _id: 5 } }, 66],
  ['no _id', {}, { $unset: { _id: 1 } }, 66],
  ['an empty path', {}, { $set: { '': 1 } }, 56],
  ['an empty part of a path', {}, { $set: { 'a..b': 1 } }, 56],
  ['the positional element without a match', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
  ['an array filter that is not given', { a: [1] }, { $set: { 'a.$[e]': 1 } }, 2],
  ['an array filter that is not used', { a: [1] }, { $set: { b: 1 } }, 9, { arrayFilters: [{ e: 1 }] }],
  ['$rename to itself', { a: 1 }, { $rename: { a: 'a' } }, 2],
  ['$rename in an array', { a: [{ b: 1 }] }, { $rename: { 'a.b': 'c' } }, 2],
  ['a stage that an update may not have', {}, [{ $match: {} }], 72],
]

describe('an update is refused for', () => {
  test.each(REFUSED_UPDATES)('%s, and changes nothing', async (_name, before, update, code, options) => {
    await suite.things.insertOne({ _id: id(0), ...before })
    const stored = await suite.things.findOne({}, { raw: true })
    await failure(code, suite.things.updateOne({}, update, options ?? {}))
    expect(await suite.things.findOne({}, { raw: true })).toEqual(stored)
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
