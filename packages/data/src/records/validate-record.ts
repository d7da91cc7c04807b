import type { FieldError } from '@m3m/base'
import { BSON, type Document } from 'mongodb'
import type { CompiledField, WriteContext } from '../fields/compile-field.ts'
import { SYSTEM_KEYS } from '../fields/fields.schema.ts'
import type { CompiledModel } from '../models/compiled-model.ts'
import { recordErrors } from './records.errors.ts'
import { fieldErrors } from '../fields/checked.ts'

/** A write that passed: fields with their stored values, and fields that lose theirs. */
export interface CheckedWrite {
  set: Document
  unset: string[]
}

/** Half of what MongoDB takes: an event of the record holds it a second time. */
export const MAX_RECORD_BYTES = 8_000_000

const IGNORED: readonly string[] = [...SYSTEM_KEYS, '_id', 'expand']

/** `before` has the values an update finds. */
export interface RecordContext extends WriteContext {
  before?: Document
}

/**
 * Checks all fields of a write; when one is refused, all that are wrong are named and nothing is written. An
 * update may send a whole record back: what the engine owns is passed over, and so is the `null` it was read with.
 * @throws RECORD_INVALID
 */
export function validateRecord(compiled: CompiledModel, data: unknown, context: RecordContext): CheckedWrite {
  const given = asObject(compiled, data)
  const errors = fieldErrors()
  for (const key of Object.keys(given)) {
    if (compiled.fields.has(key)) continue
    if (!IGNORED.includes(key)) errors[key] = unknownField(compiled, key)
    else if (context.creating)
      errors[key] = { code: 'FIELD_READ_ONLY', message: 'This is set by the system; leave it out.' }
  }
  const write: CheckedWrite = { set: {}, unset: [] }
  for (const [key, field] of compiled.fields) {
    if (isSentBack(given[key], field, context.before)) continue
    const checked = field.check(Object.hasOwn(given, key) ? given[key] : undefined, context)
    if ('errors' in checked) {
      for (const [path, error] of Object.entries(checked.errors))
        errors[path ? `${key}.${path}` : key] = error
    } else if (checked.value === null) write.unset.push(key)
    else if (checked.value !== undefined) write.set[key] = checked.value
  }
  if (Object.keys(errors).length > 0) throw invalidRecord(compiled, errors)
  return write
}

/** A field without a value is read as null: the same null in an update says that nothing changes. */
function isSentBack(value: unknown, { field }: CompiledField, before: Document | undefined): boolean {
  return value === null && !field.required && before !== undefined && before[field.key] === undefined
}

export function invalidRecord(compiled: CompiledModel, errors: Record<string, FieldError>) {
  const texts = Object.entries(errors).map(([key, { message }]) => `${key}: ${message}`)
  const problems = texts.length > 5 ? [...texts.slice(0, 5), `and ${texts.length - 5} more.`] : texts
  return recordErrors.RECORD_INVALID({ model: compiled.model.slug, problems }, { fields: errors })
}

/** @throws RECORD_TOO_LARGE */
export function checkSize(compiled: CompiledModel, document: Document): void {
  const sizeBytes = BSON.calculateObjectSize(document)
  if (sizeBytes > MAX_RECORD_BYTES) {
    throw recordErrors.RECORD_TOO_LARGE({ model: compiled.model.slug, sizeBytes, limit: MAX_RECORD_BYTES })
  }
}

export function unknownField(compiled: CompiledModel, key: string): FieldError {
  return {
    code: 'FIELD_UNKNOWN',
    message: `The model "${compiled.model.slug}" has no field "${key.slice(0, 100)}".`,
  }
}

function asObject(compiled: CompiledModel, data: unknown): Record<string, unknown> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data) && !(data instanceof Date)) {
    return data as Record<string, unknown>
  }
  const message = 'A record is an object with its fields, such as {"name": "Ann"}.'
  throw invalidRecord(compiled, { record: { code: 'FIELD_TYPE', message } })
}
