import type { Value } from '../bson/value.ts'
import type { Context } from '../server/context.ts'
import { mongoError, MongoServerFault } from '../server/mongo-error.ts'
import type { Pause } from '../server/pause.ts'
import type { Retries } from '../server/retries.ts'
import type { Reply, Request } from '../server/wire.ts'
import { checkInTransaction, type TransactionRequest } from './read-request.ts'
import { Transaction, type TransactionGround, type TransactionId } from './transaction.ts'

/** MongoDB's `transactionLifetimeLimitSeconds`. */
const LIFETIME_MS = 60_000

/**
 * A session whose transactions were beaten so often takes the writer at the first command of the next one, be it
 * a read: whoever tries again and again comes through.
 */
const EAGER_AFTER = 3

/** A state that nobody has asked after for so long is forgotten, as its session is. */
const FORGET_MS = 30 * 60_000

interface TransactionCommand {
  request: Request
  connectionId: number
  pause: Pause
  /** Whether it may write: the writer is taken first. */
  writes: boolean
  run(inside: Pick<Context, 'store' | 'noteRead' | 'beginWrite'>): Promise<Reply> | Reply
}

interface SessionState {
  number: bigint
  state: 'open' | 'committed' | 'aborted'
  transaction: Transaction | null
  timer: NodeJS.Timeout | undefined
  /** How many transactions in a row lost what they had read to other writers; see {@link EAGER_AFTER}. */
  losses: number
  usedMs: number
}

interface TransactionsOptions extends TransactionGround {
  retries: Retries
  /** Called when a transaction is over, however. */
  onEnd: (id: TransactionId) => void
  /** Called with the transaction that writes from now on, or null. */
  onWriting: (id: TransactionId | null) => void
}

/** The multi-document transactions of all sessions: one at a time in each. */
export class Transactions {
  /** How long a transaction may stay open. */
  lifetimeMs = LIFETIME_MS
  readonly #options: TransactionsOptions
  readonly #sessions = new Map<string, SessionState>()
  #writing: Transaction | null = null

  constructor(options: TransactionsOptions) {
    this.#options = options
  }

  /** Runs a command within its transaction; any failure of it ends the transaction. */
  async run(given: TransactionRequest, command: TransactionCommand): Promise<Reply> {
    checkInTransaction(command.request, given.starts)
    const known = this.#enter(given)
    const transaction = known.transaction!
    try {
      const reply = await this.#runIn(known, command)
      if (reply instanceof Map && hasErrors(reply.get('writeErrors'))) this.#end(known, 'aborted')
      return reply
    } catch (error) {
      const fault = error instanceof MongoServerFault ? error : transaction.faultOf(error)
      if (fault.codeName === 'WriteConflict' && transaction.writes) known.losses++
      this.#end(known, 'aborted')
      throw withTransientLabel(fault)
    } finally {
      transaction.running = null
    }
  }

  /** @throws NoSuchTransaction (251), TransactionTooOld (225) */
  commit({ session, number }: TransactionId): void {
    const { retries } = this.#options
    const known = this.#sessions.get(session)
    if (!known || known.number !== number) {
      if (known && number < known.number) throw tooOld(number, known.number)
      if (retries.isCommitted(session, number)) return
      throw noSuch(number)
    }
    if (known.state === 'committed') return
    if (!known.transaction) throw aborted(number)
    try {
      known.transaction.commit(() => retries.noteCommitted(session, number))
    } catch (error) {
      this.#end(known, 'aborted')
      throw error
    }
    known.losses = 0
    this.#end(known, 'committed')
  }

  /** @throws NoSuchTransaction (251), TransactionCommitted (256) */
  abort({ session, number }: TransactionId): void {
    const known = this.#sessions.get(session)
    if (!known || known.number !== number) throw noSuch(number)
    if (known.state === 'committed') throw alreadyCommitted(number)
    if (!known.transaction) throw aborted(number)
    this.#stop(known, aborted(number))
  }

  /** Ends whatever is open in a session: it is ended, killed, or goes on with a higher number (`below`). */
  abortOf(session: string, below?: bigint): void {
    const known = this.#sessions.get(session)
    if (known && (below === undefined || known.number < below)) this.#stop(known, aborted(known.number))
  }

  /** Ends transactions whose last connection this was. */
  disconnected(connectionId: number): void {
    for (const known of this.#sessions.values()) {
      const connections = known.transaction?.connections
      if (connections?.delete(connectionId) && connections.size === 0)
        this.#stop(known, aborted(known.number))
    }
  }

  sweep(nowMs: number): void {
    for (const [session, known] of this.#sessions) {
      if (!known.transaction && known.usedMs < nowMs - FORGET_MS) this.#sessions.delete(session)
    }
  }

  #enter(given: TransactionRequest): SessionState {
    if (given.starts) return this.#begin(given)
    const known = this.#sessions.get(given.session)
    if (!known || given.number > known.number) throw noSuch(given.number)
    if (given.number < known.number) throw tooOld(given.number, known.number)
    if (known.state === 'committed') throw alreadyCommitted(given.number)
    if (!known.transaction) throw aborted(given.number)
    known.usedMs = Date.now()
    return known
  }

  #begin({ session, number }: TransactionRequest): SessionState {
    const known = this.#sessions.get(session)
    const last = known?.number ?? this.#options.retries.lastNumber(session) ?? -1n
    if (number < last) throw tooOld(number, last)
    if (known && number === last && known.state !== 'aborted')
      throw mongoError('ConflictingOperationInProgress', `transaction ${number} has been started already`)
    if (known) this.#stop(known, aborted(known.number))
    const state: SessionState = {
      number,
      state: 'open',
      transaction: new Transaction({ session, number }, this.#options),
      timer: undefined,
      losses: known?.losses ?? 0,
      usedMs: Date.now(),
    }
    state.timer = setTimeout(() => this.#stop(state, expired(number)), this.lifetimeMs)
    state.timer.unref()
    this.#sessions.set(session, state)
    return state
  }

  async #runIn(known: SessionState, command: TransactionCommand): Promise<Reply> {
    const transaction = known.transaction!
    const { pause } = command
    transaction.connections.add(command.connectionId)
    transaction.running = pause
    if (command.writes || known.losses >= EAGER_AFTER) {
      if (!transaction.writes) {
        await transaction.startWriting(pause)
        this.#writing = transaction
        this.#options.onWriting(transaction.id)
      }
      pause.check()
    }
    return command.run({
      store: transaction.store,
      noteRead: (ns) => transaction.noteRead(ns),
      beginWrite: () => {},
    })
  }

  #end(known: SessionState, state: 'committed' | 'aborted'): void {
    const { transaction } = known
    if (!transaction) return
    clearTimeout(known.timer)
    known.state = state
    known.transaction = null
    if (this.#writing === transaction) {
      this.#writing = null
      this.#options.onWriting(null)
    }
    if (state === 'aborted') transaction.abort()
    this.#options.onEnd(transaction.id)
  }

  /** Ends a transaction from outside: at once, or when the command that runs in it has noticed. */
  #stop(known: SessionState, fault: MongoServerFault): void {
    const running = known.transaction?.running
    if (running) running.kill(fault)
    else this.#end(known, 'aborted')
  }
}

function hasErrors(errors: Value | undefined): boolean {
  return Array.isArray(errors) && errors.length > 0
}

const TRANSIENT = new Set(['WriteConflict', 'LockTimeout', 'NoSuchTransaction', 'SnapshotUnavailable'])

/** The label by which `withTransaction` knows that the whole of it may be tried again. */
function withTransientLabel(fault: MongoServerFault): MongoServerFault {
  if (TRANSIENT.has(fault.codeName) || fault.codeName === 'TransactionExceededLifetimeLimitSeconds')
    fault.labels = ['TransientTransactionError']
  return fault
}

function tooOld(number: bigint, last: bigint): MongoServerFault {
  return mongoError(
    'TransactionTooOld',
    `Cannot start transaction ${number} on session because a newer transaction ${last} has already started.`,
  )
}

function alreadyCommitted(number: bigint): MongoServerFault {
  return mongoError('TransactionCommitted', `Transaction with { txnNumber: ${number} } has been committed.`)
}

function noSuch(number: bigint): MongoServerFault {
  return withTransientLabel(
    mongoError(
      'NoSuchTransaction',
      `Given transaction number ${number} does not match any in-progress transactions.`,
    ),
  )
}

function aborted(number: bigint): MongoServerFault {
  return withTransientLabel(
    mongoError('NoSuchTransaction', `Transaction with { txnNumber: ${number} } has been aborted.`),
  )
}

function expired(number: bigint): MongoServerFault {
  return withTransientLabel(
    mongoError(
      'TransactionExceededLifetimeLimitSeconds',
      `Transaction ${number} has exceeded its lifetime limit and was aborted.`,
    ),
  )
}
