import type { Field, Model } from '@m3m/core/client'

/** A filter that this model takes, to be read where one is typed: `status = "open" && price > 10`. Pure. */
export function filterExample(model: Pick<Model, 'fields'>): string {
  const parts = KINDS.flatMap((example) => {
    for (const field of model.fields) {
      const part = example(field)
      if (part) return [part]
    }
    return []
  })
  return parts.slice(0, MOST).join(' && ') || 'createdAt > @monthStart'
}

/** More would not be read, and does not fit. */
const MOST = 2

/** By how much they teach; each tells of the first field that it fits. */
const KINDS: readonly ((field: Field) => string | undefined)[] = [
  ({ key, type, options }) =>
    type === 'select' && options?.[0] ? `${key} = ${JSON.stringify(options[0])}` : undefined,
  ({ key, type }) => (type === 'number' || type === 'float' ? `${key} > 10` : undefined),
  ({ key, type }) => (type === 'string' || type === 'text' ? `${key} ~ "tea"` : undefined),
  ({ key, type }) => (type === 'bool' ? `${key} = true` : undefined),
  ({ key, type }) => (type === 'date' || type === 'datetime' ? `${key} > @todayStart` : undefined),
]
