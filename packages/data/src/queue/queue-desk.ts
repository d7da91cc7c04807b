import type { Clock } from '@m3m/base'
import { type Filter, ObjectId } from 'mongodb'
import { queueErrors } from './queue.errors.ts'
import type { JobDocument, QueueRepo } from './queue.repo.ts'
import { type JobListQuery, jobListSchema, type JobView } from './queue.schema.ts'

/** What a person may look at and do. */
export interface QueueDesk {
  list(projectId: string, query?: JobListQuery): Promise<{ items: JobView[]; total: number }>
  counts(projectId: string): Promise<{ waiting: number; active: number; dead: number }>
  /** Begins a dead job anew. @throws QUEUE_JOB_NOT_FOUND */
  retryDead(projectId: string, id: string): Promise<void>
  /** @throws QUEUE_JOB_NOT_FOUND */
  removeDead(projectId: string, id: string): Promise<void>
  clearDead(projectId: string): Promise<number>
}

export function createQueueDesk(
  { jobs }: QueueRepo,
  clock: Clock,
  tellPushed: (projectId: string) => void,
): QueueDesk {
  const now = () => new Date(clock.now())

  async function changeDead(
    projectId: string,
    id: string,
    change: (filter: Filter<JobDocument>) => Promise<number>,
  ): Promise<void> {
    const filter = {
      _id: ObjectId.isValid(id) ? new ObjectId(id) : new ObjectId('0'.repeat(24)),
      projectId,
      dead: true as const,
    }
    if ((await change(filter)) === 0) throw queueErrors.QUEUE_JOB_NOT_FOUND({ id: String(id).slice(0, 100) })
  }

  return {
    async list(projectId, query = {}) {
      const { state, name, page, pageSize } = jobListSchema.parse(query)
      const filter = {
        projectId,
        ...(name !== undefined && { name }),
        ...(state && stateFilter(state, now())),
      }
      const found = await jobs
        .find(filter)
        .sort({ createdAt: -1, _id: -1 })
        .skip((page - 1) * pageSize)
        .limit(pageSize)
        .toArray()
      return { items: found.map((job) => toView(job, now())), total: await jobs.countDocuments(filter) }
    },
    async counts(projectId) {
      const at = now()
      const count = (state: JobView['state']) => jobs.countDocuments({ projectId, ...stateFilter(state, at) })
      const [waiting, active, dead] = await Promise.all([count('waiting'), count('active'), count('dead')])
      return { waiting, active, dead }
    },
    retryDead: (projectId, id) =>
      changeDead(projectId, id, async (filter) => {
        const change = {
          $set: { dueAt: now(), attempts: 0 },
          $unset: { dead: '' as const, error: '' as const },
        }
        const { matchedCount } = await jobs.updateOne(filter, change)
        tellPushed(projectId)
        return matchedCount
      }),
    removeDead: (projectId, id) =>
      changeDead(projectId, id, async (filter) => (await jobs.deleteOne(filter)).deletedCount),
    clearDead: async (projectId) => (await jobs.deleteMany({ projectId, dead: true })).deletedCount,
  }
}

/** A lease that ended is waiting again. */
function stateFilter(state: JobView['state'], at: Date): Filter<JobDocument> {
  if (state === 'dead') return { dead: true }
  if (state === 'active') return { lease: { $exists: true }, dueAt: { $gt: at } }
  return { dueAt: { $exists: true }, $or: [{ lease: { $exists: false } }, { dueAt: { $lte: at } }] }
}

function toView(job: JobDocument, at: Date): JobView {
  const active = job.lease !== undefined && job.dueAt !== undefined && job.dueAt > at
  return {
    id: job._id.toHexString(),
    name: job.name,
    state: job.dead ? 'dead' : active ? 'active' : 'waiting',
    payload: JSON.parse(job.payload) as unknown,
    key: job.key ?? null,
    attempts: job.attempts,
    dueAt: job.dueAt?.toISOString() ?? null,
    error: job.error ?? null,
    createdAt: job.createdAt.toISOString(),
  }
}
