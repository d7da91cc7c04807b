import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { backup, type DatabaseSync } from 'node:sqlite'
import { lockFolder } from '../process/lock.ts'
import { beginHistory } from '../oplog/oplog.ts'
import { checkFile, openFile, openFileForReading } from '../store/file.ts'
import { asBuffer } from '../store/store.ts'
import { createFingerprinter, firstDifference, type Fingerprint } from './fingerprint.ts'
import { transferErrors } from './transfer.errors.ts'

const FILE = 'mongo.sqlite'

/** What a backup holds. */
export interface BackupReport {
  /** By `database.collection`. */
  collections: Record<string, Fingerprint>
  documents: number
  sizeBytes: number
}

/**
 * Copies the embedded datastore of a folder to one file, while it may be served, as of one moment. The copy is
 * opened and compared (count and hash of each collection) before it gets its name.
 *
 * @throws BACKUP_NOTHING_THERE, BACKUP_EXISTS, BACKUP_DIFFERS
 */
export async function backupDatastore({ path, to }: { path: string; to: string }): Promise<BackupReport> {
  const file = join(path, FILE)
  if (!existsSync(file)) throw transferErrors.BACKUP_NOTHING_THERE({ path })
  if (existsSync(to)) throw transferErrors.BACKUP_EXISTS({ path: to })
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  const part = `${to}.part`
  rmSync(part, { force: true })
  try {
    const collections = await copyMoment(file, part)
    compare(part, collections)
    syncFile(part)
    renameSync(part, to)
    const documents = Object.values(collections).reduce((sum, { documents }) => sum + documents, 0)
    return { collections, documents, sizeBytes: statSync(to).size }
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${part}${suffix}`, { force: true })
  }
}

/** One read transaction holds the moment for both the fingerprints and the copy. */
async function copyMoment(file: string, to: string): Promise<Record<string, Fingerprint>> {
  const source = openFileForReading(file)
  try {
    source.exec('BEGIN')
    const collections = fingerprints(source)
    await backup(source, to)
    source.exec('COMMIT')
    return collections
  } finally {
    source.close()
  }
}

/**
 * Reads a backup's file whole.
 * @returns its collections by `database.collection`
 * @throws DATASTORE_DAMAGED, DATASTORE_TOO_NEW
 */
export function checkBackup(file: string): Record<string, Fingerprint> {
  checkFile(file)
  const db = openFileForReading(file)
  try {
    return fingerprints(db)
  } finally {
    db.close()
  }
}

function compare(copy: string, expected: Record<string, Fingerprint>): void {
  const collection = firstDifference(checkBackup(copy), expected)
  if (collection !== null) throw transferErrors.BACKUP_DIFFERS({ path: copy, collection })
}

function fingerprints(db: DatabaseSync): Record<string, Fingerprint> {
  const result: Record<string, Fingerprint> = {}
  for (const row of db.prepare('SELECT id, db, coll FROM _ns').all()) {
    const fingerprinter = createFingerprinter()
    const documents = db.prepare(`SELECT doc FROM c${Number(row['id'])}`)
    for (const { doc } of documents.iterate()) fingerprinter.add(asBuffer(doc as Uint8Array))
    result[`${String(row['db'])}.${String(row['coll'])}`] = fingerprinter.result()
  }
  return result
}

/** Streams of the datastore as it was must not go on in the restored one: its history is another from here. */
function forgetChanges(file: string): void {
  const db = openFile(file)
  try {
    beginHistory(db)
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    db.close()
  }
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Puts a backup in the place of a folder's datastore, which nobody may serve. What was there is kept beside it,
 * under the name that comes back (null when there was nothing).
 *
 * @throws DATASTORE_LOCKED, DATASTORE_DAMAGED, DATASTORE_TOO_NEW
 */
export async function restoreDatastore({
  from,
  path,
}: {
  from: string
  path: string
}): Promise<{ kept: string | null }> {
  if (!existsSync(from)) throw transferErrors.BACKUP_NOTHING_THERE({ path: from })
  checkFile(from)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const lock = await lockFolder(path)
  try {
    const file = join(path, FILE)
    const part = `${file}.part`
    copyFileSync(from, part)
    forgetChanges(part)
    syncFile(part)
    const kept = existsSync(file)
      ? `${file}.before-restore-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
      : null
    if (kept) {
      for (const suffix of ['', '-wal', '-shm'])
        if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix)
    }
    renameSync(part, file)
    return { kept }
  } finally {
    lock.release()
  }
}
