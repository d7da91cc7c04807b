import type { Field } from '@m3m/core/client'

/** Values of records as they are typed and shown. Pure. */

/** What a form field holds: text for most, a boolean for bool, a list for multiselect. */
export type FormValue = string | boolean | string[]

/** For a form. Absent values are empty. */
export function formValueOf(field: Field, value: unknown): FormValue {
  if (field.type === 'bool') return value === true
  if (field.type === 'multiselect') return Array.isArray(value) ? value.map(String) : []
  if (value === null || value === undefined) return ''
  if (field.type === 'document' || field.multiple) return JSON.stringify(value, null, 2)
  if (field.type === 'datetime') return toLocalInput(String(value))
  return String(value)
}

/** What is sent. `null` empties a field; @throws SyntaxError when a document is not JSON. */
export function sentValueOf(field: Field, value: FormValue): unknown {
  if (typeof value === 'boolean' || Array.isArray(value)) return value
  if (value.trim() === '') return null
  if (field.type === 'number' || field.type === 'float') return numberOr(value)
  if (field.type === 'document' || field.multiple) return JSON.parse(value) as unknown
  if (field.type === 'datetime') return new Date(value).toISOString()
  return value
}

/** A text that is no number goes as it is: the agent says what is wrong with it. */
function numberOr(text: string): number | string {
  const number = Number(text.trim().replace(',', '.'))
  return Number.isFinite(number) ? number : text
}

/** In a cell: one line. */
export function cellText(field: Pick<Field, 'type'>, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (field.type === 'datetime' || field.type === 'autodate') return shortDateTime(String(value))
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value).replace(/\s+/g, ' ')
}

export const isNumeric = (field: Pick<Field, 'type'>): boolean => field.type === 'number' || field.type === 'float'

/** May be typed by hand in the form. */
export const isEditable = (field: Pick<Field, 'type'>): boolean => field.type !== 'autodate' && field.type !== 'file'

function shortDateTime(iso: string): string {
  const local = toLocalInput(iso)
  return local ? local.replace('T', ' ') : iso
}

/** The form that `<input type="datetime-local">` takes, in the person's time zone. */
function toLocalInput(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return ''
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 19)
}

/** `-price` after `price`, then none: what a click on a column does. */
export function nextSort(current: string | undefined, key: string): string | undefined {
  if (current === key) return `-${key}`
  return current === `-${key}` ? undefined : key
}
