import type { DataEngine } from '@m3m/data'
import type { JobView } from '@m3m/data/schema'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { listQueueInput } from './queue.schema.ts'

/** Durable jobs of a project as people look at them; the rules are in @m3m/data, where services push and work. */
export interface QueueService {
  list(input: z.output<typeof listQueueInput>): Promise<{ items: JobView[]; total: number }>
  counts(projectId: string): Promise<{ waiting: number; active: number; dead: number }>
  /** Begins a dead job anew. @throws QUEUE_JOB_NOT_FOUND */
  retry(actor: SignedIn, projectId: string, jobId: string): Promise<void>
  /** Removes a dead job. @throws QUEUE_JOB_NOT_FOUND */
  remove(actor: SignedIn, projectId: string, jobId: string): Promise<void>
  /** Removes all dead jobs; gives back how many. */
  clear(actor: SignedIn, projectId: string): Promise<number>
}

export function createQueue({ data, audit }: { data: DataEngine; audit: AuditService }): QueueService {
  const { queue } = data
  return {
    list: ({ projectId, ...query }) => queue.list(projectId, query),
    counts: (projectId) => queue.counts(projectId),
    async retry(actor, projectId, jobId) {
      await queue.retryDead(projectId, jobId)
      await audit.add(actor, { action: 'queue.retry', projectId, target: jobId })
    },
    async remove(actor, projectId, jobId) {
      await queue.removeDead(projectId, jobId)
      await audit.add(actor, { action: 'queue.remove', projectId, target: jobId })
    },
    async clear(actor, projectId) {
      const removed = await queue.clearDead(projectId)
      await audit.add(actor, { action: 'queue.clear', projectId, after: { removed } })
      return removed
    },
  }
}
