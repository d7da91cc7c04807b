import type { ErrorParams, FieldError } from '@m3m/base'

/** Codes a field can be refused with; RECORD_INVALID carries them by key. */
export const FIELD_CODES = [
  'FIELD_REQUIRED',
  'FIELD_NULL',
  'FIELD_TYPE',
  'FIELD_MIN',
  'FIELD_MAX',
  'FIELD_MIN_LENGTH',
  'FIELD_MAX_LENGTH',
  'FIELD_PATTERN',
  'FIELD_OPTION',
  'FIELD_EMAIL',
  'FIELD_URL',
  'FIELD_DATE',
  'FIELD_DOCUMENT',
  'FIELD_REF',
  'FIELD_FILE',
  'FIELD_FILE_TYPE',
  'FIELD_FILE_SIZE',
  'FIELD_READ_ONLY',
  'FIELD_UNKNOWN',
  'FIELD_NOT_UNIQUE',
  'FIELD_MODIFIER',
] as const
export type FieldCode = (typeof FIELD_CODES)[number]

/** The value as it is stored, or what is wrong with it: by path below the field, `''` for the field itself. */
export type Checked = { value: unknown } | { errors: Record<string, FieldError> }

/** What a check may know: the time, for `@now`. */
export interface CheckContext {
  nowMs: number
}

/** @param params the values that the message names, see {@link FieldError} */
export function refuse(
  code: FieldCode,
  message: string,
  params?: ErrorParams,
): { errors: Record<string, FieldError> } {
  return { errors: { '': { code, message, ...(params && { params }) } } }
}

/** One kind of value, compiled for one field; lists, required and null are not its business. */
export interface ValueKind {
  /** Checks a value that is written. */
  check(value: unknown, context: CheckContext): Checked
  /** Takes a value of a filter, also as the text of a query string. */
  coerce(value: unknown, context: CheckContext): Checked
  /** The stored value as it leaves the engine. */
  outward(stored: unknown, dates: 'iso' | 'date'): unknown
  /** Which comparisons make sense: any text operator, order, or equality only. */
  compares: 'text' | 'order' | 'equal' | 'document'
}

/** `outward` of the kinds whose stored value is what goes out; a list of such is not looked through. */
export const asStored = (stored: unknown): unknown => stored

/** Errors by key, for keys of a client: on a plain object `__proto__` would be lost, and the field it names taken. */
export function fieldErrors(): Record<string, FieldError> {
  return Object.create(null) as Record<string, FieldError>
}
