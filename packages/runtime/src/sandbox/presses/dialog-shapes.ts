// What authors write for dialogs, in the original's words, made whole: bounded texts, known types.
import { MAX_DIALOG_CHARS, type DialogButton, type DialogField, type Severity } from './press.contract.ts'

const MAX_TEXT = 4_000
const MAX_FIELDS = 60
const MAX_OPTIONS = 500
const MAX_BUTTONS = 6

const TYPES: Readonly<Record<string, DialogField['type']>> = {
  input: 'input',
  text: 'input',
  textarea: 'textarea',
  number: 'number',
  password: 'password',
  checkbox: 'checkbox',
  select: 'select',
  combobox: 'select',
  radiogroup: 'radiogroup',
  date: 'date',
  datetime: 'datetime',
}
const SEVERITIES: readonly Severity[] = ['info', 'success', 'warning', 'error']
const VARIANTS: Readonly<Record<string, DialogButton['variant']>> = {
  outline: 'outline',
  secondary: 'outline',
  ghost: 'outline',
  destructive: 'destructive',
  danger: 'destructive',
}

type Written = Record<string, unknown>

/** A text alone is the `text` of what it would be an option of. */
export function written(options: unknown): Written {
  if (typeof options === 'string') return { text: options }
  return typeof options === 'object' && options !== null ? (options as Written) : {}
}

export function textOf(value: unknown, otherwise = ''): string {
  if (value === undefined || value === null) return otherwise
  const text = typeof value === 'string' ? value : String(value)
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}

export function severityOf(value: unknown): Severity {
  return SEVERITIES.find((each) => each === value) ?? 'info'
}

/** @returns the fields, or what is wrong with them. */
export function fieldsOf(schema: unknown): DialogField[] | string {
  if (!Array.isArray(schema) || schema.length === 0) return '"schema" is a list of at least one field'
  if (schema.length > MAX_FIELDS) return `"schema" has more than ${MAX_FIELDS} fields`
  const fields: DialogField[] = []
  const names = new Set<string>()
  for (const [i, each] of (schema as unknown[]).entries()) {
    const field = fieldOf(written(each), i + 1)
    if (typeof field === 'string') return field
    if (names.has(field.name)) return `two fields are named "${field.name}"`
    names.add(field.name)
    fields.push(field)
  }
  return JSON.stringify(fields).length > MAX_DIALOG_CHARS / 2 ? 'its fields are too long' : fields
}

function fieldOf(field: Written, nth: number): DialogField | string {
  const { name, type = 'input', colspan, required, options } = field
  if (typeof name !== 'string' || name === '' || name.length > 100)
    return `field ${nth} of "schema" has no "name" of 1 to 100 characters`
  const known = Object.hasOwn(TYPES, String(type)) ? TYPES[String(type)]! : undefined
  if (!known) return `the field "${name}" has the unknown type "${String(type)}"`
  const choices = optionsOf(options)
  if ((known === 'select' || known === 'radiogroup') && choices.length === 0)
    return `the field "${name}" needs "options"`
  return {
    name,
    type: known,
    label: textOf(field['label'], name),
    hint: textOf(field['hint']),
    colspan: Number.isInteger(colspan) ? Math.min(6, Math.max(1, colspan as number)) : 6,
    required: required === true,
    placeholder: textOf(field['placeholder']),
    defaultValue: defaultOf(field['defaultValue']),
    options: choices,
  }
}

function defaultOf(value: unknown): DialogField['defaultValue'] {
  if (value instanceof Date) return Number.isNaN(+value) ? null : value.toISOString()
  if (typeof value === 'boolean' || Number.isFinite(value)) return value as boolean | number
  return value === undefined || value === null ? null : textOf(value)
}

/** `['a', 'b']`, or `[{ value, label }]`. */
function optionsOf(options: unknown): DialogField['options'] {
  if (!Array.isArray(options)) return []
  return (options as unknown[]).slice(0, MAX_OPTIONS).map((option) => {
    const { value, label } =
      typeof option === 'object' && option !== null ? (option as Written) : { value: option, label: option }
    return { value: textOf(value), label: textOf(label, textOf(value)) }
  })
}

/** The buttons of a form; `[]` is one that the panel names. */
export function buttonsOf(actions: unknown): DialogButton[] {
  if (!Array.isArray(actions)) return []
  return (actions as unknown[]).slice(0, MAX_BUTTONS).map((each, i) => {
    const { label, variant, action } = written(each)
    const name = textOf(action, `action${i + 1}`)
    const known = Object.hasOwn(VARIANTS, String(variant)) ? VARIANTS[String(variant)]! : 'default'
    return { label: textOf(label, name), action: name, variant: known }
  })
}

/** What a person filled in: the form's own fields, each of its type; '' of a number or date is `null`. */
export function filledIn(fields: readonly DialogField[], data: unknown): Record<string, unknown> {
  const given = written(data)
  const result: Record<string, unknown> = {}
  for (const { name, type } of fields) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (type === 'checkbox') result[name] = value === true
    else if (type === 'number') result[name] = numberOf(value)
    else if (type === 'date' || type === 'datetime') result[name] = textOf(value) || null
    else result[name] = typeof value === 'string' ? value : textOf(value)
  }
  return result
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
