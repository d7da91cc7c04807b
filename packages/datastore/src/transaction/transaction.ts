import { messageOf } from '@m3m/base'
import type { ChangeClock } from '../server/change-clock.ts'
import { mongoError, type MongoServerFault } from '../server/mongo-error.ts'
import type { Pause } from '../server/pause.ts'
import type { Hold } from '../server/hold.ts'
import type { Writer } from '../server/writer.ts'
import type { Store } from '../store/store.ts'
import type { Snapshot, Snapshots } from './snapshots.ts'

/** A transaction waits so long for the one that writes (design: "second transaction waits 1 s"). */
const TAKE_MS = 1000

/** What transactions run on. */
export interface TransactionGround {
  writer: Writer
  clock: ChangeClock
  snapshots: Snapshots
  /** The catalogue on the writing connection: what a transaction that writes sees. */
  inside: () => Store
}

/** Which transaction: the session by the bytes of its id, and its number there. */
export interface TransactionId {
  session: string
  number: bigint
}

/**
 * One multi-document transaction. It reads from a snapshot until its first write; then it owns the writer, and
 * goes on only if nothing that it has read was changed meanwhile.
 */
export class Transaction {
  readonly id: TransactionId
  /** The connections that its commands came by. */
  readonly connections = new Set<number>()
  /** The command that runs in it now. */
  running: Pause | null = null
  readonly #ground: TransactionGround
  readonly #reads = new Set<string>()
  #snapshot: Snapshot | null = null
  #hold: Hold | null = null

  constructor(id: TransactionId, ground: TransactionGround) {
    this.id = id
    this.#ground = ground
  }

  /** The catalogue that the next command works on. */
  get store(): Store {
    if (this.#hold) return this.#ground.inside()
    this.#snapshot ??= this.#ground.snapshots.acquire()
    return this.#snapshot.store
  }

  get writes(): boolean {
    return this.#hold !== null
  }

  noteRead(ns: string): void {
    if (!this.#hold) this.#reads.add(ns)
  }

  /** Takes the writer, unless it has it. @throws WriteConflict (112) */
  async startWriting(pause: Pause): Promise<void> {
    if (this.#hold) return
    const { writer, clock, inside } = this.#ground
    this.#hold = await writer.take(Math.min(TAKE_MS, pause.leftMs()))
    inside().refresh()
    const since = this.#snapshot?.commits ?? clock.commits
    for (const ns of this.#reads) {
      if (clock.changedSince(ns, since))
        throw mongoError(
          'WriteConflict',
          `Write conflict during plan execution: ${ns} was changed after this transaction read it.`,
        )
    }
  }

  /** `before` writes what must be committed together with it. */
  commit(before: () => void): void {
    const hold = this.#hold
    this.#hold = null
    try {
      if (hold) {
        try {
          before()
        } catch (error) {
          hold.rollback()
          this.#ground.inside().reload()
          throw hold.faultOf(error)
        }
        hold.commit()
      }
    } finally {
      this.#snapshot?.release()
    }
  }

  abort(): void {
    const hold = this.#hold
    this.#hold = null
    if (hold) {
      hold.rollback()
      this.#ground.inside().reload()
    }
    this.#snapshot?.release()
  }

  /** What a client is told of an error that is not its own. */
  faultOf(cause: unknown): MongoServerFault {
    const fault = this.#hold?.faultOf(cause) ?? mongoError('UnknownError', messageOf(cause))
    return Object.assign(fault, { cause })
  }
}
