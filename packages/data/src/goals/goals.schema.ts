import { z } from 'zod'

/** The part of a goal's slug a person chooses. */
export const goalSlugSchema = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case letters, digits and single hyphens only')

export const GOAL_TYPES = ['counter', 'daily'] as const

const shape = {
  name: z.string().trim().min(1).max(100),
  slug: goalSlugSchema,
  type: z.enum(GOAL_TYPES),
  /** One of the panel's colours. */
  color: z.string().max(30).nullable().optional(),
  description: z.string().max(1000).optional(),
  /** A global goal: ids of the projects that may write it. */
  projects: z.array(z.string().max(24)).max(1000).optional(),
}

export const goalInputSchema = z.strictObject(shape)
export type GoalInput = z.infer<typeof goalInputSchema>

/** The type stays: what was counted one way cannot be read the other. */
export const goalChangesSchema = z.strictObject(shape).omit({ type: true }).partial()
export type GoalChanges = z.infer<typeof goalChangesSchema>

export const goalStatsSchema = z.strictObject({
  goalIds: z.array(z.string()).min(1).max(50),
  /** Days as `2026-01-31`, both included, in UTC. */
  from: z.iso.date(),
  to: z.iso.date(),
  step: z.enum(['day', 'week', 'month']).default('day'),
  /** Only what these projects counted. */
  projectIds: z.array(z.string()).max(1000).optional(),
})
export type GoalStatsQuery = z.input<typeof goalStatsSchema>

/** A counter accumulates for ever; a daily one begins again each UTC day. */
export interface Goal {
  id: string
  /** `null` for a global goal. */
  projectId: string | null
  name: string
  /** Whole: `{project-slug}-{slug}` for a project's own. */
  slug: string
  type: (typeof GOAL_TYPES)[number]
  color: string | null
  description: string
  projects: string[]
  createdAt: string
  updatedAt: string
}

/** One goal over a period, every step there, zeros included. */
export interface GoalStats {
  goalId: string
  points: { at: string; value: number }[]
  total: number
  /** The total of the period of the same length just before. */
  previous: number
}
