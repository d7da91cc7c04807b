import { procedure, router } from '../../trpc.ts'
import {
  createGoalInput,
  goalInput,
  goalStatsInput,
  listGoalsInput,
  updateGoalInput,
} from './goals.schema.ts'
import type { GoalsService } from './goals.service.ts'

export const createGoalsRouter = (goals: GoalsService) =>
  router({
    list: procedure.input(listGoalsInput).query(({ ctx, input }) => goals.list(ctx.actor, input.projectId)),
    create: procedure.input(createGoalInput).mutation(({ ctx, input }) => goals.create(ctx.actor, input)),
    update: procedure.input(updateGoalInput).mutation(({ ctx, input }) => goals.update(ctx.actor, input)),
    remove: procedure.input(goalInput).mutation(async ({ ctx, input }) => {
      await goals.remove(ctx.actor, input.goalId)
      return {}
    }),
    reset: procedure.input(goalInput).mutation(async ({ ctx, input }) => {
      await goals.reset(ctx.actor, input.goalId)
      return {}
    }),
    stats: procedure.input(goalStatsInput).query(({ ctx, input }) => goals.stats(ctx.actor, input)),
  })
