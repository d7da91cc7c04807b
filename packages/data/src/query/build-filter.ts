import type { Document } from 'mongodb'
import type { Collections } from '../collections.ts'
import { compileCompare, compileFilter, type RefLookup } from './compile-filter.ts'
import type { CompareNode, FilterNode } from './filter-tree.ts'
import { type FilterScope, parseJsonFilter } from './parse-json-filter.ts'
import { parseTextFilter } from './parse-text-filter.ts'
import { queryErrors } from './query.errors.ts'
import type { Filter } from './query.schema.ts'

/** Records of a ref's target that one condition may select. */
const MAX_TARGETS = 10_000

export interface FilterOptions {
  filter?: Filter | undefined
  params?: Record<string, unknown> | undefined
  /** IANA name; default UTC. */
  timezone?: string | undefined
  maxTimeMs: number
}

/** From what a client sent to what MongoDB gets. @throws QUERY_* */
export async function buildFilter(
  options: FilterOptions,
  scope: FilterScope,
  collections: Collections,
): Promise<Document> {
  if (options.filter === undefined || options.filter === '') return {}
  const tree = parseFilter(options, scope)
  return compileFilter(tree, createRefLookup(collections, options.maxTimeMs))
}

/** Text or JSON, one tree. */
export function parseFilter(
  { filter, params = {}, timezone: timeZone = 'UTC' }: FilterOptions,
  scope: FilterScope,
): FilterNode {
  return typeof filter === 'string'
    ? parseTextFilter(filter, { ...scope, params, timeZone })
    : parseJsonFilter(filter, scope)
}

/** Follows the refs of a path from its end: each step is one query for ids in the target's collection. */
export function createRefLookup(collections: Collections, maxTimeMs: number): RefLookup {
  const lookup: RefLookup = async (node) => {
    const [hop, ...rest] = node.path.hops
    const inner: CompareNode = { ...node, path: { ...node.path, hops: rest } }
    const filter = rest.length > 0 ? await compileFilter(inner, lookup) : compileCompare(inner)
    const found = await collections
      .records(hop!.target.model.id)
      .find(filter, { projection: { _id: 1 }, limit: MAX_TARGETS + 1, maxTimeMS: maxTimeMs })
      .toArray()
    if (found.length > MAX_TARGETS) {
      throw queryErrors.QUERY_TOO_BROAD({ field: node.path.label, limit: MAX_TARGETS })
    }
    return found.map((record) => record._id)
  }
  return lookup
}
