import { MaxKey, MinKey, type Document, type IndexSpecification } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { createRandom, createValues, ROUNDS, SEEDS } from './fuzz-values.ts'
import { failure, onRealServer, suiteStore } from './suite-store.ts'

const suite = suiteStore('indexes')
const id = (value: unknown) => value as never

/** The stage names of the winning plan, outermost first. */
async function stages(filter: Document, options: Document = {}): Promise<string[]> {
  const explained = await suite.things.find(filter, options).explain('queryPlanner')
  const names: string[] = []
  for (let stage = explained['queryPlanner'].winningPlan; stage; stage = stage.inputStage)
    names.push(stage.stage)
  return names
}

describe('a unique index', () => {
  test('refuses a second one, with the key at fault', async () => {
    await suite.things.createIndex({ a: 1, b: -1 }, { unique: true })
    await suite.things.insertOne({ a: 1, b: 2 })
    const error = (await failure(11000, suite.things.insertOne({ a: 1, b: 2 }))) as unknown as Document
    expect(error['keyPattern']).toEqual({ a: 1, b: -1 })
    expect(error['keyValue']).toEqual({ a: 1, b: 2 })
    expect(error['message']).toContain('E11000 duplicate key error collection')
    await suite.things.insertOne({ a: 1, b: 3 })
    await failure(11000, suite.things.updateOne({ b: 3 }, { $set: { b: 2 } }))
  })

  test('counts missing as null, unless it is sparse', async () => {
    await suite.things.createIndex({ a: 1 }, { unique: true })
    await suite.things.createIndex({ s: 1 }, { unique: true, sparse: true })
    await suite.things.insertOne({ a: 1 })
    await suite.things.insertOne({})
    await failure(11000, suite.things.insertOne({}))
    await failure(11000, suite.things.insertOne({ a: null }))
    await suite.things.insertMany([{ a: 2 }, { a: 3 }])
  })

  test('looks at every element of an array, but lets one document repeat itself', async () => {
    await suite.things.createIndex({ a: 1 }, { unique: true })
    await suite.things.insertOne({ a: [1, 1, 2] })
    await failure(11000, suite.things.insertOne({ a: 2 }))
    await suite.things.insertOne({ a: [3] })
  })

  test('holds for documents that a partial one covers only', async () => {
    await suite.things.createIndex({ a: 1 }, { unique: true, partialFilterExpression: { on: true } })
    await suite.things.insertMany([{ a: 1 }, { a: 1 }, { a: 1, on: true }])
    await failure(11000, suite.things.insertOne({ a: 1, on: true }))
    await failure(11000, suite.things.updateMany({ on: { $exists: false } }, { $set: { on: true } }))
  })

  test('cannot be made over duplicates, and leaves nothing behind', async () => {
    await suite.things.insertMany([{ a: 1 }, { a: 1 }])
    await failure(11000, suite.things.createIndex({ a: 1 }, { unique: true }))
    expect(await suite.things.indexes()).toHaveLength(1)
    await suite.things.insertOne({ a: 1 })
  })
})

describe('index specifications', () => {
  test('making the same twice is nothing, a conflicting one is refused', async () => {
    expect(await suite.things.createIndex({ a: 1 })).toBe('a_1')
    expect(await suite.things.createIndex({ a: 1 })).toBe('a_1')
    await failure(85, suite.things.createIndex({ a: 1 }, { name: 'other' }))
    await failure(86, suite.things.createIndex({ b: 1 }, { name: 'a_1' }))
    expect((await suite.things.indexes()).map(({ name }) => name)).toEqual(['_id_', 'a_1'])
  })

  const REFUSED: [string, IndexSpecification | Document, Document, number][] = [
    ['direction 0', { a: 0 }, {}, 67],
    ['an unknown type', { a: 'foo' }, {}, 67],
    ['a name of $', { $a: 1 }, {}, 67],
    ['TTL over two fields', { a: 1, b: 1 }, { expireAfterSeconds: 5 }, 67],
    ['sparse and partial at once', { a: 1 }, { sparse: true, partialFilterExpression: { a: 1 } }, 67],
  ]
  test.each(REFUSED)('refused: %s', async (_name, key, options, code) => {
    await failure(code, suite.things.createIndex(key as IndexSpecification, options))
  })

  test('parallel arrays cannot stand in one index', async () => {
    await suite.things.createIndex({ a: 1, b: 1 })
    await failure(171, suite.things.insertOne({ a: [1], b: [2] }))
    await suite.things.insertOne({ a: [1], b: 2 })
  })

  test('indexes can be dropped, _id cannot', async () => {
    await suite.things.createIndexes([{ key: { a: 1 } }, { key: { b: 1 } }, { key: { c: 1 } }])
    await suite.things.dropIndex('a_1')
    await failure(27, suite.things.dropIndex('a_1'))
    await failure(72, suite.things.dropIndex('_id_'))
    await suite.things.dropIndexes()
    expect(await suite.things.indexes()).toHaveLength(1)
  })

  test('collMod changes TTL and hides', async () => {
    await suite.things.createIndex({ a: 1 }, { expireAfterSeconds: 100 })
    const name = suite.things.collectionName
    await suite.store.data.command({
      collMod: name,
      index: { name: 'a_1', expireAfterSeconds: 50, hidden: true },
    })
    expect((await suite.things.indexes())[1]).toMatchObject({ expireAfterSeconds: 50, hidden: true })
    expect(await stages({ a: 1 })).toEqual(['COLLSCAN'])
  })
})

describe('the planner', () => {
  const many = Array.from({ length: 300 }, (_, n) => ({ _id: id(n), a: n % 10, b: n, c: n % 3 }))

  const PLANS: [string, Document, Document, string[]][] = [
    ['an _id', { _id: 5 }, {}, ['IDHACK']],
    ['a range of _id', { _id: { $gt: 5 } }, {}, ['FETCH', 'IXSCAN']],
    ['an equality', { a: 5 }, {}, ['FETCH', 'IXSCAN']],
    ['a range', { a: { $gt: 8 } }, {}, ['FETCH', 'IXSCAN']],
    ['an equality and a range', { a: 5, b: { $lt: 100 } }, {}, ['FETCH', 'IXSCAN']],
    ['an equality in the order of the rest', { a: 5 }, { sort: { b: -1 } }, ['FETCH', 'IXSCAN']],
    ['an order alone', {}, { sort: { a: 1, b: 1 } }, ['FETCH', 'IXSCAN']],
    ['an order the other way round', {}, { sort: { a: -1, b: -1 } }, ['FETCH', 'IXSCAN']],
    ['an order it has not', {}, { sort: { a: 1, b: -1 } }, ['SORT', 'COLLSCAN']],
    ['a field without an index', { c: 1 }, {}, ['COLLSCAN']],
    ['either of two', { $or: [{ a: 1 }, { t: 'x' }] }, {}, ['FETCH', 'OR']],
    ['either, one without an index', { $or: [{ a: 1 }, { c: 'x' }] }, {}, ['COLLSCAN']],
    ['a prefix of text', { t: /^ab/ }, {}, ['FETCH', 'IXSCAN']],
  ]
  test.skipIf(onRealServer).each(PLANS)(
    'uses an index where there is one for %s',
    async (_name, filter, options, expected) => {
      await suite.things.insertMany(many)
      await suite.things.createIndexes([{ key: { a: 1, b: 1 } }, { key: { t: 1 } }])
      expect(await stages(filter, options)).toEqual(expected)
    },
  )

  test('a hint must name an index', async () => {
    await suite.things.insertMany(many)
    await suite.things.createIndex({ a: 1 })
    await failure(2, suite.things.find({ a: 1 }).hint('b_1').toArray())
    expect(await suite.things.find({ a: 1 }).hint({ a: 1 }).toArray()).toHaveLength(30)
    expect(await suite.things.find({ c: 1 }).hint('a_1').toArray()).toHaveLength(100)
  })
})

describe.each(SEEDS)('random documents, seed %i', (seed) => {
  const values = createValues(createRandom(seed))
  const KEYS: Document[] = [{ a: 1 }, { a: -1, b: 1 }, { 'a.b': 1 }, { b: 1, 'a.0': -1 }, { b: -1, c: -1 }]

  const condition = (): unknown =>
    values.pick([
      () => values.scalar(),
      () => ({ $gt: values.scalar() }),
      () => ({ $gte: values.number(), $lt: values.number() }),
      () => ({ $lte: values.scalar() }),
      () => ({ $in: [values.scalar(), values.scalar()] }),
      () => ({ $ne: values.scalar() }),
      () => ({ $exists: values.int(2) === 1 }),
      () => ({ $elemMatch: { $gte: values.number() } }),
      () => ({ $all: [values.scalar()] }),
      () => ({ $regex: '^a' }),
    ])()

  test('an index finds the same documents in the same order as a scan', async () => {
    const documents = Array.from({ length: 150 }, (_, n) => {
      const doc: Document = { _id: id(n) }
      for (const name of ['a', 'b', 'c']) if (values.int(4) > 0) doc[name] = values.value(2)
      return doc
    })
    const plain = suite.store.data.collection<Document>(`plain${seed}`)
    await plain.insertMany(documents, { ignoreUndefined: false })
    for (let round = 0; round < 3 * ROUNDS; round++) {
      const key = values.pick(KEYS)
      const indexed = suite.store.data.collection<Document>(`indexed${seed}_${round}`)
      await indexed.createIndex(key as IndexSpecification, { sparse: values.int(3) === 0 })
      // parallel arrays and the like are refused; those documents are in neither answer
      await indexed.insertMany(documents, { ordered: false }).catch((error) => {
        for (const { code } of error.writeErrors) expect([171, 2]).toContain(code)
      })
      const stored = new Set((await indexed.find().toArray()).map((doc) => String(doc._id)))
      for (let query = 0; query < 40; query++) {
        const some = (): Document =>
          Object.fromEntries(
            Array.from({ length: 1 + values.int(2) }, () => [
              values.pick(['a', 'b', 'c', 'a.b', 'a.0']),
              condition(),
            ]),
          )
        const filter: Document = values.int(4) === 0 ? { $or: [some(), some()] } : some()
        const sort = values.pick([
          { _id: 1 },
          { a: 1, _id: 1 },
          { b: -1, _id: 1 },
          { a: -1, b: 1, _id: 1 },
        ]) as Document
        const ids = async (collection: typeof plain) =>
          (await collection.find(filter, { sort }).toArray()).map((doc) => Number(doc._id))
        const byIndex = await ids(indexed).catch((error: Error) => error.message)
        const byScan = await ids(plain).catch((error: Error) => error.message)
        const expected = Array.isArray(byScan) ? byScan.filter((n) => stored.has(String(n))) : byScan
        expect(byIndex, JSON.stringify({ key, filter, sort })).toEqual(expected)
      }
    }
  })
})

test('an index follows every change of its documents', async () => {
  await suite.things.createIndex({ a: 1 })
  await suite.things.insertMany([{ _id: id(1), a: 1 }, { _id: id(2), a: [1, 2] }, { _id: id(3) }])
  await suite.things.updateOne({ _id: id(1) }, { $set: { a: 5 } })
  await suite.things.updateOne({ _id: id(2) }, { $pull: { a: 1 } } as Document)
  await suite.things.deleteOne({ _id: id(3) })
  const found = async (a: unknown) =>
    (await suite.things.find({ a }).hint({ a: 1 }).toArray()).map(({ _id }) => _id)
  expect(await found(1)).toEqual([])
  expect(await found(2)).toEqual([2])
  expect(await found(5)).toEqual([1])
  expect(await found(null)).toEqual([])
})

describe('a page of a filter that nearly all pass', () => {
  const COUNT = 2_000
  /** Scattered, so that neither the index nor the natural order is that of `_id`. */
  const fill = async () => {
    await suite.things.createIndex({ price: 1 })
    await suite.things.createIndex({ at: -1 })
    await suite.things.insertMany(
      Array.from({ length: COUNT }, (_, n) => ({
        _id: id((n * 7919) % COUNT),
        price: (n * 31) % 100,
        at: (n * 17) % COUNT,
      })),
    )
  }
  const indexOf = async (filter: Document, options: Document) => {
    const explained = await suite.things.find(filter, options).explain('queryPlanner')
    const plan = explained['queryPlanner'].winningPlan
    return (plan.inputStage?.inputStage ?? plan.inputStage ?? plan).indexName as string | undefined
  }

  test.skipIf(onRealServer).each<[string, Document, Document, string]>([
    ['walks in the order', { price: { $gt: 5 } }, { sort: { _id: 1 }, limit: 20 }, '_id_'],
    ['or in that of another index', { price: { $gt: 5 } }, { sort: { at: -1 }, limit: 20 }, 'at_-1'],
    ['few that pass are sorted', { price: { $gt: 95 } }, { sort: { _id: 1 }, limit: 20 }, 'price_1'],
    ['so is all of it', { price: { $gt: 5 } }, { sort: { _id: 1 } }, 'price_1'],
    ['and what lies far', { price: { $gt: 5 } }, { sort: { _id: 1 }, skip: 900, limit: 20 }, 'price_1'],
  ])('%s', async (_name, filter, options, index) => {
    await fill()
    expect(await indexOf(filter, options)).toBe(index)
  })

  test.each([{ _id: 1 }, { _id: -1 }, { at: 1 }, { at: -1 }] as Record<string, 1 | -1>[])(
    'sorted by %j it is the one that sorting all gives',
    async (sort) => {
      await fill()
      for (const low of [-1, 5, 50, 74, 76, 99]) {
        const found = suite.things.find({ price: { $gt: low } }).sort(sort)
        const all = await found.clone().toArray()
        expect(await found.clone().limit(20).toArray()).toEqual(all.slice(0, 20))
        expect(await found.clone().skip(30).limit(10).toArray()).toEqual(all.slice(30, 40))
        const staged = [{ $match: { price: { $gt: low } } }, { $sort: sort }, { $skip: 5 }, { $limit: 20 }]
        expect(await suite.things.aggregate(staged).toArray()).toEqual(all.slice(5, 25))
      }
    },
  )
})

describe('a page of a filter that some pass', () => {
  const COUNT = 8_000
  const fill = async () => {
    await suite.things.createIndexes([{ key: { price: 1 } }, { key: { at: 1 } }])
    const documents = Array.from({ length: COUNT }, (_, n) => ({ price: (n * 31) % 100, at: n, late: n }))
    // Those with a price above 1,000 lie at the end of every walk by `at`.
    for (const one of documents.slice(-800)) one.price = 2_000
    await suite.things.insertMany(
      documents.toSorted((a, b) => ((a.at * 7919) % COUNT) - ((b.at * 7919) % COUNT)),
    )
  }
  const FILTERS = [
    { price: { $lt: 20 } },
    { price: { $gt: 1_000 } },
    { price: { $gt: 1_000 }, late: { $lt: 7_210 } },
  ]

  test.each(FILTERS)('%j: the one that sorting all gives, wherever they lie', async (filter) => {
    await fill()
    for (const sort of [{ at: 1 }, { at: -1 }] as Record<string, 1 | -1>[]) {
      const found = suite.things.find(filter).sort(sort)
      const all = await found.clone().toArray()
      expect(await found.clone().limit(20).toArray()).toEqual(all.slice(0, 20))
      expect(await found.clone().skip(7).limit(3).toArray()).toEqual(all.slice(7, 10))
      const staged = [{ $match: filter }, { $sort: sort }, { $limit: 15 }]
      expect(await suite.things.aggregate(staged, { batchSize: 4 }).toArray()).toEqual(all.slice(0, 15))
    }
  })

  test.skipIf(onRealServer)('a short one is walked, a long one sorted', async () => {
    await fill()
    const walked = await stages({ price: { $lt: 20 } }, { sort: { at: 1 }, limit: 20 })
    expect(walked).not.toContain('SORT')
    expect(await stages({ price: { $lt: 20 } }, { sort: { at: 1 }, limit: 500 })).toContain('SORT')
  })
})

describe('a partial index gives no fewer documents than there are, for', () => {
  const docs = [
    {},
    { a: null },
    { a: 1 },
    { a: 'x' },
    { a: /x/ },
    { a: [1, 2] },
    { a: 1, b: 1 },
    { a: 'xy', b: 1 },
  ]
  test.each<[string, Document, Document]>([
    ['null, which also finds what is not there', { a: { $exists: true } }, { a: null }],
    ['null by $eq', { a: { $exists: true } }, { a: { $eq: null } }],
    ['a comparison with MinKey', { a: { $exists: true } }, { a: { $gte: new MinKey() } }],
    ['a comparison with MaxKey', { a: { $exists: true } }, { a: { $lte: new MaxKey() } }],
    ['a pattern, which finds texts', { a: { $type: 'regex' } }, { a: /x/ }],
    ['a list, which finds lists that hold it', { a: { $type: 'array' } }, { a: [1, 2] }],
    [
      'an $or beside a further condition',
      { $or: [{ a: 1 }, { a: 'xy' }], b: 1 },
      { $or: [{ a: 1 }, { a: 'xy' }], a: { $gte: 1 } },
    ],
  ])('%s', async (_name, partialFilterExpression, filter) => {
    await suite.things.insertMany(docs.map((document, _id) => ({ _id, ...document })) as never)
    const ids = async (options: { hint?: Document } = {}) =>
      (await suite.things.find(filter, options).toArray()).map(({ _id }) => Number(_id)).sort()
    const all = await ids({ hint: { $natural: 1 } })
    await suite.things.createIndex({ a: 1 }, { partialFilterExpression })
    expect(await ids()).toEqual(all)
    expect(all.length).toBeGreaterThan(0)
  })
})
