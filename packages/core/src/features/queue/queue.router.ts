import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { listQueueInput, queueJobInput, queueJobsInput } from './queue.schema.ts'
import type { QueueService } from './queue.service.ts'

export const createQueueRouter = (queue: QueueService) =>
  router({
    list: procedure.input(listQueueInput).query(({ input }) => queue.list(input)),
    get: procedure.input(queueJobInput).query(({ input }) => queue.get(input.projectId, input.jobId)),
    counts: procedure.input(projectInput).query(({ input }) => queue.counts(input.projectId)),
    summaries: procedure.input(projectInput).query(({ input }) => queue.summaries(input.projectId)),
    retry: procedure.input(queueJobInput).mutation(async ({ ctx, input }) => {
      await queue.retry(ctx.actor, input.projectId, input.jobId)
      return {}
    }),
    retryAll: procedure
      .input(queueJobsInput)
      .mutation(async ({ ctx, input }) => ({ retried: await queue.retryAll(ctx.actor, input) })),
    remove: procedure.input(queueJobInput).mutation(async ({ ctx, input }) => {
      await queue.remove(ctx.actor, input.projectId, input.jobId)
      return {}
    }),
    clear: procedure
      .input(queueJobsInput)
      .mutation(async ({ ctx, input }) => ({ removed: await queue.clear(ctx.actor, input) })),
  })
