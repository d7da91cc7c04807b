import type { DataRecord, Model } from '@m3m/core/client'

/** The field that stands for a record of this model: the chosen one, or the first that people would write. Pure. */
export function labelKeyOf({ fields, table }: Pick<Model, 'fields' | 'table'>): string | null {
  const chosen = fields.find(({ key }) => key === table.label)
  const byType = (...types: string[]) =>
    fields.find(({ type, format }) => types.includes(type) && format === undefined)
  return (chosen ?? byType('string') ?? byType('email', 'url') ?? byType('text', 'select'))?.key ?? null
}

const MOST_CHARACTERS = 120

/** One line that stands for the record; its id when it has none. */
export function recordLabel(model: Pick<Model, 'fields' | 'table'>, record: DataRecord): string {
  const key = labelKeyOf(model)
  const value = key === null ? null : record[key]
  const text =
    typeof value === 'string' || typeof value === 'number' ? String(value).replace(/\s+/g, ' ').trim() : ''
  return text === '' ? record.id : text.slice(0, MOST_CHARACTERS)
}
