import { procedure, router } from '../../trpc.ts'
import {
  aggregateRecordsInput,
  bulkRecordsInput,
  createRecordInput,
  emptyTrashInput,
  exportRecordsInput,
  getRecordInput,
  importRecordsInput,
  importsInput,
  listRecordsInput,
  PORTABLE_CHARS,
  removeManyInput,
  removeRecordInput,
  restoreManyInput,
  restoreRecordInput,
  revisionsInput,
  startImportInput,
  updateManyInput,
  updateRecordInput,
  watchRecordsInput,
} from './records.schema.ts'
import { recordsErrors } from './records.errors.ts'
import type { RecordImports } from './record-imports.service.ts'
import type { RecordsService } from './records.service.ts'

export const createRecordsRouter = (records: RecordsService, imports: RecordImports) =>
  router({
    list: procedure.input(listRecordsInput).query(({ ctx, input }) => records.list(ctx.actor, input)),
    get: procedure.input(getRecordInput).query(({ ctx, input }) => records.get(ctx.actor, input)),
    create: procedure.input(createRecordInput).mutation(({ ctx, input }) => records.create(ctx.actor, input)),
    update: procedure.input(updateRecordInput).mutation(({ ctx, input }) => records.update(ctx.actor, input)),
    remove: procedure.input(removeRecordInput).mutation(async ({ ctx, input }) => {
      await records.remove(ctx.actor, input)
      return {}
    }),
    bulk: procedure.input(bulkRecordsInput).mutation(({ ctx, input }) => records.bulk(ctx.actor, input)),
    updateMany: procedure
      .input(updateManyInput)
      .mutation(({ ctx, input }) => records.updateMany(ctx.actor, input)),
    removeMany: procedure
      .input(removeManyInput)
      .mutation(({ ctx, input }) => records.removeMany(ctx.actor, input)),
    restoreMany: procedure
      .input(restoreManyInput)
      .mutation(({ ctx, input }) => records.restoreMany(ctx.actor, input)),
    /** Changes by anyone. A client that connects again reads the list again. */
    watch: procedure.input(watchRecordsInput).subscription(async function* ({ ctx, input }) {
      yield* records.watch(ctx.actor, input, ctx.until)
    }),
    /** An import that goes on by itself; larger files go by `POST /files/imports/…`. */
    startImport: procedure.input(startImportInput).mutation(({ ctx, input }) => {
      const { projectId, model, content, fileName, ...options } = input
      return imports.start(
        ctx.actor,
        { projectId, model },
        { source: once(content), name: fileName, options },
      )
    }),
    imports: procedure.input(importsInput).query(({ input }) => imports.list(input)),
    aggregate: procedure
      .input(aggregateRecordsInput)
      .query(async ({ ctx, input }) => ({ rows: await records.aggregate(ctx.actor, input) })),
    revisions: procedure.input(revisionsInput).query(({ ctx, input }) => records.revisions(ctx.actor, input)),
    restore: procedure
      .input(restoreRecordInput)
      .mutation(({ ctx, input }) => records.restore(ctx.actor, input)),
    emptyTrash: procedure
      .input(emptyTrashInput)
      .mutation(async ({ ctx, input }) => ({ removed: await records.emptyTrash(ctx.actor, input) })),
    import: procedure.input(importRecordsInput).mutation(({ ctx, input }) => {
      const { projectId, model, content, ...options } = input
      return records.import(ctx.actor, { projectId, model }, { source: once(content), options })
    }),
    export: procedure.input(exportRecordsInput).query(async ({ ctx, input }) => ({
      format: input.format,
      content: await collect(records.export(ctx.actor, input)),
    })),
  })

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

/** @throws RECORDS_EXPORT_TOO_LARGE */
async function collect(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) {
    text += piece
    if (text.length > PORTABLE_CHARS)
      throw recordsErrors.RECORDS_EXPORT_TOO_LARGE({ maxChars: PORTABLE_CHARS })
  }
  return text
}
