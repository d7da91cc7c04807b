import { encode } from '../bson/encode.ts'
import { decode } from '../bson/decode.ts'
import { keyOf } from '../bson/key.ts'
import { Binary, type Doc, type Timestamp, type Value } from '../bson/value.ts'
import type { Journal } from '../server/journal.ts'
import { mongoError } from '../server/mongo-error.ts'
import type { Tail } from '../server/cursors.ts'
import type { Writer } from '../server/writer.ts'
import type { Store } from '../store/store.ts'
import type { DocSource } from '../aggregate/source.ts'
import { changeEvent, invalidateEvent } from './change-event.ts'
import type { Oplog, OplogEntry, OplogScope } from './oplog.ts'
import { positionOf, timestampOf, positionAt } from './position.ts'
import { encodeToken, type ResumeToken } from './token.ts'

/** What a change stream shows, and from where. */
export interface StreamRequest extends OplogScope {
  /** Behind this event; a token of an invalidation begins anew behind it. */
  after: ResumeToken | null
  /** At this moment or later. */
  at: Timestamp | null
  lookup: boolean
}

/** A stream of change events, to be read page by page. */
export interface ChangeStream {
  source: DocSource
  tail: Tail
  close(): void
}

/** The changes of a server, for those who watch. */
export interface ChangeFeed {
  /** @throws ChangeStreamHistoryLost (286) */
  open(request: StreamRequest): Promise<ChangeStream>
  /** The `operationTime` of answers. */
  now(): Timestamp
  /** Something was committed: shows it to those who watch, as soon as it is on the disk. */
  committed(): void
  /** What the changes from now on belong to. */
  enterTransaction(id: { session: string; number: bigint } | null): void
  /** Forgets old changes, within the open transaction. */
  trim(nowMs: number): void
}

/** Entries read at once. */
const PAGE = 256

interface FeedOptions {
  oplog: Oplog
  journal: Journal
  writer: () => Writer
  /** The catalogue for `updateLookup`. */
  store: () => Store
}

export function createChangeFeed({ oplog, journal, writer, store }: FeedOptions): ChangeFeed {
  const startRecording = async (): Promise<void> => {
    if (oplog.recording) return
    while (writer().held) await writer().released()
    const turn = writer().join()
    oplog.start()
    await turn.committed
  }

  const lookup = ({ db, collection, key }: OplogEntry): Doc | null => {
    const row = store()
      .get(db, collection)
      ?.byId(keyOf(decode(key!).get('_id')!))
    return row ? decode(row.raw) : null
  }

  return {
    async open(request) {
      const started = oplog.recording
      await startRecording()
      const from = startOf(request, oplog, started)
      const unwatch = oplog.watch()
      const options = { history: oplog.history, lookup: request.lookup ? lookup : undefined }
      const afterEvent = request.after?.kind === 'event'
      return createStream(oplog, { scope: request, from, options, unwatch, afterEvent })
    },
    now: () => timestampOf(oplog.recording ? oplog.published : positionAt(Date.now())),
    committed() {
      const position = oplog.pending()
      if (position === null) return
      if (oplog.watchers === 0) oplog.publish(position)
      else void journal.sync().then(() => oplog.publish(position))
    },
    trim: (nowMs) => oplog.trim(nowMs),
    enterTransaction(id) {
      oplog.belongTo(id && encode(transactionDoc(id)))
    },
  }
}

/** Where the UUID of a session stands in its key: behind a byte of type, a length and a subtype (bson/key.ts). */
const UUID_AT = 6

function transactionDoc({ session, number }: { session: string; number: bigint }): Doc {
  const uuid = Buffer.from(session, 'latin1').subarray(UUID_AT, UUID_AT + 16)
  return new Map<string, Value>([
    ['lsid', new Map([['id', new Binary(4, Buffer.from(uuid))]])],
    ['txnNumber', number],
  ])
}

/** The position behind which a stream begins. */
function startOf({ after, at }: StreamRequest, oplog: Oplog, recorded: boolean): number {
  if (after) {
    if (!recorded || after.history !== oplog.history || after.position < oplog.floor) throw historyLost()
    return after.position
  }
  if (!at) return oplog.published
  const position = positionOf(at)
  if (!recorded || position <= oplog.floor) throw historyLost()
  return position - 1
}

function historyLost(): Error {
  return mongoError(
    'ChangeStreamHistoryLost',
    'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
  )
}

interface StreamOptions {
  scope: OplogScope
  from: number
  options: Parameters<typeof changeEvent>[1]
  unwatch: () => void
  /** It begins behind an event: when that one ended the stream, only the invalidation is left. */
  afterEvent: boolean
}

function createStream(
  oplog: Oplog,
  { scope, from, options, unwatch, afterEvent }: StreamOptions,
): ChangeStream {
  let position = from
  let ended = false
  let invalid = false
  let watching = true

  const endsStream = ({ operation }: OplogEntry): boolean =>
    scope.collection !== null
      ? operation === 'drop' || operation === 'rename'
      : scope.db !== null && operation === 'dropDatabase'

  const invalidate = (entry: OplogEntry): Doc => {
    position = entry.position
    ended = true
    invalid = true
    return invalidateEvent(entry, options.history)
  }

  let last = afterEvent ? oplog.read(scope, { after: from - 1, limit: 1 })[0] : undefined

  return {
    async source() {
      if (ended) return []
      if (last?.position === from && endsStream(last)) return [invalidate(last)]
      last = undefined
      // a position that lies ahead (startAtOperationTime) is waited for
      const upTo = Math.max(position, oplog.published)
      const entries = oplog.read(scope, { after: position, limit: PAGE })
      position = entries.length < PAGE ? upTo : entries.at(-1)!.position
      const events: Doc[] = []
      for (const entry of entries) {
        events.push(changeEvent(entry, options))
        if (!endsStream(entry)) continue
        events.push(invalidate(entry))
        break
      }
      return events
    },
    tail: {
      get ended() {
        return ended
      },
      wait: (ms) => oplog.wait(position, ms),
      token: () => encodeToken({ history: options.history, position, kind: invalid ? 'invalidate' : 'mark' }),
    },
    close() {
      if (watching) unwatch()
      watching = false
    },
  }
}
