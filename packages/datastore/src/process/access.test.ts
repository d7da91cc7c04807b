import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectRuntime } from '../connect-runtime.ts'
import { openDatastore, type Datastore } from '../open-datastore.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'm3m-process-'))
})
afterEach(() => rmSync(path, { recursive: true, force: true }))

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

  test('shows no sessions of others', async () => {
    await using datastore = await openDatastore({ path })
    await using runner = await connectRuntime({ uri: datastore.runtimeUri, database: datastore.dataDatabase })
    const sessions = (db: typeof runner.db) => db.aggregate([{ $listLocalSessions: {} }]).toArray()
    const stream = datastore.control.collection('users').watch()
    const waiting = stream.tryNext()
    await expect.poll(() => sessions(datastore.data)).toHaveLength(2)
    expect(await sessions(runner.db)).toHaveLength(1)
    await stream.close()
    await waiting.catch(() => {})
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
