import { variablesInputSchema } from '@m3m/data/schema'
import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

/** Replaces all variables of a project at once. */
export const saveVariablesInput = z.strictObject({ projectId: idSchema, ...variablesInputSchema.shape })
export type SaveVariables = z.infer<typeof saveVariablesInput>
