import type { DatabaseSync } from 'node:sqlite'
import type { Store } from './store.ts'

/** The format of a file that has a collation: an m3m that knows none would write wrong keys. */
const FORMAT_WITH_COLLATIONS = 3

/** The rules of collations are those of ICU's version, as a number: 78.3 is 78003. */
const ICU = process.versions['icu']!.split('.').reduce((number, part) => number * 1000 + Number(part), 0)

/** Notes, in the open transaction, that the file has keys made by this version of ICU. */
export function noteCollations(sqlite: DatabaseSync): void {
  sqlite.exec(`PRAGMA user_version=${FORMAT_WITH_COLLATIONS}`)
  sqlite.prepare("INSERT OR REPLACE INTO _meta VALUES('icu', ?)").run(ICU)
}

/** Whether keys were made by another version of ICU, which may hold other texts for equal. */
function isOutdated(sqlite: DatabaseSync): boolean {
  const row = sqlite.prepare("SELECT v FROM _meta WHERE k='icu'").get()
  return row !== undefined && Number(row['v']) !== ICU
}

/** After an update of Node: what it compares texts by may be another ICU than the one that made the keys. */
export function refreshCollations(store: Store): void {
  const { sqlite } = store
  if (!isOutdated(sqlite)) return
  sqlite.exec('BEGIN IMMEDIATE')
  store.rebuildCollated()
  noteCollations(sqlite)
  sqlite.exec('COMMIT')
}
