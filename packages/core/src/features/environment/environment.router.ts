import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { saveVariablesInput, variableHistoryInput } from './environment.schema.ts'
import type { EnvironmentService } from './environment.service.ts'

export const createEnvironmentRouter = (environment: EnvironmentService) =>
  router({
    list: procedure
      .input(projectInput)
      .query(({ ctx, input }) => environment.list(ctx.actor, input.projectId)),
    history: procedure.input(variableHistoryInput).query(({ input }) => environment.history(input)),
    save: procedure
      .input(saveVariablesInput)
      .mutation(({ ctx, input }) => environment.save(ctx.actor, input)),
  })
