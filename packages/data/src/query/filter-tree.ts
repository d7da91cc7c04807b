import type { FilterPath } from './filter-path.ts'

export type Comparison =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'nin'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | 'regex'
  | 'null'
  | 'notNull'

/**
 * A filter that has been checked: every path is a field of the model, every value has its field's stored
 * type. Both grammars end here, and only this is compiled for MongoDB.
 */
export type FilterNode =
  { kind: 'and' | 'or'; nodes: FilterNode[] } | { kind: 'not'; node: FilterNode } | CompareNode

export interface CompareNode {
  kind: 'compare'
  path: FilterPath
  comparison: Comparison
  /** Stored form; a list for `in` and `nin`; text for the text operators; nothing for `null` and `notNull`. */
  value: unknown
  /** For a list: whether one item or every item must match. */
  quantifier: 'any' | 'every'
  /** For `regex`, and for `eq`, `ne`, `in`, `nin` of text compared without case. */
  ignoreCase?: boolean
}

export const EVERYTHING: FilterNode = { kind: 'and', nodes: [] }

export { MAX_DEPTH, MAX_LIST, MAX_NODES } from './filter-bounds.schema.ts'
