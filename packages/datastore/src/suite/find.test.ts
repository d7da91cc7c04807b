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
  UUID,
  type Document,
} from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('find')

/** Inserts `documents` with ids 0, 1, 2… and tells which of them a filter finds. */
async function finds(documents: Document[], filter: Document): Promise<number[]> {
  await suite.things.insertMany(documents.map((document, _id) => ({ _id, ...document }) as Document))
  const found = await suite.things.find(filter).sort({ _id: 1 }).toArray()
  return found.map(({ _id }) => _id as unknown as number)
}

const MATCHES: [string, Document[], Document, number[]][] = [
  [
    'equality of a number across its types',
    [
      { a: 1 },
      { a: new Double(1) },
      { a: Long.fromNumber(1) },
      { a: Decimal128.fromString('1.0') },
      { a: '1' },
    ],
    { a: 1 },
    [0, 1, 2, 3],
  ],
  [
    'equality to null finds nothing and null',
    [{ a: null }, {}, { a: 0 }, { a: [null] }, { a: [] }],
    { a: null },
    [0, 1, 3],
  ],
  [
    'a path through an array of documents',
    [{ a: [{ b: 1 }, { b: 2 }] }, { a: { b: 2 } }, { a: [2] }],
    { 'a.b': 2 },
    [0, 1],
  ],
  [
    'a path by the number of an element',
    [{ a: [1, 2] }, { a: [2, 1] }, { a: { 1: 2 } }],
    { 'a.1': 2 },
    [0, 2],
  ],
  [
    'null below an array without documents',
    [{ a: [] }, { a: [1] }, { a: [{}] }, { a: [{ b: 1 }] }, {}],
    { 'a.b': null },
    [2, 4],
  ],
  [
    'an array as a whole or as an element',
    [{ a: [1, 2] }, { a: [[1, 2]] }, { a: [2, 1] }, { a: 1 }],
    { a: [1, 2] },
    [0, 1],
  ],
  [
    'a document with the same order of fields only',
    [{ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, { a: { x: 1 } }],
    { a: { x: 1, y: 2 } },
    [0],
  ],
  [
    '$ne excludes where any element is equal',
    [{ a: 1 }, { a: [1, 2] }, { a: 2 }, {}],
    { a: { $ne: 1 } },
    [2, 3],
  ],
  [
    '$gt within the type of the operand',
    [{ a: 5 }, { a: '5' }, { a: null }, { a: [1, 9] }, { a: new Date(9) }],
    { a: { $gt: 4 } },
    [0, 3],
  ],
  ['$gte null finds nothing and null', [{ a: null }, {}, { a: 1 }], { a: { $gte: null } }, [0, 1]],
  [
    'two bounds may be met by two elements',
    [{ a: [1, 10] }, { a: [4] }, { a: 4 }],
    { a: { $gt: 3, $lt: 5 } },
    [0, 1, 2],
  ],
  [
    '$elemMatch demands one element for both',
    [{ a: [1, 10] }, { a: [4] }, { a: 4 }],
    { a: { $elemMatch: { $gt: 3, $lt: 5 } } },
    [1],
  ],
  [
    '$elemMatch on documents',
    [{ a: [{ x: 1, y: 2 }] }, { a: [{ x: 1 }, { y: 2 }] }],
    { a: { $elemMatch: { x: 1, y: 2 } } },
    [0],
  ],
  [
    '$in with a regex and null',
    [{ a: 'abc' }, { a: 'xyz' }, {}, { a: 1 }],
    { a: { $in: [/^a/, null] } },
    [0, 2],
  ],
  [
    '$in with many values',
    [{ a: 3 }, { a: 'x' }, { a: 99 }],
    { a: { $in: ['x', ...Array.from({ length: 40 }, (_, i) => i)] } },
    [0, 1],
  ],
  ['$nin', [{ a: 1 }, { a: 2 }, {}], { a: { $nin: [1] } }, [1, 2]],
  ['$exists true counts null', [{ a: null }, {}, { a: 1 }], { a: { $exists: true } }, [0, 2]],
  ['$exists false', [{ a: null }, {}, { a: 1 }], { a: { $exists: false } }, [1]],
  [
    '$type by name',
    [{ a: 1 }, { a: 1.5 }, { a: 'x' }, { a: new ObjectId() }, { a: [1.5] }],
    { a: { $type: 'double' } },
    [1, 4],
  ],
  [
    '$type number and list',
    [{ a: 1 }, { a: 1.5 }, { a: Long.fromNumber(1) }, { a: 'x' }, { a: null }],
    { a: { $type: ['number', 'null'] } },
    [0, 1, 2, 4],
  ],
  [
    '$type objectId and binData',
    [{ a: new ObjectId() }, { a: new UUID() }, { a: 1 }],
    { a: { $type: ['objectId', 5] } },
    [0, 1],
  ],
  ['$mod', [{ a: 4 }, { a: 5 }, { a: new Double(10) }, { a: 'x' }], { a: { $mod: [3, 1] } }, [0, 2]],
  ['$size', [{ a: [1, 2] }, { a: [] }, { a: 2 }], { a: { $size: 2 } }, [0]],
  ['$all', [{ a: [1, 2, 3] }, { a: [1] }, { a: 1 }], { a: { $all: [1, 2] } }, [0]],
  ['$all with one scalar', [{ a: 1 }, { a: [1, 2] }], { a: { $all: [1] } }, [0, 1]],
  ['$all with an empty list finds nothing', [{ a: [] }, {}], { a: { $all: [] } }, []],
  [
    '$all with $elemMatch',
    [{ a: [{ x: 1 }, { x: 2 }] }, { a: [{ x: 1 }] }],
    { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
    [0],
  ],
  ['$not with operators', [{ a: 1 }, { a: 5 }, {}], { a: { $not: { $gt: 3 } } }, [0, 2]],
  ['$not with a regex', [{ a: 'abc' }, { a: 'xyz' }, {}], { a: { $not: /^a/ } }, [1, 2]],
  [
    '$and, $or, $nor',
    [
      { a: 1, b: 1 },
      { a: 1, b: 2 },
      { a: 2, b: 2 },
    ],
    { $and: [{ $or: [{ a: 1 }, { b: 2 }] }, { $nor: [{ a: 1, b: 1 }] }] },
    [1, 2],
  ],
  [
    'a regex with options',
    [{ a: 'Hello' }, { a: 'help' }, { a: ['x', 'HEL'] }],
    { a: { $regex: '^hel', $options: 'i' } },
    [0, 1, 2],
  ],
  ['a regex over lines and dots', [{ a: 'x\nab' }, { a: 'ab' }, { a: 'x' }], { a: /^a.$/m }, [0, 1]],
  ['an extended regex', [{ a: 'ab' }], { a: new BSONRegExp('a   # the first\n b', 'x') }, [0]],
  [
    'a stored regex equals itself',
    [{ a: new BSONRegExp('x', 'i') }, { a: 'y' }],
    { a: new BSONRegExp('x', 'i') },
    [0],
  ],
  [
    '$bitsAllSet and its kin',
    [{ a: 5 }, { a: 4 }, { a: 2 }],
    { a: { $bitsAllSet: 4, $bitsAnyClear: [0] } },
    [1],
  ],
  [
    '$expr over two fields',
    [
      { a: 1, b: 2 },
      { a: 3, b: 2 },
    ],
    { $expr: { $gt: ['$a', '$b'] } },
    [1],
  ],
  [
    'binary data by bytes and subtype',
    [
      { a: new Binary(Buffer.from([255, 254])) },
      { a: new Binary(Buffer.from([253, 254])) },
      { a: new Binary(Buffer.from([255, 254]), 5) },
    ],
    { a: new Binary(Buffer.from([255, 254])) },
    [0],
  ],
  ['dates', [{ a: new Date(0) }, { a: new Date(5) }, { a: 3 }], { a: { $gte: new Date(1) } }, [1]],
  [
    'an ObjectId',
    [{ a: new ObjectId('0123456789abcdef01234567') }, { a: '0123456789abcdef01234567' }],
    { a: new ObjectId('0123456789abcdef01234567') },
    [0],
  ],
  ['a boolean is no number', [{ a: true }, { a: 1 }], { a: true }, [0]],
  ['NaN equals NaN', [{ a: NaN }, { a: 1 }], { a: NaN }, [0]],
  ['minus zero equals zero', [{ a: new Double(-0) }, { a: 0 }], { a: 0 }, [0, 1]],
  [
    'int64 beyond the safe integers',
    [{ a: Long.fromString('9007199254740993') }, { a: Long.fromString('9007199254740992') }],
    { a: Long.fromString('9007199254740993') },
    [0],
  ],
  [
    'decimals exactly',
    [{ a: Decimal128.fromString('0.1') }, { a: 0.1 }],
    { a: Decimal128.fromString('0.10') },
    [0],
  ],
  ['an empty filter', [{}, { a: 1 }], {}, [0, 1]],
  [
    'a field called __proto__',
    [JSON.parse('{"__proto__": 1}') as Document, {}],
    JSON.parse('{"__proto__": 1}') as Document,
    [0],
  ],
  [
    'min and max keys',
    [{ a: new MinKey() }, { a: new MaxKey() }, { a: 1 }],
    { a: { $gt: new MinKey() } },
    [1, 2],
  ],
]

describe('a filter finds', () => {
  test.each(MATCHES)('%s', async (_name, documents, filter, expected) => {
    expect(await finds(documents, filter)).toEqual(expected)
  })
})

describe('with an index, a filter finds the same', () => {
  test.each(MATCHES)('%s', async (_name, documents, filter, expected) => {
    await suite.things.createIndex({ a: 1 })
    await suite.things.createIndex({ 'a.b': -1 })
    expect(await finds(documents, filter)).toEqual(expected)
  })
})

const REFUSALS: [string, Document, number][] = [
  ['an unknown operator', { a: { $foo: 1 } }, 2],
  ['an unknown top-level operator', { $foo: 1 }, 2],
  ['$in without a list', { a: { $in: 1 } }, 2],
  ['an operator nested in $in', { a: { $in: [{ $gt: 1 }] } }, 2],
  ['an empty $or', { $or: [] }, 2],
  ['$and of something else', { $and: [1] }, 2],
  ['$not of a number', { a: { $not: 1 } }, 2],
  ['a negative $size', { a: { $size: -1 } }, 2],
  ['a divisor of zero', { a: { $mod: [0, 1] } }, 2],
  ['$mod with one element', { a: { $mod: [1] } }, 2],
  ['an unknown type', { a: { $type: 'foo' } }, 2],
  ['$elemMatch of a number', { a: { $elemMatch: 1 } }, 2],
  ['$options without $regex', { a: { $options: 'i' } }, 2],
  ['an invalid regex', { a: { $regex: '(' } }, 51091],
  ['an invalid flag', { a: { $regex: 'a', $options: 'q' } }, 51108],
  ['a negative bit mask', { a: { $bitsAllSet: -1 } }, 9],
]

describe('a filter is refused for', () => {
  test.each(REFUSALS)('%s', async (_name, filter, code) => {
    await suite.things.insertOne({})
    await failure(code, suite.things.find(filter).toArray())
  })
})

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
