import type { Document } from 'mongodb'
import type { CompiledModel } from '../models/compiled-model.ts'
import { compileCompare } from './compile-filter.ts'
import type { CompareNode } from './filter-tree.ts'
import { resolvePath } from './resolve-path.ts'

/** Words of one search; the rest are passed over. */
const MAX_WORDS = 6

/**
 * Records in which every word occurs in some searchable field, case ignored. Without a list of searchable
 * fields (table config) all fields of text are searched. `undefined` when there is nothing to look for.
 */
export function compileSearch(search: string | undefined, compiled: CompiledModel): Document | undefined {
  const words = (search ?? '').trim().split(/\s+/).filter(Boolean).slice(0, MAX_WORDS)
  if (words.length === 0) return undefined
  const keys = searchableKeys(compiled)
  if (keys.length === 0) return { _id: { $in: [] } }
  const models = { byId: new Map(), bySlug: new Map() }
  const paths = keys.map((key) => resolvePath(key, compiled, models))
  const found = words.map((value) => {
    const inField = (path: (typeof paths)[number]): CompareNode => ({
      kind: 'compare',
      path,
      comparison: 'contains',
      value,
      quantifier: 'any',
    })
    const inAny = paths.map((path) => compileCompare(inField(path)))
    return inAny.length === 1 ? inAny[0]! : { $or: inAny }
  })
  return found.length === 1 ? found[0]! : { $and: found }
}

function searchableKeys({ model, fields }: CompiledModel): string[] {
  const chosen = model.table.searchable
  const all = [...fields.values()]
    .filter(({ kind }) => kind.compares === 'text')
    .map(({ field }) => field.key)
  return chosen ? all.filter((key) => chosen.includes(key)) : all
}
