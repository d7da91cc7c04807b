import { MongoClient } from 'mongodb'
import { startTestServer, TEST_DATABASE, TEST_SERVER_VARIABLE } from '@m3m/datastore/testing'

/**
 * Runs once before all test files. They share one server: the real one of `M3M_TEST_MONGODB_URI`, whose test
 * databases are dropped now, else an embedded datastore in a temporary folder that goes at the end.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const real = process.env['M3M_TEST_MONGODB_URI']
  if (real) {
    await dropTestDatabases(real)
    return async () => {}
  }
  const server = await startTestServer()
  process.env[TEST_SERVER_VARIABLE] = server.uri
  return server.close
}

async function dropTestDatabases(uri: string): Promise<void> {
  const client = new MongoClient(uri)
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true })
    for (const { name } of databases) if (name.startsWith(TEST_DATABASE)) await client.db(name).dropDatabase()
  } finally {
    await client.close()
  }
}
