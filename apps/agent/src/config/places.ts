import { isMap, isScalar, type Document, type LineCounter } from 'yaml'
import type { Override } from './overrides.ts'

interface Places {
  at: readonly PropertyKey[]
  document: Document
  lines: LineCounter
  overrides: readonly Override[]
  shown: string
}

/** The same of a key that is set there; `null` where its default holds. */
export function setPlaceOf({ at, document, overrides, ...places }: Places): string | null {
  const isOverridden = overrides.some(({ path }) => at.every((key, index) => path[index] === key))
  if (!isOverridden && (!document.hasIn([...at]) || document.getIn([...at]) === null)) return null
  return placeOfKey({ at, document, overrides, ...places })
}

/** `config.yaml:12` of a key (or of the nearest key above it that is there), or the variable that set it. */
export function placeOfKey({ at, document, lines, overrides, shown }: Places): string {
  const override = overrides.find(({ path }) => path.every((key, index) => at[index] === key))
  if (override) return override.variable
  let node: unknown = document.contents
  let offset: number | undefined
  for (const key of at) {
    if (!isMap(node)) break
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key)
    if (!pair) break
    offset = (pair.key as { range?: [number, number, number] }).range?.[0]
    node = pair.value
  }
  return offset === undefined ? shown : `${shown}:${lines.linePos(offset).line}`
}
