import { procedure, router } from '../../trpc.ts'
import { jobHistoryInput, jobInput } from './jobs.schema.ts'
import type { JobAction, JobsService } from './jobs.service.ts'

export const createJobsRouter = (jobs: JobsService) => {
  const control = (action: JobAction) =>
    procedure.input(jobInput).mutation(async ({ ctx, input }) => {
      await jobs.control(ctx.actor, input, action)
      return {}
    })
  return router({
    history: procedure.input(jobHistoryInput).query(({ input }) => jobs.history(input)),
    runNow: control('run'),
    pause: control('pause'),
    resume: control('resume'),
  })
}
