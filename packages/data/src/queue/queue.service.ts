import { type Clock, type Logger, messageOf, newId } from '@m3m/base'
import { ObjectId } from 'mongodb'
import { isDuplicateKey } from '../mongo-errors.ts'
import { checkName, checkPayload, checkPush } from './check-job.ts'
import { queueErrors } from './queue.errors.ts'
import { createQueueDesk, type QueueDesk } from './queue-desk.ts'
import type { JobDocument, QueueRepo } from './queue.repo.ts'

/** A job somebody works on. */
export interface LeasedJob {
  id: string
  projectId: string
  name: string
  payload: unknown
  /** 1 the first time. */
  attempt: number
  lease: string
}

/** How a queue treats a job that failed. */
export interface RetryPolicy {
  /** Further tries after the first; default 0. */
  retries: number
  /** Pause before the first of them; it doubles each time, up to an hour. */
  backoffMs: number
}

export interface PushOptions {
  delayMs?: number
  /** While a job of this key is not done, another push of it adds nothing. */
  key?: string
}

/** Durable jobs: at least once, in order of their time; a worker holds a lease, and what it lets expire comes back. */
export interface QueueService extends QueueDesk {
  /** @throws QUEUE_NAME, QUEUE_PAYLOAD, QUEUE_OPTION, QUEUE_FULL */
  push(
    projectId: string,
    name: string,
    payload: unknown,
    options?: PushOptions,
  ): Promise<{ id: string; added: boolean }>
  /** The next due job of these queues; `null` when there is none. */
  take(projectId: string, names: readonly string[], leaseMs: number): Promise<LeasedJob | null>
  /** Prolongs the lease; `false` when it was lost. */
  extend(job: LeasedJob, leaseMs: number): Promise<boolean>
  /** The job is done and gone; `false` when the lease was lost, and another worker has it. */
  complete(job: LeasedJob): Promise<boolean>
  /** Tried again later, or dead when all tries are used up. */
  fail(job: LeasedJob, error: unknown, policy: RetryPolicy): Promise<'again' | 'dead' | 'lost'>
  /** Gives it back as if it had not been begun, at a shutdown. */
  release(job: LeasedJob): Promise<void>
  removeProject(projectId: string): Promise<void>
  /** Told of each push in this process; the returned function ends it. */
  onPush(listener: (projectId: string) => void): () => void
}

/** Jobs of one project that may wait. */
const MAX_WAITING = 100_000
const COUNT_EVERY_MS = 1000
const LONGEST_BACKOFF_MS = 3_600_000

export interface QueueDeps {
  repo: QueueRepo
  clock: Clock
  logger: Logger
}

export function createQueue({ repo, clock }: QueueDeps): QueueService {
  const { jobs } = repo
  const listeners = new Set<(projectId: string) => void>()
  const checkRoom = createRoomCheck(repo, clock)
  const now = () => new Date(clock.now())
  const tellPushed = (projectId: string) => {
    for (const listener of listeners) listener(projectId)
  }
  const mine = ({ id, lease }: LeasedJob) => ({ _id: new ObjectId(id), lease })

  return {
    async push(projectId, name, payload, options = {}) {
      checkName(name)
      checkPush(options)
      await checkRoom(projectId)
      const { delayMs = 0, key } = options
      const job: JobDocument = {
        _id: new ObjectId(),
        projectId,
        name,
        payload: checkPayload(name, payload),
        dueAt: new Date(clock.now() + delayMs),
        attempts: 0,
        createdAt: now(),
        ...(key !== undefined && { key, dedupe: `${projectId}/${name}/${key}` }),
      }
      try {
        await jobs.insertOne(job)
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
        const known = await jobs.findOne({ dedupe: job.dedupe! }, { projection: { _id: 1 } })
        return { id: (known?._id ?? job._id).toHexString(), added: false }
      }
      tellPushed(projectId)
      return { id: job._id.toHexString(), added: true }
    },
    async take(projectId, names, leaseMs) {
      const lease = newId()
      const taken = await jobs.findOneAndUpdate(
        { projectId, name: { $in: names }, dueAt: { $lte: now() } },
        { $set: { lease, dueAt: new Date(clock.now() + leaseMs) }, $inc: { attempts: 1 } },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      if (!taken) return null
      const { _id, name, payload, attempts } = taken
      return {
        id: _id.toHexString(),
        projectId,
        name,
        payload: JSON.parse(payload) as unknown,
        attempt: attempts,
        lease,
      }
    },
    async extend(job, leaseMs) {
      const change = { $set: { dueAt: new Date(clock.now() + leaseMs) } }
      return (await jobs.updateOne(mine(job), change)).matchedCount === 1
    },
    complete: async (job) => (await jobs.deleteOne(mine(job))).deletedCount === 1,
    async fail(job, error, policy) {
      const message = messageOf(error).slice(0, 2000)
      const dead = job.attempt > policy.retries
      const wait = Math.min(LONGEST_BACKOFF_MS, policy.backoffMs * 2 ** (job.attempt - 1))
      const change = dead
        ? {
            $set: { dead: true as const, error: message },
            $unset: { dueAt: '' as const, lease: '' as const, dedupe: '' as const },
          }
        : { $set: { error: message, dueAt: new Date(clock.now() + wait) }, $unset: { lease: '' as const } }
      const { matchedCount } = await jobs.updateOne(mine(job), change)
      if (matchedCount === 0) return 'lost'
      return dead ? 'dead' : 'again'
    },
    async release(job) {
      await jobs.updateOne(mine(job), {
        $set: { dueAt: now() },
        $inc: { attempts: -1 },
        $unset: { lease: '' },
      })
    },
    ...createQueueDesk(repo, clock, tellPushed),
    async removeProject(projectId) {
      await jobs.deleteMany({ projectId })
    },
    onPush(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Counted once a second, guessed between: the limit protects the datastore, it need not be exact. */
function createRoomCheck({ jobs }: QueueRepo, clock: Clock): (projectId: string) => Promise<void> {
  const counted = new Map<string, { at: number; waiting: number }>()
  return async (projectId) => {
    let known = counted.get(projectId)
    if (!known || clock.now() - known.at > COUNT_EVERY_MS) {
      const waiting = await jobs.countDocuments(
        { projectId, dueAt: { $exists: true } },
        { limit: MAX_WAITING },
      )
      known = { at: clock.now(), waiting }
      counted.set(projectId, known)
    }
    if (known.waiting >= MAX_WAITING) throw queueErrors.QUEUE_FULL({ limit: MAX_WAITING })
    known.waiting += 1
  }
}
