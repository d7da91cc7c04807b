import { MongoServerError, type Collection, type Document } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing.ts'

/**
 * The server of the black-box suite and an empty collection for each test. The same tests run against the
 * embedded datastore and, with `M3M_TEST_MONGODB_URI`, against a real server.
 */
export function suiteStore(name: string): { things: Collection<Document>; store: TestDatabase } {
  const suite = {} as { things: Collection<Document>; store: TestDatabase }
  let tests = 0
  beforeAll(async () => {
    suite.store = await openTestDatabase(name)
  })
  afterAll(() => suite.store[Symbol.asyncDispose]())
  beforeEach(() => {
    suite.things = suite.store.data.collection<Document>(`things${++tests}`)
  })
  return suite
}

/** Expects a failure with MongoDB's code; gives it back. */
export async function failure(code: number, run: Promise<unknown>): Promise<MongoServerError> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error, `expected an error ${code}`).toBeInstanceOf(MongoServerError)
  // a cursor that does not promote values gives the code as an Int32
  expect(Number((error as MongoServerError).code), (error as MongoServerError).message).toBe(code)
  return error as MongoServerError
}

/** True when the tests run against a real MongoDB. */
export const onRealServer = Boolean(process.env['M3M_TEST_MONGODB_URI'])
