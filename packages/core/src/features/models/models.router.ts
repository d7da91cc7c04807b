import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { createModelInput, modelInput, updateModelInput } from './models.schema.ts'
import type { ModelsService } from './models.service.ts'

export const createModelsRouter = (models: ModelsService) =>
  router({
    list: procedure.input(projectInput).query(({ ctx, input }) => models.list(ctx.actor, input.projectId)),
    /** Records of each model, by model id; estimated. */
    counts: procedure
      .input(projectInput)
      .query(({ ctx, input }) => models.counts(ctx.actor, input.projectId)),
    /** Bytes that the records of each model take, by model id; without indexes. */
    sizes: procedure.input(projectInput).query(({ ctx, input }) => models.sizes(ctx.actor, input.projectId)),
    /** Records of changed models that are being converted, by model id. */
    progress: procedure
      .input(projectInput)
      .query(({ ctx, input }) => models.progress(ctx.actor, input.projectId)),
    get: procedure
      .input(modelInput)
      .query(({ ctx, input }) => models.get(ctx.actor, input.projectId, input.model)),
    create: procedure.input(createModelInput).mutation(({ ctx, input }) => models.create(ctx.actor, input)),
    update: procedure.input(updateModelInput).mutation(({ ctx, input }) => models.update(ctx.actor, input)),
    remove: procedure.input(modelInput).mutation(async ({ ctx, input }) => {
      await models.remove(ctx.actor, input.projectId, input.model)
      return {}
    }),
  })
