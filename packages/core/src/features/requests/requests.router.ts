import { projectInput } from '../../ids.schema.ts'
import { procedure, router } from '../../trpc.ts'
import { keptRequestInput } from './requests.schema.ts'
import type { RequestsService } from './requests.service.ts'

export const createRequestsRouter = (requests: RequestsService) =>
  router({
    list: procedure.input(projectInput).query(({ input }) => requests.list(input.projectId)),
    get: procedure
      .input(keptRequestInput)
      .query(({ input }) => requests.get(input.projectId, input.requestId)),
    /** Each request as it ends, from now on. */
    watch: procedure.input(projectInput).subscription(async function* ({ ctx, input }) {
      yield* requests.watch(input.projectId, ctx.until)
    }),
    clear: procedure.input(projectInput).mutation(({ input }) => {
      requests.clear(input.projectId)
      return {}
    }),
  })
