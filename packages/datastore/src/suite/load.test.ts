import { BSONRegExp, type Document } from 'mongodb'
import net from 'node:net'
import { describe, expect, test } from 'vitest'
import { createRandom, createValues, ROUNDS, SEEDS } from './fuzz-values.ts'
import { failure, onRealServer, suiteStore } from './suite-store.ts'

const suite = suiteStore('load')

describe("a client's regex cannot stall the server:", () => {
  const HOSTILE: [string, BSONRegExp][] = [
    ['nested repetition', new BSONRegExp('^(a+)+$')],
    ['nested repetition without case', new BSONRegExp('^(A+)+$', 'i')],
    ['alternatives that overlap', new BSONRegExp('^(a|aa)+$')],
    ['words and spaces', new BSONRegExp('^(\\w+\\s?)*$', 'i')],
    ['counted repetition', new BSONRegExp('^a{0,40}a{0,40}a{0,40}a{0,40}a{0,40}a{0,40}$')],
    ['three stars', new BSONRegExp('a.*a.*a.*b', 's')],
  ]
  test.each(HOSTILE)('%s', async (_name, pattern) => {
    await suite.things.insertOne({ text: `${'a'.repeat(5000)}!` })
    expect(await suite.things.find({ text: pattern }, { maxTimeMS: 10_000 }).toArray()).toEqual([])
  })

  test.skipIf(onRealServer)('what has no safe form is refused', async () => {
    await suite.things.insertOne({ text: 'a' })
    await failure(51091, suite.things.find({ text: new BSONRegExp('^(a{1,30}){1,30}b') }).toArray())
    await failure(51091, suite.things.find({ text: new BSONRegExp('(a*)(a*)\\1\\2b') }).toArray())
  })

  const SAME: [string, string, string, string[]][] = [
    ['letters', 'hel+o', 'i', ['HELLO', 'hElllo', 'heo']],
    ['classes', '^[a-c_]+$', 'i', ['AbC', '_', 'd']],
    ['umlauts', 'Ärger', 'i', ['ärger', 'ÄRGER', 'arger']],
    ['counts', '^[ab]{2,3}$', '', ['a', 'ab', 'aba', 'abab']],
    ['open counts', '^x{2,}$', 'i', ['x', 'xx', 'XXX']],
    ['a count of a group', '^(ab){2}$', '', ['ab', 'abab', 'ababab']],
    ['escapes', '\\bfoo\\.\\d{3}\\b', 'i', ['FOO.123', 'foo.12', 'foox123']],
    ['look-ahead', '^(?=.*b)a', '', ['ab', 'ac']],
    ['POSIX classes', '^[[:alpha:]]+$', '', ['abc', 'a1']],
  ]
  test.each(SAME)('%s find what the plain pattern finds', async (_name, pattern, options, texts) => {
    await suite.things.insertMany(texts.map((text) => ({ text })))
    const found = await suite.things.find({ text: new BSONRegExp(pattern, options) }).toArray()
    const plain = new RegExp(pattern.replace('[:alpha:]', 'a-zA-Z'), options)
    expect(found.map(({ text }) => text)).toEqual(texts.filter((text) => plain.test(text)))
  })
})

test('maxTimeMS ends a long command, which leaves no trace', async () => {
  await suite.things.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(50) })))
  await failure(
    50,
    suite.things.find({ $expr: { $eq: [{ $concat: ['$text', '$text'] }, 'y'] } }, { maxTimeMS: 1 }).toArray(),
  )
  expect(await suite.things.countDocuments()).toBe(20_000)
})

test('many writers and readers at once see every write they were told of', async () => {
  const worker = async (name: string): Promise<void> => {
    for (let n = 0; n < 40; n++) {
      await suite.things.insertOne({ _id: `${name}-${n}` as never, n })
      expect(await suite.things.findOne({ _id: `${name}-${n}` as never })).toMatchObject({ n })
      await suite.things.updateOne({ _id: 'sum' as never }, { $inc: { n: 1 } }, { upsert: true })
    }
  }
  await suite.things.insertOne({ _id: 'sum' as never, n: 0 })
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(worker))
  expect(await suite.things.findOne({ _id: 'sum' as never })).toEqual({ _id: 'sum', n: 240 })
})

test('reads go on beside scans, groups and sorts of 100,000 documents', async () => {
  for (let n = 0; n < 100_000; n += 20_000) {
    await suite.things.insertMany(
      Array.from({ length: 20_000 }, (_, i) => ({ n: n + i, text: `t${(n + i) % 997}` })),
    )
  }
  const heavy = [
    () => suite.things.countDocuments({ text: 'nothing' }),
    () =>
      suite.things.aggregate([{ $group: { _id: { $mod: ['$n', 1000] }, sum: { $sum: '$n' } } }]).toArray(),
    () => suite.things.find({}, { batchSize: 2 }).sort({ text: 1, n: -1 }).next(),
  ]
  await suite.things.insertOne({ _id: 1 as never })
  for (const run of heavy) {
    const ended = new AbortController()
    const begin = performance.now()
    const long = run().finally(() => ended.abort())
    let longest = 0
    while (!ended.signal.aborted) {
      const before = performance.now()
      await suite.things.findOne({ _id: 1 as never })
      longest = Math.max(longest, performance.now() - before)
    }
    await long
    // a server that did one thing after the other would make one of the reads wait for the whole
    expect(longest).toBeLessThan((performance.now() - begin) * 0.7)
  }
}, 60_000)

test('pages that end because of large documents leave none out', async () => {
  const body = 'x'.repeat(1_500_000)
  for (let n = 0; n < 12; n++) await suite.things.insertOne({ _id: n as never, n, body })
  await suite.things.createIndex({ n: 1 })
  const upwards = Array.from({ length: 12 }, (_, n) => n)
  const downwards = upwards.toReversed()
  const found = async (filter: Document, sort: Document): Promise<number[]> =>
    (await suite.things.find(filter).sort(sort).toArray()).map(({ n }) => n)
  for (const [filter, by] of [
    [{}, '$natural'],
    [{ _id: { $gte: 0 } }, '_id'],
    [{ n: { $gte: 0 } }, 'n'],
    [{ n: { $in: upwards } }, 'n'],
  ] as const) {
    expect(await found(filter, { [by]: 1 })).toEqual(upwards)
    expect(await found(filter, { [by]: -1 })).toEqual(downwards)
  }
  expect(await found({}, { body: 1, n: -1 })).toEqual(downwards)
  const grouped = suite.things.aggregate([{ $group: { _id: null, all: { $push: '$n' } } }])
  expect(await grouped.next()).toEqual({ _id: null, all: upwards })
  expect((await suite.things.updateMany({}, { $inc: { n: 1 } })).modifiedCount).toBe(12)
  expect((await suite.things.deleteMany({ n: { $gt: 0 } })).deletedCount).toBe(12)
})

test('a long update lets others in between, and both are whole', async () => {
  await suite.things.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n })))
  const ended = new AbortController()
  const long = suite.things.updateMany({}, { $set: { seen: true } }).finally(() => ended.abort())
  let reads = 0
  while (!ended.signal.aborted) {
    await suite.things.findOne({ n: 5 }, { hint: { $natural: 1 } })
    reads++
  }
  expect((await long).modifiedCount).toBe(20_000)
  expect(reads).toBeGreaterThan(3)
  expect(await suite.things.countDocuments({ seen: true })).toBe(20_000)
})

describe.skipIf(onRealServer).each(SEEDS)('bytes that are no message, seed %i', (seed) => {
  test('close their connection and harm nobody else', async () => {
    const values = createValues(createRandom(seed))
    const path = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(suite.store.uri)![1]!)
    for (let round = 0; round < 60 * ROUNDS; round++) {
      const bytes = Buffer.from(Array.from({ length: 16 + values.int(200) }, () => values.int(256)))
      if (values.int(3) > 0) bytes.writeInt32LE(bytes.length, 0)
      if (values.int(3) > 0) bytes.writeInt32LE(values.pick([2013, 2004, 1]), 12)
      await new Promise<void>((resolve) => {
        const socket = net.connect(path, () => socket.end(bytes))
        socket.on('error', () => resolve())
        socket.on('close', () => resolve())
        socket.resume()
      })
    }
    const document: Document = { _id: 1, ok: true }
    await suite.things.insertOne(document)
    expect(await suite.things.findOne()).toEqual(document)
  })
})

test('a collection that goes while commands rest on it ends those, and nobody else', async () => {
  const doomed = suite.store.data.collection('doomed')
  for (let round = 0; round < 3; round++) {
    await doomed.insertMany(Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(50) })))
    await doomed.createIndex({ n: 1 })
    const resting = Promise.allSettled([
      doomed.updateMany({ text: /x/ }, { $inc: { n: 1 } }),
      doomed
        .find({ n: { $gte: 0 } })
        .sort({ text: 1 })
        .toArray(),
      doomed.deleteMany({ text: /y/ }),
    ])
    const innocent = Array.from({ length: 50 }, (_, n) => suite.things.insertOne({ round, n }))
    const [gone] = await Promise.all([doomed.drop(), ...innocent])
    expect(gone).toBe(true)
    for (const end of await resting) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 175 })
    }
  }
  expect(await suite.things.countDocuments()).toBe(150)
})

test('a database that goes while others make collections takes none of their writes along', async () => {
  const { client, data } = suite.store
  const makers = Array.from({ length: 6 }, async (_, n) => {
    const db = client.db(`${data.databaseName}_m${n}`)
    for (let round = 0; round < 5; round++) {
      await db.collection('a').insertMany(Array.from({ length: 300 }, (_, i) => ({ i })))
      await db.collection('a').createIndex({ i: 1 })
      await db.collection('a').updateMany({}, { $inc: { i: 1 } })
      await db.dropDatabase()
    }
  })
  await Promise.all(makers)
  expect(await client.db(`${data.databaseName}_m0`).listCollections().toArray()).toEqual([])
})
