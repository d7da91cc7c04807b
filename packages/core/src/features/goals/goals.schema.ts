import { goalChangesSchema, goalInputSchema, goalStatsSchema } from '@m3m/data/schema'
import type { Goal } from '@m3m/data/schema'
import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

/** With a project its own goals, without one the global ones. */
export const listGoalsInput = z.strictObject({ projectId: idSchema.optional() }).default({})

export const createGoalInput = z.strictObject({ projectId: idSchema.optional(), ...goalInputSchema.shape })
export const updateGoalInput = z.strictObject({ goalId: idSchema, ...goalChangesSchema.shape })
export const goalInput = z.strictObject({ goalId: idSchema })
export const goalStatsInput = z.strictObject({
  ...goalStatsSchema.shape,
  goalIds: z.array(idSchema).min(1).max(50),
  projectIds: z.array(idSchema).max(1_000).optional(),
})

/** A goal with what it counted: a counter's total, a daily one's today. */
export interface GoalView extends Goal {
  value: number
}
