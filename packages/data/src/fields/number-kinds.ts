import { asStored, type Checked, refuse, type ValueKind } from './checked.ts'
import type { Field } from './fields.schema.ts'

/** number (whole) and float. */
export function numberKind(field: Field): ValueKind {
  const whole = field.type === 'number'
  const { min, max } = field
  const typed = (value: unknown): Checked => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      return refuse('FIELD_TYPE', 'This must be a number.')
    if (whole && !Number.isSafeInteger(value)) {
      return refuse('FIELD_TYPE', 'This must be a whole number up to ±9007199254740991.')
    }
    // -0 would come back as another value than 0 from an index.
    return { value: value === 0 ? 0 : value }
  }
  return {
    check(value) {
      const checked = typed(value)
      if ('errors' in checked) return checked
      if (min !== undefined && (value as number) < Number(min))
        return refuse('FIELD_MIN', `This must be at least ${min}.`, { min })
      if (max !== undefined && (value as number) > Number(max))
        return refuse('FIELD_MAX', `This must be at most ${max}.`, { max })
      return checked
    },
    coerce(value) {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
      // A whole number may be compared with a broken one: `count > 1.5` has an answer.
      if (typeof number === 'number' && Number.isFinite(number)) return { value: number }
      return refuse('FIELD_TYPE', 'Compare this field with a number.')
    },
    outward: asStored,
    compares: 'order',
  }
}

export function boolKind(): ValueKind {
  return {
    check: (value) =>
      typeof value === 'boolean' ? { value } : refuse('FIELD_TYPE', 'This must be true or false.'),
    coerce(value) {
      if (typeof value === 'boolean') return { value }
      if (value === 'true' || value === 'false') return { value: value === 'true' }
      return refuse('FIELD_TYPE', 'Compare this field with true or false.')
    },
    outward: asStored,
    compares: 'equal',
  }
}
