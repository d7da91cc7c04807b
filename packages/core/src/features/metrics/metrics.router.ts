import { noInput, projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import type { JobsService } from '../jobs/jobs.service.ts'
import type { MetricsService } from './metrics.service.ts'

export const createMetricsRouter = (metrics: MetricsService, jobs: Pick<JobsService, 'list'>) =>
  router({
    live: procedure.input(projectInput).query(({ input }) => metrics.live(input.projectId)),
    history: procedure.input(projectInput).query(({ input }) => metrics.history(input.projectId)),
    routes: procedure.input(projectInput).query(({ input }) => metrics.routes(input.projectId)),
    jobs: procedure.input(projectInput).query(({ input }) => jobs.list(input.projectId)),
    agent: procedure.input(noInput).query(() => metrics.agent()),
    agentHistory: procedure.input(noInput).query(() => metrics.agentHistory()),
  })
