import { Worker } from 'node:worker_threads'
import { messageOf } from '@m3m/base'
import { mongoError, MongoServerFault } from '../server/mongo-error.ts'
import type { Pause } from '../server/pause.ts'
import { asBuffer } from '../store/store.ts'
import { faultFrom } from './fault-shape.ts'
import type { CursorShape, FromWorker, JobRequest, ToWorker, WorkerData } from './protocol.ts'

/**
 * What reading commands may keep in memory together (MongoDB: 100 MB for a stage). When it is used up, the one that
 * holds most ends, or begins again when those beside it are done.
 */
const MAX_HEAP_BYTES = 256 * 1024 * 1024
/** Where V8 ends the thread, if it gets no chance to look for itself. */
const HARD_HEAP_MB = 512

/** A job that is told to end and is not heard of for so long is stuck: the thread is replaced. */
const GRACE_MS = 250
/** A thread without work gives its memory back. */
const IDLE_MS = 30_000

const MAIN = new URL('main.ts', import.meta.url)

/** A command in the reading thread. */
export interface RemoteJob {
  /** How its cursor is to be opened; null when `reply` is the whole answer. */
  cursor: CursorShape | null
  reply: Buffer | null
  /** The next documents; none: the end. */
  page(pause: Pause): Promise<Buffer[]>
  close(): void
}

interface Job {
  id: number
  request: JobRequest
  /** Documents of it have gone out: it cannot begin again unnoticed. */
  delivered: boolean
  /** What it is asked for now. */
  pending: {
    message: ToWorker
    settle: (message: FromWorker) => void
    fail: (fault: MongoServerFault) => void
  } | null
  /** The thread that knows it. */
  worker: Worker | null
}

/** Runs long reading commands beside the main thread, in one thread that begins with the first of them. */
export class ReadingThread {
  readonly #file: string
  readonly #jobs = new Map<number, Job>()
  /** Jobs that were told to end, and when the thread is taken for stuck. */
  readonly #closing = new Map<number, NodeJS.Timeout>()
  /** The job at work in the thread, which it notes itself. */
  #running: Int32Array<SharedArrayBuffer> | null = null
  #worker: Worker | null = null
  #idle: NodeJS.Timeout | undefined
  #lastId = 0

  constructor(file: string) {
    this.#file = file
  }

  /** @throws whatever the command throws; QueryExceededMemoryLimitNoDiskUseAllowed (292) */
  async run(request: JobRequest, pause: Pause): Promise<RemoteJob> {
    const job: Job = { id: ++this.#lastId, request, delivered: false, pending: null, worker: null }
    this.#jobs.set(job.id, job)
    const { id } = job
    const opened = await this.#ask(job, { kind: 'open', id, request, maxTimeMs: timeLeft(pause) }, pause)
    if (opened.kind !== 'opened') throw mongoError('InternalError', 'the reading thread answered out of turn')
    const { cursor, reply } = opened
    if (!cursor) this.#end(job)
    return {
      cursor,
      reply: reply && asBuffer(reply),
      page: (inner) => this.#page(job, inner),
      close: () => this.#end(job),
    }
  }

  close(): void {
    clearTimeout(this.#idle)
    for (const timer of this.#closing.values()) clearTimeout(timer)
    void this.#worker?.terminate()
  }

  async #page(job: Job, pause: Pause): Promise<Buffer[]> {
    if (!this.#jobs.has(job.id) || (job.delivered && !job.worker)) throw restarted()
    const message = await this.#ask(job, { kind: 'page', id: job.id, maxTimeMs: timeLeft(pause) }, pause)
    job.delivered = true
    return message.kind === 'page' ? split(asBuffer(message.bytes)) : []
  }

  /** Asks for something; a command that is killed, or whose time is over, does not wait for the answer. */
  #ask(job: Job, message: ToWorker, pause: Pause): Promise<FromWorker> {
    const { promise, resolve, reject } = Promise.withResolvers<FromWorker>()
    let timer: NodeJS.Timeout | undefined
    const stopInTime = (): void => {
      const left = pause.leftMs()
      if (left !== Infinity) timer = setTimeout(stop, Math.max(0, left) + 1)
    }
    const stop = (): void => {
      try {
        pause.check()
      } catch (fault) {
        if (job.pending?.message === message) this.#end(job)
        return reject(fault as Error)
      }
      // A timer is early by as much as the turn that set it had lasted (its clock stands still meanwhile). Heard once and not
      // again, a command that never rests would have kept the thread for good.
      stopInTime()
    }
    stopInTime()
    job.pending = { message, settle: resolve, fail: reject }
    pause.onKill(stop)
    this.#begin(job)
    return promise.finally(() => clearTimeout(timer))
  }

  #begin(job: Job): void {
    const { message } = job.pending!
    const worker = this.#thread()
    const known = job.worker === worker
    job.worker = worker
    if (!known && message.kind === 'page')
      worker.postMessage({ ...message, kind: 'open', request: job.request } satisfies ToWorker)
    worker.postMessage(message)
  }

  #thread(): Worker {
    clearTimeout(this.#idle)
    if (this.#worker) return this.#worker
    const running = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    this.#running = running
    const worker = new Worker(MAIN, {
      workerData: { file: this.#file, maxHeapBytes: MAX_HEAP_BYTES, running } satisfies WorkerData,
      resourceLimits: { maxOldGenerationSizeMb: HARD_HEAP_MB },
    })
    worker.on('message', (message: FromWorker) => this.#receive(worker, message))
    worker.on('error', (error: unknown) => this.#lost(worker, error))
    worker.on('exit', () => this.#lost(worker, null))
    worker.unref()
    this.#worker = worker
    return worker
  }

  #receive(from: Worker, message: FromWorker): void {
    // Still on its way when its thread was replaced: the next thread answers the same, and that one counts.
    if (from !== this.#worker) return
    if (message.kind === 'closed') {
      clearTimeout(this.#closing.get(message.id))
      this.#closing.delete(message.id)
      return this.#rest()
    }
    const job = this.#jobs.get(message.id)
    const pending = job?.pending
    if (!job || !pending) return
    // it was opened anew in another thread, unasked
    if (message.kind === 'opened' && pending.message.kind === 'page') return
    job.pending = null
    if (message.kind !== 'failed') return pending.settle(message)
    this.#jobs.delete(job.id)
    pending.fail(faultFrom(message.fault))
    this.#rest()
  }

  /** The thread is gone: what was at work failed (out of memory), or begins again in the next one. */
  #lost(gone: Worker, error: unknown): void {
    if (this.#worker === gone) this.#worker = null
    const memory = (error as { code?: string } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
    const guilty = memory && this.#running ? Atomics.load(this.#running, 0) : 0
    for (const job of this.#jobs.values()) {
      if (job.worker !== gone) continue
      job.worker = null
      const { pending } = job
      if (!pending) continue
      const fail = (fault: MongoServerFault): void => {
        this.#jobs.delete(job.id)
        pending.fail(fault)
      }
      if (memory && (guilty === job.id || guilty === 0)) fail(outOfMemory())
      else if (job.delivered) fail(restarted())
      else if (error && !memory)
        fail(mongoError('UnknownError', `the reading thread ended: ${messageOf(error)}`))
      else this.#begin(job)
    }
  }

  /** Takes another thread for the jobs that are left; the stuck one is ended in the middle of what it does. */
  #replace(): void {
    const stuck = this.#worker
    this.#worker = null
    for (const timer of this.#closing.values()) clearTimeout(timer)
    this.#closing.clear()
    if (!stuck) return
    void stuck.terminate()
    this.#lost(stuck, null)
  }

  #end(job: Job): void {
    job.pending = null
    if (!this.#jobs.delete(job.id)) return
    if (this.#worker && job.worker === this.#worker) {
      this.#worker.postMessage({ kind: 'close', id: job.id } satisfies ToWorker)
      this.#closing.set(
        job.id,
        setTimeout(() => this.#replace(), GRACE_MS),
      )
    }
    this.#rest()
  }

  #rest(): void {
    if (this.#jobs.size > 0 || this.#closing.size > 0) return
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => {
      void this.#worker?.terminate()
      this.#worker = null
    }, IDLE_MS)
    this.#idle.unref()
  }
}

function timeLeft(pause: Pause): number {
  const left = pause.leftMs()
  return left === Infinity ? 0 : Math.max(1, left)
}

/** Cuts documents that stand one after the other. */
function split(bytes: Buffer): Buffer[] {
  const documents: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const size = bytes.readInt32LE(at)
    documents.push(bytes.subarray(at, at + size))
    at += size
  }
  return documents
}

function outOfMemory(): MongoServerFault {
  return mongoError(
    'QueryExceededMemoryLimitNoDiskUseAllowed',
    'Exceeded the memory limit of reading commands; the embedded datastore does not sort or group on the disk',
  )
}

/** The thread went while a command read page by page. */
export class ThreadLost extends MongoServerFault {
  constructor() {
    super(CURSOR_KILLED, 'CursorKilled', { message: 'the cursor ended with the thread that read for it' })
  }
}

const CURSOR_KILLED = 237

function restarted(): MongoServerFault {
  return new ThreadLost()
}
