import { randomBytes } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { createWaiters, type Waiting } from '../server/waiters.ts'
import { asBuffer } from '../store/store.ts'
import { positionAfter, positionAt } from './position.ts'

/** What an entry tells of; the numbers are in the file. */
export const OPERATIONS = ['insert', 'update', 'replace', 'delete', 'drop', 'rename', 'dropDatabase'] as const
export type OperationType = (typeof OPERATIONS)[number]

/** One change. */
export interface OplogEntry {
  position: number
  operation: OperationType
  db: string
  /** Empty for what happened to a whole database. */
  collection: string
  /** BSON `{ _id }`; null where no document is meant. */
  key: Buffer | null
  /** BSON: the document (insert, replace), the change (update), the new name (rename); else null. */
  doc: Buffer | null
  /** BSON `{ lsid, txnNumber }` of the transaction it belongs to. */
  transaction: Buffer | null
}

/** Which changes somebody wants: of all, of a database, of a collection. */
export interface OplogScope {
  db: string | null
  collection: string | null
}

/**
 * The changes of the last hours, written in the same SQLite transaction as the changes themselves; but only while
 * somebody watches, and {@link MAX_AGE_MS} longer: who does not use change streams pays nothing for them.
 */
export interface Oplog {
  readonly recording: boolean
  /** Which history positions belong to. */
  readonly history: number
  /** The last position that may be shown: committed, and on the disk. */
  readonly published: number
  /** Everything after this position is there. */
  readonly floor: number
  /** Says what the entries written from now on belong to. */
  belongTo(transaction: Buffer | null): void
  /** Begins to record, within the open transaction. */
  start(): void
  /** Writes an entry within the open transaction; nothing when nobody watches. */
  append(entry: Omit<OplogEntry, 'position' | 'transaction'>): void
  /** Up to here something was committed that is not published yet; null: nothing. */
  pending(): number | null
  /** Shows entries to readers and wakes those who wait. */
  publish(position: number): void
  read(scope: OplogScope, options: { after: number; limit: number }): OplogEntry[]
  /** Resolves when something was published behind a position, or `ms` have passed, or `stop` is called. */
  wait(after: number, ms: number): Waiting
  /** Somebody opened a stream; the result ends it. */
  watch(): () => void
  readonly watchers: number
  /** Forgets what is too old or too much, within the open transaction. */
  trim(nowMs: number): void
}

/** Whoever was away for a day, or for 64 MB of changes, has to begin anew. */
const MAX_AGE_MS = 24 * 60 * 60_000
const MAX_BYTES = 64 * 1024 * 1024
const TRIM_ROWS = 5000

/** Opens the oplog of a file. */
export function openOplog(sqlite: DatabaseSync): Oplog {
  const meta = readMeta(sqlite)
  const statements = prepare(sqlite)
  let { floor } = meta
  let last = Math.max(lastPosition(sqlite), floor)
  let published = last
  let bytes = -1
  const state = { transaction: null as Buffer | null, watchers: 0 }
  const waiters = createWaiters()

  return {
    history: meta.history,
    get recording() {
      return floor > 0
    },
    get published() {
      return published
    },
    get floor() {
      return floor
    },
    get watchers() {
      return state.watchers
    },
    belongTo(transaction) {
      state.transaction = transaction
    },
    start() {
      if (floor > 0) return
      last = positionAfter(last, Date.now())
      floor = last
      published = last
      setMeta(sqlite, 'oplog_from', floor)
      setMeta(sqlite, 'oplog_watched', Date.now())
    },
    append({ operation, db, collection, key, doc }) {
      if (floor === 0) return
      last = positionAfter(last, Date.now())
      if (bytes >= 0) bytes += (doc?.length ?? 0) + ROW_BYTES
      statements.insert.run(last, db, collection, OPERATIONS.indexOf(operation), key, doc, state.transaction)
    },
    pending: () => (last > published ? last : null),
    publish(position) {
      if (position <= published) return
      published = position
      waiters.wake(published)
    },
    read({ db, collection }, { after, limit }) {
      const found =
        db === null
          ? statements.all.all(after, published, limit)
          : collection === null
            ? statements.ofDatabase.all(after, published, db, limit)
            : statements.ofCollection.all(after, published, db, collection, limit)
      return found.map((row) => entryOf(row as unknown as OplogRow))
    },
    wait: (after, ms) => waiters.wait(after, { ms, reached: published }),
    watch() {
      state.watchers++
      return () => void state.watchers--
    },
    trim(nowMs) {
      if (floor === 0) return
      if (state.watchers > 0) setMeta(sqlite, 'oplog_watched', nowMs)
      const unused = state.watchers === 0 && readMeta(sqlite).watched < nowMs - MAX_AGE_MS
      if (bytes < 0) bytes = storedBytes(sqlite)
      const kept = unused ? forgetAll(sqlite) : trimRows(sqlite, { nowMs, bytes, floor })
      floor = kept.floor
      bytes = kept.bytes
    },
  }
}

interface Kept {
  floor: number
  bytes: number
}

/** Nobody has watched for long: nothing is recorded any more. */
function forgetAll(sqlite: DatabaseSync): Kept {
  sqlite.exec('DELETE FROM _oplog')
  setMeta(sqlite, 'oplog_from', 0)
  return { floor: 0, bytes: -1 }
}

/** Forgets the oldest rows until age and size are within their bounds. */
function trimRows(sqlite: DatabaseSync, { nowMs, bytes, floor }: Kept & { nowMs: number }): Kept {
  const kept = { floor, bytes }
  const oldest = positionAt(nowMs - MAX_AGE_MS)
  const page = sqlite.prepare(
    `SELECT seq, coalesce(length(doc), 0) + ${ROW_BYTES} AS size FROM _oplog ORDER BY seq LIMIT ${TRIM_ROWS}`,
  )
  for (;;) {
    const rows = page.all() as { seq: number; size: number }[]
    const stop = rows.findIndex(({ seq, size }) => {
      if (seq >= oldest && kept.bytes <= MAX_BYTES) return true
      kept.bytes -= size
      kept.floor = seq
      return false
    })
    if (kept.floor > floor) {
      sqlite.prepare('DELETE FROM _oplog WHERE seq<=?').run(kept.floor)
      setMeta(sqlite, 'oplog_from', kept.floor)
    }
    if (stop >= 0 || rows.length < TRIM_ROWS) return kept
  }
}

/** What a row takes besides its document, about. */
const ROW_BYTES = 80

type OplogRow = [number, string, string, number, Uint8Array | null, Uint8Array | null, Uint8Array | null]

function entryOf([position, db, collection, operation, key, doc, transaction]: OplogRow): OplogEntry {
  return {
    position,
    db,
    collection,
    operation: OPERATIONS[operation]!,
    key: key && asBuffer(key),
    doc: doc && asBuffer(doc),
    transaction: transaction && asBuffer(transaction),
  }
}

function prepare(sqlite: DatabaseSync) {
  const arrays = (text: string): StatementSync => {
    const statement = sqlite.prepare(text)
    statement.setReturnArrays(true)
    return statement
  }
  const columns = 'SELECT seq, db, coll, op, key, doc, txn FROM _oplog WHERE seq>? AND seq<=?'
  return {
    insert: sqlite.prepare(
      'INSERT INTO _oplog(seq, db, coll, op, key, doc, txn) VALUES(?, ?, ?, ?, ?, ?, ?)',
    ),
    all: arrays(`${columns} ORDER BY seq LIMIT ?`),
    ofDatabase: arrays(`${columns} AND db=? ORDER BY seq LIMIT ?`),
    ofCollection: arrays(`${columns} AND db=? AND coll=? ORDER BY seq LIMIT ?`),
  }
}

interface Meta {
  history: number
  floor: number
  watched: number
}

function readMeta(sqlite: DatabaseSync): Meta {
  const get = (name: string): number =>
    Number(sqlite.prepare('SELECT v FROM _meta WHERE k=?').get(name)?.['v'] ?? 0)
  return { history: get('oplog_id'), floor: get('oplog_from'), watched: get('oplog_watched') }
}

function setMeta(sqlite: DatabaseSync, name: string, value: number): void {
  sqlite.prepare('INSERT OR REPLACE INTO _meta(k, v) VALUES(?, ?)').run(name, value)
}

function lastPosition(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare('SELECT max(seq) AS last FROM _oplog').get()!['last'] ?? 0)
}

function storedBytes(sqlite: DatabaseSync): number {
  const row = sqlite.prepare(`SELECT sum(coalesce(length(doc), 0) + ${ROW_BYTES}) AS bytes FROM _oplog`).get()
  return Number(row!['bytes'] ?? 0)
}

/** The SQL that makes the tables of an oplog. */
export const OPLOG_TABLE = `CREATE TABLE _oplog(seq INTEGER PRIMARY KEY, db TEXT NOT NULL, coll TEXT NOT NULL,
  op INTEGER NOT NULL, key BLOB, doc BLOB, txn BLOB)`

/** Forgets all changes and begins another history: tokens of the one before lead nowhere now. */
export function beginHistory(sqlite: DatabaseSync): void {
  sqlite.exec('DELETE FROM _oplog')
  setMeta(sqlite, 'oplog_from', 0)
  setMeta(sqlite, 'oplog_id', randomBytes(4).readUInt32LE())
}
