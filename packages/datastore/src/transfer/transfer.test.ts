import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal128, Double, Long, type Db, type Document } from 'mongodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatastore } from '../open-datastore.ts'
import { backupDatastore, restoreDatastore } from './backup.ts'
import { copyDatabase, fingerprintOf } from './copy.ts'
import { dumpDatabase, loadDump } from './dump.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'm3m-transfer-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

/** Some of everything that must survive a journey. */
async function fill(db: Db): Promise<void> {
  const things = db.collection<Document>('things')
  await things.insertMany(
    Array.from({ length: 2500 }, (_, n) => ({
      _id: n as never,
      n: Long.fromNumber(n),
      d: new Double(n),
      x: 'x'.repeat(n % 50),
    })),
  )
  await things.insertOne({
    _id: 'odd' as never,
    decimal: Decimal128.fromString('1.10'),
    list: [null, { '2': 1, '1': 2 }],
  })
  await things.createIndex({ n: 1 }, { unique: true, partialFilterExpression: { n: { $gte: 0 } } })
  await things.createIndex({ x: 1, n: -1 })
  await things.createIndex({ x: 1 }, { name: 'letters', collation: { locale: 'en', strength: 1 } })
  await db.createCollection('some', { viewOn: 'things', pipeline: [{ $match: { n: { $lt: 5 } } }] })
  const collation = { locale: 'de', strength: 2 }
  await db.createCollection('last', { capped: true, size: 100_000, max: 3, collation })
  await db.collection('last').insertMany([1, 2, 3, 4].map((n) => ({ n })))
  await db.collection('empty').insertOne({})
  await db.collection('empty').deleteMany({})
}

async function expectSame(a: Db, b: Db): Promise<void> {
  expect(await fingerprintOf(b, 'things')).toEqual(await fingerprintOf(a, 'things'))
  expect(await b.collection('things').indexes()).toEqual(await a.collection('things').indexes())
  expect(await b.collection('some').countDocuments()).toBe(5)
  expect(await b.collection('last').find().toArray()).toEqual(await a.collection('last').find().toArray())
  expect(await b.collection('last').options()).toMatchObject({
    capped: true,
    size: 100_000,
    max: 3,
    collation: { locale: 'de', strength: 2 },
  })
  expect((await b.listCollections().toArray()).map(({ name }) => name).sort()).toEqual([
    'empty',
    'last',
    'some',
    'things',
  ])
}

test('a backup is taken while writes go on, and restores to its moment', async () => {
  const to = join(path, 'backups', 'one.sqlite')
  let atBackup: number
  {
    await using datastore = await openDatastore({ path: join(path, 'data') })
    await fill(datastore.data)
    const writes = datastore.data.collection<Document>('writes')
    const stop = new AbortController()
    const writing = (async () => {
      for (let n = 0; !stop.signal.aborted; n++) await writes.insertOne({ n })
    })()
    const report = await backupDatastore({ path: join(path, 'data'), to })
    stop.abort()
    await writing
    expect(report.collections['m3m_data.things']!.documents).toBe(2501)
    expect(report.sizeBytes).toBeGreaterThan(100_000)
    atBackup = report.collections['m3m_data.writes']?.documents ?? 0
    await datastore.data.collection('things').deleteMany({})
    await expect(restoreDatastore({ from: to, path: join(path, 'data') })).rejects.toMatchObject({
      code: 'DATASTORE_LOCKED',
    })
  }
  const { kept } = await restoreDatastore({ from: to, path: join(path, 'data') })
  expect(existsSync(kept!)).toBe(true)
  await using restored = await openDatastore({ path: join(path, 'data') })
  expect(await restored.data.collection('things').countDocuments()).toBe(2501)
  expect(await restored.data.collection('writes').countDocuments()).toBe(atBackup)
  expect(await restored.data.command({ validate: 'things' })).toMatchObject({ valid: true })
})

test('a backup overwrites nothing, and a damaged one is not restored', async () => {
  const to = join(path, 'one.sqlite')
  {
    await using datastore = await openDatastore({ path: join(path, 'data') })
    await fill(datastore.data)
    await backupDatastore({ path: join(path, 'data'), to })
    await expect(backupDatastore({ path: join(path, 'data'), to })).rejects.toMatchObject({
      code: 'BACKUP_EXISTS',
    })
  }
  const bytes = readFileSync(to)
  bytes.fill(0xcd, 8192 * 10, 8192 * 14)
  writeFileSync(to, bytes)
  await expect(restoreDatastore({ from: to, path: join(path, 'data') })).rejects.toMatchObject({
    code: 'DATASTORE_DAMAGED',
  })
  await expect(backupDatastore({ path: join(path, 'nowhere'), to: join(path, 'x') })).rejects.toMatchObject({
    code: 'BACKUP_NOTHING_THERE',
  })
  await using datastore = await openDatastore({ path: join(path, 'data') })
  expect(await datastore.data.collection('things').countDocuments()).toBe(2501)
})

test('a dump has the layout of mongodump and loads into an empty server', async () => {
  const dump = join(path, 'dump')
  await using first = await openDatastore({ path: join(path, 'a') })
  await using second = await openDatastore({ path: join(path, 'b') })
  await fill(first.data)
  await dumpDatabase(first.data, dump)
  expect(JSON.parse(readFileSync(join(dump, 'm3m_data', 'things.metadata.json'), 'utf8'))).toMatchObject({
    collectionName: 'things',
    type: 'collection',
    indexes: [{ name: '_id_' }, { unique: true }, { name: 'x_1_n_-1' }, { name: 'letters' }],
  })
  expect(await loadDump(second.client, dump)).toEqual({ documents: 2504 })
  await expectSame(first.data, second.data)
  await loadDump(second.client, dump)
  await expectSame(first.data, second.data)
  appendFileSync(join(dump, 'm3m_data', 'things.bson'), 'half')
  await expect(loadDump(second.client, dump)).rejects.toMatchObject({ code: 'DUMP_UNREADABLE' })
})

test('a migration copies all, goes on after an interruption, and tells when the sides differ', async () => {
  await using first = await openDatastore({ path: join(path, 'a') })
  await using second = await openDatastore({ path: join(path, 'b') })
  await fill(first.data)
  const stop = new Error('interrupted')
  await expect(
    copyDatabase({
      from: first.data,
      to: second.data,
      onProgress: ({ documents }) => {
        if (documents > 1000) throw stop
      },
    }),
  ).rejects.toBe(stop)
  const copied = await copyDatabase({ from: first.data, to: second.data })
  expect(copied['things']!.documents).toBe(2501)
  await expectSame(first.data, second.data)
  await second.data.collection('things').updateOne({ n: 5 }, { $set: { x: 'other' } })
  await expect(copyDatabase({ from: first.data, to: second.data })).rejects.toMatchObject({
    code: 'MIGRATE_DIFFERS',
  })
})
