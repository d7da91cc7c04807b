import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encode } from '../bson/encode.ts'
import type { Value } from '../bson/value.ts'
import type { Collection } from './collection.ts'
import { openFile } from './file.ts'
import { Store } from './store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-cap-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Bytes of a document without its text. */
const BARE = 24

function document(id: number, bytes: number): Buffer {
  return encode(
    new Map<string, Value>([
      ['_id', id],
      ['pad', 'x'.repeat(bytes - BARE)],
    ]),
  )
}

function sizes(collection: Collection): number[] {
  const rows = collection.sql('SELECT length(doc) FROM {c} ORDER BY rid').all() as unknown as [number][]
  return rows.map(([size]) => size)
}

/** What is left of documents by the rule: the newest that fit. */
function kept(documents: readonly number[], size: number, max: number): number[] {
  const left = [...documents]
  const bytes = (): number => left.reduce((sum, one) => sum + one, 0)
  while (left.length > max || bytes() > size) left.shift()
  return left
}

test('limits hold after any inserts, changes, removals and rollbacks', () => {
  const sqlite = openFile(join(folder, 'mongo.sqlite'))
  const store = new Store(sqlite)
  const [size, max] = [2000, 12]
  const things = store.create(
    'm3m',
    'things',
    new Map<string, Value>([
      ['capped', true],
      ['size', size],
      ['max', max],
    ]),
  )
  // a fixed row of "random" numbers: Knuth's multiplier modulo a prime
  let state = 12345
  const below = (limit: number): number => (state = (state * 48271) % 2147483647) % limit
  let model: number[] = []
  for (let n = 0; n < 400; n++) {
    const bytes = BARE + 1 + below(400)
    const rolledBack = below(5) === 0
    const before = [...model]
    sqlite.exec('BEGIN')
    const rows = things.sql('SELECT rid FROM {c} ORDER BY rid').all() as unknown as [number][]
    const at = below(Math.max(1, rows.length))
    const row = rows.length > 0 ? things.byRid(rows[at]![0]) : null
    const choice = row ? below(4) : 3
    if (row && choice === 0) {
      things.remove(row)
      model.splice(at, 1)
    } else if (row && choice === 1) {
      things.replace(row, document(row.raw.readInt32LE(9), bytes))
      model[at] = bytes
    } else {
      things.insert(document(n, bytes))
      model = kept([...model, bytes], size, max)
    }
    if (rolledBack) {
      sqlite.exec('ROLLBACK')
      store.reload()
      model = before
    } else sqlite.exec('COMMIT')
    expect(sizes(things)).toEqual(model)
  }
  sqlite.close()
})
