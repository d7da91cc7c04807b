import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

/** Named views of one model; columns of one view. */
export const MAX_VIEWS = 50
const MAX_COLUMNS = 250

/** A column of the records table. Those that are not named stand behind, as the model has them. */
export const viewColumnSchema = z.strictObject({
  key: z.string().min(1).max(64),
  hidden: z.boolean().optional(),
  /** CSS pixels. */
  width: z.number().int().min(48).max(1_200).optional(),
})
export type ViewColumn = z.infer<typeof viewColumnSchema>

const shape = {
  name: z.string().trim().min(1).max(60),
  /** Text form. */
  filter: z.string().max(2_000).optional(),
  sort: z.string().max(200).optional(),
  search: z.string().max(200).optional(),
  columns: z.array(viewColumnSchema).max(MAX_COLUMNS).optional(),
  /** Opened when the address names none; at most one of a model. */
  isDefault: z.boolean().optional(),
}

const inModel = { projectId: idSchema, /** Slug or id. */ model: z.string().min(1).max(64) }

export const listViewsInput = z.strictObject(inModel)
/** With `viewId` it replaces that view, without one it makes a new one. */
export const saveViewInput = z.strictObject({ ...inModel, viewId: idSchema.optional(), ...shape })
export const removeViewInput = z.strictObject({ ...inModel, viewId: idSchema })

/** How the table of a model is shown, kept under a name for everyone in the project. */
export interface TableView {
  id: string
  name: string
  filter: string | null
  sort: string | null
  search: string | null
  columns: ViewColumn[]
  isDefault: boolean
  updatedAt: string
}
