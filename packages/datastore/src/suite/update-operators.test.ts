import { Decimal128, Double, Int32, Long, Timestamp, type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('update_operators')
const id = (value: unknown) => value as never

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
