import type { Field } from '@m3m/core/client'

/** Values of records as they are shown. Pure. */

/** In a cell: one line. */
export function cellText(field: Pick<Field, 'type'>, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (field.type === 'datetime' || field.type === 'autodate') return shortDateTime(String(value))
  if (typeof value === 'object') return JSON.stringify(value)
  return String(value).replace(/\s+/g, ' ')
}

export const isNumeric = (field: Pick<Field, 'type'>): boolean =>
  field.type === 'number' || field.type === 'float'

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
