import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encode } from '../bson/encode.ts'
import type { Value } from '../bson/value.ts'
import { refreshCollations } from './collations.ts'
import { openFile } from './file.ts'
import { Store } from './store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-collations-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('keys are made anew when ICU is another one, and only then', () => {
  const sqlite = openFile(join(folder, 'mongo.sqlite'))
  const store = new Store(sqlite)
  const formatOf = (): unknown => sqlite.prepare('PRAGMA user_version').get()!['user_version']
  const things = store.create('m3m', 'things')
  expect(formatOf()).toBe(2)
  const collation = new Map<string, Value>([
    ['locale', 'en'],
    ['strength', 1],
  ])
  const spec = new Map<string, Value>([
    ['key', new Map([['w', 1]])],
    ['name', 'w'],
    ['collation', collation],
  ])
  store.createIndex(things, spec)
  // whoever knows no collations must not write into this file
  expect(formatOf()).toBe(3)
  for (const [_id, w] of ['a', 'B', 'c'].entries())
    things.insert(
      encode(
        new Map<string, Value>([
          ['_id', _id],
          ['w', w],
        ]),
      ),
    )
  const index = things.indexes[0]!
  const keys = (): string[] =>
    (index.sql('SELECT hex(k) FROM {x} ORDER BY rid').all() as unknown as [string][]).map(([key]) => key)
  const right = keys()
  index.sql("UPDATE {x} SET k=x'00'||k").run()
  const wrong = keys()
  refreshCollations(store)
  expect(keys()).toEqual(wrong)
  sqlite.exec("UPDATE _meta SET v=1 WHERE k='icu'")
  refreshCollations(store)
  expect(keys()).toEqual(right)
  refreshCollations(store)
  sqlite.close()
})
