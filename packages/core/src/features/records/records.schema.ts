import { listQuerySchema, recordDataSchema } from '@m3m/data/schema'
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
