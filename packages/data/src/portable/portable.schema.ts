import type { FieldError } from '@m3m/base'
import { z } from 'zod'
import { filterParamsSchema, filterSchema } from '../query/query.schema.ts'

export const PORTABLE_FORMATS = ['csv', 'json', 'ndjson'] as const
export type PortableFormat = (typeof PORTABLE_FORMATS)[number]

export const exportSchema = z.strictObject({
  format: z.enum(PORTABLE_FORMATS),
  filter: filterSchema.optional(),
  params: filterParamsSchema.optional(),
  search: z.string().max(200).optional(),
  sort: z.string().max(2000).optional(),
  /** Default: all. */
  fields: z.string().max(10_000).optional(),
})
export type ExportQuery = z.infer<typeof exportSchema>

export const importSchema = z.strictObject({
  format: z.enum(PORTABLE_FORMATS),
  /** Column or key of the source → field of the model; what is not named goes to the field of its own name. `null` leaves it out. */
  mapping: z.record(z.string(), z.string().max(64).nullable()).optional(),
  /** A field whose value finds the record to update; without it every row is a new record. */
  matchBy: z.string().max(64).optional(),
  /** Reads and validates, writes nothing. */
  dryRun: z.boolean().optional(),
  /** Go on after rows that are refused. Default: nothing is written when one is. */
  skipBad: z.boolean().optional(),
})
export type ImportOptions = z.infer<typeof importSchema>

/** What an import did, or with `dryRun` would do. Rows count from 1, a CSV's heading not included. */
export interface ImportReport {
  rows: number
  created: number
  updated: number
  refused: number
  /** Of the first 100 refused rows. */
  errors: (FieldError & { row: number; field: string })[]
  /** Columns of the source that no field takes. */
  unknown: string[]
}
