import { z } from 'zod'
import { anyObjectSchema } from '../any-object.schema.ts'
import { isTimeZone } from './zoned-time.ts'

/** Most records one page, `find` or cursor step gives. */
export const MAX_PAGE_SIZE = 1000

/** The highest end that a count may be given. Above, one counts to the end. */
export const MAX_COUNT_UP_TO = 1_000_000

/** `'-createdAt,name'` or the same as a list. */
const keys = z.union([z.string().max(2000), z.array(z.string().max(200)).max(200)])

/** The text grammar, or the JSON form of runtime-api.md `database`. */
export const filterSchema = z.union([z.string().max(10_000), anyObjectSchema])
export type Filter = z.infer<typeof filterSchema>

/** Values for `{:name}` placeholders of a text filter. */
export const filterParamsSchema = anyObjectSchema

/** IANA name of the zone whose clock macros and periods go by. Default UTC. */
export const timezoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'this is no time zone such as Europe/Berlin')

/** What a list takes; the same in panel, REST and service code. */
export const listQuerySchema = z.strictObject({
  filter: filterSchema.optional(),
  params: filterParamsSchema.optional(),
  /** `'-createdAt,name'`; `@random` for another choice each time. */
  sort: keys.optional(),
  timezone: timezoneSchema.optional(),
  /** 1-based. */
  page: z.number().int().min(1).optional(),
  pageSize: z.number().int().min(1).max(MAX_PAGE_SIZE).optional(),
  /** From an earlier answer with the same filter and sort; excludes `page`. */
  cursor: z.string().max(4000).optional(),
  fields: keys.optional(),
  /** Refs to follow, two levels; `model_via_field` follows a ref of another model back, one level. */
  expand: keys.optional(),
  /** Case-insensitive text in the model's searchable fields. */
  search: z.string().max(200).optional(),
  /** Leaves `total` and `pages` at -1 and saves the count. */
  skipTotal: z.boolean().optional(),
  /** Ends the count here: with more that match, `total` is this number and `totalIsAtLeast` says so. */
  countUpTo: z.number().int().min(1).max(MAX_COUNT_UP_TO).optional(),
  /** Look in the trash instead. */
  trashed: z.boolean().optional(),
})
export type ListQuery = z.infer<typeof listQuerySchema>
