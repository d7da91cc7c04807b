import { randomBytes } from 'node:crypto'
import { mongoError } from './mongo-error.ts'
import type { Pause } from './pause.ts'

/** MongoDB's default for cursors that nobody asks. */
const IDLE_MS = 10 * 60_000
const MAX_CURSORS = 10_000
/** A batch ends here, whatever its count; room is left for the rest of the answer. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024 - 16_384

/** Gives documents a page at a time; an empty page is the end. */
export type DocumentSource = (pause: Pause) => Promise<readonly Buffer[]>

interface Cursor {
  id: bigint
  ns: string
  source: DocumentSource
  /** Read from the source, not yet sent. */
  ahead: Buffer[]
  ended: boolean
  lastUsedMs: number
  noTimeout: boolean
}

interface Batch {
  /** 0 when the cursor is exhausted. */
  id: bigint
  documents: Buffer[]
}

/** The open cursors of a server. */
export interface Cursors {
  /** Opens a cursor and gives its first batch; nothing is kept when that is all. */
  open(options: {
    ns: string
    source: DocumentSource
    batchSize: number
    single?: boolean
    noTimeout?: boolean
    pause: Pause
  }): Promise<Batch>
  next(options: { id: bigint; ns: string; batchSize: number; pause: Pause }): Promise<Batch>
  /** True when there was such a cursor on `ns`. */
  kill(id: bigint, ns: string): boolean
  sweep(nowMs: number): void
}

export function createCursors(): Cursors {
  const cursors = new Map<bigint, Cursor>()

  const batchOf = async (cursor: Cursor, count: number, pause: Pause): Promise<Batch> => {
    const documents: Buffer[] = []
    let bytes = 0
    while (documents.length < count) {
      if (cursor.ahead.length === 0 && !(await refill(cursor, pause))) break
      const next = cursor.ahead[0]!
      if (documents.length > 0 && bytes + next.length > MAX_BATCH_BYTES) break
      bytes += next.length + 8
      documents.push(cursor.ahead.shift()!)
    }
    if (cursor.ahead.length === 0 && documents.length === count && count > 0) await refill(cursor, pause)
    const exhausted = cursor.ended && cursor.ahead.length === 0
    return { id: exhausted ? 0n : cursor.id, documents }
  }

  return {
    async open({ ns, source, batchSize, single = false, noTimeout = false, pause }) {
      if (cursors.size >= MAX_CURSORS)
        throw mongoError('OperationFailed', `more than ${MAX_CURSORS} open cursors`)
      const cursor: Cursor = {
        id: newId(),
        ns,
        source,
        ahead: [],
        ended: false,
        lastUsedMs: Date.now(),
        noTimeout,
      }
      const batch = await batchOf(cursor, batchSize, pause)
      if (single) return { ...batch, id: 0n }
      if (batch.id !== 0n) cursors.set(cursor.id, cursor)
      return batch
    },
    async next({ id, ns, batchSize, pause }) {
      const cursor = cursors.get(id)
      if (!cursor || cursor.ns !== ns) throw mongoError('CursorNotFound', `cursor id ${id} not found`)
      cursor.lastUsedMs = Infinity
      try {
        const batch = await batchOf(cursor, batchSize, pause)
        if (batch.id === 0n) cursors.delete(id)
        return batch
      } catch (error) {
        cursors.delete(id)
        throw error
      } finally {
        cursor.lastUsedMs = Date.now()
      }
    },
    kill(id, ns) {
      return cursors.get(id)?.ns === ns && cursors.delete(id)
    },
    sweep(nowMs) {
      for (const cursor of cursors.values()) {
        if (!cursor.noTimeout && nowMs - cursor.lastUsedMs > IDLE_MS) cursors.delete(cursor.id)
      }
    },
  }
}

async function refill(cursor: Cursor, pause: Pause): Promise<boolean> {
  if (cursor.ended) return false
  const page = await cursor.source(pause)
  if (page.length === 0) cursor.ended = true
  cursor.ahead = [...page]
  return page.length > 0
}

function newId(): bigint {
  return BigInt.asUintN(63, randomBytes(8).readBigUInt64LE()) | 1n
}
