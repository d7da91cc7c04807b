import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { delayedTaskInput, jobHistoryInput, jobInput } from './jobs.schema.ts'
import type { JobAction, JobsService } from './jobs.service.ts'

export const createJobsRouter = (jobs: JobsService) => {
  const control = (action: JobAction) =>
    procedure.input(jobInput).mutation(async ({ ctx, input }) => {
      await jobs.control(ctx.actor, input, action)
      return {}
    })
  return router({
    history: procedure.input(jobHistoryInput).query(({ input }) => jobs.history(input)),
    delayed: procedure.input(projectInput).query(({ input }) => jobs.delayed(input.projectId)),
    cancelDelayed: procedure.input(delayedTaskInput).mutation(async ({ ctx, input }) => {
      await jobs.cancelDelayed(ctx.actor, input)
      return {}
    }),
    runNow: control('run'),
    pause: control('pause'),
    resume: control('resume'),
  })
}
