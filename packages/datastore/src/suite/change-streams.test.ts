import { MongoClient, type ChangeStream, type ChangeStreamOptions, type Document } from 'mongodb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failure, onRealServer, suiteStore } from './suite-store.ts'

const suite = suiteStore('changes')

let streams: ChangeStream<Document, Document>[] = []
beforeEach(async () => {
  await suite.store.data.createCollection(suite.things.collectionName)
})
afterEach(async () => {
  await Promise.all(streams.map((stream) => stream.close()))
  streams = []
})

type Watched = Pick<typeof suite.things, 'watch'>

/** Opens a stream and waits until it stands. */
async function watch(
  on: Watched,
  pipeline: Document[] = [],
  options: ChangeStreamOptions = {},
): Promise<ChangeStream<Document, Document>> {
  const stream = on.watch<Document, Document>(pipeline, { maxAwaitTimeMS: 100, ...options })
  streams.push(stream)
  if (!('resumeAfter' in options || 'startAfter' in options || 'startAtOperationTime' in options))
    await stream.tryNext()
  return stream
}

async function next(stream: ChangeStream<Document, Document>, count: number): Promise<Document[]> {
  const events: Document[] = []
  while (events.length < count) events.push(await stream.next())
  return events
}

const doc = (_id: unknown, rest: Document = {}): Document => ({ _id: _id as never, ...rest })

describe('a stream on a collection', () => {
  test('tells of inserts, updates, replacements and deletions, in their order', async () => {
    const stream = await watch(suite.things)
    await suite.things.insertOne(doc(1, { a: 1 }))
    await suite.things.updateOne({ _id: 1 as never }, { $set: { b: 2 }, $unset: { a: 1 } })
    await suite.things.replaceOne({ _id: 1 as never }, { c: 3 })
    await suite.things.updateOne({ _id: 1 as never }, { $set: { c: 3 } })
    await suite.things.deleteOne({ _id: 1 as never })
    const ns = { db: suite.store.data.databaseName, coll: suite.things.collectionName }
    const documentKey = { _id: 1 }
    const events = await next(stream, 4)
    expect(events).toMatchObject([
      { operationType: 'insert', fullDocument: { _id: 1, a: 1 }, ns, documentKey },
      {
        operationType: 'update',
        ns,
        documentKey,
        updateDescription: { updatedFields: { b: 2 }, removedFields: ['a'], truncatedArrays: [] },
      },
      { operationType: 'replace', fullDocument: { _id: 1, c: 3 }, ns, documentKey },
      { operationType: 'delete', ns, documentKey },
    ])
    expect(events[1]).not.toHaveProperty('fullDocument')
    expect(events[0]!['clusterTime']).toMatchObject({ _bsontype: 'Timestamp' })
    expect(events[0]!['wallTime']).toBeInstanceOf(Date)
  })

  const updates: [string, Document, Document | Document[], Document][] = [
    ['a field below', { a: { b: 1, c: 2 } }, { $set: { 'a.b': 5 } }, { 'a.b': 5 }],
    ['a document set whole', { a: { b: 1, c: 2 } }, { $set: { a: { b: 1, c: 3 } } }, { a: { b: 1, c: 3 } }],
    ['a path that was not there', {}, { $set: { 'a.b.c': 1 } }, { a: { b: { c: 1 } } }],
    ['an appended element', { l: [1, 2] }, { $push: { l: 3 } }, { 'l.2': 3 }],
    ['an element', { l: [1, 2] }, { $set: { 'l.1': 5 } }, { 'l.1': 5 }],
    ['elements by $[]', { l: [{ n: 1 }, { n: 2 }] }, { $inc: { 'l.$[].n': 1 } }, { 'l.0.n': 2, 'l.1.n': 3 }],
    ['a list that lost elements', { l: [1, 2, 3] }, { $pull: { l: 2 } }, { l: [1, 3] }],
    ['a number', { n: 1 }, { $inc: { n: 1 } }, { n: 2 }],
    ['a pipeline', { a: { b: 1, c: 2 } }, [{ $set: { 'a.b': { $add: ['$a.b', 1] } } }], { 'a.b': 2 }],
  ]
  test.each(updates)('describes %s', async (_name, before, update, updatedFields) => {
    await suite.things.insertOne(doc(1, before))
    const stream = await watch(suite.things)
    await suite.things.updateOne({ _id: 1 as never }, update)
    const [event] = await next(stream, 1)
    expect(event!['updateDescription'].updatedFields).toEqual(updatedFields)
  })

  test('looks up the document of an update as it is now', async () => {
    await suite.things.insertMany([doc(1), doc(2)])
    const stream = await watch(suite.things, [], { fullDocument: 'updateLookup' })
    await suite.things.bulkWrite([
      { updateOne: { filter: { _id: 1 as never }, update: { $set: { a: 1 } } } },
      { updateOne: { filter: { _id: 1 as never }, update: { $set: { b: 1 } } } },
      { updateOne: { filter: { _id: 2 as never }, update: { $set: { b: 1 } } } },
      { deleteOne: { filter: { _id: 2 as never } } },
    ])
    const events = await next(stream, 4)
    expect(events.at(1)!['fullDocument']).toEqual({ _id: 1, a: 1, b: 1 })
    expect(events.at(3)).toMatchObject({ operationType: 'delete' })
  })

  test('shows what its pipeline lets through', async () => {
    const stream = await watch(suite.things, [
      { $match: { 'fullDocument.n': { $gte: 5 } } },
      { $project: { n: '$fullDocument.n' } },
    ])
    await suite.things.insertMany(Array.from({ length: 10 }, (_, n) => doc(n, { n })))
    expect((await next(stream, 5)).map(({ n }) => n)).toEqual([5, 6, 7, 8, 9])
  })

  test('is at the last event when a batch ended with it', async () => {
    const stream = await watch(suite.things, [], { batchSize: 1 })
    await suite.things.insertMany([doc(1), doc(2)])
    for (const n of [1, 2]) {
      const event = (await stream.next())!
      expect(event).toMatchObject({ operationType: 'insert', documentKey: { _id: n } })
      expect(stream.resumeToken).toEqual(event._id)
    }
  })

  test('ends when the collection is dropped', async () => {
    const stream = await watch(suite.things)
    await suite.things.insertOne(doc(1))
    await suite.things.drop()
    const events = await next(stream, 3)
    expect(events.map(({ operationType }) => operationType)).toEqual(['insert', 'drop', 'invalidate'])
    await expect(stream.next()).rejects.toThrow(/closed/)
    await failure(260, next(await unopened({ resumeAfter: events[2]!['_id'] }), 1))
    const fresh = await watch(suite.things, [], { startAfter: events[2]!['_id'] })
    await suite.things.insertOne(doc(2))
    expect(await next(fresh, 1)).toMatchObject([{ operationType: 'insert', documentKey: { _id: 2 } }])
  })

  test('ends when the collection gets another name', async () => {
    const stream = await watch(suite.things)
    const name = `${suite.things.collectionName}_renamed`
    await suite.things.rename(name)
    expect(await next(stream, 2)).toMatchObject([
      { operationType: 'rename', to: { db: suite.store.data.databaseName, coll: name } },
      { operationType: 'invalidate' },
    ])
  })

  const unopened = async (options: ChangeStreamOptions) => {
    const stream = suite.things.watch<Document, Document>([], options)
    streams.push(stream)
    return stream
  }

  test('refuses stages and options that have no place in it', async () => {
    const opening = async (pipeline: Document[], options: ChangeStreamOptions = {}) => {
      const stream = suite.things.watch(pipeline, options)
      streams.push(stream as never)
      await stream.tryNext()
    }
    await failure(20, opening([{ $group: { _id: 1 } }]))
    await failure(40324, opening([{ $nothing: {} }]))
    await failure(260, opening([], { resumeAfter: { _data: '8200' } as never }))
    await failure(
      40674,
      opening([], { resumeAfter: { _data: '82' } as never, startAfter: { _data: '82' } as never }),
    )
  })

  test('that loses its token to a stage ends with 280', async () => {
    const stream = await watch(suite.things, [{ $project: { _id: 0 } }])
    await suite.things.insertOne(doc(1))
    await expect(stream.next()).rejects.toMatchObject({
      code: 280,
      errorLabels: ['NonResumableChangeStreamError'],
    })
  })
})

describe('a stream on more than a collection', () => {
  test('a database, with its collections and its end', async () => {
    const db = suite.store.client.db(`${suite.store.data.databaseName}_db`)
    const stream = await watch(db as unknown as Watched)
    await db.collection<Document>('a').insertOne(doc(1))
    await suite.things.insertOne(doc(2))
    await db.collection<Document>('b').insertOne(doc(3))
    await db.dropDatabase()
    const events = await next(stream, 6)
    expect(events.map(({ operationType, ns }) => [operationType, ns?.coll])).toEqual([
      ['insert', 'a'],
      ['insert', 'b'],
      ['drop', expect.any(String)],
      ['drop', expect.any(String)],
      ['dropDatabase', undefined],
      ['invalidate', undefined],
    ])
  })

  test('the whole server', async () => {
    const mine = [
      { $match: { 'ns.db': { $in: [suite.store.data.databaseName, suite.store.control.databaseName] } } },
    ]
    const stream = await watch(suite.store.client as unknown as Watched, mine)
    await suite.things.insertOne(doc(1))
    await suite.store.control.collection<Document>('c').insertOne(doc(2))
    expect((await next(stream, 2)).map(({ documentKey }) => documentKey)).toEqual([{ _id: 1 }, { _id: 2 }])
  })
})

describe('a stream goes on', () => {
  test('behind any event, with nothing missing and nothing twice', async () => {
    const stream = await watch(suite.things)
    await suite.things.insertMany(Array.from({ length: 1000 }, (_, n) => doc(n)))
    const events = await next(stream, 1000)
    expect(events.map(({ documentKey }) => documentKey._id)).toEqual(
      Array.from({ length: 1000 }, (_, n) => n),
    )
    const tokens = events.map(({ _id }) => _id._data as string)
    expect([...tokens].sort()).toEqual(tokens)
    const resumed = await watch(suite.things, [], { resumeAfter: events[499]!['_id'], batchSize: 7 })
    const rest = await next(resumed, 500)
    expect(rest[0]!['documentKey']).toEqual({ _id: 500 })
    expect(rest.at(-1)!['documentKey']).toEqual({ _id: 999 })
  })

  test('from a cluster time', async () => {
    const stream = await watch(suite.things)
    await suite.things.insertMany([doc(1), doc(2), doc(3)])
    const events = await next(stream, 3)
    const later = await watch(suite.things, [], { startAtOperationTime: events[1]!['clusterTime'] })
    const ids = (await next(later, onRealServer ? 1 : 2)).map(({ documentKey }) => documentKey._id)
    expect(ids).toContain(2)
  })

  test('from the place it has reached without an event', async () => {
    const stream = await watch(suite.things)
    await suite.store.data.collection(`${suite.things.collectionName}_else`).insertOne({})
    await stream.tryNext()
    const token = stream.resumeToken
    await suite.things.insertOne(doc(1))
    const resumed = await watch(suite.things, [], { resumeAfter: token })
    expect(await next(resumed, 1)).toMatchObject([{ documentKey: { _id: 1 } }])
  })
})

test('what a transaction wrote comes after its commit, all of it, and nothing of an aborted one', async () => {
  const stream = await watch(suite.things)
  const session = suite.store.client.startSession()
  session.startTransaction()
  await suite.things.insertOne(doc('aborted'), { session })
  await session.abortTransaction()
  session.startTransaction()
  await suite.things.insertOne(doc(1), { session })
  await suite.things.updateOne({ _id: 1 as never }, { $set: { a: 1 } }, { session })
  expect(await stream.tryNext()).toBeNull()
  await session.commitTransaction()
  await suite.things.insertOne(doc(2))
  await session.endSession()
  const events = await next(stream, 3)
  expect(events).toMatchObject([
    { operationType: 'insert', documentKey: { _id: 1 } },
    { operationType: 'update', documentKey: { _id: 1 } },
    { operationType: 'insert', documentKey: { _id: 2 } },
  ])
  expect(events[0]!['txnNumber']).toEqual(events[1]!['txnNumber'])
  expect(events[0]!['lsid'].id).toEqual(session.id!.id)
  expect(events[2]).not.toHaveProperty('txnNumber')
})

test('a write that failed leaves no event', async () => {
  await suite.things.createIndex({ n: 1 }, { unique: true })
  const stream = await watch(suite.things)
  await suite.things.insertOne(doc(1, { n: 1 }))
  await failure(11000, suite.things.insertOne(doc(2, { n: 1 })))
  await failure(11000, suite.things.insertMany([doc(3, { n: 3 }), doc(4, { n: 1 })]))
  expect((await next(stream, 2)).map(({ documentKey }) => documentKey._id)).toEqual([1, 3])
  expect(await stream.tryNext()).toBeNull()
})

test('a stream that waits hears at once of a write, and is closed by killCursors', async () => {
  const { data } = suite.store
  const coll = suite.things.collectionName
  const opened = await data.command({ aggregate: coll, pipeline: [{ $changeStream: {} }], cursor: {} })
  const { id } = opened['cursor']
  const getMore = (maxTimeMS: number) => data.command({ getMore: id, collection: coll, maxTimeMS })
  const waiting = getMore(30_000)
  await suite.things.insertOne(doc(1))
  expect((await waiting)['cursor'].nextBatch).toMatchObject([{ operationType: 'insert' }])
  const killed = getMore(30_000)
  const failed = failure(237, killed)
  // the wait has begun when the server says so
  for (;;) {
    const { inprog } = await suite.store.client.db('admin').command({ currentOp: 1 })
    if (inprog.some(({ command }: Document) => String(command?.getMore) === String(id))) break
  }
  await data.command({ killCursors: coll, cursors: [id] })
  await failed
  await failure(43, getMore(10))
})

test('a client that goes leaves no waiting command behind', async () => {
  const client = new MongoClient(suite.store.uri)
  const { data } = suite.store
  const theirs = client.db(data.databaseName)
  const opened = await theirs.command({
    aggregate: suite.things.collectionName,
    pipeline: [{ $changeStream: {} }],
    cursor: {},
  })
  const { id } = opened['cursor']
  const waiting = theirs
    .command({ getMore: id, collection: suite.things.collectionName, maxTimeMS: 60_000 })
    .catch(() => null)
  const running = async (): Promise<boolean> => {
    const { inprog } = await suite.store.client.db('admin').command({ currentOp: 1 })
    return inprog.some(({ command }: Document) => String(command?.getMore) === String(id))
  }
  while (!(await running())) await new Promise((resolve) => setImmediate(resolve))
  await client.close(true)
  await waiting
  while (await running()) await new Promise((resolve) => setImmediate(resolve))
})
