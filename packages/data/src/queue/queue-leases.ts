import { type Clock, messageOf, newId } from '@m3m/base'
import { ObjectId } from 'mongodb'
import type { QueueRepo } from './queue.repo.ts'

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

/** A worker's side of the queues: what it holds is nobody else's until the lease ends. */
export interface QueueLeases {
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
}

const LONGEST_BACKOFF_MS = 3_600_000

export function createQueueLeases({ jobs }: QueueRepo, clock: Clock): QueueLeases {
  const now = () => new Date(clock.now())
  const mine = ({ id, lease }: LeasedJob) => ({ _id: new ObjectId(id), lease })

  return {
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
  }
}
