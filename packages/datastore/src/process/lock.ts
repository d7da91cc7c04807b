import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import net from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { datastoreErrors } from '../datastore.errors.ts'

/** A dying server may need this long to write back its log before its lock is free. */
const PATIENCE_MS = 3000
const SQLITE_BUSY = 5

/** What the holder of a folder tells others, so that they can attach. */
interface Holder {
  pid: number
  /** Path of its socket. */
  socket: string
  uri: string
  runtimeUri: string
  dataDatabase: string
}

interface FolderLock {
  /** Tells how to reach us. */
  publish(holder: Holder): void
  release(): void
}

/**
 * Locks a data folder for this process, by SQLite's own lock on a file of its own: the system frees it however
 * the process ends, so there is no stale lock to judge.
 *
 * @throws DATASTORE_LOCKED at once when another process serves it, or holds it for longer than 3 s
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const db = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  const end = Date.now() + PATIENCE_MS
  while (!tryLock(db)) {
    if (Date.now() > end || (await isServed(folder))) {
      db.close()
      throw datastoreErrors.DATASTORE_LOCKED({ path: folder, pid: readHolder(folder)?.pid ?? null })
    }
    await wait(50)
  }
  return {
    publish: (holder) => writeFileSync(holderFile(folder), JSON.stringify(holder), { mode: 0o600 }),
    release() {
      rmSync(holderFile(folder), { force: true })
      db.close()
    },
  }
}

function tryLock(db: DatabaseSync): boolean {
  try {
    db.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return false
    throw error
  }
}

function holderFile(folder: string): string {
  return join(folder, 'server.json')
}

/** Who holds the folder, as far as they told; null when nobody did. They may be dead by now. */
export function readHolder(folder: string): Holder | null {
  try {
    return JSON.parse(readFileSync(holderFile(folder), 'utf8')) as Holder
  } catch {
    return null
  }
}

/** Whether the holder takes connections; one that is about to leave does not. */
function isServed(folder: string): Promise<boolean> {
  const holder = readHolder(folder)
  if (!holder) return Promise.resolve(false)
  return new Promise((resolve) => {
    const socket = net.connect(holder.socket)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
