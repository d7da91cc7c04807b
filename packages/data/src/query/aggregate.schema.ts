import { z } from 'zod'
import { filterParamsSchema, filterSchema, timezoneSchema } from './query.schema.ts'

const field = z.string().max(200)

/** Periods by the clock of `timezone`; a week begins on Monday. */
export const aggregateStepSchema = z.enum(['hour', 'day', 'week', 'month', 'year'])

const measureSchema = z.union([
  z.literal('count'),
  z.strictObject({ sum: field }),
  z.strictObject({ avg: field }),
  z.strictObject({ min: field }),
  z.strictObject({ max: field }),
])

/** Figures over the records that match, by groups. */
export const aggregateSchema = z.strictObject({
  filter: filterSchema.optional(),
  params: filterParamsSchema.optional(),
  search: z.string().max(200).optional(),
  timezone: timezoneSchema.optional(),
  /** Fields; a date by its period. Up to three. */
  groupBy: z
    .array(z.union([field, z.strictObject({ field, step: aggregateStepSchema })]))
    .max(3)
    .optional(),
  /** Named figures, up to ten. Default `{count: 'count'}`. */
  measures: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,40}$/), measureSchema).optional(),
  /** A measure's name or a grouped field, `-` before it for descending. Default: by the groups. */
  sort: z.string().max(300).optional(),
  limit: z.number().int().min(1).max(1000).default(1000),
})
export type AggregateQuery = z.input<typeof aggregateSchema>
export type AggregateMeasure = z.infer<typeof measureSchema>

/** One group: its fields, then its figures, by name. A period is its first moment, ISO 8601. */
export type AggregateRow = Record<string, unknown>
