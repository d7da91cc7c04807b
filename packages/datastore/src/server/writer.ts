import { setImmediate as nextTurn } from 'node:timers/promises'
import { messageOf } from '@m3m/base'
import type { DatabaseSync } from 'node:sqlite'
import type { Store } from '../store/store.ts'
import type { ChangeClock } from './change-clock.ts'
import { createHolds, type Holds } from './hold.ts'
import type { Journal } from './journal.ts'
import { mongoError, type MongoServerFault } from './mongo-error.ts'

/** What all writes of one turn of the event loop share: one SQLite transaction. */
export interface Turn {
  /** Resolves after the commit; rejects when the whole turn was rolled back. */
  readonly committed: Promise<void>
}

/** Group commit: whoever writes joins the turn; it is committed when the event loop has seen to all sockets. */
export interface Writer extends Holds {
  /** Makes sure that a transaction is open. Writes must follow without giving up the thread. */
  join(): Turn
  /** The open turn, or null: readers whose answer may show its writes wait for it. */
  readonly open: Turn | null
  /** Waits for the commit and, if wanted, for the disk. */
  finish(turn: Turn, journaled: boolean): Promise<void>
  /** Lets the turn be committed and gives the thread to others. */
  leave(turn: Turn): Promise<void>
  /** Rolls back the open turn after an error that is not the client's: none of its writes is acknowledged. */
  fail(error: unknown): MongoServerFault
}

interface OpenTurn extends Turn {
  resolve: () => void
  reject: (error: unknown) => void
}

interface WriterOptions {
  sqlite: DatabaseSync
  /** The catalogue of those who are in no transaction: it reads elsewhere while the writer is held. */
  store: Store
  journal: Journal
  clock: ChangeClock
  /** Opens, once, the connection that others read by while the writer is held. */
  reader: () => DatabaseSync
  /** Called after each commit. */
  onCommit?: () => void
  /** Ends the process: such a store must be looked at before it goes on. */
  onDamage: (error: Error) => void
}

/** SQLite's result codes (sqlite.org/rescode.html). */
const SQLITE_FULL = 13
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11

/** Makes the one writer of a store. */
export function createWriter(options: WriterOptions): Writer {
  const { sqlite, store, journal, clock, reader, onCommit, onDamage } = options
  let open: OpenTurn | null = null

  const committed = (): void => {
    clock.advance()
    journal.markDirty()
    onCommit?.()
  }

  const commit = (turn: OpenTurn): void => {
    if (open !== turn) return
    try {
      sqlite.exec('COMMIT')
    } catch (error) {
      fail(error)
      return
    }
    open = null
    committed()
    turn.resolve()
  }

  const rollback = (): void => {
    try {
      sqlite.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself already (disk full, I/O error)
    }
  }

  const faultOf = (error: unknown): MongoServerFault => {
    if (isDamage(error)) onDamage(error as Error)
    return faultOfError(error)
  }

  const fail = (error: unknown): MongoServerFault => {
    const turn = open
    open = null
    rollback()
    store.reload()
    const fault = faultOf(error)
    turn?.reject(fault)
    return fault
  }

  const join = (): Turn => {
    if (open) return open
    if (holds.held) throw new Error('a transaction holds the writer')
    sqlite.exec('BEGIN IMMEDIATE')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    promise.catch(() => {}) // those who wait have their own handlers
    const turn: OpenTurn = { committed: promise, resolve, reject }
    open = turn
    setImmediate(() => commit(turn))
    return turn
  }

  const commitOpenTurn = (): void => {
    if (open) commit(open)
  }
  const holds = createHolds({ sqlite, store, reader, commitOpenTurn, committed, rollback, faultOf })

  return {
    join,
    get open() {
      return open
    },
    get held() {
      return holds.held
    },
    released: (waitMs) => holds.released(waitMs),
    take: (waitMs) => holds.take(waitMs),
    async finish(turn, journaled) {
      await turn.committed
      if (journaled) await journal.sync()
    },
    async leave(turn) {
      await turn.committed
      await nextTurn()
    },
    fail,
  }
}

function faultOfError(error: unknown): MongoServerFault {
  const code = (error as { errcode?: number } | null)?.errcode
  const text = `the writes of this moment were rolled back: ${messageOf(error)}`
  return code !== undefined && (code & 0xff) === SQLITE_FULL
    ? mongoError('OutOfDiskSpace', text)
    : mongoError('UnknownError', text)
}

function isDamage(error: unknown): boolean {
  const code = (error as { errcode?: number } | null)?.errcode
  return code !== undefined && [SQLITE_IOERR, SQLITE_CORRUPT].includes(code & 0xff)
}
