import type { DataEngine } from '@m3m/data'
import type { JobCounts, JobRow, JobView, QueueSummary } from '@m3m/data/schema'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { listQueueInput, queueJobsInput } from './queue.schema.ts'

type JobsInput = z.output<typeof queueJobsInput>

/** Durable jobs of a project as people look at them; the rules are in @m3m/data, where services push and work. */
export interface QueueService {
  list(input: z.output<typeof listQueueInput>): Promise<{ items: JobRow[]; total: number }>
  /** With its payload. @throws QUEUE_JOB_NOT_FOUND */
  get(projectId: string, jobId: string): Promise<JobView>
  counts(projectId: string): Promise<JobCounts>
  /** Of every project that has jobs, by project. */
  countsOfAll(): Promise<ReadonlyMap<string, JobCounts>>
  /** Every queue that has a job. */
  summaries(projectId: string): Promise<QueueSummary[]>
  /** Begins a dead job anew, or one that waits for its time at once. @throws QUEUE_JOB_NOT_FOUND */
  retry(actor: SignedIn, projectId: string, jobId: string): Promise<void>
  /** Likewise all of a state, of one queue or of every queue. How many. */
  retryAll(actor: SignedIn, input: JobsInput): Promise<number>
  /** A job that nobody works on. @throws QUEUE_JOB_NOT_FOUND */
  remove(actor: SignedIn, projectId: string, jobId: string): Promise<void>
  /** All of a state, of one queue or of every queue. How many. */
  clear(actor: SignedIn, input: JobsInput): Promise<number>
}

export function createQueue({ data, audit }: { data: DataEngine; audit: AuditService }): QueueService {
  const { queue } = data
  return {
    list: ({ projectId, ...query }) => queue.list(projectId, query),
    get: (projectId, jobId) => queue.get(projectId, jobId),
    counts: (projectId) => queue.counts(projectId),
    countsOfAll: () => queue.countsOfAll(),
    summaries: (projectId) => queue.summaries(projectId),
    async retry(actor, projectId, jobId) {
      await queue.retry(projectId, jobId)
      await audit.add(actor, { action: 'queue.retry', projectId, target: jobId })
    },
    async retryAll(actor, { projectId, ...choice }) {
      const retried = await queue.retryAll(projectId, choice)
      await audit.add(actor, {
        action: 'queue.retryAll',
        projectId,
        target: choice.name ?? null,
        after: { ...choice, retried },
      })
      return retried
    },
    async remove(actor, projectId, jobId) {
      await queue.remove(projectId, jobId)
      await audit.add(actor, { action: 'queue.remove', projectId, target: jobId })
    },
    async clear(actor, { projectId, ...choice }) {
      const removed = await queue.removeAll(projectId, choice)
      await audit.add(actor, {
        action: 'queue.clear',
        projectId,
        target: choice.name ?? null,
        after: { ...choice, removed },
      })
      return removed
    },
  }
}
