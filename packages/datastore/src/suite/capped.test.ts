import type { Collection, Document, MongoServerError } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, onRealServer, suiteStore } from './suite-store.ts'

const suite = suiteStore('capped')

/** Makes the test's collection a capped one. */
async function capped(options: Document): Promise<Collection<Document>> {
  await suite.store.data.createCollection(suite.things.collectionName, { capped: true, ...options })
  return suite.things
}

async function ids(things: Collection<Document>): Promise<unknown[]> {
  return (await things.find().toArray()).map(({ _id }) => _id)
}

/** A document of exactly so many bytes. */
const sized = (_id: number, bytes: number): Document => ({ _id, pad: 'x'.repeat(bytes - 24) })

describe('a capped collection', () => {
  test('holds no more documents than max, the newest of them', async () => {
    const things = await capped({ size: 100_000, max: 3 })
    await things.insertMany([1, 2, 3, 4].map((_id) => ({ _id })) as never)
    await things.insertOne({ _id: 5 as never })
    expect(await ids(things)).toEqual([3, 4, 5])
    expect(await things.countDocuments({ _id: { $lt: 3 as never } })).toBe(0)
  })

  test('holds no more bytes than size', async () => {
    const things = await capped({ size: 1000 })
    await things.insertMany([sized(1, 300), sized(2, 300), sized(3, 300)] as never)
    await things.insertOne(sized(4, 500) as never)
    expect(await ids(things)).toEqual([3, 4])
  })

  test('refuses a document that is larger than itself, and keeps the others', async () => {
    const things = await capped({ size: 1000 })
    await things.insertOne(sized(1, 100) as never)
    await failure(2, things.insertOne(sized(2, 1001) as never))
    await things.insertOne(sized(3, 1000) as never)
    expect(await ids(things)).toEqual([3])
  })

  test('makes room for upserts, and not for what was refused', async () => {
    const things = await capped({ size: 10_000, max: 2 })
    await things.insertMany([{ _id: 1 }, { _id: 2 }] as never)
    await failure(11000, things.insertOne({ _id: 2 as never }))
    expect(await ids(things)).toEqual([1, 2])
    await things.updateOne({ _id: 3 as never }, { $set: { a: 1 } }, { upsert: true })
    expect(await ids(things)).toEqual([2, 3])
  })

  test('lets its documents change, grow and be deleted', async () => {
    const things = await capped({ size: 500 })
    await things.insertMany([sized(1, 100), sized(2, 100)] as never)
    await things.updateOne({ _id: 1 as never }, { $set: { pad: 'x'.repeat(350) } })
    await things.deleteOne({ _id: 2 as never })
    expect(await ids(things)).toEqual([1])
    await things.insertOne(sized(3, 100) as never)
    await things.insertOne(sized(4, 100) as never)
    expect(await ids(things)).toEqual([3, 4])
  })

  test('gives natural order both ways, by sort and by hint', async () => {
    const things = await capped({ size: 10_000, max: 3 })
    await things.insertMany([9, 5, 7, 1].map((_id) => ({ _id })) as never)
    expect(await ids(things)).toEqual([5, 7, 1])
    const back = await things.find({}, { sort: { $natural: -1 } }).toArray()
    expect(back.map(({ _id }) => _id)).toEqual([1, 7, 5])
    const hinted = await things.find({ _id: { $gt: 0 as never } }, { hint: { $natural: -1 } }).toArray()
    expect(hinted.map(({ _id }) => _id)).toEqual([1, 7, 5])
  })

  test('takes what falls out of its indexes too', async () => {
    const things = await capped({ size: 10_000, max: 2 })
    await things.createIndex({ a: 1 }, { unique: true })
    await things.insertMany([{ a: 1 }, { a: 2 }, { a: 3 }])
    await things.insertOne({ a: 1 })
    expect(await things.find({}, { hint: { a: 1 }, projection: { _id: 0 } }).toArray()).toEqual([
      { a: 1 },
      { a: 3 },
    ])
    expect(await suite.store.data.command({ validate: things.collectionName })).toMatchObject({ valid: true })
  })

  test('is told by listCollections, collStats and isCapped', async () => {
    const things = await capped({ size: 5000, max: 7 })
    const [info] = await suite.store.data.listCollections({ name: things.collectionName }).toArray()
    expect(info).toMatchObject({ options: { capped: true, size: 5000, max: 7 } })
    expect(await suite.store.data.command({ collStats: things.collectionName, scale: 1000 })).toMatchObject({
      capped: true,
      max: 7,
      maxSize: 5,
    })
    expect(await things.isCapped()).toBe(true)
  })

  test('keeps a size beyond an int32', async () => {
    const things = await capped({ size: 2 ** 33 })
    const [info] = await suite.store.data.listCollections({ name: things.collectionName }).toArray()
    expect(info).toMatchObject({ options: { size: 2 ** 33 } })
  })

  test('changes its limits by collMod, from the next insert on', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertMany([1, 2, 3, 4].map((_id) => ({ _id })) as never)
    await suite.store.data.command({ collMod: things.collectionName, cappedMax: 2 })
    expect(await ids(things)).toEqual([1, 2, 3, 4])
    await things.insertOne({ _id: 5 as never })
    expect(await ids(things)).toEqual([4, 5])
    await suite.store.data.command({ collMod: things.collectionName, cappedSize: 20, cappedMax: 0 })
    await things.insertOne({ _id: 6 as never })
    expect(await ids(things)).toEqual([6])
  })

  test('shows those who watch that documents fell out', async () => {
    const things = await capped({ size: 10_000, max: 1 })
    const stream = things.watch()
    const next = stream.tryNext()
    await next
    await things.insertMany([{ _id: 1 }, { _id: 2 }] as never)
    const seen = [await stream.next(), await stream.next(), await stream.next()]
    expect(seen.map((event) => [event.operationType, (event as Document)['documentKey']._id])).toEqual([
      ['insert', 1],
      ['insert', 2],
      ['delete', 1],
    ])
    await stream.close()
  })

  test('is not written to in a transaction', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertOne({ _id: 1 as never })
    const writes: ((session: never) => Promise<unknown>)[] = [
      (session) => things.insertOne({ _id: 2 as never }, { session }),
      (session) => things.updateOne({ _id: 1 as never }, { $set: { a: 1 } }, { session }),
      (session) => things.deleteOne({ _id: 1 as never }, { session }),
      (session) => things.findOneAndDelete({ _id: 1 as never }, { session }),
    ]
    for (const write of writes) {
      const session = suite.store.client.startSession()
      session.startTransaction()
      await failure(263, write(session as never))
      await session.abortTransaction().catch(() => {})
      await session.endSession()
    }
    expect(await ids(things)).toEqual([1])
  })

  test('takes what $merge writes, and nothing of $out', async () => {
    const things = await capped({ size: 10_000, max: 2 })
    const source = suite.store.data.collection(`${things.collectionName}_source`)
    await source.insertMany([1, 2, 3].map((_id) => ({ _id })) as never)
    await failure(17152, source.aggregate([{ $out: things.collectionName }]).toArray())
    await source.aggregate([{ $sort: { _id: 1 } }, { $merge: things.collectionName }]).toArray()
    expect(await ids(things)).toEqual([2, 3])
  })
})

describe('convertToCapped', () => {
  const convert = (size: number): Promise<Document> =>
    suite.store.data.command({ convertToCapped: suite.things.collectionName, size })

  test('keeps the newest documents that fit, and no index but that of _id', async () => {
    await suite.things.insertMany([1, 2, 3, 4, 5].map((n) => sized(n, 100)) as never)
    await suite.things.createIndex({ pad: 1 })
    await convert(250)
    expect(await ids(suite.things)).toEqual([4, 5])
    expect((await suite.things.indexes()).map(({ name }) => name)).toEqual(['_id_'])
    await suite.things.insertOne(sized(6, 100) as never)
    expect(await ids(suite.things)).toEqual([5, 6])
  })

  test('ends cursors on what was there', async () => {
    await suite.things.insertMany(Array.from({ length: 10 }, (_, n) => ({ n })))
    const cursor = suite.things.find().batchSize(2)
    await cursor.next()
    await convert(10_000)
    await cursor.next()
    await failure(175, cursor.next())
  })

  test('needs a collection and a size', async () => {
    await failure(26, convert(1000))
    await suite.things.insertOne({})
    await failure(72, convert(0))
    await failure(40414, suite.store.data.command({ convertToCapped: suite.things.collectionName }))
  })
})

describe.each<[string, number, Document]>([
  ['no size', 72, { capped: true }],
  ['a size of nothing', 2, { capped: true, size: 0 }],
  ['a size beyond a petabyte', 2, { capped: true, size: 2 ** 51 }],
  ['more documents than an int32 counts', 2, { capped: true, size: 1000, max: 2 ** 31 }],
  ['a size that is none', 14, { capped: true, size: 'big' }],
])('%s', (_name, code, options) => {
  test(`is refused with ${code}`, async () => {
    await failure(code, suite.store.data.command({ create: suite.things.collectionName, ...options }))
  })
})

describe('a tailable cursor', () => {
  const next = (cursor: { tryNext(): Promise<Document | null> }): Promise<unknown> =>
    cursor.tryNext().then((doc) => doc && doc['_id'])

  test('goes on with what is inserted later', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertMany([1, 2].map((_id) => ({ _id })) as never)
    const cursor = things.find({}, { tailable: true })
    expect([await next(cursor), await next(cursor), await next(cursor)]).toEqual([1, 2, null])
    await things.insertOne({ _id: 3 as never })
    expect([await next(cursor), await next(cursor)]).toEqual([3, null])
    await cursor.close()
  })

  test('waits for data when asked to, and is woken by them', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertOne({ _id: 1 as never })
    const cursor = things.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 20_000 })
    expect(await next(cursor)).toBe(1)
    const begin = performance.now()
    const waiting = cursor.next()
    await things.insertOne({ _id: 2 as never })
    expect(await waiting).toEqual({ _id: 2 })
    expect(performance.now() - begin).toBeLessThan(10_000)
    await cursor.close()
  })

  test('read by a loop sees every document once, in order', async () => {
    const things = await capped({ size: 1_000_000 })
    await things.insertOne({ _id: 0 as never })
    const seen: unknown[] = []
    const reading = (async () => {
      const cursor = things.find({}, { tailable: true, awaitData: true, batchSize: 7 })
      for await (const { _id } of cursor) {
        seen.push(_id)
        if ((_id as never) === 300) break
      }
    })()
    for (let n = 1; n <= 300; n++) await things.insertOne({ _id: n as never })
    await reading
    expect(seen).toEqual(Array.from({ length: 301 }, (_, n) => n))
  })

  test('gives only what matches, projected, and waits for that', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertOne({ _id: 1 as never, a: 0 })
    const options = { tailable: true, awaitData: true, projection: { a: 1, _id: 0 }, maxAwaitTimeMS: 20_000 }
    const cursor = things.find({ a: { $gt: 1 } }, options)
    const waiting = cursor.next()
    for (const [n, a] of [1, 2, 3].entries()) await things.insertOne({ _id: (n + 2) as never, a })
    expect(await waiting).toEqual({ a: 2 })
    expect(await cursor.next()).toEqual({ a: 3 })
    await cursor.close()
  })

  test('ends at once on a collection that is empty or not there', async () => {
    const missing = suite.things.find({}, { tailable: true })
    expect([await missing.next(), missing.closed || missing.id?.isZero()]).toEqual([null, true])
    const things = await capped({ size: 10_000 })
    const cursor = things.find({}, { tailable: true })
    await cursor.next()
    expect(cursor.closed || cursor.id?.isZero()).toBe(true)
  })

  test('ends with 136 when the documents it had come to are gone', async () => {
    const things = await capped({ size: 10_000, max: 2 })
    await things.insertMany([1, 2].map((_id) => ({ _id })) as never)
    const cursor = things.find({}, { tailable: true })
    expect([await next(cursor), await next(cursor)]).toEqual([1, 2])
    await things.insertMany([3, 4, 5].map((_id) => ({ _id })) as never)
    await failure(136, cursor.tryNext())
  })

  test('misses nothing when the newest document was deleted and another one came', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertMany([1, 2].map((_id) => ({ _id })) as never)
    const cursor = things.find({}, { tailable: true })
    expect([await next(cursor), await next(cursor)]).toEqual([1, 2])
    await things.deleteOne({ _id: 2 as never })
    await things.insertOne({ _id: 3 as never })
    await failure(136, cursor.tryNext())
  })

  test('ends with 175 when the collection goes while it waits', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertOne({ _id: 1 as never })
    const cursor = things.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 20_000 })
    await cursor.next()
    const waiting = failure(175, cursor.next())
    await suite.store.data.command({ ping: 1 })
    await things.drop()
    await waiting
  })

  test('is killed while it waits', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertOne({ _id: 1 as never })
    const cursor = things.find({}, { tailable: true, awaitData: true, maxAwaitTimeMS: 20_000 })
    await cursor.next()
    const waiting = cursor.next().catch((error: Error) => error)
    await suite.store.data.command({ killCursors: things.collectionName, cursors: [cursor.id] })
    expect([null, 237, 43]).toContain(await waiting.then((told) => told && (told as MongoServerError).code))
    await cursor.close()
  })

  test.each<[string, number, Document]>([
    ['of a collection that is not capped', 2, { tailable: true }],
    ['in another order', 2, { tailable: true, sort: { _id: 1 } }],
    ['of one batch', 2, { tailable: true, singleBatch: true }],
    ['that waits without being tailable', 9, { awaitData: true }],
  ])('%s is refused', async (_name, code, options) => {
    await suite.things.insertOne({})
    await failure(code, suite.store.data.command({ find: suite.things.collectionName, ...options }))
  })

  test('is not asked to wait by getMore when it does not wait', async () => {
    const things = await capped({ size: 10_000 })
    await things.insertOne({})
    const { cursor } = await suite.store.data.command(
      { find: things.collectionName, tailable: true },
      { promoteLongs: false },
    )
    const more = { getMore: cursor.id, collection: things.collectionName, maxTimeMS: 100 }
    await failure(2, suite.store.data.command(more))
  })
})

test.skipIf(onRealServer)('a TTL index on a capped collection is refused', async () => {
  const things = await capped({ size: 10_000 })
  await failure(67, things.createIndex({ at: 1 }, { expireAfterSeconds: 10 }))
})
