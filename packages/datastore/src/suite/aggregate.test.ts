import { type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('aggregate')
const id = (value: unknown) => value as never

const DOCS = [
  { _id: id(1), g: 'a', n: 1, tags: ['x', 'y'], who: 2 },
  { _id: id(2), g: 'b', n: 5, tags: [], who: 1 },
  { _id: id(3), g: 'a', n: 3, who: [1, 3] },
  { _id: id(4), g: 'b', n: 2, tags: ['y'] },
]

const STAGES: [string, Document[], Document[]][] = [
  [
    '$match, $sort, $skip, $limit',
    [
      { $match: { n: { $gt: 1 } } },
      { $sort: { n: -1 } },
      { $skip: 1 },
      { $limit: 1 },
      { $project: { n: 1 } },
    ],
    [{ _id: 3, n: 3 }],
  ],
  [
    '$limit before $sort',
    [{ $limit: 2 }, { $sort: { n: -1 } }, { $project: { n: 1 } }],
    [
      { _id: 2, n: 5 },
      { _id: 1, n: 1 },
    ],
  ],
  ['$count', [{ $match: { g: 'a' } }, { $count: 'total' }], [{ total: 2 }]],
  ['$count of nothing', [{ $match: { g: 'z' } }, { $count: 'total' }], []],
  [
    '$group with every accumulator',
    [
      { $sort: { n: 1 } },
      {
        $group: {
          _id: '$g',
          count: { $sum: 1 },
          sum: { $sum: '$n' },
          avg: { $avg: '$n' },
          min: { $min: '$n' },
          max: { $max: '$n' },
          first: { $first: '$n' },
          last: { $last: '$n' },
          all: { $push: '$n' },
          c: { $count: {} },
          top: { $top: { sortBy: { n: -1 }, output: '$_id' } },
          two: { $firstN: { input: '$n', n: 1 } },
        },
      },
      { $sort: { _id: 1 } },
    ],
    [
      {
        _id: 'a',
        count: 2,
        sum: 4,
        avg: 2,
        min: 1,
        max: 3,
        first: 1,
        last: 3,
        all: [1, 3],
        c: 2,
        top: 3,
        two: [1],
      },
      {
        _id: 'b',
        count: 2,
        sum: 7,
        avg: 3.5,
        min: 2,
        max: 5,
        first: 2,
        last: 5,
        all: [2, 5],
        c: 2,
        top: 2,
        two: [2],
      },
    ],
  ],
  ['$group of all', [{ $group: { _id: null, n: { $sum: '$n' } } }], [{ _id: null, n: 11 }]],
  [
    '$group by a document',
    [{ $group: { _id: { g: '$g', odd: { $mod: ['$n', 2] } }, n: { $sum: 1 } } }, { $match: { n: 2 } }],
    [{ _id: { g: 'a', odd: 1 }, n: 2 }],
  ],
  [
    '$unwind',
    [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
    [
      { _id: 1, tags: 'x' },
      { _id: 1, tags: 'y' },
      { _id: 4, tags: 'y' },
    ],
  ],
  [
    '$unwind with the index, keeping the empty',
    [
      { $unwind: { path: '$tags', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true } },
      { $project: { tags: 1, i: 1 } },
      { $match: { _id: { $lt: 4 } } },
    ],
    [
      { _id: 1, tags: 'x', i: 0 },
      { _id: 1, tags: 'y', i: 1 },
      { _id: 2, i: null },
      { _id: 3, i: null },
    ],
  ],
  [
    '$addFields below and over',
    [
      { $match: { _id: 1 } },
      { $addFields: { 'a.b': '$n', g: '$$REMOVE' } },
      { $project: { tags: 0, who: 0 } },
    ],
    [{ _id: 1, n: 1, a: { b: 1 } }],
  ],
  ['$unset', [{ $match: { _id: 1 } }, { $unset: ['tags', 'who'] }], [{ _id: 1, g: 'a', n: 1 }]],
  ['$replaceWith', [{ $match: { _id: 1 } }, { $replaceWith: { x: '$n' } }], [{ x: 1 }]],
  [
    '$sortByCount',
    [{ $unwind: '$tags' }, { $sortByCount: '$tags' }],
    [
      { _id: 'y', count: 2 },
      { _id: 'x', count: 1 },
    ],
  ],
  [
    '$bucket',
    [
      {
        $bucket: {
          groupBy: '$n',
          boundaries: [0, 2, 4],
          default: 'more',
          output: { ids: { $push: '$_id' } },
        },
      },
    ],
    [
      { _id: 0, ids: [1] },
      { _id: 2, ids: [3, 4] },
      { _id: 'more', ids: [2] },
    ],
  ],
  [
    '$bucketAuto',
    [{ $bucketAuto: { groupBy: '$n', buckets: 2 } }],
    [
      { _id: { min: 1, max: 3 }, count: 2 },
      { _id: { min: 3, max: 5 }, count: 2 },
    ],
  ],
  [
    '$facet',
    [
      {
        $facet: { n: [{ $count: 'n' }], top: [{ $sort: { n: -1 } }, { $limit: 1 }, { $project: { n: 1 } }] },
      },
    ],
    [{ n: [{ n: 4 }], top: [{ _id: 2, n: 5 }] }],
  ],
  [
    '$lookup by fields',
    [
      { $match: { _id: { $lte: 3 } } },
      { $lookup: { from: 'people', localField: 'who', foreignField: '_id', as: 'w' } },
      { $project: { names: '$w.name' } },
    ],
    [
      { _id: 1, names: ['two'] },
      { _id: 2, names: ['one'] },
      { _id: 3, names: ['one', 'three'] },
    ],
  ],
  [
    '$lookup by a pipeline',
    [
      { $match: { _id: 2 } },
      {
        $lookup: {
          from: 'people',
          let: { w: '$who' },
          pipeline: [{ $match: { $expr: { $gt: ['$_id', '$$w'] } } }, { $project: { name: 1, _id: 0 } }],
          as: 'w',
        },
      },
      { $project: { w: 1 } },
    ],
    [{ _id: 2, w: [{ name: 'two' }, { name: 'three' }] }],
  ],
  [
    '$lookup by fields and a pipeline',
    [
      { $match: { _id: 3 } },
      {
        $lookup: {
          from: 'people',
          localField: 'who',
          foreignField: '_id',
          pipeline: [{ $sort: { _id: -1 } }, { $limit: 1 }],
          as: 'w',
        },
      },
      { $project: { n: '$w._id' } },
    ],
    [{ _id: 3, n: [3] }],
  ],
  [
    '$lookup of what is missing meets null',
    [
      { $match: { _id: 4 } },
      { $lookup: { from: 'people', localField: 'who', foreignField: 'nick', as: 'w' } },
      { $project: { n: { $size: '$w' } } },
    ],
    [{ _id: 4, n: 3 }],
  ],
  [
    '$unionWith',
    [
      { $match: { _id: 1 } },
      { $project: { _id: 1 } },
      { $unionWith: { coll: 'people', pipeline: [{ $match: { _id: 2 } }] } },
    ],
    [{ _id: 1 }, { _id: 2, name: 'two', boss: 1 }],
  ],
  [
    '$graphLookup',
    [
      { $match: { _id: 1 } },
      {
        $graphLookup: {
          from: 'people',
          startWith: 3,
          connectFromField: 'boss',
          connectToField: '_id',
          as: 'up',
          depthField: 'd',
        },
      },
      { $unwind: '$up' },
      { $sort: { 'up.d': 1 } },
      { $project: { n: '$up.name', d: '$up.d' } },
    ],
    [
      { _id: 1, n: 'three', d: 0 },
      { _id: 1, n: 'two', d: 1 },
      { _id: 1, n: 'one', d: 2 },
    ],
  ],
]

describe('stages:', () => {
  test.each(STAGES)('%s', async (_name, pipeline, expected) => {
    const people = suite.store.data.collection<Document>('people')
    await people.deleteMany({})
    await people.insertMany([
      { _id: id(1), name: 'one' },
      { _id: id(2), name: 'two', boss: 1 },
      { _id: id(3), name: 'three', boss: 2 },
    ])
    await suite.things.insertMany(DOCS)
    expect(await suite.things.aggregate(pipeline).toArray()).toEqual(expected)
  })

  test('$sample gives so many different ones', async () => {
    await suite.things.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: id(n) })))
    const found = await suite.things.aggregate([{ $sample: { size: 10 } }]).toArray()
    expect(new Set(found.map(({ _id }) => _id)).size).toBe(10)
  })

  test('$out replaces a collection and keeps its indexes', async () => {
    await suite.things.insertMany(DOCS)
    const out = suite.store.data.collection<Document>(`${suite.things.collectionName}_out`)
    await out.insertOne({ old: 1 })
    await out.createIndex({ n: 1 })
    await suite.things.aggregate([{ $project: { n: 1 } }, { $out: out.collectionName }]).toArray()
    expect(await out.find().sort({ _id: 1 }).toArray()).toEqual(DOCS.map(({ _id, n }) => ({ _id, n })))
    expect((await out.indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1'])
  })

  test('$merge merges, replaces, keeps, fails', async () => {
    await suite.things.insertMany([
      { _id: id(1), a: 1 },
      { _id: id(2), a: 2 },
    ])
    const into = suite.store.data.collection<Document>(`${suite.things.collectionName}_into`)
    const merge = (options: Document) =>
      suite.things.aggregate([{ $merge: { into: into.collectionName, ...options } }]).toArray()
    await into.insertOne({ _id: id(1), b: 1 })
    await merge({})
    expect(await into.find().sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, b: 1, a: 1 },
      { _id: 2, a: 2 },
    ])
    await merge({ whenMatched: [{ $set: { c: '$$new.a' } }] })
    expect(await into.findOne({ _id: id(1) })).toEqual({ _id: 1, b: 1, a: 1, c: 1 })
    await merge({ whenMatched: 'replace' })
    expect(await into.findOne({ _id: id(1) })).toEqual({ _id: 1, a: 1 })
    await failure(11000, merge({ whenMatched: 'fail' }))
    await into.deleteMany({})
    await failure(13113, merge({ whenNotMatched: 'fail' }))
  })

  const REFUSED: [string, Document[], number][] = [
    ['an unknown stage', [{ $foo: 1 }], 40324],
    ['a stage of two fields', [{ $match: {}, $limit: 1 }], 40323],
    ['$limit 0', [{ $limit: 0 }], 15958],
    ['$group without _id', [{ $group: { n: { $sum: 1 } } }], 15955],
    ['an unknown accumulator', [{ $group: { _id: 1, n: { $foo: 1 } } }], 15952],
    ['$out in the middle', [{ $out: 'x' }, { $match: {} }], 40601],
    ['$facet in $facet', [{ $facet: { a: [{ $facet: { b: [] } }] } }], 40600],
    ['$unwind without a dollar', [{ $unwind: 'a' }], 28818],
    ['an empty $project', [{ $project: {} }], 51272],
  ]
  test.each(REFUSED)('refused: %s', async (_name, pipeline, code) => {
    await suite.things.insertOne({ a: 1 })
    await failure(code, suite.things.aggregate(pipeline).toArray())
  })
})

describe('views', () => {
  test('read through their pipeline, and through another view', async () => {
    await suite.things.insertMany(DOCS)
    const name = suite.things.collectionName
    const { data } = suite.store
    await data.createCollection(`${name}_a`, { viewOn: name, pipeline: [{ $match: { g: 'a' } }] })
    await data.createCollection(`${name}_n`, { viewOn: `${name}_a`, pipeline: [{ $project: { n: 1 } }] })
    const view = data.collection<Document>(`${name}_n`)
    expect(await view.find({ n: { $gt: 1 } }).toArray()).toEqual([{ _id: 3, n: 3 }])
    expect(await view.aggregate([{ $sort: { n: -1 } }, { $limit: 1 }]).toArray()).toEqual([{ _id: 3, n: 3 }])
    await failure(166, view.insertOne({}))
    expect((await data.listCollections({ name: `${name}_n` }).toArray())[0]).toMatchObject({ type: 'view' })
  })
})
