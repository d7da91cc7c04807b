import type { Document } from 'mongodb'
import { expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

/** Documents, a pipeline, and what comes out of it: documents, or the code of an error. */
type StageCase = [documents: Document[], pipeline: Document[], expected: Document[] | number]

/** Runs each pipeline on a collection of its own. */
export function stageCases(name: string, cases: StageCase[]): void {
  const suite = suiteStore(name)
  test.each(cases)('%j | %j', async (documents, pipeline, expected) => {
    if (documents.length > 0) await suite.things.insertMany(documents)
    const run = suite.things.aggregate(pipeline).toArray()
    if (typeof expected === 'number') await failure(expected, run)
    else expect(await run).toEqual(expected)
  })
}
