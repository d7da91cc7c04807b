import {
  BSONRegExp,
  Binary,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  UUID,
  type Document,
} from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('filters')

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
