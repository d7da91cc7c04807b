import { modelChangesSchema, modelInputSchema } from '@m3m/data/schema'
import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

/** A model by its slug or its id. */
const modelRef = z.string().min(1).max(64)

export const modelInput = z.strictObject({ projectId: idSchema, model: modelRef })
export const createModelInput = z.strictObject({ projectId: idSchema, ...modelInputSchema.shape })
export const updateModelInput = z.strictObject({
  projectId: idSchema,
  model: modelRef,
  ...modelChangesSchema.shape,
  /** Says what the change would do to the records; writes nothing. */
  dryRun: z.boolean().default(false),
  /** Goes on although values break; what becomes of them is what `dryRun` says. */
  force: z.boolean().default(false),
})
