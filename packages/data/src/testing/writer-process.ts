/**
 * A process of its own that writes until it is killed: `node writer-process.ts <uri> <database> <projectId>`.
 * Prints each acknowledged write as a line `create <id> <version>` or `update <id> <version>`; batches of three have `n: 2`.
 */
import { silentLogger, systemClock } from '@m3m/base'
import { connectRuntime } from '@m3m/datastore'
import { createDataEngine } from '../engine.ts'

const [uri, database, projectId] = process.argv.slice(2) as [string, string, string]
const { db } = await connectRuntime({ uri, database })
const engine = createDataEngine({ db, clock: systemClock, logger: silentLogger })
const { records } = engine.project(projectId, { kind: 'service', source: 'debug:develop' })

async function writeOn(): Promise<void> {
  for (;;) {
    const made = await records.create('things', { n: 0 })
    process.stdout.write(`create ${made.id} ${made.version}\n`)
    const changed = await records.update('things', made.id, { n: 1 })
    process.stdout.write(`update ${changed.id} ${changed.version}\n`)
  }
}

async function writeBatches(): Promise<void> {
  const operations = Array.from({ length: 3 }, () => ({ op: 'create' as const, data: { n: 2 } }))
  for (;;) {
    const { results } = await records.bulk('things', operations)
    for (const result of results)
      if (result.ok) process.stdout.write(`create ${result.record!.id} ${result.record!.version}\n`)
  }
}
await Promise.all([...Array.from({ length: 4 }, writeOn), writeBatches()])
