import type { Clock, Logger } from '@m3m/base'
import type { LeasedJob, RetryPolicy } from './queue-leases.ts'
import type { QueueService } from './queue.service.ts'

/** One queue a worker serves. */
export interface QueueHandler extends Partial<RetryPolicy> {
  handle: (job: LeasedJob, signal: AbortSignal) => unknown
  /** Jobs of this queue at once; default 1. */
  concurrency?: number
}

export interface WorkOptions {
  projectId: string
  handlers: Readonly<Record<string, QueueHandler>>
  /** Ends taking; jobs under way are awaited for `graceMs`, then given back. */
  signal: AbortSignal
  graceMs?: number
}

/** Held for so long without a word; prolonged at a third of it. */
const LEASE_MS = 30_000
/** How often a worker looks for jobs of other processes and for delays that are over. */
const POLL_MS = 500
const DEFAULT_BACKOFF_MS = 1000
const GRACE_MS = 30_000

export interface WorkerDeps {
  queue: QueueService
  clock: Clock
  logger: Logger
}

/** Serves queues until the signal aborts. Settles when no job is under way any more. */
export async function workQueues(deps: WorkerDeps, options: WorkOptions): Promise<void> {
  const { signal } = options
  const running = new Set<Promise<void>>()
  const busy = new Map<string, number>()
  let wake = () => {}
  let woken = false
  const nudge = () => {
    woken = true
    wake()
  }
  const off = deps.queue.onPush((projectId) => {
    if (projectId === options.projectId) nudge()
  })
  signal.addEventListener('abort', nudge)
  const ended = new AbortController()

  const free = () =>
    Object.entries(options.handlers)
      .filter(([name, { concurrency = 1 }]) => (busy.get(name) ?? 0) < concurrency)
      .map(([name]) => name)

  const begin = (job: LeasedJob) => {
    busy.set(job.name, (busy.get(job.name) ?? 0) + 1)
    const work = workOne(deps, job, options.handlers[job.name]!, ended.signal).finally(() => {
      busy.set(job.name, busy.get(job.name)! - 1)
      running.delete(work)
      nudge()
    })
    running.add(work)
  }

  while (!signal.aborted) {
    woken = false
    const names = free()
    const job = names.length > 0 ? await takeQuietly(deps, options.projectId, names) : null
    if (job) begin(job)
    else if (!woken && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const cancel = deps.clock.after(POLL_MS, resolve)
        wake = () => {
          cancel()
          resolve()
        }
      })
      wake = () => {}
    }
  }
  off()
  signal.removeEventListener('abort', nudge)
  const cancel = deps.clock.after(options.graceMs ?? GRACE_MS, () => ended.abort())
  await Promise.all(running)
  cancel()
}

/** A datastore that is away for a moment must not end the worker. */
async function takeQuietly(
  { queue, logger }: WorkerDeps,
  projectId: string,
  names: string[],
): Promise<LeasedJob | null> {
  try {
    return await queue.take(projectId, names, LEASE_MS)
  } catch (error) {
    logger.warn('no job could be taken from the queue', { projectId, error })
    return null
  }
}

async function workOne(
  deps: WorkerDeps,
  job: LeasedJob,
  handler: QueueHandler,
  ended: AbortSignal,
): Promise<void> {
  const { queue, logger, clock } = deps
  const policy = { retries: handler.retries ?? 0, backoffMs: handler.backoffMs ?? DEFAULT_BACKOFF_MS }
  const stopRenewing = renew(clock, () => queue.extend(job, LEASE_MS))
  const given = Promise.withResolvers<'given back'>()
  const giveBack = () => given.resolve('given back')
  ended.addEventListener('abort', giveBack)
  try {
    if (job.attempt > policy.retries + 1) throw new Error('The process that worked on it died every time.')
    const outcome = await Promise.race([Promise.resolve(handler.handle(job, ended)), given.promise])
    if (outcome === 'given back' && ended.aborted) await queue.release(job)
    else await queue.complete(job)
  } catch (error) {
    await queue.fail(job, error, policy).catch((cause: unknown) => {
      // The lease ends by itself and the job comes again.
      logger.warn('a failed job could not be marked', { job: job.id, cause })
    })
  } finally {
    stopRenewing()
    ended.removeEventListener('abort', giveBack)
  }
}

function renew(clock: Clock, extend: () => Promise<boolean>): () => void {
  let cancel = () => {}
  let stopped = false
  const renewOnce = async () => {
    // A lease that is lost is not fought for: the job may run twice, as at-least-once says.
    const held = await extend().catch(() => true)
    if (held && !stopped) arm()
  }
  const arm = () => {
    cancel = clock.after(LEASE_MS / 3, () => void renewOnce())
  }
  arm()
  return () => {
    stopped = true
    cancel()
  }
}
