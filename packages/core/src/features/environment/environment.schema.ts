import { variablesInputSchema } from '@m3m/data/schema'
import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'

/** Replaces all variables of a project at once. */
export const saveVariablesInput = z.strictObject({ projectId: idSchema, ...variablesInputSchema.shape })
export const variableHistoryInput = z.object({
  projectId: idSchema,
  /** The `id` of the last entry of the page before. */
  before: idSchema.optional(),
})

/** One save of the variables: keys, never values. Nothing in the three lists is another order. */
export interface VariableChange {
  id: string
  at: IsoDate
  /** `null`: the agent itself. */
  by: string | null
  added: string[]
  removed: string[]
  changed: string[]
}

export type SaveVariables = z.infer<typeof saveVariablesInput>
