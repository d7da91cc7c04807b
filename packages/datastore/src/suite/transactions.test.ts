import { setTimeout as wait } from 'node:timers/promises'
import { MongoClient, type ClientSession, type Document } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failure, onRealServer, suiteStore } from './suite-store.ts'

const suite = suiteStore('transactions')

let session: ClientSession
let other: ClientSession
beforeEach(async () => {
  session = suite.store.client.startSession()
  other = suite.store.client.startSession()
  await suite.store.data.createCollection(suite.things.collectionName)
})
afterEach(async () => {
  await session.endSession()
  await other.endSession()
})

const ids = async (within?: ClientSession): Promise<unknown[]> =>
  (await suite.things.find({}, { sort: { _id: 1 }, ...(within && { session: within }) }).toArray()).map(
    ({ _id }) => _id,
  )
const doc = (_id: unknown, rest: Document = {}): Document => ({ _id: _id as never, ...rest })

describe('what a transaction writes', () => {
  test('is seen inside at once, outside after the commit', async () => {
    await suite.things.insertOne(doc(1))
    session.startTransaction()
    await suite.things.insertOne(doc(2), { session })
    await suite.things.updateOne({ _id: 1 as never }, { $set: { a: 1 } }, { session })
    expect(await ids(session)).toEqual([1, 2])
    expect(await suite.things.findOne({ _id: 1 as never }, { session })).toEqual({ _id: 1, a: 1 })
    expect(await suite.things.countDocuments({}, { session })).toBe(2)
    expect(await ids()).toEqual([1])
    expect(await suite.things.findOne({ _id: 1 as never })).toEqual({ _id: 1 })
    await session.commitTransaction()
    expect(await ids()).toEqual([1, 2])
    expect(await suite.things.findOne({ _id: 1 as never })).toEqual({ _id: 1, a: 1 })
  })

  test('is gone after an abort', async () => {
    await suite.things.insertMany([doc(1), doc(2)])
    session.startTransaction()
    await suite.things.deleteOne({ _id: 1 as never }, { session })
    await suite.things.insertOne(doc(3), { session })
    await suite.things.findOneAndUpdate({ _id: 2 as never }, { $set: { a: 1 } }, { session })
    expect(await ids(session)).toEqual([2, 3])
    await session.abortTransaction()
    expect(await suite.things.find().sort({ _id: 1 }).toArray()).toEqual([{ _id: 1 }, { _id: 2 }])
  })

  test('spans collections and databases', async () => {
    const a = suite.store.data.collection(`${suite.things.collectionName}_b`)
    const b = suite.store.control.collection('far')
    await session.withTransaction(async () => {
      await suite.things.insertOne(doc(1), { session })
      await a.insertOne({ x: 1 }, { session })
      await b.insertOne({ y: 1 }, { session })
    })
    expect([await ids(), await a.countDocuments(), await b.countDocuments()]).toEqual([[1], 1, 1])
  })

  test('does not disturb a cursor that was opened outside before', async () => {
    await suite.things.insertMany(Array.from({ length: 300 }, (_, n) => doc(n)))
    const cursor = suite.things.find({}, { batchSize: 10 })
    expect(await cursor.next()).toEqual({ _id: 0 })
    session.startTransaction()
    await suite.things.deleteMany({ _id: { $gte: 100 as never } }, { session })
    await suite.things.insertOne(doc(1000), { session })
    expect(await cursor.toArray()).toHaveLength(299)
    await session.abortTransaction()
  })

  test('survives in indexes, and a unique one holds within', async () => {
    await suite.things.createIndex({ n: 1 }, { unique: true })
    session.startTransaction()
    await suite.things.insertOne(doc(1, { n: 1 }), { session })
    expect(await suite.things.findOne({ n: 1 }, { session })).toEqual({ _id: 1, n: 1 })
    const error = await failure(11000, suite.things.insertOne(doc(2, { n: 1 }), { session }))
    expect(error).toMatchObject({ keyPattern: { n: 1 }, keyValue: { n: 1 } })
    await failure(251, suite.things.insertOne(doc(3, { n: 3 }), { session }))
    await session.abortTransaction()
    expect(await ids()).toEqual([])
  })
})

describe('a transaction reads', () => {
  test('as of its first command, whatever is written meanwhile', async () => {
    await suite.things.insertMany([doc(1), doc(2)])
    session.startTransaction({ readConcern: { level: 'snapshot' } })
    expect(await ids(session)).toEqual([1, 2])
    await suite.things.insertOne(doc(3))
    await suite.things.deleteOne({ _id: 1 as never })
    expect(await ids(session)).toEqual([1, 2])
    expect(await suite.things.aggregate([{ $count: 'n' }], { session }).toArray()).toEqual([{ n: 2 }])
    expect(await suite.things.distinct('_id', {}, { session })).toEqual([1, 2])
    await session.commitTransaction()
    expect(await ids(session)).toEqual([2, 3])
  })

  test('through a cursor of several batches, which ends with it', async () => {
    await suite.things.insertMany(Array.from({ length: 50 }, (_, n) => doc(n)))
    session.startTransaction()
    const cursor = suite.things.find({}, { session, batchSize: 5 })
    await cursor.next()
    await suite.things.insertOne(doc(100))
    expect(await cursor.toArray()).toHaveLength(49)
    const open = suite.things.find({}, { session, batchSize: 5 })
    await open.next()
    const id = open.id!
    await session.commitTransaction()
    await failure(
      43,
      suite.store.data.command({ getMore: id, collection: suite.things.collectionName }, { session: other }),
    )
  })
})

describe('two transactions at once', () => {
  test('that write the same document conflict: the second is told to try again', async () => {
    await suite.things.insertOne(doc(1, { n: 0 }))
    session.startTransaction()
    await suite.things.updateOne({ _id: 1 as never }, { $inc: { n: 1 } }, { session })
    other.startTransaction()
    const error = await failure(
      112,
      suite.things.updateOne({ _id: 1 as never }, { $inc: { n: 1 } }, { session: other }),
    )
    expect(error.codeName).toBe('WriteConflict')
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true)
    await session.commitTransaction()
    await other.abortTransaction()
    expect(await suite.things.findOne()).toMatchObject({ n: 1 })
  })

  test('one of which has read what the other changed: it cannot write any more', async () => {
    await suite.things.insertOne(doc(1, { n: 0 }))
    session.startTransaction()
    expect(await suite.things.findOne({ _id: 1 as never }, { session })).toMatchObject({ n: 0 })
    await suite.things.updateOne({ _id: 1 as never }, { $set: { n: 5 } })
    const error = await failure(
      112,
      suite.things.updateOne({ _id: 1 as never }, { $set: { n: 1 } }, { session }),
    )
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true)
    await session.abortTransaction()
    expect(await suite.things.findOne()).toMatchObject({ n: 5 })
  })

  test('add up when withTransaction tries them again, beside plain writes', async () => {
    await suite.things.insertOne(doc(1, { n: 0 }))
    const add = async (): Promise<void> => {
      const own = suite.store.client.startSession()
      await own.withTransaction(async () => {
        const found = await suite.things.findOne({ _id: 1 as never }, { session: own })
        await suite.things.updateOne({ _id: 1 as never }, { $set: { n: found!['n'] + 1 } }, { session: own })
      })
      await own.endSession()
    }
    const plain = Array.from({ length: 10 }, (_, n) => suite.things.insertOne(doc(`p${n}`)))
    await Promise.all([...Array.from({ length: 6 }, add), ...plain])
    expect(await suite.things.findOne({ _id: 1 as never })).toMatchObject({ n: 6 })
    expect(await suite.things.countDocuments()).toBe(11)
  })
})

describe('a plain write while a transaction writes', () => {
  test('waits for its end', async () => {
    await suite.things.insertOne(doc(1, { n: 0 }))
    session.startTransaction()
    await suite.things.updateOne({ _id: 1 as never }, { $inc: { n: 1 } }, { session })
    const order: string[] = []
    const plain = suite.things
      .updateOne({ _id: 1 as never }, { $inc: { n: 10 } })
      .then(() => order.push('plain'))
    await suite.things.find({}).toArray() // others go on meanwhile
    order.push('commit')
    await session.commitTransaction()
    await plain
    expect(order).toEqual(['commit', 'plain'])
    expect(await suite.things.findOne()).toMatchObject({ n: 11 })
  })

  test('gives up after its maxTimeMS and has done nothing', async () => {
    await suite.things.insertOne(doc(1, { n: 0 }))
    session.startTransaction()
    await suite.things.updateOne({ _id: 1 as never }, { $inc: { n: 1 } }, { session })
    await failure(50, suite.things.updateOne({ _id: 1 as never }, { $inc: { n: 10 } }, { maxTimeMS: 50 }))
    await session.commitTransaction()
    expect(await suite.things.findOne()).toMatchObject({ n: 1 })
  })
})

describe('the end of a transaction', () => {
  const admin = (command: Document, within: ClientSession): Promise<Document> =>
    suite.store.client.db('admin').command(command, { session: within })

  /** A command of a transaction as the driver would send it, without the driver's own book-keeping. */
  const raw = (command: Document, fields: Document): Promise<Document> =>
    suite.store.data.command({ ...command, ...fields }, {})

  test('a commit may be asked for again, an abort may not undo it', async () => {
    session.startTransaction()
    await suite.things.insertOne(doc(1), { session })
    await session.commitTransaction()
    await session.commitTransaction()
    expect(await ids()).toEqual([1])
    await expect(session.abortTransaction()).rejects.toThrow(/after calling commitTransaction/)
  })

  test('a command of one that is not open is refused with NoSuchTransaction', async () => {
    session.startTransaction()
    await suite.things.insertOne(doc(1), { session })
    await admin({ abortTransaction: 1, autocommit: false }, session).catch(() => {})
    const error = await failure(251, suite.things.insertOne(doc(2), { session }))
    expect(error.codeName).toBe('NoSuchTransaction')
    expect(error.hasErrorLabel('TransientTransactionError')).toBe(true)
    const commit = await failure(251, session.commitTransaction())
    expect(commit.hasErrorLabel('TransientTransactionError')).toBe(true)
    expect(await ids()).toEqual([])
  })

  test('commands with odd numbers and fields are refused', async () => {
    await failure(
      72,
      raw({ insert: suite.things.collectionName, documents: [{}] }, { startTransaction: true }),
    )
    await failure(72, raw({ find: suite.things.collectionName }, { autocommit: false }))
    session.startTransaction()
    await suite.things.insertOne(doc(1), { session })
    await failure(263, suite.store.data.command({ count: suite.things.collectionName }, { session }))
    await session.abortTransaction()
  })

  test('ending the session aborts', async () => {
    session.startTransaction()
    await suite.things.insertOne(doc(1), { session })
    await suite.store.client.db('admin').command({ endSessions: [session.id] })
    await suite.things.insertOne(doc(2))
    expect(await ids()).toEqual([2])
    await failure(251, session.commitTransaction())
  })

  test('a client that goes takes its transaction along', async () => {
    const client = new MongoClient(suite.store.uri)
    const own = client.startSession()
    own.startTransaction()
    const theirs = client.db(suite.store.data.databaseName).collection(suite.things.collectionName)
    await theirs.insertOne(doc(1), { session: own })
    await client.close()
    await suite.things.insertOne(doc(2), { maxTimeMS: 10_000 })
    expect(await ids()).toEqual([2])
  })
})

describe('a transaction refuses', () => {
  const refused: [string, number, (db: typeof suite.store.data, name: string) => Document][] = [
    ['count', 263, (_db, name) => ({ count: name })],
    ['drop', 263, (_db, name) => ({ drop: name })],
    ['listCollections', 263, () => ({ listCollections: 1 })],
    ['ping', 263, () => ({ ping: 1 })],
    ['$out', 263, (_db, name) => ({ aggregate: name, pipeline: [{ $out: 'x' }], cursor: {} })],
    [
      '$changeStream',
      263,
      (_db, name) => ({ aggregate: name, pipeline: [{ $changeStream: {} }], cursor: {} }),
    ],
    [
      'an index on what is there',
      263,
      (_db, name) => ({ createIndexes: name, indexes: [{ key: { a: 1 }, name: 'a' }] }),
    ],
    ['a write concern', 72, (_db, name) => ({ insert: name, documents: [{}], writeConcern: { w: 1 } })],
  ]
  test.each(refused)('%s', async (_name, code, command) => {
    await suite.things.insertOne(doc('there'))
    session.startTransaction()
    await suite.things.insertOne(doc(1), { session })
    const { data } = suite.store
    await failure(code, data.command(command(data, suite.things.collectionName), { session }))
    await session.abortTransaction()
    expect(await ids()).toEqual(['there'])
  })

  test('commands on the databases of the server', async () => {
    session.startTransaction()
    await failure(263, suite.store.client.db('config').collection('x').insertOne({}, { session }))
    await session.abortTransaction()
  })
})

describe('collections and indexes within a transaction', () => {
  test('are made by the first insert or by hand, and go with an abort', async () => {
    const { data } = suite.store
    const name = `${suite.things.collectionName}_new`
    const make = async (): Promise<void> => {
      session.startTransaction()
      await data.createCollection(name, { session })
      await data.collection(name).createIndex({ n: 1 }, { unique: true, session })
      await data.collection(name).insertOne(doc(1, { n: 1 }), { session })
    }
    await make()
    expect(await data.listCollections({ name }).toArray()).toEqual([])
    expect(await data.collection(name).countDocuments()).toBe(0)
    await session.abortTransaction()
    expect(await data.listCollections({ name }).toArray()).toEqual([])
    await make()
    await session.commitTransaction()
    expect(await data.collection(name).indexes()).toHaveLength(2)
    await failure(11000, data.collection(name).insertOne(doc(2, { n: 1 })))
    expect(await data.collection(name).find({ n: 1 }).toArray()).toEqual([{ _id: 1, n: 1 }])
  })
})

describe.skipIf(onRealServer)('a transaction that takes too long', () => {
  test('is aborted, and those who waited go on', async () => {
    const admin = suite.store.client.db('admin')
    await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 1 })
    try {
      session.startTransaction()
      await suite.things.insertOne(doc(1), { session })
      await suite.things.insertOne(doc(2))
      expect(await ids()).toEqual([2])
      const error = await failure(251, suite.things.insertOne(doc(3), { session }))
      expect(error.hasErrorLabel('TransientTransactionError')).toBe(true)
    } finally {
      await admin.command({ setParameter: 1, transactionLifetimeLimitSeconds: 60 })
    }
  })
})

test('an unordered batch stops at its first error, and nothing of it stays', async () => {
  session.startTransaction()
  const error = await failure(
    11000,
    suite.things.insertMany([doc(1), doc(1), doc(2)], { session, ordered: false }),
  )
  expect((error as unknown as { writeErrors: unknown[] }).writeErrors).toHaveLength(1)
  await session.abortTransaction()
  expect(await ids()).toEqual([])
})

test('a long read outside goes on with what was committed while a transaction writes', async () => {
  await suite.things.insertMany(Array.from({ length: 5000 }, (_, n) => doc(n, { text: `t${n % 10}` })))
  session.startTransaction()
  await suite.things.updateMany({}, { $set: { text: 'changed' } }, { session })
  expect(await suite.things.countDocuments({ text: 'changed' })).toBe(0)
  expect(await suite.things.countDocuments({ text: 'changed' }, { session })).toBe(5000)
  const read = suite.things.find({ text: { $ne: 'changed' } }, { batchSize: 500 }).toArray()
  await wait(0)
  await session.commitTransaction()
  expect((await read).length).toBeLessThanOrEqual(5000)
  expect(await suite.things.countDocuments({ text: 'changed' })).toBe(5000)
})

test('what a causally consistent session did is the time from which it reads', async () => {
  await suite.things.insertOne({ _id: 0 as never })
  const session = suite.store.client.startSession({ causalConsistency: true })
  try {
    await suite.things.insertOne({ _id: 1 as never }, { session })
    const written = session.operationTime!
    expect(written.getHighBits()).toBeGreaterThan(Date.now() / 1000 - 600)
    expect(await suite.things.find({}, { session }).toArray()).toHaveLength(2)
    expect(session.operationTime!.compare(written)).toBeGreaterThanOrEqual(0)
    await expect(suite.things.insertOne({ _id: 1 as never }, { session })).rejects.toMatchObject({
      code: 11000,
    })
    expect(session.operationTime!.compare(written)).toBeGreaterThanOrEqual(0)
  } finally {
    await session.endSession()
  }
})
