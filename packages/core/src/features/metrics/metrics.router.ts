import { noInput, projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { jobInput } from './metrics.schema.ts'
import type { JobAction, MetricsService } from './metrics.service.ts'

export const createMetricsRouter = (metrics: MetricsService) =>
  router({
    live: procedure.input(projectInput).query(({ input }) => metrics.live(input.projectId)),
    history: procedure.input(projectInput).query(({ input }) => metrics.history(input.projectId)),
    routes: procedure.input(projectInput).query(({ input }) => metrics.routes(input.projectId)),
    jobs: procedure.input(projectInput).query(({ input }) => metrics.jobs(input.projectId)),
    agent: procedure.input(noInput).query(() => metrics.agent()),
    agentHistory: procedure.input(noInput).query(() => metrics.agentHistory()),
  })

export const createJobsRouter = (metrics: MetricsService) => {
  const control = (action: JobAction) =>
    procedure.input(jobInput).mutation(async ({ ctx, input }) => {
      await metrics.controlJob(ctx.actor, input, action)
      return {}
    })
  return router({ runNow: control('run'), pause: control('pause'), resume: control('resume') })
}
