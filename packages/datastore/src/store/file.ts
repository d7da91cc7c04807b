import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf } from '@m3m/base'
import { datastoreErrors } from '../datastore.errors.ts'
import { beginHistory, OPLOG_TABLE } from '../oplog/oplog.ts'

/** The newest format we know; raised whenever an older m3m could not read what this one writes. 3: see collations.ts. */
const NEWEST = 3
/** That of a file as we make it. */
const FORMAT = 2

const APPLICATION_ID = 0x6d336d31 // "m3m1", so that `file` and we ourselves know whose file it is

/** SQLite's primary result codes that mean "not a sound database" (sqlite.org/rescode.html). */
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/**
 * Opens the file for writing, making it when missing. A file that was not closed cleanly is checked first,
 * through a connection that cannot write; damage and newer formats are refused with nothing touched.
 *
 * @throws DATASTORE_DAMAGED, DATASTORE_TOO_NEW, DATASTORE_PATH_UNUSABLE
 */
export function openFile(file: string): DatabaseSync {
  const fresh = !existsSync(file) || statSync(file).size === 0
  if (fresh) makeFolder(dirname(file))
  else inspect(file)
  try {
    const db = new DatabaseSync(file, { timeout: 5000 })
    if (fresh) db.exec('PRAGMA page_size=8192; PRAGMA auto_vacuum=INCREMENTAL')
    tune(db)
    if (fresh) create(db, file)
    else upgrade(db)
    return db
  } catch (error) {
    throw asRefusal(file, error)
  }
}

/** Opens a second connection that only reads, for readers beside the writer. */
export function openFileForReading(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  db.exec('PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456')
  return db
}

/**
 * NORMAL leaves the sync of the log to us: one for all commits of a turn, off the thread (server/journal.ts).
 * The log is written back at 4,000 pages (32 MB).
 */
function tune(db: DatabaseSync): void {
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;
    PRAGMA wal_autocheckpoint=4000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY`)
}

function create(db: DatabaseSync, file: string): void {
  db.exec(`BEGIN IMMEDIATE;
    PRAGMA application_id=${APPLICATION_ID}; PRAGMA user_version=${FORMAT};
    CREATE TABLE _meta(k TEXT PRIMARY KEY, v INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO _meta VALUES('catalogue', 0);
    CREATE TABLE _ns(id INTEGER PRIMARY KEY, db TEXT NOT NULL, coll TEXT NOT NULL, uuid BLOB NOT NULL, options BLOB NOT NULL, UNIQUE(db, coll));
    CREATE TABLE _ix(id INTEGER PRIMARY KEY, ns INTEGER NOT NULL, name TEXT NOT NULL, spec BLOB NOT NULL, multikey INTEGER NOT NULL DEFAULT 0, UNIQUE(ns, name));
    CREATE TABLE _sess(lsid BLOB PRIMARY KEY, txn INTEGER NOT NULL, state BLOB NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX _sess_at ON _sess(at);
    ${OPLOG_TABLE};
    COMMIT`)
  beginHistory(db)
  syncFolder(dirname(file))
}

/** Brings a file of an older format up to ours, in one transaction. Format 2 has an oplog. */
function upgrade(db: DatabaseSync): void {
  if (formatOf(db) >= FORMAT) return
  db.exec(`BEGIN IMMEDIATE; ${OPLOG_TABLE}; PRAGMA user_version=${FORMAT}`)
  beginHistory(db)
  db.exec('COMMIT')
}

function formatOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()!['user_version'])
}

function inspect(file: string): void {
  const unclean = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0
  checkFile(file, { thorough: unclean })
}

/**
 * Looks at a file through a connection that cannot write: ours, of a known format, and (unless told not to) sound.
 *
 * @throws DATASTORE_DAMAGED, DATASTORE_TOO_NEW
 */
export function checkFile(file: string, { thorough = true }: { thorough?: boolean } = {}): void {
  let db: DatabaseSync
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  } catch (error) {
    throw asRefusal(file, error)
  }
  try {
    checkFormat(db, file)
    if (thorough) quickCheck(db, file)
  } catch (error) {
    throw asRefusal(file, error)
  } finally {
    db.close()
  }
}

function checkFormat(db: DatabaseSync, file: string): void {
  const id = db.prepare('PRAGMA application_id').get()!['application_id']
  if (id !== APPLICATION_ID) {
    throw datastoreErrors.DATASTORE_DAMAGED({ file, reason: 'it is a database, but not one of m3m' })
  }
  const found = formatOf(db)
  if (found > NEWEST) throw datastoreErrors.DATASTORE_TOO_NEW({ file, found, known: NEWEST })
}

function quickCheck(db: DatabaseSync, file: string): void {
  const first = db.prepare('PRAGMA quick_check(1)').get()!['quick_check']
  if (first !== 'ok') throw datastoreErrors.DATASTORE_DAMAGED({ file, reason: String(first) })
}

function asRefusal(file: string, error: unknown): unknown {
  const errcode = (error as { errcode?: number }).errcode
  if (errcode === undefined) return error
  const reason = messageOf(error)
  if ((errcode & 0xff) === SQLITE_CORRUPT || (errcode & 0xff) === SQLITE_NOTADB) {
    return datastoreErrors.DATASTORE_DAMAGED({ file, reason }, { cause: error })
  }
  return datastoreErrors.DATASTORE_PATH_UNUSABLE({ path: file, reason }, { cause: error })
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw datastoreErrors.DATASTORE_PATH_UNUSABLE({ path, reason: messageOf(error) }, { cause: error })
  }
}

/** A new file is only there after a power loss when its folder was synced too. */
function syncFolder(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
