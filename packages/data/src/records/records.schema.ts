import type { ErrorShape } from '@m3m/base'
import { z } from 'zod'
import type { Actor } from '../actor.ts'
import { anyObjectSchema } from '../any-object.schema.ts'
import { filterSchema } from '../query/query.schema.ts'

/** Fields of a record by key, as a client sends them. */
export const recordDataSchema = anyObjectSchema
export type RecordData = z.infer<typeof recordDataSchema>

/**
 * A record as it is read: every field of the model is there, `null` where it has no value. `_id` equals `id`.
 * Dates are ISO 8601 strings (`date`: `2026-01-31`), or `Date` objects when the view asked for them. A record
 * listed from the trash has `_trashedAt` and `_trashedBy` (an Actor) besides.
 */
export interface DataRecord {
  id: string
  _id: string
  createdAt: string | Date
  updatedAt: string | Date
  /** 1 when new; grows by one with each change. */
  version: number
  expand?: Record<string, unknown>
  [field: string]: unknown
}

/** One page of records. `total` and `pages` are -1 with `skipTotal` and with a cursor. */
export interface RecordList {
  items: DataRecord[]
  total: number
  /** The count ended at `countUpTo`: there are more than `total` and `pages` say. */
  totalIsAtLeast?: true
  page: number
  pageSize: number
  pages: number
  /** Gives the next page when sent back; absent on the last one. */
  cursor?: string
}

const named = { id: z.string(), version: z.number().int().optional() }
const create = z.strictObject({ op: z.literal('create'), data: recordDataSchema })
const update = z.strictObject({ op: z.literal('update'), ...named, data: recordDataSchema })
const remove = z.strictObject({ op: z.literal('remove'), ...named })
/** Changes the first record that the filter finds, or makes one. */
const upsert = z.strictObject({
  op: z.literal('upsert'),
  filter: filterSchema.refine(
    (filter) => (typeof filter === 'string' ? filter.trim() : Object.keys(filter)).length > 0,
    'it says which record is meant',
  ),
  data: recordDataSchema,
})

/** One write of a batch. */
export const bulkOperationSchema = z.discriminatedUnion('op', [create, update, remove, upsert])
export type BulkOperation = z.infer<typeof bulkOperationSchema>

/** The same of a batch over several models. */
const inModel = { /** Slug or id. */ model: z.string().min(1).max(64) }
export const batchOperationSchema = z.discriminatedUnion('op', [
  create.extend(inModel),
  update.extend(inModel),
  remove.extend(inModel),
  upsert.extend(inModel),
])
export type BatchOperation = z.infer<typeof batchOperationSchema>

/** Writes in one batch. */
export const MAX_BULK = 100

export type BulkResult = { ok: true; record: DataRecord | null } | { ok: false; error: ErrorShape }

/**
 * What a batch did. `results` ends with the write that failed; `record` is null for a removal. With `atomic`
 * a batch that is not complete has changed nothing: the writes before the failed one are RECORD_UNDONE.
 */
export interface BulkReport {
  /** One transaction: false on a standalone MongoDB, where the writes before the failed one stay. */
  atomic: boolean
  results: BulkResult[]
  applied: number
  complete: boolean
}

/** One state of a record, as it was after a change (before it, for a removal). */
export interface Revision {
  version: number
  type: 'insert' | 'update' | 'delete'
  /** ISO 8601, UTC. */
  at: string
  actor: Actor
  changed: string[]
  record: Record<string, unknown>
}
