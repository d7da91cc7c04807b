import {
  BSONRegExp,
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  type Document,
} from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('find')

const ORDER = [
  new MinKey(),
  null,
  NaN,
  -Infinity,
  -1,
  0,
  0.5,
  Long.fromNumber(1),
  Decimal128.fromString('1.5'),
  'A',
  'a',
  'é',
  {},
  { a: 1 },
  new Binary(Buffer.from([1])),
  new ObjectId('000000000000000000000001'),
  false,
  true,
  new Date(-1),
  new Date(1),
  new Timestamp({ t: 1, i: 1 }),
  new BSONRegExp('a', ''),
  new MaxKey(),
]

describe('sorting', () => {
  test('follows the order of types, up and down, with and without an index', async () => {
    const shuffled = ORDER.map((a, at) => ({ _id: at as never, a })).sort(() => Math.random() - 0.5)
    await suite.things.insertMany(shuffled)
    const ids = ORDER.map((_, at) => at)
    for (let round = 0; round < 2; round++) {
      const up = await suite.things.find().sort({ a: 1 }).toArray()
      expect(up.map(({ _id }) => _id)).toEqual(ids)
      const down = await suite.things.find().sort({ a: -1 }).toArray()
      expect(down.map(({ _id }) => _id)).toEqual([...ids].reverse())
      await suite.things.createIndex({ a: 1 })
    }
  })

  test('takes the least element of an array going up and the greatest going down', async () => {
    await suite.things.insertMany([
      { _id: 1 as never, a: [5, 1] },
      { _id: 2 as never, a: 3 },
      { _id: 3 as never, a: [] },
    ])
    const order = async (direction: 1 | -1) =>
      (await suite.things.find().sort({ a: direction }).toArray()).map(({ _id }) => _id)
    expect(await order(1)).toEqual([3, 1, 2])
    expect(await order(-1)).toEqual([1, 2, 3])
  })

  test('by several fields, with skip and limit, pages without gaps', async () => {
    await suite.things.insertMany(
      Array.from({ length: 500 }, (_, i) => ({ _id: i as never, g: i % 7, v: -i })),
    )
    const sorted = await suite.things.find().sort({ g: 1, v: 1 }).toArray()
    for (const index of [null, { g: 1, v: 1 } as const]) {
      if (index) await suite.things.createIndex(index)
      const pages: Document[] = []
      for (let skip = 0; skip < 500; skip += 60)
        pages.push(...(await suite.things.find().sort({ g: 1, v: 1 }).skip(skip).limit(60).toArray()))
      expect(pages).toEqual(sorted)
    }
    expect(sorted.slice(0, 2).map(({ g, v }) => [g, v])).toEqual([
      [0, -497],
      [0, -490],
    ])
  })

  test('by natural order', async () => {
    await suite.things.insertMany([{ _id: 2 as never }, { _id: 1 as never }])
    expect(await suite.things.find().sort({ $natural: -1 }).toArray()).toEqual([{ _id: 1 }, { _id: 2 }])
  })

  test('refuses a direction that is none', async () => {
    await suite.things.insertOne({})
    await failure(15975, suite.store.data.command({ find: suite.things.collectionName, sort: { a: 2 } }))
  })
})

describe('projections', () => {
  const doc = { _id: 1 as never, a: 1, b: { c: 2, d: [{ e: 1, f: 2 }, 5] }, l: [1, 2, 3, 4] }
  const CASES: [string, Document, Document][] = [
    ['include', { a: 1, 'b.c': 1 }, { _id: 1, a: 1, b: { c: 2 } }],
    ['exclude', { a: 0, 'b.c': 0, l: 0 }, { _id: 1, b: { d: [{ e: 1, f: 2 }, 5] } }],
    ['leave _id out', { _id: 0, a: 1 }, { a: 1 }],
    ['only exclude _id', { _id: 0 }, { a: 1, b: doc.b, l: doc.l }],
    ['reach into arrays, where scalars go', { 'b.d.e': 1 }, { _id: 1, b: { d: [{ e: 1 }] } }],
    ['as a tree', { b: { c: 1 } }, { _id: 1, b: { c: 2 } }],
    ['$slice from the front', { l: { $slice: 2 } }, { _id: 1, a: 1, b: doc.b, l: [1, 2] }],
    ['$slice from the end', { l: { $slice: -1 }, a: 1 }, { _id: 1, a: 1, l: [4] }],
    ['$slice of a middle', { l: { $slice: [1, 2] }, a: 0, b: 0 }, { _id: 1, l: [2, 3] }],
    ['$elemMatch', { l: { $elemMatch: { $gt: 2 } } }, { _id: 1, l: [3] }],
    ['compute', { s: { $ifNull: ['$b.c', 0] } }, { _id: 1, s: 2 }],
    ['a literal', { s: { $literal: 1 }, a: 1 }, { _id: 1, a: 1, s: 1 }],
  ]
  test.each(CASES)('%s', async (_name, projection, expected) => {
    await suite.things.insertOne(doc)
    expect(await suite.things.findOne({}, { projection })).toEqual(expected)
  })

  test('the positional one gives the element that the filter met', async () => {
    await suite.things.insertOne({ _id: 1 as never, a: [{ x: 1 }, { x: 5 }, { x: 9 }] })
    expect(await suite.things.findOne({ 'a.x': { $gt: 3 } }, { projection: { 'a.$': 1 } })).toEqual({
      _id: 1,
      a: [{ x: 5 }],
    })
  })

  const REFUSED: [string, Document, number][] = [
    ['exclusion in an inclusion', { a: 1, b: 0 }, 31254],
    ['inclusion in an exclusion', { a: 0, b: 1 }, 31253],
    ['a path and its parent', { b: 1, 'b.c': 1 }, 31249],
  ]
  test.each(REFUSED)('refuses %s', async (_name, projection, code) => {
    await suite.things.insertOne({})
    await failure(code, suite.things.find({}, { projection }).toArray())
  })
})

describe('count and distinct', () => {
  test('count with limit and skip', async () => {
    await suite.things.insertMany(Array.from({ length: 10 }, (_, a) => ({ a })))
    expect(await suite.things.countDocuments({ a: { $gt: 2 } }, { limit: 5 })).toBe(5)
    expect(await suite.things.countDocuments({ a: { $gt: 2 } }, { skip: 5 })).toBe(2)
    expect(await suite.things.estimatedDocumentCount()).toBe(10)
    expect(
      (await suite.store.data.command({ count: suite.things.collectionName, query: { a: { $lt: 4 } } }))['n'],
    ).toBe(4)
  })

  test('distinct spreads arrays and joins the types of numbers', async () => {
    await suite.things.insertMany([{ a: [1, 2] }, { a: 2 }, { a: new Double(2) }, { a: 'x' }, {}])
    expect(await suite.things.distinct('a')).toEqual([1, 2, 'x'])
    expect(await suite.things.distinct('a', { a: 'x' })).toEqual(['x'])
  })
})

test('types come back as they went in', async () => {
  const id = new ObjectId()
  const doc = {
    _id: id,
    int: new Int32(5),
    double: new Double(5),
    long: Long.fromNumber(5),
    decimal: Decimal128.fromString('1.50'),
    date: new Date(5),
    binary: new Binary(Buffer.from([1, 2]), 128),
    old: new Binary(Buffer.from([1, 2]), 2),
    regex: new BSONRegExp('a', 'i'),
    timestamp: new Timestamp({ t: 5, i: 6 }),
    list: [1, [2], { a: null }],
    10: 'ten',
    2: 'two',
  }
  await suite.things.insertOne(doc)
  const raw = { promoteValues: false, bsonRegExp: true, promoteLongs: false } as const
  const before = await suite.things.findOne({}, raw)
  expect(before).toEqual({ ...doc, list: [new Int32(1), [new Int32(2)], { a: null }] })
  await suite.things.updateOne({}, { $set: { added: 1 } })
  expect(await suite.things.findOne({}, raw)).toEqual({ ...before, added: new Int32(1) })
})
