import {
  aggregateSchema,
  bulkOperationSchema,
  exportSchema,
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
