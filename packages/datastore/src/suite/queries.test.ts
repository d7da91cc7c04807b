import { Binary, Code, Double, Long, MinKey, type Document, type FindOptions } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('queries')

type QueryCase = [filter: Document, documents: Document[], found: number[] | number, options?: FindOptions]

/** What each filter finds of its documents (their `_id`), or the code of the error. */
const QUERIES: QueryCase[] = [
  [
    { a: { $mod: [2, 0] } },
    [
      { _id: 1, a: 4 },
      { _id: 2, a: new Double(4.5) },
      { _id: 3, a: 'x' },
    ],
    [1, 2],
  ],
  [
    { a: { $mod: [2.9, 0] } },
    [
      { _id: 1, a: 4 },
      { _id: 2, a: 3 },
    ],
    [1],
  ],
  [{ a: { $mod: [2] } }, [], 2],
  [{ a: { $mod: [0, 1] } }, [], 2],
  [{ a: { $mod: ['a', 1] } }, [], 2],
  [{ a: { $mod: [2, 0, 1] } }, [], 2],
  [{ a: { $mod: 5 } }, [], 2],
  [
    { a: { $type: 'number' } },
    [
      { _id: 1, a: 1 },
      { _id: 2, a: 'x' },
      { _id: 3, a: Long.fromNumber(1) },
    ],
    [1, 3],
  ],
  [
    { a: { $type: ['string', 16] } },
    [
      { _id: 1, a: 1 },
      { _id: 2, a: 'x' },
      { _id: 3, a: null },
    ],
    [1, 2],
  ],
  [
    { a: { $type: 'array' } },
    [
      { _id: 1, a: [1] },
      { _id: 2, a: 1 },
    ],
    [1],
  ],
  [{ a: { $type: 'foo' } }, [], 2],
  [{ a: { $type: 99 } }, [], 2],
  [{ a: { $type: [] } }, [], 9],
  [{ a: { $type: true } }, [], 14],
  [{ a: { $type: 1.5 } }, [], 2],
  [{ a: { $type: -1 } }, [{ _id: 1, a: new MinKey() }], [1]],
  [{ a: { $type: 0 } }, [], 2],
  [
    { a: { $size: 2 } },
    [
      { _id: 1, a: [1, 2] },
      { _id: 2, a: [1] },
    ],
    [1],
  ],
  [{ a: { $size: -1 } }, [], 2],
  [{ a: { $size: 'a' } }, [], 2],
  [{ a: { $size: 1.5 } }, [], 2],
  [
    { a: { $all: [1, 2] } },
    [
      { _id: 1, a: [1, 2, 3] },
      { _id: 2, a: [1] },
    ],
    [1],
  ],
  [{ a: { $all: [] } }, [{ _id: 1, a: [] }], []],
  [{ a: { $all: 5 } }, [], 2],
  [
    { a: { $all: [{ $elemMatch: { x: 1 } }, { $elemMatch: { x: 2 } }] } },
    [
      { _id: 1, a: [{ x: 1 }, { x: 2 }] },
      { _id: 2, a: [{ x: 1 }] },
    ],
    [1],
  ],
  [{ a: { $all: [{ $gt: 1 }] } }, [], 2],
  [
    { a: { $all: [[1, 2]] } },
    [
      { _id: 1, a: [1, 2] },
      { _id: 2, a: [[1, 2]] },
    ],
    [1, 2],
  ],
  [{ a: { $all: [1] } }, [{ _id: 1, a: 1 }], [1]],
  [
    { a: { $elemMatch: { $gt: 1, $lt: 3 } } },
    [
      { _id: 1, a: [0, 2] },
      { _id: 2, a: [0, 4] },
    ],
    [1],
  ],
  [{ a: { $elemMatch: 5 } }, [], 2],
  [
    { a: { $elemMatch: { $or: [{ x: 1 }, { y: 1 }] } } },
    [
      { _id: 1, a: [{ y: 1 }] },
      { _id: 2, a: [{ z: 1 }] },
    ],
    [1],
  ],
  [
    { a: { $elemMatch: { $not: { $gt: 1 } } } },
    [
      { _id: 1, a: [0] },
      { _id: 2, a: [3] },
    ],
    [1],
  ],
  [{ a: { $elemMatch: { $where: '1' } } }, [], 238],
  [{ a: { $not: { $gt: 1 } } }, [{ _id: 1, a: 0 }, { _id: 2, a: 2 }, { _id: 3 }], [1, 3]],
  [{ a: { $not: 5 } }, [], 2],
  [{ a: { $not: {} } }, [], 2],
  [
    { a: { $not: /a/ } },
    [
      { _id: 1, a: 'a' },
      { _id: 2, a: 'b' },
    ],
    [2],
  ],
  [
    { a: { $not: { $regex: 'a' } } },
    [
      { _id: 1, a: 'a' },
      { _id: 2, a: 'b' },
    ],
    [2],
  ],
  [{ a: { $in: 5 } }, [], 2],
  [{ a: { $nin: 5 } }, [], 2],
  [{ a: { $in: [/^a/, null] } }, [{ _id: 1, a: 'ab' }, { _id: 2 }, { _id: 3, a: 'b' }], [1, 2]],
  [{ a: { $in: [{ $gt: 1 }] } }, [], 2],
  [{ $and: 5 }, [], 2],
  [{ $and: [] }, [], 2],
  [{ $or: [5] }, [], 2],
  [{ $nor: [{ a: 1 }] }, [{ _id: 1, a: 1 }, { _id: 2 }], [2]],
  [{ $foo: 1 }, [], 2],
  [{ a: { $foo: 1 } }, [], 2],
  [{ a: { $gt: 1, b: 2 } }, [], 2],
  [{ $where: '1' }, [], 238],
  [
    { a: { $bitsAllSet: [0, 2] } },
    [
      { _id: 1, a: 5 },
      { _id: 2, a: 4 },
    ],
    [1],
  ],
  [
    { a: { $bitsAllSet: 5 } },
    [
      { _id: 1, a: 7 },
      { _id: 2, a: 4 },
      { _id: 3, a: -1 },
    ],
    [1, 3],
  ],
  [
    { a: { $bitsAnyClear: [0] } },
    [
      { _id: 1, a: 2 },
      { _id: 2, a: 1 },
    ],
    [1],
  ],
  [
    { a: { $bitsAnySet: new Binary(Buffer.from([5])) } },
    [
      { _id: 1, a: 4 },
      { _id: 2, a: 2 },
    ],
    [1],
  ],
  [{ a: { $bitsAllSet: -1 } }, [], 9],
  [{ a: { $bitsAllSet: 'a' } }, [], 9],
  [{ a: { $bitsAllSet: [-1] } }, [], 9],
  [{ a: { $bitsAllSet: 1.5 } }, [], 9],
  [{ a: { $bitsAllSet: ['a'] } }, [], 9],
  [
    { a: { $bitsAllClear: [70] } },
    [
      { _id: 1, a: 1 },
      { _id: 2, a: -1 },
    ],
    [1],
  ],
  [{ a: { $regex: 'A', $options: 'i' } }, [{ _id: 1, a: 'a' }], [1]],
  [{ a: { $options: 'i' } }, [], 2],
  [{ a: { $regex: '(' } }, [], 51091],
  [{ a: { $regex: 5 } }, [], 2],
  [{ a: { $regex: 'a', $options: 'z' } }, [], 51108],
  [{ a: { $regex: /a/i, $options: 'm' } }, [], 51074],
  [{ a: { $regex: 'a', $options: 5 } }, [], 2],
  [{ a: null }, [{ _id: 1 }, { _id: 2, a: null }, { _id: 3, a: 1 }], [1, 2]],
  [{ a: { $ne: null } }, [{ _id: 1 }, { _id: 2, a: null }, { _id: 3, a: 1 }], [3]],
  [{ a: { $gte: null } }, [{ _id: 1 }, { _id: 2, a: null }, { _id: 3, a: 1 }], [1, 2]],
  [
    { 'a.b': null },
    [{ _id: 1, a: [] }, { _id: 2, a: [{}] }, { _id: 3, a: [{ b: 1 }] }, { _id: 4, a: 5 }, { _id: 5 }],
    [2, 4, 5],
  ],
  [
    { 'a.b': { $exists: false } },
    [
      { _id: 1, a: [] },
      { _id: 2, a: [{}] },
      { _id: 3, a: [{ b: 1 }] },
    ],
    [1, 2],
  ],
  [
    { 'a.0': 1 },
    [
      { _id: 1, a: [1, 2] },
      { _id: 2, a: { 0: 1 } },
      { _id: 3, a: [2, 1] },
    ],
    [1, 2],
  ],
  [
    { 'a.1.b': 1 },
    [
      { _id: 1, a: [{ b: 0 }, { b: 1 }] },
      { _id: 2, a: [{ b: 1 }] },
    ],
    [1],
  ],
  [
    { a: [1, 2] },
    [
      { _id: 1, a: [1, 2] },
      { _id: 2, a: [[1, 2]] },
      { _id: 3, a: [2, 1] },
    ],
    [1, 2],
  ],
  [
    { a: { b: 1, c: 2 } },
    [
      { _id: 1, a: { b: 1, c: 2 } },
      { _id: 2, a: { c: 2, b: 1 } },
    ],
    [1],
  ],
  [
    { a: { $gt: 5 } },
    [
      { _id: 1, a: 'x' },
      { _id: 2, a: 6 },
      { _id: 3, a: [1, 7] },
    ],
    [2, 3],
  ],
  [
    { a: { $gt: new MinKey() } },
    [
      { _id: 1, a: 1 },
      { _id: 2, a: new MinKey() },
    ],
    [1],
  ],
  [{ a: { $lt: /a/ } }, [], 2],
  [{ a: { $ne: /a/ } }, [], 2],
  [
    { a: { $gt: { b: 1 } } },
    [
      { _id: 1, a: { b: 2 } },
      { _id: 2, a: { b: 0 } },
    ],
    [1],
  ],
  [
    { a: { $gte: [1, 2] } },
    [
      { _id: 1, a: [1, 3] },
      { _id: 2, a: [1, 1] },
    ],
    [1],
  ],
  [
    { a: NaN },
    [
      { _id: 1, a: NaN },
      { _id: 2, a: 1 },
    ],
    [1],
  ],
  [
    { a: { $gte: NaN } },
    [
      { _id: 1, a: NaN },
      { _id: 2, a: 1 },
    ],
    [1],
  ],
  [
    { $expr: { $gt: ['$a', '$b'] } },
    [
      { _id: 1, a: 2, b: 1 },
      { _id: 2, a: 1, b: 2 },
    ],
    [1],
  ],
  [
    { $expr: { $eq: ['$a', '$$x'] } },
    [
      { _id: 1, a: 2 },
      { _id: 2, a: 1 },
    ],
    [1],
    { let: { x: 2 } },
  ],
  [{ $expr: { $eq: ['$a', '$$y'] } }, [{ _id: 1 }], 17276],
  [
    { $jsonSchema: { required: ['a'], properties: { a: { bsonType: 'int', minimum: 2 } } } },
    [{ _id: 1, a: 1 }, { _id: 2, a: 3 }, { _id: 3, a: 'x' }, { _id: 4 }],
    [2],
  ],
  [
    { $jsonSchema: { properties: { a: { type: 'string', pattern: '^x', minLength: 2, maxLength: 3 } } } },
    [{ _id: 1, a: 'xy' }, { _id: 2, a: 'x' }, { _id: 3, a: 'yy' }, { _id: 4 }],
    [1, 4],
  ],
  [{ $jsonSchema: { foo: 1 } }, [], 9],
  [{ $jsonSchema: 5 }, [], 14],
  [{ $jsonSchema: { required: 5 } }, [], 14],
  [{ $jsonSchema: { required: [] } }, [], 9],
  [{ $jsonSchema: { bsonType: 'nope' } }, [], 2],
  [{ $jsonSchema: { type: 'integer' } }, [], 9],
  [
    {
      $jsonSchema: {
        properties: {
          a: { enum: [1, 'b'] },
          t: { type: 'array', items: { type: 'number' }, minItems: 1, uniqueItems: true },
        },
        additionalProperties: false,
      },
    },
    [
      { _id: 1, a: 1 },
      { _id: 2, a: 'b', t: [1, 2] },
    ],
    [],
  ],
  [
    {
      $jsonSchema: {
        properties: {
          _id: {},
          a: { enum: [1, 'b'] },
          t: { type: 'array', items: { type: 'number' }, minItems: 1, uniqueItems: true },
        },
        additionalProperties: false,
      },
    },
    [
      { _id: 1, a: 1 },
      { _id: 2, a: 'b', t: [1, 2] },
      { _id: 3, a: 2 },
      { _id: 4, t: [1, 1] },
      { _id: 5, t: [] },
      { _id: 6, z: 1 },
    ],
    [1, 2],
  ],
  [{ $nor: [{ $jsonSchema: { required: ['a'] } }] }, [{ _id: 1, a: 1 }, { _id: 2 }], [2]],
  [
    { $jsonSchema: { anyOf: [{ required: ['a'] }, { required: ['b'] }], not: { required: ['c'] } } },
    [{ _id: 1, a: 1 }, { _id: 2, b: 1, c: 1 }, { _id: 3 }],
    [1],
  ],
  [{ $comment: 'x', a: 1 }, [{ _id: 1, a: 1 }], [1]],
  [{ a: { $eq: 1, $comment: 'x' } }, [{ _id: 1, a: 1 }], [1]],
  [{ $alwaysTrue: 1 }, [{ _id: 1 }], [1]],
  [{ $alwaysFalse: 1 }, [{ _id: 1 }], []],
  [{ $sampleRate: 1 }, [{ _id: 1 }], [1]],
  [{ $sampleRate: 2 }, [], 2],
  [{ a: { $near: [1, 1] } }, [], 238],
  [{ a: { $geoWithin: {} } }, [], 238],
  [{ a: { $exists: 'x' } }, [{ _id: 1, a: 1 }, { _id: 2 }], [1]],
  [
    { 'a.b': { $elemMatch: { $eq: 1 } } },
    [
      { _id: 1, a: [{ b: [1] }] },
      { _id: 2, a: [{ b: 1 }] },
    ],
    [1],
  ],
  [{ a: { $ref: 'x', $id: 1 } }, [{ _id: 1, a: { $ref: 'x', $id: 1 } }], [1]],
  [{ 'a.$id': 1 }, [{ _id: 1, a: { $ref: 'x', $id: 1 } }], [1]],
  [{ a: new Code('x') }, [{ _id: 1, a: new Code('x') }], [1]],
  [{ '': 1 }, [{ _id: 1, '': 1 }], [1]],
]

describe('a filter', () => {
  test.each(QUERIES)('%j', async (filter, documents, expected, options) => {
    if (documents.length > 0) await suite.things.insertMany(documents)
    const run = suite.things.find(filter, options).sort({ _id: 1 }).toArray()
    if (typeof expected === 'number') await failure(expected, run)
    else expect((await run).map(({ _id }) => _id)).toEqual(expected)
  })
})
