import type { FieldError } from '@m3m/base'
import { asStored, type CheckContext, type Checked, refuse, type ValueKind } from './checked.ts'
import { choiceKind } from './choice-kinds.ts'
import { dateKind } from './date-kinds.ts'
import { documentKind } from './document-kind.ts'
import type { Field, FieldType } from './fields.schema.ts'
import { isList } from './is-list.ts'
import { fileKind, refKind } from './link-kinds.ts'
import { boolKind, numberKind } from './number-kinds.ts'
import { textKind } from './text-kinds.ts'

/** A write: `creating` gives defaults to what is absent. */
export interface WriteContext extends CheckContext {
  creating: boolean
}

/** A field ready for use. Made once for each version of a model. */
export interface CompiledField {
  readonly field: Field
  /** True where the value is a list: multiselect, and refs and files with `multiple`. */
  readonly list: boolean
  readonly kind: ValueKind
  /** The stored value; `value: undefined` leaves the field alone, `value: null` takes its value away. */
  check(value: unknown, context: WriteContext): Checked
  outward(stored: unknown, dates: 'iso' | 'date'): unknown
}

/** Items a list may have when the field says nothing. */
const MAX_ITEMS = 1000

const kinds: Record<FieldType, (field: Field) => ValueKind> = {
  string: textKind,
  text: textKind,
  email: textKind,
  url: textKind,
  number: numberKind,
  float: numberKind,
  bool: boolKind,
  date: dateKind,
  datetime: dateKind,
  autodate: dateKind,
  select: choiceKind,
  multiselect: choiceKind,
  document: (field) => documentKind(field, compileField),
  ref: refKind,
  file: fileKind,
}

/** @throws PatternError when the field's pattern is none (check-definition.ts has asked before). */
export function compileField(field: Field): CompiledField {
  const list = isList(field)
  const kind = kinds[field.type](field)
  const checkValue = list ? listCheck(field, kind) : kind.check
  return {
    field,
    list,
    kind,
    check(given, context) {
      if (field.type === 'autodate') return autodate(field, given, context)
      let value = given
      if (value === undefined) {
        if (!context.creating) return { value: undefined }
        if (field.default === undefined) return absent(field)
        value = field.default
      }
      if (value === null) return field.nullable ? { value: null } : worded(field, missing(field))
      if (field.required && isEmpty(value)) return worded(field, required())
      return worded(field, checkValue(value, context))
    },
    outward:
      list && kind.outward !== asStored
        ? (stored, dates) =>
            Array.isArray(stored)
              ? stored.map((item) => kind.outward(item, dates))
              : kind.outward(stored, dates)
        : kind.outward,
  }
}

/** Set by the engine: on creation unless `onCreate` is false, on each change with `onUpdate`. What an update sends back is passed over. */
function autodate(field: Field, given: unknown, context: WriteContext): Checked {
  if (given !== undefined && given !== null && context.creating)
    return refuse('FIELD_READ_ONLY', 'This date is set by the system; leave it out.')
  const due = context.creating ? field.onCreate !== false : field.onUpdate === true
  return { value: due ? new Date(context.nowMs) : undefined }
}

function absent(field: Field): Checked {
  return field.required ? worded(field, required()) : { value: undefined }
}

const required = (): Checked => refuse('FIELD_REQUIRED', 'This field is required.')

function missing(field: Field): Checked {
  return field.required ? required() : refuse('FIELD_NULL', 'This field cannot be null.')
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0)
}

function listCheck(field: Field, kind: ValueKind): ValueKind['check'] {
  const most = Math.min(MAX_ITEMS, Number(field.max ?? MAX_ITEMS))
  return (value, context) => {
    if (!Array.isArray(value)) return refuse('FIELD_TYPE', 'This must be a list.')
    if (value.length < Number(field.min ?? 0))
      return refuse('FIELD_MIN', `This needs at least ${field.min} items.`, { minItems: Number(field.min) })
    if (value.length > most)
      return refuse('FIELD_MAX', `This may have at most ${most} items.`, { maxItems: most })
    const errors: Record<string, FieldError> = {}
    const stored: unknown[] = []
    const seen = new Set<string>()
    for (const [index, item] of value.entries()) {
      const checked = kind.check(item, context)
      if ('errors' in checked) errors[String(index)] = checked.errors['']!
      else if (!seen.has(String(checked.value))) {
        // The same option, record or file twice means it once.
        seen.add(String(checked.value))
        stored.push(checked.value)
      }
    }
    return Object.keys(errors).length > 0 ? { errors } : { value: stored }
  }
}

/** The author's own text in place of ours; the code stays. */
function worded(field: Field, checked: Checked): Checked {
  if (field.message === undefined || !('errors' in checked)) return checked
  const own = checked.errors['']
  return own ? { errors: { ...checked.errors, '': { code: own.code, message: field.message } } } : checked
}
