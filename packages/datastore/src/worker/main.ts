// Entry of the reading thread: runs long reading commands on a connection of its own, so that nobody waits for them.
import { setFlagsFromString, getHeapStatistics } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { runInNewContext } from 'node:vm'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { COMMANDS } from '../commands/index.ts'
import { databaseOnly, fullAccess } from '../server/access.ts'
import type { Context } from '../server/context.ts'
import type { ServerControl } from '../server/control.ts'
import { createCursors, type Cursors, type DocumentSource } from '../server/cursors.ts'
import { mongoError } from '../server/mongo-error.ts'
import { createPause, type Pause } from '../server/pause.ts'
import { NO_ATTEMPT } from '../server/retries.ts'
import { openFileForReading } from '../store/file.ts'
import { asBuffer, Store } from '../store/store.ts'
import { faultShape } from './fault-shape.ts'
import type { CursorShape, FromWorker, JobRequest, ToWorker } from './protocol.ts'

const { file, maxHeapBytes } = workerData as { file: string; maxHeapBytes: number }
const port = parentPort!
const store = new Store(openFileForReading(file))

interface Job {
  /** Over when the command has told what it reads from. */
  opened: Promise<void>
  source: DocumentSource | null
  pause: Pause
  close: () => void
}

const jobs = new Map<number, Job>()

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

/** Rests, and ends the job that has come by too much memory. */
async function rest(): Promise<void> {
  await nextTurn()
  if (usedBytes() <= maxHeapBytes) return
  collectGarbage()
  if (usedBytes() <= maxHeapBytes) return
  throw mongoError(
    'QueryExceededMemoryLimitNoDiskUseAllowed',
    `Exceeded memory limit of ${maxHeapBytes} bytes; the embedded datastore does not sort or group on the disk`,
  )
}

function usedBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}

let gc: (() => void) | null = null

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  gc ??= runInNewContext('gc') as () => void
  gc()
}

function newPause(maxTimeMs: number): Pause {
  return createPause({ maxTimeMs, onRest: rest })
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

async function open(id: number, request: JobRequest, maxTimeMs: number): Promise<void> {
  const { promise: opened, resolve } = Promise.withResolvers<void>()
  const job: Job = { opened, source: null, pause: newPause(maxTimeMs), close: () => {} }
  jobs.set(id, job)
  store.refresh()
  let shape: CursorShape | null = null
  const cursors = capturing((given, source, close) => {
    shape = given
    job.source = source
    job.close = close
  })
  const reply = await COMMANDS.get(request.name)!(contextOf(request, { cursors, pause: job.pause }))
  resolve()
  send({ kind: 'opened', id, cursor: shape, reply: !shape && reply instanceof Map ? encode(reply) : null })
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
  exists: refuse,
}

function contextOf(request: JobRequest, { cursors, pause }: Pick<Context, 'cursors' | 'pause'>): Context {
  const body = decode(asBuffer(request.body))
  const { name, db, onlyDatabase } = request
  return {
    request: { requestId: 0, name, db, body, sequences: new Map(), legacy: false, silent: false },
    body,
    db,
    store,
    access: onlyDatabase === null ? fullAccess : databaseOnly(onlyDatabase),
    cursors,
    pause,
    beginWrite: refuse,
    attempt: NO_ATTEMPT,
    owner: { session: null, transaction: null },
    control: NO_CONTROL,
  }
}

async function page(id: number, maxTimeMs: number): Promise<void> {
  const job = jobs.get(id)
  await job?.opened
  if (!job?.source || !jobs.has(id)) return
  job.pause = newPause(maxTimeMs)
  const documents = await job.source(job.pause)
  const bytes = new Uint8Array(documents.reduce((sum, document) => sum + document.length, 0))
  let at = 0
  for (const document of documents) {
    bytes.set(document, at)
    at += document.length
  }
  send({ kind: 'page', id, bytes }, [bytes.buffer])
}

function close(id: number): void {
  const job = jobs.get(id)
  jobs.delete(id)
  job?.pause.kill()
  job?.close()
  send({ kind: 'closed', id })
}

async function serve(id: number, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (jobs.delete(id)) send({ kind: 'failed', id, fault: faultShape(error) })
  }
}

port.on('message', (message: ToWorker) => {
  const { id } = message
  if (message.kind === 'open') void serve(id, () => open(id, message.request, message.maxTimeMs))
  else if (message.kind === 'page') void serve(id, () => page(id, message.maxTimeMs))
  else close(id)
})
