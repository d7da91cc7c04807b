import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/value.ts'
import { fullAccess } from '../server/access.ts'
import { createEngine } from '../server/engine.ts'
import { createPause } from '../server/pause.ts'
import { openFile } from '../store/file.ts'
import { ReadingThread } from './reading-thread.ts'

const DOCUMENTS = 2_000
/** Longer than a job that was told to end may take until its thread is replaced. */
const STANDSTILL_MS = 1_500

let folder: string
let file: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-reading-'))
  file = join(folder, 'mongo.sqlite')
  await fill()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function fill(): Promise<void> {
  const sqlite = openFile(file)
  const fail = (error: unknown) => {
    throw error
  }
  const journal = { markDirty: () => {}, sync: async () => {}, close: () => {} }
  const engine = createEngine({ sqlite, journal, onBug: fail, onDamage: fail })
  const body: Doc = new Map<string, Value>([
    ['insert', 'things'],
    ['documents', Array.from({ length: DOCUMENTS }, (_, n) => new Map<string, Value>([['_id', n]]))],
  ])
  const sequences = new Map()
  const request = { requestId: 1, name: 'insert', db: 'm3m', body, sequences, legacy: false as const }
  const from = { access: fullAccess, connectionId: 1, address: 'test', login: null }
  await engine.run({ ...request, silent: false }, from)
  engine.close()
  sqlite.close()
}

test('an answer that was on its way when its thread was replaced is given once', async () => {
  const thread = new ReadingThread(file)
  const body = encode(new Map<string, Value>([['find', 'things']]))
  const find = () => thread.run({ name: 'find', db: 'm3m', body, onlyDatabase: null }, createPause())
  const [reader, other] = [await find(), await find()]
  // From here timers come before messages.
  await new Promise((resolve) => setImmediate(resolve))
  const first = reader.page(createPause())
  other.close()
  // The thread answers both meanwhile; but the first that is heard of afterwards is that the time of the other's end is over.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STANDSTILL_MS)
  const ids: unknown[] = []
  for (let page = await first; page.length > 0; page = await reader.page(createPause()))
    ids.push(...page.map((raw) => decode(raw).get('_id')))
  expect(ids).toEqual(Array.from({ length: DOCUMENTS }, (_, n) => n))
  reader.close()
  thread.close()
})
