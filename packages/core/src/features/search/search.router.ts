import { procedure, router } from '../../trpc.ts'
import { searchInput } from './search.schema.ts'
import type { SearchService } from './search.service.ts'

export const createSearchRouter = (search: SearchService) =>
  router({
    everywhere: procedure.input(searchInput).query(({ ctx, input }) => search.everywhere(ctx.actor, input)),
  })
