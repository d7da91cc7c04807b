import { Long, type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { suiteStore } from './suite-store.ts'

const suite = suiteStore('updates')

type UpdateCase = [
  document: Document,
  update: Document | Document[],
  expected: Document | number,
  filter?: Document,
  options?: { arrayFilters?: Document[]; let?: Document },
]

/** What an update makes of a document (without its `_id`), or the code of the error. */
const UPDATES: UpdateCase[] = [
  [{ a: 1 }, { $inc: { a: 1 } }, { a: 2 }],
  [{ a: 'x' }, { $inc: { a: 1 } }, 14],
  [{ a: 1 }, { $inc: { a: 'x' } }, 14],
  [{ a: 1 }, { $inc: 5 }, 9],
  [{ a: 1 }, { $foo: { a: 1 } }, 9],
  [{ a: 1 }, { $set: {} }, { a: 1 }],
  [{ a: 1 }, {}, {}],
  [{ a: Long.fromString('9223372036854775807') }, { $inc: { a: 1 } }, 2],
  [{ a: 2147483647 }, { $inc: { a: 1 } }, { a: 2147483648 }],
  [{ a: 1 }, { $set: { a: 1, 'a.b': 2 } }, 40],
  [{ a: 1 }, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  [{ a: 1 }, { $set: { 'a.b': 2 } }, 28],
  [{ a: 1 }, { $set: { _id: 9 } }, 66],
  [{ a: 1 }, { $set: { '': 1 } }, 56],
  [{ a: 1 }, { $set: { 'a..b': 1 } }, 56],
  [{ a: 1 }, { $set: { $x: 1 } }, 52],
  [{ a: 1 }, { $set: { 'a.$x': 1 } }, 52],
  [{ a: 1 }, { $set: { a: { $x: 1 } } }, { a: { $x: 1 } }],
  [{ a: [1, 2, 3] }, { $push: { a: 4 } }, { a: [1, 2, 3, 4] }],
  [{ a: 1 }, { $push: { a: 4 } }, 2],
  [{}, { $push: { a: { $each: [3, 1, 2], $sort: 1, $slice: 2 } } }, { a: [1, 2] }],
  [{ a: [1] }, { $push: { a: { $each: [2], $position: 0 } } }, { a: [2, 1] }],
  [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 9, 2] }],
  [{ a: [1] }, { $push: { a: { $each: 5 } } }, 2],
  [{ a: [1] }, { $push: { a: { $each: [1], $foo: 1 } } }, 2],
  [{ a: [1] }, { $push: { a: { $each: [1], $slice: 'x' } } }, 2],
  [{ a: [1] }, { $push: { a: { $each: [1], $sort: 5 } } }, 2],
  [
    { a: [{ x: 2 }, { x: 1 }] },
    { $push: { a: { $each: [], $sort: { x: 1 } } } },
    { a: [{ x: 1 }, { x: 2 }] },
  ],
  [{ a: [1] }, { $push: { a: { $each: [1], $position: 'x' } } }, 2],
  [{ a: [1] }, { $addToSet: { a: 1 } }, { a: [1] }],
  [{ a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
  [{ a: 1 }, { $addToSet: { a: 1 } }, 2],
  [{ a: [1] }, { $addToSet: { a: { $each: 1 } } }, 14],
  [{ a: [1, 2, 3] }, { $pop: { a: 1 } }, { a: [1, 2] }],
  [{ a: [1, 2, 3] }, { $pop: { a: -1 } }, { a: [2, 3] }],
  [{ a: [1] }, { $pop: { a: 2 } }, 9],
  [{ a: 1 }, { $pop: { a: 1 } }, 14],
  [{ a: [1] }, { $pop: { a: 'x' } }, 9],
  [{ a: [1, 2, 3, 2] }, { $pull: { a: 2 } }, { a: [1, 3] }],
  [{ a: [1, 5, 9] }, { $pull: { a: { $gt: 4 } } }, { a: [1] }],
  [{ a: [{ x: 1, y: 1 }, { x: 2 }] }, { $pull: { a: { x: 1 } } }, { a: [{ x: 2 }] }],
  [{ a: 1 }, { $pull: { a: 1 } }, 2],
  [{ a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  [{ a: [1] }, { $pullAll: { a: 1 } }, 2],
  [{ a: 1 }, { $pullAll: { a: [1] } }, 2],
  [{ a: ['ab', 'c'] }, { $pull: { a: /^a/ } }, { a: ['c'] }],
  [{ a: ['ab', 'c'] }, { $pull: { a: { $in: [/^a/] } } }, { a: ['c'] }],
  [{}, { $pull: { a: 1 } }, {}],
  [{ a: 1 }, { $rename: { a: 'b' } }, { b: 1 }],
  [{ a: 1 }, { $rename: { a: 'a' } }, 2],
  [{ a: 1 }, { $rename: { a: 1 } }, 2],
  [{ a: [{ b: 1 }] }, { $rename: { 'a.b': 'c' } }, 2],
  [{ a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  [{ a: 1 }, { $rename: { z: 'b' } }, { a: 1 }],
  [{ a: 1 }, { $rename: { a: 'b.c' } }, { b: { c: 1 } }],
  [{ a: 1 }, { $rename: { a: '$b' } }, 52],
  [{ a: 1 }, { $unset: { a: '' } }, {}],
  [{ a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
  [{ a: { b: 1 } }, { $unset: { 'a.c.d': 1 } }, { a: { b: 1 } }],
  [{ a: 5 }, { $min: { a: 3 } }, { a: 3 }],
  [{ a: 5 }, { $max: { a: 3 } }, { a: 5 }],
  [{ a: 5 }, { $max: { a: 'x' } }, { a: 'x' }],
  [{}, { $min: { a: 3 } }, { a: 3 }],
  [{ a: 5 }, { $mul: { a: 2 } }, { a: 10 }],
  [{}, { $mul: { a: 2 } }, { a: 0 }],
  [{ a: 'x' }, { $mul: { a: 2 } }, 14],
  [{ a: 5 }, { $bit: { a: { and: 4 } } }, { a: 4 }],
  [{ a: 5 }, { $bit: { a: { foo: 4 } } }, 2],
  [{ a: 'x' }, { $bit: { a: { or: 1 } } }, 2],
  [{ a: 5 }, { $bit: { a: { or: 1.5 } } }, 2],
  [{ a: 5 }, { $bit: { a: 5 } }, 2],
  [{}, { $bit: { a: { xor: 3 } } }, { a: 3 }],
  [{ a: 1 }, { $bit: { a: {} } }, 2],
  [{ a: 1 }, { $currentDate: { a: 5 } }, 2],
  [{ a: 1 }, { $currentDate: { a: { $type: 'x' } } }, 2],
  [{ a: 1 }, { $currentDate: { a: { foo: 1 } } }, 2],
  [{ a: [1, 2] }, { $set: { 'a.$': 9 } }, 2],
  [{ a: [1, 2] }, { $set: { 'a.$': 9 } }, { a: [1, 9] }, { a: 2 }],
  [{ a: [1, 2] }, { $set: { 'a.$[]': 9 } }, { a: [9, 9] }],
  [{ a: 1 }, { $set: { 'a.$[]': 9 } }, 2],
  [{}, { $set: { 'a.$[]': 9 } }, 2],
  [
    { a: [1, 2, 3] },
    { $inc: { 'a.$[x]': 10 } },
    { a: [1, 12, 13] },
    {},
    { arrayFilters: [{ x: { $gt: 1 } }] },
  ],
  [{ a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
  [{ a: [1] }, { $set: { b: 1 } }, 9, {}, { arrayFilters: [{ x: 1 }] }],
  [{ a: [1] }, { $set: { 'a.$[x]': 1 } }, 9, {}, { arrayFilters: [{ x: 1 }, { x: 2 }] }],
  [{ a: [1] }, { $set: { 'a.$[X]': 1 } }, 2, {}, { arrayFilters: [{ X: 1 }] }],
  [{ a: [1] }, { $set: { 'a.$[x]': 1 } }, 9, {}, { arrayFilters: [{ x: 1, y: 1 }] }],
  [
    { a: [{ b: [1, 2] }, { b: [2, 3] }] },
    { $set: { 'a.$[].b.$[y]': 0 } },
    { a: [{ b: [1, 0] }, { b: [0, 3] }] },
    {},
    { arrayFilters: [{ y: 2 }] },
  ],
  [
    {
      a: [
        { b: 1, c: 0 },
        { b: 2, c: 0 },
      ],
    },
    { $set: { 'a.$[e].c': 7 } },
    {
      a: [
        { b: 1, c: 0 },
        { b: 2, c: 7 },
      ],
    },
    {},
    { arrayFilters: [{ 'e.b': 2 }] },
  ],
  [{ a: [1, 2] }, { $set: { 'a.5': 9 } }, { a: [1, 2, null, null, null, 9] }],
  [{ a: [1, 2] }, { $set: { 'a.x': 9 } }, 28],
  [{ a: null }, { $set: { 'a.b': 9 } }, 28],
  [{}, { $set: { 'a.0': 9 } }, { a: { 0: 9 } }],
  [{ a: 1 }, [{ $set: { b: { $add: ['$a', 1] } } }], { a: 1, b: 2 }],
  [{ a: 1 }, [{ $unset: 'a' }], {}],
  [{ a: 1 }, [{ $replaceWith: { z: '$a' } }], { z: 1 }],
  [{ a: 1 }, [{ $match: {} }], 72],
  [{ a: 1 }, [{ $set: { _id: 7 } }], 66],
  [{ a: 1 }, [{ $foo: 1 }], 40324],
  [{ a: 1 }, [], { a: 1 }],
  [{ a: 1 }, [{ $set: { b: '$$v' } }], { a: 1, b: 3 }, {}, { let: { v: 3 } }],
  [{ a: 1 }, [{ $set: { b: 1 } }], 9, {}, { arrayFilters: [{ x: 1 }] }],
  [{ a: 1 }, [{ $set: { b: 1 }, $unset: 'a' }], 40323],
  [{ a: 1 }, [{ $project: { _id: 0 } }], { a: 1 }],
  [{ a: 1 }, [{ $replaceWith: '$a' }], 40228],
]

describe('an update', () => {
  test.each(UPDATES)('%j %j', async (document, update, expected, filter, options) => {
    await suite.things.insertOne({ _id: 1 as never, ...document })
    const reply = await suite.store.data.command({
      update: suite.things.collectionName,
      updates: [
        {
          q: { _id: 1, ...filter },
          u: update,
          ...(options?.arrayFilters && { arrayFilters: options.arrayFilters }),
        },
      ],
      ...(options?.let && { let: options.let }),
    })
    const { _id, ...after } = (await suite.things.findOne({ _id: 1 as never }))!
    if (typeof expected === 'number') {
      expect(reply['writeErrors']?.[0]?.code, reply['writeErrors']?.[0]?.errmsg).toBe(expected)
      expect(after).toEqual(document)
    } else {
      expect(reply['writeErrors']).toBeUndefined()
      expect(after).toEqual(expected)
    }
  })
})
