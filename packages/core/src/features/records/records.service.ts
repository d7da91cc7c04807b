import type { DataEngine } from '@m3m/data'
import type { DataRecord, RecordList } from '@m3m/data/schema'
import type { z } from 'zod'
import { dataActor } from '../access/actor.schema.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type {
  createRecordInput,
  getRecordInput,
  listRecordsInput,
  removeRecordInput,
  updateRecordInput,
} from './records.schema.ts'

/** Records of a project; the rules are in @m3m/data, which services use too. */
export interface RecordsService {
  list(actor: SignedIn, input: z.output<typeof listRecordsInput>): Promise<RecordList>
  get(actor: SignedIn, input: z.output<typeof getRecordInput>): Promise<DataRecord>
  create(actor: SignedIn, input: z.output<typeof createRecordInput>): Promise<DataRecord>
  update(actor: SignedIn, input: z.output<typeof updateRecordInput>): Promise<DataRecord>
  remove(actor: SignedIn, input: z.output<typeof removeRecordInput>): Promise<void>
}

export function createRecords(deps: { data: DataEngine; audit: AuditService }): RecordsService {
  const { data, audit } = deps
  const of = (actor: SignedIn, projectId: string) => data.project(projectId, dataActor(actor)).records
  return {
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
