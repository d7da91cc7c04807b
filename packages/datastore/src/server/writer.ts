import { setImmediate as nextTurn } from 'node:timers/promises'
import { messageOf } from '@m3m/base'
import type { Store } from '../store/store.ts'
import type { Journal } from './journal.ts'
import { mongoError, type MongoServerFault } from './mongo-error.ts'

/** What all writes of one turn of the event loop share: one SQLite transaction. */
export interface Turn {
  /** Resolves after the commit; rejects when the whole turn was rolled back. */
  readonly committed: Promise<void>
}

/** Group commit: whoever writes joins the turn; it is committed when the event loop has seen to all sockets. */
export interface Writer {
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

/** SQLite's result codes (sqlite.org/rescode.html). */
const SQLITE_FULL = 13
const SQLITE_IOERR = 10
const SQLITE_CORRUPT = 11

/** Makes the one writer of a store. `onDamage` ends the process: such a store must be looked at before it goes on. */
export function createWriter(store: Store, journal: Journal, onDamage: (error: Error) => void): Writer {
  let open: OpenTurn | null = null

  const commit = (turn: OpenTurn): void => {
    if (open !== turn) return
    try {
      store.sqlite.exec('COMMIT')
    } catch (error) {
      fail(error)
      return
    }
    open = null
    journal.markDirty()
    turn.resolve()
  }

  const fail = (error: unknown): MongoServerFault => {
    const fault = faultOf(error)
    const turn = open
    open = null
    try {
      store.sqlite.exec('ROLLBACK')
    } catch {
      // SQLite has rolled back by itself already (disk full, I/O error)
    }
    store.reload()
    turn?.reject(fault)
    if (isDamage(error)) onDamage(error as Error)
    return fault
  }

  const join = (): Turn => {
    if (open) return open
    store.sqlite.exec('BEGIN IMMEDIATE')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    promise.catch(() => {}) // those who wait have their own handlers
    const turn: OpenTurn = { committed: promise, resolve, reject }
    open = turn
    setImmediate(() => commit(turn))
    return turn
  }

  return {
    join,
    get open() {
      return open
    },
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

function faultOf(error: unknown): MongoServerFault {
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
