import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'm3m-bin-'))
let server: ChildProcess
let uri: string

const start = () =>
  spawn(
    process.execPath,
    [fileURLToPath(new URL('m3m-datastore.ts', import.meta.url)), '--dbpath', folder, '--port', '0'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )

beforeAll(async () => {
  server = start()
  const [line] = (await once(server.stdout!, 'data')) as [Buffer]
  uri = line.toString().trim()
})
afterAll(async () => {
  server.kill('SIGTERM')
  await once(server, 'exit')
  rmSync(folder, { recursive: true, force: true })
})

test('the printed string logs in by SCRAM and works', async () => {
  await using client = await MongoClient.connect(uri)
  await client.db('m3m').collection('things').insertOne({ a: 1 })
  expect(await client.db('m3m').collection('things').countDocuments()).toBe(1)
  expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600)
})

test.each(['SCRAM-SHA-1', 'SCRAM-SHA-256'] as const)(
  'a driver that asks for %s logs in',
  async (authMechanism) => {
    await using client = await MongoClient.connect(uri, { authMechanism })
    expect(await client.db('admin').command({ ping: 1 })).toMatchObject({ ok: 1 })
    expect(await client.db('m3m').listCollections().toArray()).toEqual(expect.any(Array))
  },
)

test('a mechanism that is not known is refused by its name', async () => {
  const error = await MongoClient.connect(uri, {
    authMechanism: 'PLAIN',
    serverSelectionTimeoutMS: 3000,
  }).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 334, message: expect.stringContaining('PLAIN') })
})

test.each([
  ['a wrong password', (good: string) => good.replace(/:[^:@/]+@/, ':wrong@')],
  ['another user', (good: string) => good.replace('//m3m:', '//other:')],
])('%s is refused', async (_name, change) => {
  const error = await MongoClient.connect(change(uri), { serverSelectionTimeoutMS: 3000 }).catch(
    (thrown) => thrown,
  )
  expect(error).toMatchObject({ code: 18 })
})

test('a driver that looks for the whole set stays on the port', async () => {
  await using client = await MongoClient.connect(`${uri.replace('directConnection=true', 'replicaSet=m3m')}`)
  const hello = await client.db('admin').command({ hello: 1 })
  expect(hello).toMatchObject({ hosts: [new URL(uri).host], me: new URL(uri).host })
})

test('nothing is open without a login', async () => {
  await using client = await MongoClient.connect(uri.replace(/\/\/.*@/, '//'))
  expect(
    await client
      .db('m3m')
      .collection('things')
      .find()
      .toArray()
      .catch((thrown) => thrown),
  ).toMatchObject({ code: 13 })
  expect(
    await client
      .db('admin')
      .command({ listDatabases: 1 })
      .catch((thrown) => thrown),
  ).toMatchObject({ code: 13 })
})

test('a folder that is served is refused with a reason', async () => {
  const second = start()
  let told = ''
  second.stderr!.on('data', (chunk: Buffer) => (told += chunk.toString()))
  const [code] = (await once(second, 'exit')) as [number]
  expect(code).toBe(1)
  expect(told).toContain('is in use by process')
})
