import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { keyOf } from '../bson/key.ts'
import { Binary, isDoc, type Doc, type Value } from '../bson/value.ts'
import { asBuffer } from '../store/store.ts'
import type { Attempt } from './context.ts'
import { mongoError } from './mongo-error.ts'
import type { Request } from './wire.ts'

/** Sessions are forgotten after so long (`logicalSessionTimeoutMinutes` of hello). */
export const SESSION_MINUTES = 30

/** The memory of retryable writes, kept in the same file and transaction as the writes themselves. */
export interface Retries {
  /** What is known of a write; null when it is not a retryable one. @throws TransactionTooOld (225) */
  attempt(request: Request): RetryState | null
  /** Notes, within the open transaction, that a client's transaction was committed by it. */
  noteCommitted(session: string, number: bigint): void
  isCommitted(session: string, number: bigint): boolean
  /** The highest number that a session has used for what is noted here; null when nothing is. */
  lastNumber(session: string): bigint | null
  /** Forgets sessions that were not used for {@link SESSION_MINUTES}. */
  sweep(nowMs: number): void
}

interface RetryState extends Attempt {
  /** The whole answer of an earlier attempt, or null. */
  readonly answered: Doc | null
  /** Notes the whole answer; nothing of the command runs again. */
  finish(reply: Doc): void
}

interface Known {
  txn: bigint
  state: Doc
}

/** Writes that are not retryable remember nothing. */
export const NO_ATTEMPT: Attempt = { before: null, note: () => {} }

export function createRetries(sqlite: DatabaseSync): Retries {
  const select = sqlite.prepare('SELECT txn, state FROM _sess WHERE lsid=?')
  select.setReadBigInts(true)
  const upsert = sqlite.prepare('INSERT OR REPLACE INTO _sess(lsid, txn, state, at) VALUES(?, ?, ?, ?)')
  return {
    attempt(request) {
      const txn = request.body.get('txnNumber')
      const lsid = sessionKey(request)
      if (typeof txn !== 'bigint' || !lsid) return null
      const known = read(select, lsid)
      if (known && known.txn > txn) {
        throw mongoError(
          'TransactionTooOld',
          `Retryable write with txnNumber ${txn} is prohibited on session because a newer retryable write with txnNumber ${known.txn} has already started on this session.`,
        )
      }
      const same = known?.txn === txn ? known.state : null
      const write = (state: Doc): void => {
        upsert.run(lsid, txn, encode(state), Date.now())
      }
      return stateOf(same, write)
    },
    noteCommitted(session, number) {
      const state = encode(new Map([['committed', true]]))
      upsert.run(Buffer.from(session, 'latin1'), number, state, Date.now())
    },
    isCommitted(session, number) {
      const known = read(select, Buffer.from(session, 'latin1'))
      return known?.txn === number && known.state.get('committed') === true
    },
    lastNumber: (session) => read(select, Buffer.from(session, 'latin1'))?.txn ?? null,
    sweep(nowMs) {
      sqlite.prepare('DELETE FROM _sess WHERE at<?').run(nowMs - SESSION_MINUTES * 60_000)
    },
  }
}

function stateOf(known: Doc | null, write: (state: Doc) => void): RetryState {
  const done = known?.get('done')
  const reply = known?.get('reply')
  const progress = isDoc(reply) && typeof done === 'number'
  return {
    answered: known?.get('whole') === true && isDoc(reply) ? reply : null,
    before: progress ? { done, reply } : null,
    note: (count, soFar) =>
      write(
        new Map<string, Value>([
          ['done', count],
          ['reply', soFar],
        ]),
      ),
    finish: (answer) =>
      write(
        new Map<string, Value>([
          ['whole', true],
          ['reply', answer],
        ]),
      ),
  }
}

function read(select: StatementSync, lsid: Buffer): Known | null {
  const row = select.get(lsid) as { txn: bigint; state: Uint8Array } | undefined
  return row ? { txn: row.txn, state: decode(asBuffer(row.state)) } : null
}

/** The bytes by which a session is known, or null when the command has none. */
export function sessionKey({ body }: Request): Buffer | null {
  const lsid = body.get('lsid')
  if (!isDoc(lsid)) return null
  const id = lsid.get('id')
  if (!(id instanceof Binary)) throw mongoError('InvalidOptions', 'lsid.id must be a UUID')
  return keyOf(id)
}
