import { noInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { createFromStarterInput } from './starters.schema.ts'
import type { StartersService } from './starters.service.ts'

export const createStartersRouter = (starters: StartersService) =>
  router({
    list: procedure.input(noInput).query(() => starters.list()),
    createProject: procedure
      .input(createFromStarterInput)
      .mutation(({ ctx, input }) => starters.create(ctx.actor, input)),
  })
