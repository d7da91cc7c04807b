import { Decimal128, Double, Int32, Long, ObjectId, type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('aggregate')
const id = (value: unknown) => value as never
const date = new Date('2024-02-29T13:45:30.123Z')

const EXPRESSIONS: [unknown, unknown][] = [
  // arithmetic and its types
  [{ $add: [1, 2] }, new Int32(3)],
  [{ $add: [2147483647, 1] }, Long.fromNumber(2147483648)],
  [{ $add: [1, new Double(2)] }, new Double(3)],
  [{ $add: [Decimal128.fromString('0.1'), Decimal128.fromString('0.2')] }, Decimal128.fromString('0.3')],
  [{ $add: [date, 1000] }, new Date(date.getTime() + 1000)],
  [{ $add: [1, null] }, null],
  [{ $subtract: [date, new Date(0)] }, Long.fromNumber(date.getTime())],
  [{ $subtract: [Long.fromString('9007199254740993'), 1] }, Long.fromString('9007199254740992')],
  [{ $multiply: [100000, 100000] }, Long.fromNumber(10000000000)],
  [{ $divide: [1, 4] }, new Double(0.25)],
  [{ $divide: [6, 2] }, new Double(3)],
  [
    { $divide: [Decimal128.fromString('1'), Decimal128.fromString('3')] },
    Decimal128.fromString('0.3333333333333333333333333333333333'),
  ],
  [{ $mod: [7, 3] }, new Int32(1)],
  [{ $mod: [-7, 3] }, new Int32(-1)],
  [{ $abs: -5 }, new Int32(5)],
  [{ $ceil: 1.2 }, new Double(2)],
  [{ $floor: -1.2 }, new Double(-2)],
  [{ $round: [2.5] }, new Double(2)],
  [{ $round: [1234.567, 2] }, new Double(1234.57)],
  [{ $round: [1250, -2] }, new Int32(1200)],
  [{ $trunc: [-2.7] }, new Double(-2)],
  [{ $pow: [2, 10] }, new Int32(1024)],
  [{ $pow: [2, 40] }, Long.fromNumber(2 ** 40)],
  [{ $sqrt: 16 }, new Double(4)],
  // comparison and logic
  [{ $cmp: [1, 2] }, new Int32(-1)],
  [{ $gt: ['a', 5] }, true],
  [{ $eq: ['$missing', null] }, false],
  [{ $and: [1, 'x', true] }, true],
  [{ $or: [0, null] }, false],
  [{ $not: [0] }, true],
  [{ $cond: [{ $gt: ['$n', 3] }, 'big', 'small'] }, 'big'],
  [{ $cond: { if: false, then: 1, else: 2 } }, new Int32(2)],
  [{ $ifNull: ['$missing', null, 'x'] }, 'x'],
  [
    {
      $switch: {
        branches: [
          { case: false, then: 1 },
          { case: true, then: 2 },
        ],
      },
    },
    new Int32(2),
  ],
  [{ $in: [2, '$list'] }, true],
  [{ $literal: '$n' }, '$n'],
  // strings
  [{ $concat: ['a', '$text'] }, 'aHéllo'],
  [{ $concat: ['a', null] }, null],
  [{ $toUpper: '$text' }, 'HÉLLO'],
  [{ $toLower: null }, ''],
  [{ $substrCP: ['$text', 1, 2] }, 'él'],
  [{ $substrBytes: ['abc', 1, -1] }, 'bc'],
  [{ $strLenCP: '$text' }, new Int32(5)],
  [{ $strLenBytes: '$text' }, new Int32(6)],
  [{ $indexOfCP: ['$text', 'l'] }, new Int32(2)],
  [{ $split: ['a,b,c', ','] }, ['a', 'b', 'c']],
  [{ $trim: { input: '  x ' } }, 'x'],
  [{ $ltrim: { input: 'xxax', chars: 'x' } }, 'ax'],
  [{ $replaceAll: { input: 'aaa', find: 'a', replacement: 'x$&' } }, 'x$&x$&x$&'],
  [{ $regexMatch: { input: '$text', regex: '^hé', options: 'i' } }, true],
  [{ $regexFind: { input: 'ab12', regex: '[0-9]+' } }, { match: '12', idx: new Int32(2), captures: [] }],
  [{ $strcasecmp: ['A', 'a'] }, new Int32(0)],
  // arrays and sets
  [{ $size: '$list' }, new Int32(3)],
  [{ $arrayElemAt: ['$list', -1] }, new Int32(3)],
  [{ $first: '$list' }, new Int32(1)],
  [{ $slice: ['$list', 1, 5] }, [new Int32(2), new Int32(3)]],
  [{ $concatArrays: ['$list', [9]] }, [1, 2, 3, 9].map((n) => new Int32(n))],
  [{ $filter: { input: '$list', as: 'x', cond: { $gt: ['$$x', 1] } } }, [new Int32(2), new Int32(3)]],
  [{ $map: { input: '$list', in: { $multiply: ['$$this', 2] } } }, [2, 4, 6].map((n) => new Int32(n))],
  [{ $reduce: { input: '$list', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, new Int32(6)],
  [{ $let: { vars: { a: 2 }, in: { $add: ['$$a', '$n'] } } }, new Int32(7)],
  [{ $range: [0, 6, 2] }, [0, 2, 4].map((n) => new Int32(n))],
  [{ $reverseArray: '$list' }, [3, 2, 1].map((n) => new Int32(n))],
  [{ $indexOfArray: ['$list', 3] }, new Int32(2)],
  [{ $isArray: ['$list'] }, true],
  [{ $zip: { inputs: [[1], ['a']] } }, [[new Int32(1), 'a']]],
  [{ $sortArray: { input: [3, 1], sortBy: 1 } }, [new Int32(1), new Int32(3)]],
  [{ $setUnion: [[1], [1]] }, [new Int32(1)]],
  [{ $setIntersection: ['$list', [3, 9]] }, [new Int32(3)]],
  [{ $setIsSubset: [[1], '$list'] }, true],
  [{ $sum: '$list' }, new Int32(6)],
  [{ $avg: '$list' }, new Double(2)],
  [{ $max: ['$n', 9] }, new Int32(9)],
  // types
  [{ $type: '$missing' }, 'missing'],
  [{ $type: '$n' }, 'int'],
  [{ $toString: 1.5 }, '1.5'],
  [{ $toString: new ObjectId('0123456789abcdef01234567') }, '0123456789abcdef01234567'],
  [{ $toInt: '12' }, new Int32(12)],
  [{ $toLong: 1.9 }, Long.fromNumber(1)],
  [{ $toDouble: '1e3' }, new Double(1000)],
  [{ $toDecimal: 0.1 }, Decimal128.fromString('0.1')],
  [{ $toDate: '2024-02-29T13:45:30.123Z' }, date],
  [{ $toObjectId: '0123456789abcdef01234567' }, new ObjectId('0123456789abcdef01234567')],
  [{ $toBool: 'false' }, true],
  [{ $convert: { input: 'x', to: 'int', onError: -1 } }, new Int32(-1)],
  [{ $mergeObjects: [{ a: 1 }, { b: 2 }] }, { a: new Int32(1), b: new Int32(2) }],
  [{ $objectToArray: { a: 1 } }, [{ k: 'a', v: new Int32(1) }]],
  [{ $arrayToObject: [[['a', 1]]] }, { a: new Int32(1) }],
  [{ $getField: 'n' }, new Int32(5)],
  // dates
  [{ $year: '$at' }, new Int32(2024)],
  [{ $month: '$at' }, new Int32(2)],
  [{ $dayOfMonth: '$at' }, new Int32(29)],
  [{ $dayOfWeek: '$at' }, new Int32(5)],
  [{ $dayOfYear: '$at' }, new Int32(60)],
  [{ $hour: { date: '$at', timezone: 'America/New_York' } }, new Int32(8)],
  [{ $isoWeek: '$at' }, new Int32(9)],
  [{ $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M:%S.%L' } }, '2024-02-29 13:45:30.123'],
  [{ $dateToString: { date: '$at', format: '%Y-%m-%dT%H%z', timezone: '+03:00' } }, '2024-02-29T16+0300'],
  [{ $dateToString: { date: '$at' } }, '2024-02-29T13:45:30.123Z'],
  [{ $dateFromString: { dateString: '29/02/2024', format: '%d/%m/%Y' } }, new Date('2024-02-29')],
  [{ $dateFromParts: { year: 2024, month: 14 } }, new Date('2025-02-01')],
  [{ $dateAdd: { startDate: '$at', unit: 'year', amount: 1 } }, new Date('2025-02-28T13:45:30.123Z')],
  [{ $dateSubtract: { startDate: '$at', unit: 'hour', amount: 14 } }, new Date('2024-02-28T23:45:30.123Z')],
  [{ $dateDiff: { startDate: new Date('2023-12-31'), endDate: '$at', unit: 'month' } }, Long.fromNumber(2)],
  [{ $dateTrunc: { date: '$at', unit: 'day' } }, new Date('2024-02-29')],
  [{ $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } }, new Date('2024-02-26')],
  [{ $dateTrunc: { date: '$at', unit: 'minute', binSize: 15 } }, new Date('2024-02-29T13:45:00Z')],
  // paths
  ['$sub.x', [new Int32(1), new Int32(2)]],
  ['$$ROOT.n', new Int32(5)],
]

describe('the expression', () => {
  test.each(EXPRESSIONS.map(([source, expected]) => [JSON.stringify(source), source, expected] as const))(
    '%s',
    async (_text, source, expected) => {
      await suite.things.insertOne({
        n: 5,
        text: 'Héllo',
        list: [1, 2, 3],
        at: date,
        sub: [{ x: 1 }, { x: 2 }, 3],
      })
      const [found] = await suite.things
        .aggregate([{ $replaceRoot: { newRoot: { r: source } } }], { promoteValues: false })
        .toArray()
      expect(found).toEqual({ r: expected })
    },
  )

  const REFUSED: [unknown, number][] = [
    [{ $foo: 1 }, 168],
    [{ $add: ['x', 1] }, 14],
    [{ $divide: [1, 0] }, 2],
    [{ $size: 5 }, 17124],
    [{ $toInt: 'x' }, 241],
    [{ $gt: [1] }, 16020],
    ['$$nothing', 17276],
    [{ $arrayElemAt: [5, 0] }, 28689],
    [{ $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
  ]
  test.each(REFUSED.map(([source, code]) => [JSON.stringify(source), source, code] as const))(
    '%s is refused',
    async (_text, source, code) => {
      await suite.things.insertOne({ a: 1 })
      await failure(code, suite.things.aggregate([{ $project: { r: source } }]).toArray())
    },
  )
})

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
