import { MongoClient, type Document } from 'mongodb'
import { beforeAll, describe, expect, test } from 'vitest'
import { failure, onRealServer, suiteStore } from './suite-store.ts'

// What is read here is more than the embedded datastore reads on its main thread.
const suite = suiteStore('reading')
const COUNT = 6000
let many: typeof suite.things

beforeAll(async () => {
  many = suite.store.data.collection<Document>('many')
  await many.insertMany(
    Array.from({ length: COUNT }, (_, n) => ({ _id: n as never, n, group: n % 10, text: `t${n % 100}` })),
  )
  await many.createIndex({ group: 1 })
})

describe('reading much gives what it should:', () => {
  test('a scan, a sort, a count, distinct values', async () => {
    expect(await many.find({ text: 't5' }).toArray()).toHaveLength(COUNT / 100)
    const sorted = await many.find({}, { batchSize: 500 }).sort({ text: 1, n: -1 }).toArray()
    expect(sorted).toHaveLength(COUNT)
    expect(sorted[0]).toMatchObject({ text: 't0', n: COUNT - 100 })
    expect(await many.countDocuments({ n: { $gte: 1000 } })).toBe(COUNT - 1000)
    expect((await many.distinct('group')).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('an aggregation, through a view and with a join', async () => {
    const groups = [{ $group: { _id: '$group', sum: { $sum: 1 } } }, { $sort: { _id: 1 } }]
    expect(await many.aggregate(groups).toArray()).toEqual(
      Array.from({ length: 10 }, (_, _id) => ({ _id, sum: COUNT / 10 })),
    )
    await suite.store.data.createCollection('some', {
      viewOn: 'many',
      pipeline: [{ $match: { group: { $lt: 2 } } }],
    })
    expect(await suite.store.data.collection('some').countDocuments()).toBe(COUNT / 5)
    const joined = await many
      .aggregate([
        { $match: { _id: { $lt: 3 } } },
        { $lookup: { from: 'many', localField: 'group', foreignField: 'group', as: 'same' } },
        { $project: { count: { $size: '$same' } } },
      ])
      .toArray()
    expect(joined).toEqual([0, 1, 2].map((_id) => ({ _id, count: COUNT / 10 })))
  })

  test('an order and groups by a collation', async () => {
    const collation = { locale: 'en', strength: 2 }
    const words = suite.store.data.collection<Document>('words')
    const word = (n: number): string => ['alpha', 'Alpha', 'BETA', 'beta'][n % 4]!
    await words.insertMany(Array.from({ length: COUNT }, (_, n) => ({ n, w: word(n) })))
    const sorted = await words.find({}, { collation, sort: { w: 1, n: 1 } }).toArray()
    expect(sorted.map(({ n }) => n % 4 < 2).indexOf(false)).toBe(COUNT / 2)
    const groups = words.aggregate([{ $group: { _id: '$w', n: { $sum: 1 } } }], { collation })
    expect((await groups.toArray()).map(({ n }) => n as number)).toEqual([COUNT / 2, COUNT / 2])
  })

  test('a failure, with its code', async () => {
    await failure(40324, many.aggregate([{ $nothing: 1 }, { $group: { _id: '$text' } }]).toArray())
    await failure(
      2,
      many.aggregate([{ $project: { x: { $divide: ['$n', 0] } } }, { $sort: { x: 1 } }]).toArray(),
    )
    await failure(
      2,
      many
        .find({ n: { $gt: 1 } })
        .hint('no_such_index')
        .toArray(),
    )
  })

  test('what was written just before, and what a transaction wrote when it is committed', async () => {
    await many.updateMany({ group: 3 }, { $set: { mark: true } })
    expect(await many.countDocuments({ mark: true })).toBe(COUNT / 10)
    const session = suite.store.client.startSession()
    session.startTransaction()
    await many.updateMany({ group: 4 }, { $set: { mark: true } }, { session })
    expect(await many.countDocuments({ mark: true })).toBe(COUNT / 10)
    expect(await many.countDocuments({ mark: true }, { session })).toBe(COUNT / 5)
    await session.commitTransaction()
    await session.endSession()
    expect(await many.countDocuments({ mark: true })).toBe(COUNT / 5)
  })

  test('a cursor that is left alone ends when it is killed', async () => {
    const cursor = many.find({ n: { $gte: 0 } }, { batchSize: 10 })
    await cursor.next()
    const { id } = cursor
    await cursor.close()
    await failure(43, suite.store.data.command({ getMore: id, collection: 'many' }))
  })
})

/** Work without end on one document. */
const ENDLESS: Document[] = [
  { $match: { _id: 1 } },
  {
    $project: {
      x: {
        $reduce: {
          input: { $range: [0, 2_000_000_000] },
          initialValue: 0,
          in: { $add: ['$$value', '$$this'] },
        },
      },
    },
  },
]
/** The same without a list of that length, which a real server refuses. */
const LONG: Document[] = [
  { $match: { _id: 1 } },
  {
    $project: {
      x: {
        $map: {
          input: { $range: [0, 5000] },
          as: 'a',
          in: {
            $sum: { $map: { input: { $range: [0, 100_000] }, as: 'b', in: { $multiply: ['$$a', '$$b'] } } },
          },
        },
      },
    },
  },
]

describe('what runs away', () => {
  test('ends after its maxTimeMS, and others are answered meanwhile', async () => {
    const endless = failure(50, many.aggregate(LONG, { maxTimeMS: 300 }).toArray())
    for (let n = 0; n < 20; n++) expect(await many.findOne({ _id: n as never })).toMatchObject({ n })
    await endless
    expect(await many.countDocuments({ n: { $lt: 100 } })).toBe(100)
  })

  test('takes no other command along', async () => {
    const others = Array.from({ length: 5 }, () => many.find({ text: 't7' }).toArray())
    const endless = failure(50, many.aggregate(LONG, { maxTimeMS: 200 }).toArray())
    for (const found of await Promise.all(others)) expect(found).toHaveLength(COUNT / 100)
    await endless
  })

  test('ends by killOp', async () => {
    const admin = suite.store.client.db('admin')
    const comment = `endless ${Math.random()}`
    const endless = failure(11601, many.aggregate(LONG, { comment }).toArray())
    for (;;) {
      const { inprog } = await admin.command({ currentOp: 1 })
      const found = inprog.find(({ command }: Document) => command?.comment === comment)
      if (!found) continue
      await admin.command({ killOp: 1, op: found.opid })
      break
    }
    await endless
  })

  test('ends with its client', async () => {
    const client = new MongoClient(suite.store.uri)
    const comment = `left ${Math.random()}`
    const left = client
      .db(suite.store.data.databaseName)
      .collection('many')
      .aggregate(LONG, { comment })
      .toArray()
      .catch(() => null)
    const running = async (): Promise<boolean> => {
      const { inprog } = await suite.store.client.db('admin').command({ currentOp: 1 })
      return inprog.some(({ command }: Document) => command?.comment === comment)
    }
    while (!(await running())) await new Promise((resolve) => setImmediate(resolve))
    await client.close(true)
    await left
    while (await running()) await new Promise((resolve) => setImmediate(resolve))
  })

  test.skipIf(onRealServer)(
    'ends by the memory it takes, and the server goes on',
    async () => {
      const hungry = [
        { $match: { n: { $gte: 0 } } },
        { $group: { _id: null, all: { $push: { $range: [0, 100_000] } } } },
      ]
      await failure(292, many.aggregate(hungry).toArray())
      await failure(146, many.aggregate(ENDLESS).toArray())
      expect(await many.countDocuments({ n: { $lt: 100 } })).toBe(100)
    },
    60_000,
  )
})

describe.skipIf(onRealServer)('memory belongs to the command that takes it:', () => {
  test('a greedy aggregation ends, those of other clients beside it do not', async () => {
    await using other = new MongoClient(suite.store.uri)
    const theirs = other.db(suite.store.data.databaseName).collection<Document>('many')
    const ended = new AbortController()
    const greedy = failure(292, many.aggregate(pushed(100_000)).toArray()).finally(() => ended.abort())
    const innocent = async (): Promise<void> => {
      do {
        const sums = [{ $group: { _id: '$text', sum: { $sum: '$n' }, all: { $push: '$$ROOT' } } }]
        expect(await theirs.aggregate([...sums, { $sort: { _id: 1 } }]).toArray()).toHaveLength(100)
      } while (!ended.signal.aborted)
    }
    await Promise.all([greedy, innocent(), innocent(), innocent()])
  }, 60_000)

  test('two that have not enough together have it one after the other', async () => {
    await using other = new MongoClient(suite.store.uri)
    const theirs = other.db(suite.store.data.databaseName).collection<Document>('many')
    // 6000 lists of 3000 numbers in 8 bytes each and room to grow: 144 to 216 MB
    const large = [...pushed(3000), { $project: { count: { $size: '$all' } } }]
    const both = [many, theirs].map((collection) => collection.aggregate(large).toArray())
    expect(await Promise.all(both)).toEqual([[{ _id: null, count: COUNT }], [{ _id: null, count: COUNT }]])
  }, 60_000)
})

/** Keeps a list of so many numbers for each document. */
function pushed(numbers: number): Document[] {
  return [{ $match: { n: { $gte: 0 } } }, { $group: { _id: null, all: { $push: { $range: [0, numbers] } } } }]
}

test('$collStats and $currentOp tell of a collection and of what is running', async () => {
  const [stats] = await many.aggregate([{ $collStats: { storageStats: {}, count: {} } }]).toArray()
  expect(stats).toMatchObject({ count: COUNT, storageStats: { count: COUNT, nindexes: 2 } })
  await failure(
    26,
    suite.store.data
      .collection('nowhere')
      .aggregate([{ $collStats: { count: {} } }])
      .toArray(),
  )
  const running = await suite.store.client
    .db('admin')
    .aggregate([{ $currentOp: {} }])
    .toArray()
  expect(running.length).toBeGreaterThan(0)
  await failure(73, suite.store.data.aggregate([{ $currentOp: {} }]).toArray())
})
