import type { Document, ObjectId } from 'mongodb'
import type { DataView } from '../data-engine.ts'
import { isoText } from '../fields/iso-text.ts'
import type { CompiledModel } from '../models/compiled-model.ts'
import type { DataRecord } from './records.schema.ts'

/** A record as it lies in its collection. No value is ever stored as null: null is the absence of the field. */
export interface StoredRecord extends Document {
  _id: ObjectId
  createdAt: Date
  updatedAt: Date
  version: number
}

/** What the trash adds to a record; no field can have such keys. */
export const TRASHED_AT = '_trashedAt'
export const TRASHED_BY = '_trashedBy'

/** A stored record as it leaves the engine: all fields of the model (or those in `only`), nothing else that may still lie there. */
export function toOutward(
  stored: StoredRecord,
  compiled: CompiledModel,
  view: DataView,
  only?: ReadonlySet<string>,
): DataRecord {
  const dates = view.dates ?? 'iso'
  const id = stored._id.toHexString()
  const record: DataRecord = {
    id,
    _id: id,
    createdAt: dates === 'iso' ? isoText(stored.createdAt) : stored.createdAt,
    updatedAt: dates === 'iso' ? isoText(stored.updatedAt) : stored.updatedAt,
    version: stored.version,
  }
  const trashedAt: unknown = stored[TRASHED_AT]
  if (trashedAt instanceof Date) {
    record[TRASHED_AT] = dates === 'iso' ? isoText(trashedAt) : trashedAt
    record[TRASHED_BY] = stored[TRASHED_BY]
  }
  for (const [key, field] of compiled.fields) {
    if (only && !only.has(key)) continue
    const value = stored[key] as unknown
    record[key] = value === undefined || value === null ? null : field.outward(value, dates)
  }
  return record
}
