// Entry of the reading thread: runs long reading commands on a connection of its own, so that nobody waits for them.
import { parentPort, workerData } from 'node:worker_threads'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createPause, type Pause } from '../server/pause.ts'
import { mongoError, type MongoServerFault } from '../server/mongo-error.ts'
import { openFileForReading } from '../store/file.ts'
import { Store } from '../store/store.ts'
import { faultShape } from './fault-shape.ts'
import { openJob, type Opened } from './job.ts'
import { createMemoryShares, type Share } from './memory-shares.ts'
import type { FromWorker, JobRequest, ToWorker, WorkerData } from './protocol.ts'

const { file, maxHeapBytes, running } = workerData as WorkerData
const port = parentPort!
const store = new Store(openFileForReading(file))

interface Job extends Share {
  id: number
  request: JobRequest
  /** What is read from; null before the command has opened it. */
  opened: Opened | null
  /** Over when the command has told what it reads from. */
  ready: PromiseWithResolvers<void>
  pause: Pause
  /** Something is asked of it now; else it is a cursor that its client has left open. */
  working: boolean
  /** Documents have gone out: it cannot begin again. */
  delivered: boolean
  /** It gave way to others once, and has begun again. */
  again: boolean
  /** Its memory is needed: thrown when it goes on. */
  verdict: MongoServerFault | GiveWay | null
}

/** Ends a job that is to begin again when those beside it are done. */
class GiveWay extends Error {}

const jobs = new Map<number, Job>()
const shares = createMemoryShares<Job>({
  limitBytes: maxHeapBytes,
  onRunning: (job) => Atomics.store(running, 0, job?.id ?? 0),
})

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer)
}

/** Gives the thread to others, and looks at the memory. */
async function rest(job: Job): Promise<void> {
  shares.leave()
  await nextTurn()
  if (job.verdict) throw job.verdict
  shares.enter(job)
  if (shares.isOver()) relieve()
  if (job.verdict) throw job.verdict
}

/**
 * Ends the job that holds most, when it would not have enough alone either; else one that can begin again gives way
 * to those beside it.
 */
function relieve(): void {
  const all = [...jobs.values()]
  // one that was told and has not gone on since still holds what it had
  if (all.some(({ verdict, opened }) => verdict && opened)) return
  const yielding = all.filter(({ working, delivered, again }) => working && !delivered && !again)
  const largest = (list: Job[]): Job => list.reduce((a, b) => (b.held > a.held ? b : a))
  const most = largest(all)
  const beside = all.filter(({ working }) => working).length > 1
  if (beside && yielding.length > 0 && most.held < maxHeapBytes * OWN_SHARE) {
    largest(yielding).verdict = new GiveWay()
    return
  }
  most.verdict = outOfMemory()
  // a cursor that nobody asks does not go on by itself
  if (!most.working) drop(most)
}

/** Who holds so much of the limit will not have enough alone either. */
const OWN_SHARE = 0.9

function outOfMemory(): MongoServerFault {
  return mongoError(
    'QueryExceededMemoryLimitNoDiskUseAllowed',
    `Exceeded memory limit of ${maxHeapBytes} bytes; the embedded datastore does not sort or group on the disk`,
  )
}

function drop(job: Job): void {
  job.opened?.close()
  job.opened = null
  job.held = 0
}

function newPause(job: Job, maxTimeMs: number): Pause {
  return createPause({ maxTimeMs, onRest: () => rest(job) })
}

async function open(job: Job, maxTimeMs: number): Promise<void> {
  job.pause = newPause(job, maxTimeMs)
  shares.enter(job)
  job.opened = await openJob(job.request, store, job.pause)
  shares.leave()
  job.ready.resolve()
  const { shape, reply } = job.opened
  send({ kind: 'opened', id: job.id, cursor: shape, reply })
}

async function page(job: Job, maxTimeMs: number): Promise<void> {
  await job.ready.promise
  if (job.verdict) throw job.verdict
  const source = job.opened?.source
  if (!source || jobs.get(job.id) !== job) return
  job.pause = newPause(job, maxTimeMs)
  shares.enter(job)
  const documents = await source(job.pause)
  shares.leave()
  const bytes = new Uint8Array(documents.reduce((sum, document) => sum + document.length, 0))
  let at = 0
  for (const document of documents) {
    bytes.set(document, at)
    at += document.length
  }
  job.delivered = true
  send({ kind: 'page', id: job.id, bytes }, [bytes.buffer])
}

/** Does what is asked of a job; once more from its beginning when it had to give way. */
async function serve(job: Job, work: () => Promise<void>, reopen: () => Promise<void>): Promise<void> {
  job.working = true
  try {
    await work()
    // It was to give way, and came to rest by itself: what it has delivered must not be delivered again.
    if (job.verdict instanceof GiveWay) job.verdict = null
  } catch (error) {
    shares.leave()
    if (error instanceof GiveWay) return giveWay(job, work, reopen)
    drop(job)
    if (jobs.delete(job.id)) send({ kind: 'failed', id: job.id, fault: faultShape(error) })
  }
  job.working = false
  wakeWaiting()
}

/** Begins a job again, after those that are at work now, and after those that gave way before it. */
function giveWay(job: Job, work: () => Promise<void>, reopen: () => Promise<void>): Promise<void> {
  drop(job)
  job.working = false
  wakeWaiting()
  const beside = [...jobs.values()].filter(({ working }) => working)
  const before = lastAgain
  const again = async (): Promise<void> => {
    await before
    while (beside.some(({ working }) => working)) await changed.promise
    if (jobs.get(job.id) !== job) return
    Object.assign(job, { verdict: null, again: true })
    await serve(job, reopen === work ? work : () => reopen().then(work), reopen)
  }
  lastAgain = again()
  return lastAgain
}

/** Over when the last of those that gave way has begun again and ended. */
let lastAgain = Promise.resolve()

let changed = Promise.withResolvers<void>()

/** Some job came to its end, or waits for its client. */
function wakeWaiting(): void {
  changed.resolve()
  changed = Promise.withResolvers()
}

function close(id: number): void {
  const job = jobs.get(id)
  jobs.delete(id)
  job?.pause.kill()
  job?.opened?.close()
  send({ kind: 'closed', id })
}

function begin(id: number, request: JobRequest, maxTimeMs: number): void {
  const job: Job = {
    id,
    request,
    opened: null,
    ready: Promise.withResolvers(),
    pause: createPause(),
    working: true,
    delivered: false,
    again: false,
    verdict: null,
    held: 0,
  }
  jobs.set(id, job)
  const work = () => open(job, maxTimeMs)
  void serve(job, work, work)
}

port.on('message', (message: ToWorker) => {
  const { id } = message
  if (message.kind === 'open') return begin(id, message.request, message.maxTimeMs)
  if (message.kind === 'close') return close(id)
  const job = jobs.get(id)
  const { maxTimeMs } = message
  if (job)
    void serve(
      job,
      () => page(job, maxTimeMs),
      () => open(job, maxTimeMs),
    )
})
