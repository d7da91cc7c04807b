import type { DatabaseSync } from 'node:sqlite'
import { createChangeFeed } from '../oplog/change-feed.ts'
import { createRecorder } from '../oplog/create-recorder.ts'
import { openOplog } from '../oplog/oplog.ts'
import { refreshCollations } from '../store/collations.ts'
import { openFileForReading } from '../store/file.ts'
import { Store } from '../store/store.ts'
import { createSnapshots } from '../transaction/snapshots.ts'
import { Transactions } from '../transaction/transactions.ts'
import { ReadingThread } from '../worker/reading-thread.ts'
import { createChangeClock } from './change-clock.ts'
import { createCursors } from './cursors.ts'
import type { Journal } from './journal.ts'
import { createOperations } from './operations.ts'
import { createRetries } from './retries.ts'
import type { Floor } from './run-command.ts'
import { createWriter } from './writer.ts'

interface FloorOptions {
  /** The connection that writes. */
  sqlite: DatabaseSync
  journal: Journal
  onDamage: (error: Error) => void
}

/** Joins what commands run on: catalogues, writer, oplog, transactions. */
export function createFloor({ sqlite, journal, onDamage }: FloorOptions): {
  floor: Floor
  close: () => void
} {
  const file = sqlite.location()!
  const clock = createChangeClock()
  const oplog = openOplog(sqlite)
  const recorder = createRecorder(clock, oplog)
  const store = new Store(sqlite, recorder)
  refreshCollations(store)
  const reader = lazily(() => openFileForReading(file))
  const inside = lazily(() => new Store(sqlite, recorder))
  const snapshots = createSnapshots(file, clock)
  const cursors = createCursors()
  const retries = createRetries(sqlite)
  const reading = new ReadingThread(file)
  const changes = createChangeFeed({ oplog, journal, writer: () => writer, store: () => store })
  const writer = createWriter({
    sqlite,
    store,
    journal,
    clock,
    reader: reader.get,
    onCommit: () => changes.committed(),
    onDamage,
  })
  const transactions = new Transactions({
    writer,
    clock,
    snapshots,
    inside: inside.get,
    retries,
    onEnd: ({ session, number }) => cursors.killOf(session, number),
    onWriting: (id) => changes.enterTransaction(id),
  })
  const exists = (db: string, collection: string): boolean => store.get(db, collection) !== null
  const control = { operations: createOperations(), transactions, changes, clock, exists }
  return {
    floor: { store, writer, journal, cursors, retries, reading, control },
    close() {
      reading.close()
      reader.made?.close()
      snapshots.close()
    },
  }
}

function lazily<T>(make: () => T): { get: () => T; readonly made: T | null } {
  let made: T | null = null
  return {
    get: () => (made ??= make()),
    get made() {
      return made
    },
  }
}
