import { MongoClient } from 'mongodb'
import type { TestProject } from 'vitest/node'
import { bundleTestProcesses } from './test-processes.ts'

/**
 * Runs once before all test files, which start processes of ours from bundles of the sources as they are. They share one server: the real one of `M3M_TEST_MONGODB_URI`, whose test
 * databases are dropped now, else an embedded datastore in a temporary folder that goes at the end.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await bundleTestProcesses()
  project.onTestsRerun(bundleTestProcesses)
  // Now, because it asks at once where its process is.
  const { startTestServer, TEST_DATABASE, TEST_SERVER_VARIABLE } = await import('@m3m/datastore/testing')
  const real = process.env['M3M_TEST_MONGODB_URI']
  if (real) {
    await dropTestDatabases(real, TEST_DATABASE)
    return async () => {}
  }
  const server = await startTestServer()
  process.env[TEST_SERVER_VARIABLE] = server.uri
  return server.close
}

async function dropTestDatabases(uri: string, prefix: string): Promise<void> {
  const client = new MongoClient(uri)
  try {
    const { databases } = await client.db('admin').admin().listDatabases({ nameOnly: true })
    for (const { name } of databases) if (name.startsWith(prefix)) await client.db(name).dropDatabase()
  } finally {
    await client.close()
  }
}
