import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectRuntime } from '../connect-runtime.ts'
import { openDatastore, type Datastore } from '../open-datastore.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'm3m-process-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

const things = (datastore: Datastore) => datastore.data.collection<{ _id: number }>('things')

/** False also for a process that has ended and that nobody has asked after yet. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits until something holds; a test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('what was written is there after closing and opening again', async () => {
  {
    await using first = await openDatastore({ path })
    await things(first).insertOne({ _id: 1 })
  }
  await using second = await openDatastore({ path })
  expect(await things(second).find().toArray()).toEqual([{ _id: 1 }])
})

test('sockets and files are for this user only', async () => {
  await using datastore = await openDatastore({ path })
  const socket = decodeURIComponent(/^mongodb:\/\/([^/]+)\//.exec(datastore.uri)![1]!)
  expect(socket.length).toBeLessThanOrEqual(107)
  expect(statSync(socket).mode & 0o777).toBe(0o600)
  expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700)
})

test('a second opener is refused and told who holds the folder, an attaching one shares it', async () => {
  await using first = await openDatastore({ path })
  const error = await openDatastore({ path }).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'DATASTORE_LOCKED' })
  expect(error.message).toContain(String(first.pid))
  {
    await using attached = await openDatastore({ path, attach: true })
    await things(attached).insertOne({ _id: 5 })
  }
  expect(await things(first).countDocuments()).toBe(1)
})

test('attaching opens the folder when nobody serves it', async () => {
  await using datastore = await openDatastore({ path, attach: true })
  expect(datastore.pid).toBeGreaterThan(0)
})

test('a killed server is started again, and clients go on as if nothing had been', async () => {
  await using datastore = await openDatastore({ path })
  for (let round = 0; round < 3; round++) {
    await things(datastore).insertOne({ _id: round })
    const { pid } = datastore
    process.kill(pid!, 'SIGKILL')
    await things(datastore).insertOne({ _id: round + 100 })
    expect(datastore.pid).not.toBe(pid)
  }
  expect(await things(datastore).countDocuments()).toBe(6)
})

test('a server that ends again and again is given up, loudly', async () => {
  const failed = Promise.withResolvers<Error>()
  await using datastore = await openDatastore({ path, onFailure: failed.resolve })
  let last = 0
  const over = new AbortController()
  void failed.promise.then(() => over.abort())
  while (!over.signal.aborted) {
    const { pid } = datastore
    if (pid && pid !== last && isAlive(pid)) {
      last = pid
      process.kill(pid, 'SIGKILL')
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(await failed.promise).toMatchObject({ code: 'DATASTORE_GAVE_UP' })
})

test('the server leaves when its parent is killed, and the next one opens at once', async () => {
  const holder = spawn(
    process.execPath,
    [fileURLToPath(new URL('testing/holder.ts', import.meta.url)), path],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = (await once(holder.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(isAlive(pid)).toBe(true)
  holder.kill('SIGKILL')
  await using datastore = await openDatastore({ path })
  expect(isAlive(pid)).toBe(false)
  expect(await things(datastore).countDocuments()).toBe(0)
})

describe('a file that is not sound is refused and not touched:', () => {
  async function refusal(): Promise<{ code?: string; message: string }> {
    const before = snapshot()
    const error = await openDatastore({ path }).then(
      async (datastore) => {
        await datastore[Symbol.asyncDispose]()
        throw new Error('it opened')
      },
      (thrown) => thrown,
    )
    expect(snapshot()).toEqual(before)
    return error
  }

  const file = () => join(path, 'mongo.sqlite')
  const snapshot = () =>
    readdirSync(path)
      .filter((name) => name === 'mongo.sqlite' || name === 'mongo.sqlite-wal')
      .map((name) => [name, readFileSync(join(path, name)).toString('base64')])

  async function fill(): Promise<void> {
    await using datastore = await openDatastore({ path })
    await things(datastore).insertMany(
      Array.from({ length: 5000 }, (_, _id) => ({ _id, text: 'x'.repeat(200) })),
    )
    await things(datastore).createIndex({ text: 1 })
  }

  test('something else altogether', async () => {
    writeFileSync(file(), 'not a database at all, but long enough to look at it twice'.repeat(100))
    expect(await refusal()).toMatchObject({ code: 'DATASTORE_DAMAGED' })
  })

  test('another database', async () => {
    const db = new DatabaseSync(file())
    db.exec('CREATE TABLE t(a)')
    db.close()
    expect(await refusal()).toMatchObject({ code: 'DATASTORE_DAMAGED' })
  })

  test('a newer format', async () => {
    await fill()
    const db = new DatabaseSync(file())
    db.exec('PRAGMA journal_mode=DELETE; PRAGMA user_version=99')
    db.close()
    const error = await refusal()
    expect(error).toMatchObject({ code: 'DATASTORE_TOO_NEW' })
    expect(error.message).toContain('99')
  })

  test('pages overwritten, after an unclean end', async () => {
    await fill()
    const bytes = readFileSync(file())
    bytes.fill(0xab, 8192 * 20, 8192 * 40)
    writeFileSync(file(), bytes)
    writeFileSync(`${file()}-wal`, Buffer.alloc(4096, 1))
    expect(await refusal()).toMatchObject({ code: 'DATASTORE_DAMAGED' })
  })
})

test('a folder that cannot be made is named', async () => {
  writeFileSync(join(path, 'file'), '')
  const error = await openDatastore({ path: join(path, 'file', 'data') }).catch((thrown) => thrown)
  expect(error).toMatchObject({ code: 'DATASTORE_PATH_UNUSABLE' })
})

describe("the runners' socket", () => {
  const commands: [string, (db: string) => object][] = [
    ['find', () => ({ find: 'users' })],
    ['count', () => ({ count: 'users' })],
    ['aggregate', () => ({ aggregate: 'users', pipeline: [], cursor: {} })],
    ['insert', () => ({ insert: 'users', documents: [{}] })],
    ['drop', () => ({ drop: 'users' })],
    ['listCollections', () => ({ listCollections: 1 })],
    ['dropDatabase', () => ({ dropDatabase: 1 })],
    ['serverStatus', () => ({ serverStatus: 1 })],
  ]
  const inPipelines: [string, object[]][] = [
    [
      '$lookup',
      [{ $lookup: { from: { db: 'm3m', coll: 'users' }, localField: 'a', foreignField: 'a', as: 'x' } }],
    ],
    ['$lookup with a pipeline', [{ $lookup: { from: { db: 'm3m', coll: 'users' }, pipeline: [], as: 'x' } }]],
    [
      '$graphLookup',
      [
        {
          $graphLookup: {
            from: { db: 'm3m', coll: 'users' },
            startWith: 1,
            connectFromField: 'a',
            connectToField: 'a',
            as: 'x',
          },
        },
      ],
    ],
    ['$unionWith', [{ $unionWith: { coll: { db: 'm3m', coll: 'users' } } }]],
    [
      '$lookup in $facet',
      [{ $facet: { f: [{ $lookup: { from: { db: 'm3m', coll: 'users' }, pipeline: [], as: 'x' } }] } }],
    ],
    ['$out', [{ $out: { db: 'm3m', coll: 'users' } }]],
    ['$merge', [{ $merge: { into: { db: 'm3m', coll: 'users' } } }]],
  ]

  test('reaches project data and nothing else, whatever the command names', async () => {
    await using datastore = await openDatastore({ path })
    await datastore.control.collection('users').insertOne({ secret: 1, a: 1 })
    await datastore.data.collection('things').insertOne({ a: 1 })
    await using runner = await connectRuntime({ uri: datastore.runtimeUri, database: datastore.dataDatabase })
    expect(await runner.db.collection('things').countDocuments()).toBe(1)

    const refused = async (run: Promise<unknown>) => {
      const error = await run.then(
        () => 'it was allowed',
        (thrown) => thrown,
      )
      expect(error).toMatchObject({ code: 13 })
    }
    const client = (runner.db as unknown as { client: Datastore['client'] }).client
    for (const [, command] of commands) {
      for (const db of ['m3m', 'admin', 'config', 'local']) await refused(client.db(db).command(command(db)))
    }
    await refused(client.db('admin').command({ listDatabases: 1 }))
    await refused(client.db('admin').command({ renameCollection: 'm3m.users', to: 'm3m_data.users' }))
    await refused(runner.db.command({ renameCollection: 'm3m.users', to: 'm3m_data.users' }))
    for (const [, pipeline] of inPipelines)
      await refused(runner.db.collection('things').aggregate(pipeline).toArray())
    expect(await datastore.control.collection('users').countDocuments()).toBe(1)
  })

  test("does not give out another socket's cursor", async () => {
    await using datastore = await openDatastore({ path })
    await datastore.control.collection('users').insertMany([{}, {}, {}, {}])
    const { cursor } = await datastore.control.command(
      { find: 'users', batchSize: 1 },
      { promoteLongs: false },
    )
    await using runner = await connectRuntime({ uri: datastore.runtimeUri, database: datastore.dataDatabase })
    const error = await runner.db
      .command({ getMore: cursor.id, collection: 'users' })
      .catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 43 })
  })
})

test('kill -9 in the middle of writes loses none that was acknowledged, and repeats none', async () => {
  // 5,000 acknowledged writes in the long form (M3M_LONG=1), some hundreds here
  const wanted = process.env['M3M_LONG'] ? 5000 : 600
  await using datastore = await openDatastore({ path })
  await datastore.data.collection('writes').createIndexes([{ key: { n: 1 } }, { key: { n: -1, _id: 1 } }])
  const inserted = new Set<string>()
  const counted = new Map<string, number>()
  const kids = ['a', 'b', 'c', 'd'].map((name) => {
    const kid = spawn(
      process.execPath,
      [fileURLToPath(new URL('testing/hammer.ts', import.meta.url)), datastore.uri, name],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let rest = ''
    kid.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop()!
      for (const line of lines) {
        const [kind, id, n] = line.split(' ') as [string, string, string]
        if (kind === 'i') inserted.add(id)
        else counted.set(id, Number(n))
      }
    })
    return kid
  })
  const total = () => inserted.size + [...counted.values()].reduce((sum, n) => sum + n, 0)
  try {
    for (let kill = 1; kill <= 4; kill++) {
      await until(() => total() >= (wanted * kill) / 5)
      const { pid } = datastore
      process.kill(pid!, 'SIGKILL')
      await until(() => datastore.pid !== pid)
    }
    await until(() => total() >= wanted)
  } finally {
    for (const kid of kids) kid.kill('SIGKILL')
    await Promise.all(kids.map((kid) => once(kid, 'exit')))
  }
  const stored = new Set(
    (await datastore.data.collection('writes').find().toArray()).map(({ _id }) => String(_id)),
  )
  expect([...inserted].filter((id) => !stored.has(id))).toEqual([])
  expect(await datastore.data.command({ validate: 'writes' })).toMatchObject({ valid: true, errors: [] })
  const counters = await datastore.data.collection<{ _id: string; n: number }>('counters').find().toArray()
  for (const { _id, n } of counters) {
    // one more may have been stored whose acknowledgement the kill cut off; a repetition would show as more
    expect(n - counted.get(_id)!).toBeGreaterThanOrEqual(0)
    expect(n - counted.get(_id)!).toBeLessThanOrEqual(1)
  }
}, 60_000)

/** A small file system of its own; only root may mount one. */
function mountSmallDisk(at: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', at], { stdio: 'ignore' }).status === 0
}

test('on a full disk writes are refused with 14031, reads go on, and writing works again when there is room', async ({
  skip,
}) => {
  if (!mountSmallDisk(path)) return skip('needs the right to mount')
  try {
    await using datastore = await openDatastore({ path })
    const filler = datastore.data.collection<{ _id: number; text?: string }>('filler')
    await filler.insertOne({ _id: 0 })
    let stored = 1
    const error = await (async () => {
      for (;;) {
        await filler.insertOne({ _id: stored, text: 'x'.repeat(100_000) })
        stored++
      }
    })().catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 14031 })
    expect(await filler.countDocuments()).toBe(stored)
    expect(await filler.findOne({ _id: 0 })).toEqual({ _id: 0 })
    spawnSync('mount', ['-o', 'remount,size=60m', path])
    await filler.insertOne({ _id: -1, text: 'x'.repeat(100_000) })
    expect(await filler.countDocuments()).toBe(stored + 1)
  } finally {
    spawnSync('umount', ['-l', path])
  }
})
