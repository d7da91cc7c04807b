import type { Clock } from '@m3m/base'
import { type Filter, ObjectId } from 'mongodb'
import { queueErrors } from './queue.errors.ts'
import type { JobDocument, QueueRepo } from './queue.repo.ts'
import {
  JOB_STATES,
  type JobChoice,
  type JobCounts,
  type JobListQuery,
  jobListSchema,
  type JobRow,
  type JobState,
  type JobView,
  type QueueSummary,
} from './queue.schema.ts'

/** What a person may look at and do. */
export interface QueueDesk {
  /** Newest first. */
  list(projectId: string, query?: JobListQuery): Promise<{ items: JobRow[]; total: number }>
  /** @throws QUEUE_JOB_NOT_FOUND */
  get(projectId: string, id: string): Promise<JobView>
  counts(projectId: string): Promise<JobCounts>
  /** Of every project that has jobs, by project. */
  countsOfAll(): Promise<ReadonlyMap<string, JobCounts>>
  /** Every queue that has a job, by name. */
  summaries(projectId: string): Promise<QueueSummary[]>
  /** Begins a dead job anew, or one that waits for its time at once. @throws QUEUE_JOB_NOT_FOUND */
  retry(projectId: string, id: string): Promise<void>
  /** All of them, as {@link QueueDesk.retry}. How many. */
  retryAll(projectId: string, choice: JobChoice): Promise<number>
  /** A job that nobody works on. @throws QUEUE_JOB_NOT_FOUND */
  remove(projectId: string, id: string): Promise<void>
  /** How many. */
  removeAll(projectId: string, choice: JobChoice): Promise<number>
}

const PREVIEW = 200

export function createQueueDesk(
  { jobs }: QueueRepo,
  clock: Clock,
  tellPushed: (projectId: string) => void,
): QueueDesk {
  const now = () => new Date(clock.now())
  const beginNow = () => ({
    $set: { dueAt: now(), attempts: 0 },
    $unset: { dead: '' as const, error: '' as const, lease: '' as const },
  })
  const chosen = (projectId: string, { state, name }: JobChoice): Filter<JobDocument> => ({
    projectId,
    ...(name !== undefined && { name }),
    ...stateFilter(state, now()),
  })
  const resting = (projectId: string, id: string): Filter<JobDocument> => ({
    _id: idOf(id),
    projectId,
    $or: [{ lease: { $exists: false } }, { dueAt: { $lte: now() } }],
  })

  async function counts(projectId: string): Promise<JobCounts> {
    const at = now()
    const numbers = await Promise.all(
      JOB_STATES.map((state) => jobs.countDocuments({ projectId, ...stateFilter(state, at) })),
    )
    return Object.fromEntries(JOB_STATES.map((state, index) => [state, numbers[index]])) as JobCounts
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
      return { items: found.map((job) => toRow(job, now())), total: await jobs.countDocuments(filter) }
    },
    async get(projectId, id) {
      const job = await jobs.findOne({ _id: idOf(id), projectId })
      if (!job) throw notFound(id)
      return { ...toRow(job, now()), payload: JSON.parse(job.payload) as unknown }
    },
    counts,
    async countsOfAll() {
      const projectIds = await jobs.distinct('projectId')
      return new Map(await Promise.all(projectIds.map(async (id) => [id, await counts(id)] as const)))
    },
    async summaries(projectId) {
      const found = await jobs
        .aggregate<{ _id: { name: string; state: JobState }; count: number }>([
          { $match: { projectId } },
          { $group: { _id: { name: '$name', state: stateExpression(now()) }, count: { $sum: 1 } } },
        ])
        .toArray()
      return summed(found.map(({ _id, count }) => ({ ..._id, count })))
    },
    async retry(projectId, id) {
      const { matchedCount } = await jobs.updateOne(resting(projectId, id), beginNow())
      if (matchedCount === 0) throw notFound(id)
      tellPushed(projectId)
    },
    async retryAll(projectId, choice) {
      const { matchedCount } = await jobs.updateMany(chosen(projectId, choice), beginNow())
      tellPushed(projectId)
      return matchedCount
    },
    async remove(projectId, id) {
      if ((await jobs.deleteOne(resting(projectId, id))).deletedCount === 0) throw notFound(id)
    },
    removeAll: async (projectId, choice) => (await jobs.deleteMany(chosen(projectId, choice))).deletedCount,
  }
}

const idOf = (id: string) => (ObjectId.isValid(id) ? new ObjectId(id) : new ObjectId('0'.repeat(24)))
const notFound = (id: string) => queueErrors.QUEUE_JOB_NOT_FOUND({ id: String(id).slice(0, 100) })

/** A lease that ended is waiting again. */
function stateFilter(state: JobState, at: Date): Filter<JobDocument> {
  if (state === 'dead') return { dead: true }
  if (state === 'active') return { lease: { $exists: true }, dueAt: { $gt: at } }
  if (state === 'delayed') return { lease: { $exists: false }, dueAt: { $gt: at } }
  return { dueAt: { $lte: at } }
}

/** As {@link stateFilter}, for grouping. A field that is not there is less than anything. */
function stateExpression(at: Date): object {
  const leased = { $gt: ['$lease', null] }
  const later = { $cond: [leased, 'active', 'delayed'] }
  return { $cond: [{ $eq: ['$dead', true] }, 'dead', { $cond: [{ $gt: ['$dueAt', at] }, later, 'waiting'] }] }
}

function summed(rows: readonly { name: string; state: JobState; count: number }[]): QueueSummary[] {
  const byName = new Map<string, QueueSummary>()
  for (const { name, state, count } of rows) {
    const summary = byName.get(name) ?? { name, waiting: 0, delayed: 0, active: 0, dead: 0 }
    byName.set(name, { ...summary, [state]: count })
  }
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function toRow(job: JobDocument, at: Date): JobRow {
  return {
    id: job._id.toHexString(),
    name: job.name,
    state: stateOf(job, at),
    preview: job.payload.slice(0, PREVIEW),
    key: job.key ?? null,
    attempts: job.attempts,
    dueAt: job.dueAt?.toISOString() ?? null,
    error: job.error ?? null,
    createdAt: job.createdAt.toISOString(),
  }
}

function stateOf({ dead, dueAt, lease }: JobDocument, at: Date): JobState {
  if (dead) return 'dead'
  if (!dueAt || dueAt <= at) return 'waiting'
  return lease === undefined ? 'delayed' : 'active'
}
