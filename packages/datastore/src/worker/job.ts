import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { COMMANDS } from '../commands/index.ts'
import { databaseOnly, fullAccess } from '../server/access.ts'
import type { Context } from '../server/context.ts'
import type { ServerControl } from '../server/control.ts'
import { createCursors, type Cursors, type DocumentSource } from '../server/cursors.ts'
import { mongoError } from '../server/mongo-error.ts'
import type { Pause } from '../server/pause.ts'
import { NO_ATTEMPT } from '../server/retries.ts'
import { asBuffer, type Store } from '../store/store.ts'
import type { CursorShape, JobRequest } from './protocol.ts'

/** What a reading command has opened. */
export interface Opened {
  /** How its cursor is to be opened; null when `reply` is the whole answer. */
  shape: CursorShape | null
  reply: Uint8Array | null
  source: DocumentSource | null
  close: () => void
}

/** Begins a reading command of the main thread's; its documents are read from `source` afterwards. */
export async function openJob(request: JobRequest, store: Store, pause: Pause): Promise<Opened> {
  const opened: Opened = { shape: null, reply: null, source: null, close: () => {} }
  const cursors = capturing((shape, source, close) => Object.assign(opened, { shape, source, close }))
  store.refresh()
  const reply = await COMMANDS.get(request.name)!(contextOf(request, { store, cursors, pause }))
  if (!opened.shape && reply instanceof Map) opened.reply = encode(reply)
  return opened
}

/** A table of cursors that opens none: what a command would have read from goes to the main thread page by page. */
function capturing(take: (shape: CursorShape, source: DocumentSource, close: () => void) => void): Cursors {
  return {
    ...createCursors(),
    async open({ ns, batchSize, single = false, noTimeout = false, source, onClose = () => {} }) {
      take({ ns, batchSize, single, noTimeout }, source, onClose)
      return { id: 0n, documents: [] }
    },
  }
}

/** Commands that look at the server as a whole, or write, belong into the main thread. */
function refuse(): never {
  throw mongoError('InternalError', 'this command must not run in the reading thread')
}

const NO_CONTROL: ServerControl = {
  get operations() {
    return refuse()
  },
  get transactions() {
    return refuse()
  },
  get changes() {
    return refuse()
  },
  get clock() {
    return refuse()
  },
  exists: refuse,
}

function contextOf(request: JobRequest, given: Pick<Context, 'store' | 'cursors' | 'pause'>): Context {
  const body = decode(asBuffer(request.body))
  const { name, db, onlyDatabase } = request
  return {
    ...given,
    request: { requestId: 0, name, db, body, sequences: new Map(), legacy: false, silent: false },
    body,
    db,
    access: onlyDatabase === null ? fullAccess : databaseOnly(onlyDatabase),
    beginWrite: refuse,
    attempt: NO_ATTEMPT,
    owner: { session: null, transaction: null },
    control: NO_CONTROL,
  }
}
