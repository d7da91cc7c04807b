import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { listQueueInput, queueJobInput } from './queue.schema.ts'
import type { QueueService } from './queue.service.ts'

export const createQueueRouter = (queue: QueueService) =>
  router({
    list: procedure.input(listQueueInput).query(({ input }) => queue.list(input)),
    counts: procedure.input(projectInput).query(({ input }) => queue.counts(input.projectId)),
    retry: procedure.input(queueJobInput).mutation(async ({ ctx, input }) => {
      await queue.retry(ctx.actor, input.projectId, input.jobId)
      return {}
    }),
    remove: procedure.input(queueJobInput).mutation(async ({ ctx, input }) => {
      await queue.remove(ctx.actor, input.projectId, input.jobId)
      return {}
    }),
    clear: procedure
      .input(projectInput)
      .mutation(async ({ ctx, input }) => ({ removed: await queue.clear(ctx.actor, input.projectId) })),
  })
