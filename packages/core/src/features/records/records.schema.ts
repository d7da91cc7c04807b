import {
  aggregateSchema,
  bulkOperationSchema,
  exportSchema,
  type ImportReport,
  importSchema,
  listQuerySchema,
  MAX_BULK,
  recordDataSchema,
} from '@m3m/data/schema'
import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

const inModel = { projectId: idSchema, /** Slug or id. */ model: z.string().min(1).max(64) }
const one = { ...inModel, id: z.string().min(1).max(64) }
/** The version that was edited: a record that moved on since is a conflict. Absent: overwrite. */
const version = z.number().int().min(1).optional()

export const listRecordsInput = z.strictObject({ ...inModel, ...listQuerySchema.shape })
export const getRecordInput = z.strictObject({
  ...one,
  fields: listQuerySchema.shape.fields,
  expand: listQuerySchema.shape.expand,
})
export const createRecordInput = z.strictObject({ ...inModel, data: recordDataSchema })
export const updateRecordInput = z.strictObject({ ...one, data: recordDataSchema, version })
export const removeRecordInput = z.strictObject({ ...one, version })

/** Up to 100 writes in order; it ends with the first that fails. */
export const bulkRecordsInput = z.strictObject({
  ...inModel,
  operations: z.array(bulkOperationSchema).min(1).max(MAX_BULK),
})

/** Figures by groups, or with `pipeline` a MongoDB pipeline of read stages. */
export const aggregateRecordsInput = z.strictObject({
  ...inModel,
  ...aggregateSchema.shape,
  pipeline: z.array(z.record(z.string(), z.unknown())).max(50).optional(),
})
export const revisionsInput = z.strictObject(one)
/** Back from the trash; with `version` back to that revision. */
export const restoreRecordInput = z.strictObject({ ...one, version })
/** Without `ids` all that is in the trash of the model. */
export const emptyTrashInput = z.strictObject({
  ...inModel,
  ids: z.array(z.string().max(64)).max(1_000).optional(),
})

/** Text that one call may carry either way; more goes by the streaming routes. */
export const PORTABLE_CHARS = 8 * 1_048_576
export const importRecordsInput = z.strictObject({
  ...inModel,
  ...importSchema.shape,
  content: z.string().max(PORTABLE_CHARS, 'The file is too large for one call; use the upload.'),
})
export const exportRecordsInput = z.strictObject({ ...inModel, ...exportSchema.shape })

/** Records that one call of a batch takes. */
export const MAX_BATCH = 1_000
const ids = z.array(idSchema).min(1).max(MAX_BATCH)
export const updateManyInput = z.strictObject({ ...inModel, ids, data: recordDataSchema })
export const removeManyInput = z.strictObject({ ...inModel, ids })
export const restoreManyInput = z.strictObject({ ...inModel, ids })

/** What a batch did. `problems` are of the first 20 that were refused. */
export interface BatchReport {
  done: number
  refused: number
  problems: { id: string; code: string; message: string }[]
}

export const watchRecordsInput = z.strictObject(inModel)
/** One change of a record by anyone. */
export interface RecordChange {
  seq: number
  type: 'insert' | 'update' | 'delete'
  id: string
  version: number
  /** Keys that an update changed. */
  changed: string[]
  /** Name of the operator; `service` or `apiKey` for the others. */
  by: string
}

export const startImportInput = z.strictObject({ ...importRecordsInput.shape, fileName: z.string().max(200) })
export const importsInput = z.strictObject(inModel)

/** An import that runs by itself. `refused`: rows did not fit, nothing was written. */
export interface ImportJob {
  id: string
  model: string
  fileName: string
  dryRun: boolean
  state: 'running' | 'done' | 'refused' | 'failed'
  /** Rows written of those to write; 0 of 0 while they are checked. */
  done: number
  rows: number
  startedBy: string
  startedAt: string
  endedAt?: string
  report?: ImportReport
  error?: { code: string; message: string }
}
