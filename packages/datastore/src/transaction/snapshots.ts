import { DatabaseSync } from 'node:sqlite'
import type { ChangeClock } from '../server/change-clock.ts'
import { mongoError } from '../server/mongo-error.ts'
import { Store } from '../store/store.ts'

/** The datastore as of one commit, for transactions that have only read so far. */
export interface Snapshot {
  store: Store
  /** How many commits it shows. */
  commits: number
  release(): void
}

export interface Snapshots {
  /** @throws WriteConflict (112) when more than {@link MAX_SNAPSHOTS} moments are held at once */
  acquire(): Snapshot
  close(): void
}

/** Each holds a connection, and back what SQLite may write home of its log. */
const MAX_SNAPSHOTS = 32
/** Connections kept for the next ones. */
const MAX_IDLE = 2

interface Moment {
  sqlite: DatabaseSync
  store: Store
  commits: number
  users: number
}

/** Transactions that begin between the same two commits share one connection. */
export function createSnapshots(file: string, clock: ChangeClock): Snapshots {
  const idle: Pick<Moment, 'sqlite' | 'store'>[] = []
  const moments = new Set<Moment>()
  let latest: Moment | null = null

  const open = (): Moment => {
    if (moments.size >= MAX_SNAPSHOTS)
      throw mongoError('WriteConflict', `more than ${MAX_SNAPSHOTS} snapshots are being read`)
    const connection = idle.pop() ?? connect(file)
    connection.sqlite.exec('BEGIN')
    connection.store.refresh() // the first read is what fixes the moment
    const moment = { ...connection, commits: clock.commits, users: 0 }
    moments.add(moment)
    return moment
  }

  const close = (moment: Moment): void => {
    moments.delete(moment)
    if (latest === moment) latest = null
    moment.sqlite.exec('COMMIT')
    if (idle.length < MAX_IDLE) idle.push(moment)
    else moment.sqlite.close()
  }

  return {
    acquire() {
      if (latest?.commits !== clock.commits) latest = open()
      const moment = latest
      moment.users++
      let released = false
      return {
        store: moment.store,
        commits: moment.commits,
        release() {
          if (released) return
          released = true
          if (--moment.users === 0) close(moment)
        },
      }
    },
    close() {
      for (const { sqlite } of [...idle, ...moments]) sqlite.close()
    },
  }
}

function connect(file: string): Pick<Moment, 'sqlite' | 'store'> {
  const sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  sqlite.exec('PRAGMA cache_size=-8192; PRAGMA mmap_size=268435456')
  return { sqlite, store: new Store(sqlite) }
}
