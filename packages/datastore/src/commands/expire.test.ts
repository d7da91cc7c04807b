import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encode } from '../bson/encode.ts'
import { DateTime, type Value } from '../bson/value.ts'
import { createChangeClock } from '../server/change-clock.ts'
import { createWriter } from '../server/writer.ts'
import { openFile } from '../store/file.ts'
import { Store } from '../store/store.ts'
import { expireDocuments } from './expire.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-expire-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a TTL index takes documents whose date is past, and no others', async () => {
  const sqlite = openFile(join(folder, 'mongo.sqlite'))
  const store = new Store(sqlite)
  const things = store.create('m3m', 'things')
  const spec = new Map<string, Value>([
    ['key', new Map([['at', 1]])],
    ['name', 'at_1'],
    ['expireAfterSeconds', 60],
  ])
  store.createIndex(things, spec)
  const now = Date.UTC(2026, 0, 1)
  const dates: Value[] = [
    new DateTime(now - 61_000),
    new DateTime(now - 59_000),
    5,
    [new DateTime(now), new DateTime(now - 70_000)],
    null,
  ]
  dates.forEach((at, _id) =>
    things.insert(
      encode(
        new Map<string, Value>([
          ['_id', _id],
          ['at', at],
        ]),
      ),
    ),
  )
  const journal = { markDirty: () => {}, sync: async () => {}, close: () => {} }
  const writer = createWriter({
    sqlite,
    store,
    journal,
    clock: createChangeClock(),
    reader: () => sqlite,
    onDamage: () => {},
  })
  await expireDocuments({ store, writer }, now)
  const left = things.sql('SELECT rid FROM {c} ORDER BY rid').all() as unknown as [number][]
  expect(left.map(([rid]) => rid - 1)).toEqual([1, 2, 4])
  sqlite.close()
})
