import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Document } from 'mongodb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectRuntime } from '../connect-runtime.ts'
import { openDatastore } from '../open-datastore.ts'
import { backupDatastore, restoreDatastore } from '../transfer/backup.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'm3m-process-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

test('a stream goes on over kill -9 of the server: every event once', async () => {
  await using datastore = await openDatastore({ path })
  const things = datastore.data.collection<{ _id: number }>('things')
  await using stream = things.watch([], { maxAwaitTimeMS: 100 })
  await stream.tryNext()
  // the driver repeats a write once; with two dead connections in its pool that may not be enough
  const insertSurely = async (_id: number): Promise<void> => {
    await things
      .updateOne({ _id }, { $setOnInsert: { _id } }, { upsert: true })
      .catch(() => insertSurely(_id))
  }
  const seen: number[] = []
  const reading = (async () => {
    while (seen.length < 60) seen.push(((await stream.next()) as Document)['documentKey']._id)
  })()
  for (let n = 0; n < 60; n++) {
    if (n % 20 === 10) process.kill(datastore.pid!, 'SIGKILL')
    await insertSurely(n)
  }
  await reading
  expect(seen).toEqual(Array.from({ length: 60 }, (_, n) => n))
})

test('a token survives an orderly restart, and leads nowhere after a backup was restored', async () => {
  const to = join(path, 'backup.sqlite')
  const data = join(path, 'data')
  let token: unknown
  {
    await using first = await openDatastore({ path: data })
    const things = first.data.collection<{ _id: number }>('things')
    await using stream = things.watch([], { maxAwaitTimeMS: 100 })
    await stream.tryNext()
    await things.insertMany([{ _id: 1 }, { _id: 2 }])
    token = (await stream.next())._id
    await backupDatastore({ path: data, to })
  }
  {
    await using second = await openDatastore({ path: data })
    await using stream = second.data.collection('things').watch([], { resumeAfter: token })
    expect(await stream.next()).toMatchObject({ documentKey: { _id: 2 } })
  }
  await restoreDatastore({ from: to, path: data })
  await using restored = await openDatastore({ path: data })
  await using stream = restored.data.collection('things').watch([], { resumeAfter: token })
  await expect(stream.next()).rejects.toMatchObject({ code: 286, codeName: 'ChangeStreamHistoryLost' })
  expect(await restored.data.collection('things').countDocuments()).toBe(2)
})

test("the runners' socket watches project data and nothing else", async () => {
  await using datastore = await openDatastore({ path })
  await using runner = await connectRuntime({ uri: datastore.runtimeUri, database: datastore.dataDatabase })
  await using stream = runner.db.watch([], { maxAwaitTimeMS: 100 })
  await stream.tryNext()
  await datastore.control.collection('users').insertOne({ secret: true })
  await runner.db.collection<{ _id: number }>('things').insertOne({ _id: 1 })
  expect(await stream.next()).toMatchObject({ documentKey: { _id: 1 } })
  const { client } = runner.db as unknown as { client: typeof datastore.client }
  for (const other of [
    client.watch(),
    client.db('m3m').watch(),
    client.db('m3m').collection('users').watch(),
  ]) {
    await expect(other.next()).rejects.toMatchObject({ code: 13 })
    await other.close()
  }
  for (const command of [{ currentOp: 1 }, { killOp: 1, op: 1 }, { killAllSessions: [] }])
    await expect(client.db('admin').command(command)).rejects.toMatchObject({ code: 13 })
})

test('a runner that goes in the middle of a transaction holds nobody up', async () => {
  await using datastore = await openDatastore({ path })
  {
    await using runner = await connectRuntime({ uri: datastore.runtimeUri, database: datastore.dataDatabase })
    const { client } = runner.db as unknown as { client: typeof datastore.client }
    const session = client.startSession()
    session.startTransaction()
    await runner.db.collection<{ _id: number }>('things').insertOne({ _id: 1 }, { session })
    await expect(client.db('m3m').collection('users').insertOne({}, { session })).rejects.toMatchObject({
      code: 13,
    })
  }
  await datastore.control.collection<{ _id: number }>('users').insertOne({ _id: 1 })
  expect(await datastore.data.collection('things').countDocuments()).toBe(0)
})
