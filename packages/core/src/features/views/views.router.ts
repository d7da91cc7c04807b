import { procedure, router } from '../../trpc.ts'
import { listViewsInput, removeViewInput, saveViewInput } from './views.schema.ts'
import type { ViewsService } from './views.service.ts'

export const createViewsRouter = (views: ViewsService) =>
  router({
    list: procedure.input(listViewsInput).query(({ ctx, input }) => views.list(ctx.actor, input)),
    save: procedure.input(saveViewInput).mutation(({ ctx, input }) => views.save(ctx.actor, input)),
    remove: procedure.input(removeViewInput).mutation(async ({ ctx, input }) => {
      await views.remove(ctx.actor, input)
      return {}
    }),
  })
