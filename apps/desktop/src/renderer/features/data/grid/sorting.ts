/** `-price,name` taken apart and put together again, as records.list takes it. Pure. */
export interface SortKey {
  key: string
  isDown: boolean
}

export function sortKeys(sort: string | undefined): SortKey[] {
  return (sort ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part) =>
      part.startsWith('-') ? { key: part.slice(1), isDown: true } : { key: part, isDown: false },
    )
}

/**
 * What a click on a column makes of the order: up, down, none. With Shift the column joins the others (or changes
 * among them); without it takes their place. Undefined for no order.
 */
export function clickSort(sort: string | undefined, key: string, isAdded: boolean): string | undefined {
  const keys = sortKeys(sort)
  const at = keys.findIndex((one) => one.key === key)
  const next: SortKey[] = at < 0 ? [{ key, isDown: false }] : keys[at]!.isDown ? [] : [{ key, isDown: true }]
  if (!isAdded) return sortText(next)
  return sortText(at < 0 ? [...keys, ...next] : keys.toSpliced(at, 1, ...next))
}

function sortText(keys: readonly SortKey[]): string | undefined {
  const text = keys.map(({ key, isDown }) => (isDown ? `-${key}` : key)).join(',')
  return text === '' ? undefined : text
}
