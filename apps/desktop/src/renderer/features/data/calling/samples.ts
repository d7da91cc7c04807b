import type { Field, Model } from '@m3m/core/client'

/** Values that stand in the examples, made from the fields of the model. Pure. */

export const SAMPLE_ID = '6566f0c2a1b2c3d4e5f60718'

/** A record that the model takes: its required fields, and some more. */
export function sampleRecord(model: Model): Record<string, unknown> {
  const shown = model.fields.filter(({ type }) => type !== 'autodate' && type !== 'file')
  // A ref is left out unless it is needed: no example knows a record that is there.
  const free = shown.filter(({ type }) => type !== 'ref')
  const needed = shown.filter(({ required }) => required)
  const fields = [...new Set([...needed, ...free])].slice(0, Math.max(needed.length, 4))
  return Object.fromEntries(fields.map((field) => [field.key, sampleValue(field)]))
}

/** The first field that may be changed alone. */
export function sampleChange(model: Model): Record<string, unknown> {
  const [first] = Object.entries(sampleRecord(model))
  return first ? { [first[0]]: first[1] } : {}
}

/** The filter that finds a record by its first value. */
export function sampleFilter(model: Model): string {
  const [first] = Object.entries(sampleChange(model)).filter(([, value]) => typeof value !== 'object')
  return first ? `${first[0]} = ${JSON.stringify(first[1])}` : `id = "${SAMPLE_ID}"`
}

function sampleValue(field: Field): unknown {
  switch (field.type) {
    case 'number':
    case 'float':
      return typeof field.min === 'number' ? field.min : 10
    case 'bool':
      return true
    case 'date':
      return '2026-01-31'
    case 'datetime':
      return '2026-01-31T12:00:00.000Z'
    case 'select':
      return field.options?.[0] ?? 'open'
    case 'multiselect':
      return field.options?.slice(0, 1) ?? []
    case 'email':
      return 'ann@example.com'
    case 'url':
      return 'https://example.com'
    case 'ref':
      return field.multiple ? [SAMPLE_ID] : SAMPLE_ID
    case 'document':
      return { note: 'any JSON' }
    default:
      return field.format === 'html' ? '<p>Hello</p>' : 'Hello'
  }
}
