import { asStored, refuse, type ValueKind } from './checked.ts'
import type { Field } from './fields.schema.ts'

/** select, and one item of a multiselect. */
export function choiceKind(field: Field): ValueKind {
  const options = new Set(field.options)
  return {
    check(value) {
      if (typeof value === 'string' && options.has(value)) return { value }
      const allowed = listed(field.options ?? [])
      return refuse('FIELD_OPTION', `This must be one of: ${allowed}.`, { options: allowed })
    },
    coerce: (value) =>
      typeof value === 'string' || typeof value === 'number'
        ? { value: String(value) }
        : refuse('FIELD_TYPE', 'Compare this field with one of its options.'),
    outward: asStored,
    compares: 'text',
  }
}

function listed(options: readonly string[]): string {
  return options.length > 12
    ? `${options.slice(0, 12).join(', ')} and ${options.length - 12} more`
    : options.join(', ')
}
