import type { DataEngine } from '@m3m/data'
import type {
  AggregateRow,
  BulkReport,
  DataRecord,
  ImportOptions,
  ImportReport,
  RecordList,
  Revision,
} from '@m3m/data/schema'
import type { z } from 'zod'
import { dataActor } from '../access/actor.schema.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import { createRecordBatches, type RecordBatches } from './record-batches.ts'
import { watchRecords } from './watch-records.ts'
import type {
  aggregateRecordsInput,
  bulkRecordsInput,
  createRecordInput,
  emptyTrashInput,
  exportRecordsInput,
  getRecordInput,
  listRecordsInput,
  removeRecordInput,
  restoreRecordInput,
  revisionsInput,
  updateRecordInput,
} from './records.schema.ts'

/** Records of a project; the rules are in @m3m/data, which services use too. */
export interface RecordsService extends RecordSets {
  list(actor: SignedIn, input: z.output<typeof listRecordsInput>): Promise<RecordList>
  get(actor: SignedIn, input: z.output<typeof getRecordInput>): Promise<DataRecord>
  create(actor: SignedIn, input: z.output<typeof createRecordInput>): Promise<DataRecord>
  update(actor: SignedIn, input: z.output<typeof updateRecordInput>): Promise<DataRecord>
  remove(actor: SignedIn, input: z.output<typeof removeRecordInput>): Promise<void>
}

/** Where records go in a file. */
interface ImportTarget {
  projectId: string
  model: string
}

/** Many records at once, and what was. */
export interface RecordSets extends RecordBatches {
  /** Changes by anyone as they happen, until the signal aborts. @throws MODEL_NOT_FOUND */
  watch(actor: SignedIn, target: ImportTarget, signal: AbortSignal): ReturnType<typeof watchRecords>
  /** @throws RECORD_LIMIT, RECORD_INVALID */
  bulk(actor: SignedIn, input: z.output<typeof bulkRecordsInput>): Promise<BulkReport>
  aggregate(actor: SignedIn, input: z.output<typeof aggregateRecordsInput>): Promise<AggregateRow[]>
  /** Newest first. */
  revisions(actor: SignedIn, input: z.output<typeof revisionsInput>): Promise<Revision[]>
  restore(actor: SignedIn, input: z.output<typeof restoreRecordInput>): Promise<DataRecord>
  /** How many are gone for good. */
  emptyTrash(actor: SignedIn, input: z.output<typeof emptyTrashInput>): Promise<number>
  /** All rows are validated before one is written. */
  import(
    actor: SignedIn,
    target: ImportTarget,
    file: {
      source: AsyncIterable<Uint8Array | string>
      options: ImportOptions
      progress?: (done: number, rows: number) => void
    },
  ): Promise<ImportReport>
  /** In pieces of text. */
  export(actor: SignedIn, input: z.output<typeof exportRecordsInput>): AsyncGenerator<string>
}

export function createRecords(deps: { data: DataEngine; audit: AuditService }): RecordsService {
  const { data, audit } = deps
  const of = (actor: SignedIn, projectId: string) => data.project(projectId, dataActor(actor)).records
  return {
    ...createRecordSets(deps),
    list: (actor, { projectId, model, ...query }) => of(actor, projectId).list(model, query),
    get: (actor, { projectId, model, id, fields, expand }) =>
      of(actor, projectId).get(model, id, { fields, expand }),
    async create(actor, { projectId, model, data: values }) {
      const record = await of(actor, projectId).create(model, values)
      await audit.add(actor, { action: 'records.create', projectId, target: `${model}/${record.id}` })
      return record
    },
    async update(actor, { projectId, model, id, data: values, version }) {
      const options = version === undefined ? {} : { version }
      const record = await of(actor, projectId).update(model, id, values, options)
      const after = { fields: Object.keys(values) }
      await audit.add(actor, { action: 'records.update', projectId, target: `${model}/${id}`, after })
      return record
    },
    async remove(actor, { projectId, model, id, version }) {
      await of(actor, projectId).remove(model, id, version === undefined ? {} : { version })
      await audit.add(actor, { action: 'records.remove', projectId, target: `${model}/${id}` })
    },
  }
}

function createRecordSets({ data, audit }: { data: DataEngine; audit: AuditService }): RecordSets {
  const of = (actor: SignedIn, projectId: string) => data.project(projectId, dataActor(actor)).records
  return {
    ...createRecordBatches({ data, audit }),
    async *watch(actor, { projectId, model }, signal) {
      const { slug } = await data.project(projectId, dataActor(actor)).models.get(model)
      yield* watchRecords(data, { projectId, model: slug, signal })
    },
    async bulk(actor, { projectId, model, operations }) {
      const report = await of(actor, projectId).bulk(model, operations)
      const after = { operations: operations.length, applied: report.applied }
      await audit.add(actor, { action: 'records.bulk', projectId, target: model, after })
      return report
    },
    aggregate: (actor, { projectId, model, pipeline, ...query }) =>
      pipeline
        ? of(actor, projectId).pipeline(model, pipeline)
        : of(actor, projectId).aggregate(model, query),
    revisions: (actor, { projectId, model, id }) => of(actor, projectId).revisions(model, id),
    async restore(actor, { projectId, model, id, version }) {
      const record = await of(actor, projectId).restore(model, id, { version })
      const after = { version: version ?? null }
      await audit.add(actor, { action: 'records.restore', projectId, target: `${model}/${id}`, after })
      return record
    },
    async emptyTrash(actor, { projectId, model, ids }) {
      const removed = await of(actor, projectId).emptyTrash(model, ids)
      await audit.add(actor, { action: 'records.emptyTrash', projectId, target: model, after: { removed } })
      return removed
    },
    async import(actor, { projectId, model }, { source, options, progress }) {
      const report = await of(actor, projectId).import(model, source, options, progress)
      const { created, updated, refused } = report
      if (!options.dryRun) {
        const after = { created, updated, refused }
        await audit.add(actor, { action: 'records.import', projectId, target: model, after })
      }
      return report
    },
    export: (actor, { projectId, model, ...query }) => of(actor, projectId).export(model, query),
  }
}
