import type { Access } from './access.ts'
import { randomBytes } from 'node:crypto'
import { createPicker } from '../bson/decode.ts'
import { isDoc, type Doc } from '../bson/value.ts'
import { locationError, mongoError } from './mongo-error.ts'
import type { Pause } from './pause.ts'
import type { Waiting } from './waiters.ts'

/** MongoDB's default for cursors that nobody asks. */
const IDLE_MS = 10 * 60_000
const MAX_CURSORS = 10_000
/** A batch ends here, whatever its count; room is left for the rest of the answer. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 16_384

/** How long a stream's `getMore` waits for something new, unless the client says (MongoDB's default). */
const AWAIT_MS = 1000

/** Gives documents a page at a time; an empty page is the end (of a stream: nothing new yet). */
export type DocumentSource = (pause: Pause) => Promise<readonly Buffer[]>

/** What makes a cursor one that goes on at its end: a change stream, or one that follows a capped collection. */
export interface Tail {
  readonly ended: boolean
  /**
   * Resolves when there may be something new, when `ms` have passed, or when `stop` is called. Null: whoever asks is
   * told at once that there is nothing.
   */
  wait: ((ms: number) => Waiting) | null
  /** Of a change stream: the resume token of the place up to which the source has read. */
  token: (() => Doc) | null
}

/** Where a cursor belongs. */
interface Owner {
  /** The session, by the bytes of its id; null: none. */
  session: string | null
  /** The number of the transaction it was opened in; null: in none. */
  transaction: bigint | null
}

export const NO_OWNER: Owner = { session: null, transaction: null }

interface OpenOptions {
  ns: string
  source: DocumentSource
  batchSize: number
  single?: boolean
  noTimeout?: boolean
  pause: Pause
  owner?: Owner
  tail?: Tail
  /** Called once when the cursor is gone, however. */
  onClose?: () => void
}

const pickId = createPicker(['_id'])

interface Cursor {
  /** 0 until something remains after the first batch: most cursors never need one. */
  id: bigint
  ns: string
  source: DocumentSource
  owner: Owner
  tail: Tail | null
  onClose: () => void
  /** Read from the source, not yet sent. */
  ahead: Buffer[]
  ended: boolean
  lastUsedMs: number
  noTimeout: boolean
  collectionGone: boolean
  /** The command that reads from it now. */
  reading: Pause | null
}

interface Batch {
  /** 0 when the cursor is exhausted. */
  id: bigint
  documents: Buffer[]
  /** Further fields of the answer's `cursor`. */
  extra?: Doc
}

/** The open cursors of a server. */
export interface Cursors {
  /** Opens a cursor and gives its first batch; nothing is kept when that is all. */
  open(options: OpenOptions): Promise<Batch>
  next(options: {
    id: bigint
    ns: string
    batchSize: number
    pause: Pause
    owner: Owner
    access: Access
    /** How long a stream may wait; undefined: {@link AWAIT_MS}. Refused for cursors that do not wait. */
    awaitMs?: number | undefined
  }): Promise<Batch>
  /** True when there was such a cursor on `ns`. */
  kill(id: bigint, ns: string): boolean
  /** The collection is gone: whoever goes on with a cursor on it is told so. Streams see it for themselves. */
  collectionGone(ns: string): void
  /** Ends the cursors that belong to a session, or to one transaction of it. */
  killOf(session: string, transaction?: bigint): void
  readonly size: number
  sweep(nowMs: number): void
}

/** A namespace is `database.collection`, and only the collection may have dots. */
const databaseOf = ({ ns }: Cursor): string => ns.slice(0, ns.indexOf('.'))

export function createCursors(): Cursors {
  const cursors = new Map<bigint, Cursor>()

  const close = (cursor: Cursor): void => {
    if (cursors.delete(cursor.id)) cursor.onClose()
    cursor.reading?.kill(mongoError('CursorKilled', `cursor id ${cursor.id} was killed`))
  }

  return {
    async open({ ns, source, batchSize, single = false, pause, ...options }) {
      if (cursors.size >= MAX_CURSORS)
        throw mongoError('OperationFailed', `more than ${MAX_CURSORS} open cursors`)
      const { noTimeout = false, owner = NO_OWNER, tail = null, onClose = () => {} } = options
      const use = { ahead: [], ended: false, collectionGone: false, lastUsedMs: Date.now(), reading: null }
      const cursor: Cursor = { id: 0n, ns, source, noTimeout, owner, tail, onClose, ...use }
      try {
        const batch = await read(cursor, batchSize, pause)
        if (!single && batch.id !== 0n) cursors.set(cursor.id, cursor)
        else onClose()
        return single ? { ...batch, id: 0n } : batch
      } catch (error) {
        onClose()
        throw error
      }
    },
    async next({ id, ns, batchSize, pause, owner, awaitMs, access }) {
      const cursor = cursors.get(id)
      // One of a database that this connection must not see is not there at all.
      if (!cursor || !access.mayList(databaseOf(cursor)))
        throw mongoError('CursorNotFound', `cursor id ${id} not found`)
      if (cursor.ns !== ns)
        throw mongoError(
          'Unauthorized',
          `Requested getMore on namespace '${ns}', but cursor belongs to a different namespace`,
        )
      checkOwner(cursor, owner)
      if (cursor.reading) throw mongoError('CursorInUse', `cursor id ${id} is already in use`)
      if (awaitMs !== undefined && !cursor.tail?.wait)
        throw mongoError('BadValue', 'cannot set maxTimeMS on getMore command for a non-awaitData cursor')
      try {
        if (cursor.collectionGone) throw mongoError('QueryPlanKilled', `collection dropped: ${ns}`)
        let batch = await read(cursor, batchSize, pause)
        if (cursor.tail?.wait && batch.documents.length === 0 && batch.id !== 0n) {
          batch = await awaitMore(cursor, { count: batchSize, pause, ms: awaitMs ?? AWAIT_MS })
        }
        if (batch.id === 0n) close(cursor)
        return batch
      } catch (error) {
        close(cursor)
        throw error
      }
    },
    kill(id, ns) {
      const cursor = cursors.get(id)
      if (cursor?.ns !== ns) return false
      close(cursor)
      return true
    },
    collectionGone(ns) {
      for (const cursor of cursors.values())
        if (cursor.ns === ns && !cursor.tail?.token) cursor.collectionGone = true
    },
    killOf(session, transaction) {
      for (const cursor of cursors.values()) {
        const { owner } = cursor
        if (owner.session === session && (transaction === undefined || owner.transaction === transaction))
          close(cursor)
      }
    },
    get size() {
      return cursors.size
    },
    sweep(nowMs) {
      for (const cursor of cursors.values()) {
        if (!cursor.noTimeout && nowMs - cursor.lastUsedMs > IDLE_MS) close(cursor)
      }
    },
  }
}

async function read(cursor: Cursor, count: number, pause: Pause): Promise<Batch> {
  cursor.reading = pause
  cursor.lastUsedMs = Infinity
  try {
    return await batchOf(cursor, count, pause)
  } finally {
    cursor.reading = null
    cursor.lastUsedMs = Date.now()
  }
}

/** Waits until a stream has something new, or for `ms`. */
async function awaitMore(
  cursor: Cursor,
  { count, pause, ms }: { count: number; pause: Pause; ms: number },
): Promise<Batch> {
  const end = performance.now() + ms
  for (;;) {
    cursor.lastUsedMs = Infinity
    cursor.reading = pause
    const waiting = cursor.tail!.wait!(Math.max(0, end - performance.now()))
    pause.onKill(waiting.stop)
    await waiting.done
    pause.check()
    const batch = await read(cursor, count, pause)
    if (batch.documents.length > 0 || batch.id === 0n || performance.now() >= end) return batch
  }
}

async function batchOf(cursor: Cursor, count: number, pause: Pause): Promise<Batch> {
  const documents: Buffer[] = []
  let bytes = 0
  while (documents.length < count) {
    if (cursor.ahead.length === 0 && !(await refill(cursor, pause))) break
    const next = cursor.ahead[0]!
    if (documents.length > 0 && bytes + next.length > MAX_BATCH_BYTES) break
    bytes += next.length + 8
    documents.push(cursor.ahead.shift()!)
  }
  const { tail } = cursor
  if (!tail && cursor.ahead.length === 0 && documents.length === count && count > 0)
    await refill(cursor, pause)
  const exhausted = cursor.ended && cursor.ahead.length === 0
  const batch: Batch = { id: exhausted ? 0n : (cursor.id ||= newId()), documents }
  if (!tail?.token) return batch
  return {
    ...batch,
    extra: new Map([['postBatchResumeToken', resumeToken(cursor, tail.token, { documents, count })]]),
  }
}

/** Behind the batch: the place the source has reached, or the last event when the batch ended with it. */
function resumeToken(
  cursor: Cursor,
  token: () => Doc,
  { documents, count }: { documents: readonly Buffer[]; count: number },
): Doc {
  const last = documents.at(-1)
  const isFull = cursor.ahead.length > 0 || documents.length === count
  if (!isFull || !last) return token()
  const id = pickId(last).get('_id')
  return isDoc(id) ? id : token()
}

async function refill(cursor: Cursor, pause: Pause): Promise<boolean> {
  if (cursor.ended) return false
  const page = await cursor.source(pause)
  if (page.length === 0 && (cursor.tail?.ended ?? true)) cursor.ended = true
  cursor.ahead = [...page]
  return page.length > 0
}

/** MongoDB's numbers of these refusals. */
function checkOwner({ id, owner }: Cursor, asking: Owner): void {
  const { transaction } = asking
  if (owner.transaction === null && transaction !== null)
    throw locationError(
      50739,
      `Cannot run getMore on cursor ${id}, which was not created in a transaction, in transaction ${transaction}`,
    )
  if (owner.transaction !== null && transaction === null)
    throw locationError(
      50740,
      `Cannot run getMore on cursor ${id}, which was created in transaction ${owner.transaction}, without a txnNumber`,
    )
  if (owner.transaction !== null && (owner.transaction !== transaction || owner.session !== asking.session))
    throw locationError(
      50741,
      `Cannot run getMore on cursor ${id}, which was created in transaction ${owner.transaction}, in another one`,
    )
}

function newId(): bigint {
  return BigInt.asUintN(63, randomBytes(8).readBigUInt64LE()) | 1n
}
