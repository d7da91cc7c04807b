import { procedure, router } from '../../trpc.ts'
import {
  createRecordInput,
  getRecordInput,
  listRecordsInput,
  removeRecordInput,
  updateRecordInput,
} from './records.schema.ts'
import type { RecordsService } from './records.service.ts'

export const createRecordsRouter = (records: RecordsService) =>
  router({
    list: procedure.input(listRecordsInput).query(({ ctx, input }) => records.list(ctx.actor, input)),
    get: procedure.input(getRecordInput).query(({ ctx, input }) => records.get(ctx.actor, input)),
    create: procedure.input(createRecordInput).mutation(({ ctx, input }) => records.create(ctx.actor, input)),
    update: procedure.input(updateRecordInput).mutation(({ ctx, input }) => records.update(ctx.actor, input)),
    remove: procedure.input(removeRecordInput).mutation(async ({ ctx, input }) => {
      await records.remove(ctx.actor, input)
      return {}
    }),
  })
