import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Db, MongoClient } from 'mongodb'
import { connectClient } from './client.ts'
import { openDatastore } from './open-datastore.ts'

/** All databases of tests begin so; the global setup drops them once at the start of a run. */
export const TEST_DATABASE = 'm3m_testing_database'

/** Where the global setup tells the test processes of the run's one server. */
export const TEST_SERVER_VARIABLE = 'M3M_TEST_DATASTORE_URI'

/** A pair of empty databases of a test's own. */
export interface TestDatabase extends AsyncDisposable {
  client: MongoClient
  /** The same as `data`: what most tests of the records engine want. */
  db: Db
  control: Db
  data: Db
  /** Connection string of the server, for tests that start processes of their own. */
  uri: string
  /** Name of the control database; project data are in `{database}_data`. */
  database: string
}

/**
 * Opens two empty databases, named after `name`, on the server of this test run: `M3M_TEST_MONGODB_URI` when
 * set, else one embedded datastore that the whole run shares. Disposing drops both.
 *
 * @example
 * await using store = await openTestDatabase('records')
 * await store.data.collection('things').insertOne({ a: 1 })
 */
export async function openTestDatabase(name: string): Promise<TestDatabase> {
  const server = await testServer()
  const client = await connectClient(server.uri)
  const database = `${TEST_DATABASE}_${name.replace(/\W+/g, '_').slice(0, 24)}_${randomBytes(4).toString('hex')}`
  const control = client.db(database)
  const data = client.db(`${database}_data`)
  return {
    client,
    db: data,
    control,
    data,
    uri: server.uri,
    database,
    async [Symbol.asyncDispose]() {
      await control.dropDatabase()
      await data.dropDatabase()
      await client.close()
      await server.close()
    },
  }
}

/** The server that the global setup started or was told of; without it (a single file by hand) one of our own. */
async function testServer(): Promise<{ uri: string; close: () => Promise<void> }> {
  const shared = process.env['M3M_TEST_MONGODB_URI'] || process.env[TEST_SERVER_VARIABLE]
  if (shared) return { uri: shared, close: async () => {} }
  return startTestServer()
}

/** Starts an embedded datastore in a temporary folder, which goes with it. */
export async function startTestServer(): Promise<{ uri: string; close: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'm3m-test-data-'))
  const datastore = await openDatastore({ path, mongodb: { database: TEST_DATABASE } })
  return {
    uri: datastore.uri,
    async close() {
      await datastore[Symbol.asyncDispose]()
      await rm(path, { recursive: true, force: true })
    },
  }
}
