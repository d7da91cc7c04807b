import type { Field } from '@m3m/core/client'

/** Values of records as they are shown. Pure. */

/** Longer text is not looked at on one line. */
const MOST_CHARACTERS = 300

/** In a cell: one line. */
export function cellText(field: Pick<Field, 'type'>, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (field.type === 'datetime' || field.type === 'autodate') return shortDateTime(String(value))
  if (typeof value === 'object') return JSON.stringify(value).slice(0, MOST_CHARACTERS)
  return String(value).slice(0, MOST_CHARACTERS).replace(/\s+/g, ' ')
}

export const isNumeric = (field: Pick<Field, 'type'>): boolean =>
  field.type === 'number' || field.type === 'float'

/** What stands on either side of these is not one word. */
const BLOCKS = 'p, h1, h2, h3, h4, h5, h6, li, tr, td, th, pre, blockquote, div, br, hr'

/** Words of HTML. It is parsed where nothing in it runs or loads. */
export function plainText(html: string): string {
  const parsed = new DOMParser().parseFromString(html.slice(0, MOST_CHARACTERS * 4), 'text/html')
  for (const block of parsed.body.querySelectorAll(BLOCKS)) block.after(' ')
  return (parsed.body.textContent ?? '').slice(0, MOST_CHARACTERS).replace(/\s+/g, ' ').trim()
}

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
