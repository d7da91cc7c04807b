import type { Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { suiteStore } from '../suite-store.ts'
import { LETTERS, NO_CASE, words } from './words.ts'

const suite = suiteStore('collation_commands')

describe('commands with a collation', () => {
  test('distinct and $group tell values apart by it', async () => {
    const things = await words(suite.things)
    expect(await things.distinct('w', {}, { collation: LETTERS })).toEqual([
      'apple',
      'Banana',
      'cherry',
      'Éclair',
      'zebra',
    ])
    const groups = things.aggregate(
      [
        { $group: { _id: '$w', n: { $sum: 1 }, all: { $addToSet: '$w' }, least: { $min: '$w' } } },
        { $sort: { _id: 1 } },
      ],
      { collation: NO_CASE },
    )
    expect(await groups.toArray()).toEqual([
      { _id: 'apple', n: 2, all: ['apple'], least: 'apple' },
      { _id: 'ápple', n: 1, all: ['ápple'], least: 'ápple' },
      { _id: 'Banana', n: 2, all: ['Banana'], least: 'Banana' },
      { _id: 'cherry', n: 1, all: ['cherry'], least: 'cherry' },
      { _id: 'eclair', n: 1, all: ['eclair'], least: 'eclair' },
      { _id: 'Éclair', n: 1, all: ['Éclair'], least: 'Éclair' },
      { _id: 'zebra', n: 1, all: ['zebra'], least: 'zebra' },
    ])
    expect(
      await things.aggregate([{ $sortByCount: '$w' }, { $limit: 1 }], { collation: LETTERS }).toArray(),
    ).toEqual([{ _id: 'apple', count: 3 }])
  })

  test('updates, deletes and findAndModify find by it', async () => {
    const things = await words(suite.things)
    expect(
      await things.updateMany({ w: 'BANANA' }, { $set: { x: 1 } }, { collation: NO_CASE }),
    ).toMatchObject({ modifiedCount: 2 })
    expect(await things.updateOne({ w: 'BANANA' }, { $set: { x: 1 } })).toMatchObject({ matchedCount: 0 })
    expect(await things.deleteMany({ w: 'APPLE' }, { collation: LETTERS })).toMatchObject({ deletedCount: 3 })
    const least = await things.findOneAndDelete(
      { w: { $gt: 'ECLAIR' } },
      { collation: LETTERS, sort: { w: -1 } },
    )
    expect(least).toMatchObject({ w: 'zebra' })
    expect(
      await things.bulkWrite([{ deleteOne: { filter: { w: 'CHERRY' }, collation: NO_CASE } }]),
    ).toMatchObject({ deletedCount: 1 })
    await things.updateOne({ w: 'New' }, { $set: { y: 1 } }, { collation: NO_CASE, upsert: true })
    expect(await things.countDocuments({ w: 'New' })).toBe(1)
  })

  test('operators on arrays compare by it', async () => {
    await suite.things.insertOne({ _id: 1 as never, a: ['B', 'a'], m: 'm', k: [{ s: 'x' }, { s: 'Y' }] })
    const update = (change: Document, more: Document = {}): Promise<unknown> =>
      suite.things.updateOne({ _id: 1 as never }, change, { collation: NO_CASE, ...more })
    await update({ $addToSet: { a: { $each: ['b', 'c'] } } })
    await update({ $push: { a: { $each: ['Aa'], $sort: 1 } } })
    await update({ $max: { m: 'M' }, $pull: { k: { s: 'y' } } })
    await update({ $set: { 'k.$[e].t': 1 } }, { arrayFilters: [{ 'e.s': 'X' }] })
    expect(await suite.things.findOne()).toEqual({
      _id: 1,
      a: ['a', 'Aa', 'B', 'c'],
      m: 'm',
      k: [{ s: 'x', t: 1 }],
    })
    await update({ $pullAll: { a: ['A', 'C'] } })
    await suite.things.updateOne({ a: 'aA' }, { $set: { 'a.$': 'hit' } }, { collation: NO_CASE })
    expect(await suite.things.findOne()).toMatchObject({ a: ['hit', 'B'] })
  })

  test('expressions compare by it', async () => {
    await suite.things.insertOne({ a: 'X', list: ['x', 'Y', 'y'] })
    const [doc] = await suite.things
      .aggregate(
        [
          {
            $project: {
              _id: 0,
              eq: { $eq: ['$a', 'x'] },
              cmp: { $cmp: ['$a', 'y'] },
              in: { $in: ['$a', '$list'] },
              at: { $indexOfArray: ['$list', 'Y'] },
              union: { $size: { $setUnion: ['$list', ['X']] } },
              subset: { $setIsSubset: [['X'], '$list'] },
              sorted: { $sortArray: { input: ['b', 'A', 'a'], sortBy: 1 } },
              max: { $max: '$list' },
              upper: { $strcasecmp: ['$a', 'x'] },
            },
          },
        ],
        { collation: NO_CASE },
      )
      .toArray()
    expect(doc).toEqual({
      eq: true,
      cmp: -1,
      in: true,
      at: 1,
      union: 2,
      subset: true,
      sorted: ['A', 'a', 'b'],
      max: 'Y',
      upper: 0,
    })
  })

  test('$lookup, $graphLookup and $unionWith take that of their pipeline', async () => {
    const other = suite.store.data.collection<Document>(`${suite.things.collectionName}_other`)
    await suite.things.insertMany([{ _id: 1 as never, k: 'a' }])
    await other.insertMany([{ _id: 'A', to: 'B' }, { _id: 'b' }, { _id: 'ä' }] as never)
    const run = async (...stages: Document[]): Promise<Document[]> =>
      suite.things.aggregate(stages, { collation: NO_CASE }).toArray()
    const from = other.collectionName
    expect(await run({ $lookup: { from, localField: 'k', foreignField: '_id', as: 'f' } })).toMatchObject([
      { f: [{ _id: 'A' }] },
    ])
    expect(
      await run({
        $lookup: {
          from,
          let: { k: '$k' },
          pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$k'] } } }],
          as: 'f',
        },
      }),
    ).toMatchObject([{ f: [{ _id: 'A' }] }])
    const [graph] = await run({
      $graphLookup: { from, startWith: '$k', connectFromField: 'to', connectToField: '_id', as: 'g' },
    })
    expect((graph!['g'] as Document[]).map(({ _id }) => _id).sort()).toEqual(['A', 'b'])
    expect(await run({ $unionWith: { coll: from, pipeline: [{ $match: { _id: 'B' } }] } })).toHaveLength(2)
    await other.drop()
  })
})
