import type { Clock, Logger } from '@m3m/base'
import { ObjectId } from 'mongodb'
import { isDuplicateKey } from '../mongo-errors.ts'
import { checkName, checkPayload, checkPush } from './check-job.ts'
import { queueErrors } from './queue.errors.ts'
import { createQueueDesk, type QueueDesk } from './queue-desk.ts'
import { createQueueLeases, type QueueLeases } from './queue-leases.ts'
import type { JobDocument, QueueRepo } from './queue.repo.ts'

export interface PushOptions {
  delayMs?: number
  /** While a job of this key is not done, another push of it adds nothing. */
  key?: string
}

/** Durable jobs: at least once, in order of their time; a worker holds a lease, and what it lets expire comes back. */
export interface QueueService extends QueueDesk, QueueLeases {
  /** @throws QUEUE_NAME, QUEUE_PAYLOAD, QUEUE_OPTION, QUEUE_FULL */
  push(
    projectId: string,
    name: string,
    payload: unknown,
    options?: PushOptions,
  ): Promise<{ id: string; added: boolean }>
  removeProject(projectId: string): Promise<void>
  /** Told of each push in this process; the returned function ends it. */
  onPush(listener: (projectId: string) => void): () => void
}

/** Jobs of one project that may wait. */
const MAX_WAITING = 100_000
const COUNT_EVERY_MS = 1000

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
    ...createQueueLeases(repo, clock),
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
    if (!known || Math.abs(clock.now() - known.at) > COUNT_EVERY_MS) {
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
