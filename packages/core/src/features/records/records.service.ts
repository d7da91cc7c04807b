import type { DataRecord, RecordList } from '@m3m/data/schema'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
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
