import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import { queryErrors } from './query.errors.ts'
import { type ResolvedPath, resolvePath } from './resolve-path.ts'

export interface SortKey {
  path: ResolvedPath
  direction: 1 | -1
}

const MAX_KEYS = 6
/** Instead of keys: any records, others each time. */
export const RANDOM = '@random'

/** `'-createdAt,name'` as a list of names. */
export function splitKeys(keys: string | readonly string[] | undefined): string[] {
  if (keys === undefined) return []
  // Not within the brackets of `body:excerpt(200,true)`.
  const list = typeof keys === 'string' ? keys.split(/,(?![^()]*\))/) : keys
  if (!list.every((key) => typeof key === 'string')) {
    throw queryErrors.QUERY_SHAPE({
      problem: 'a list of fields is text such as "name,-createdAt", or a list of texts.',
    })
  }
  return list.map((key) => key.trim()).filter((key) => key !== '')
}

/**
 * The order of a list. The id is always the last key, so that the order is total and pages do not overlap.
 * @throws QUERY_SORT, QUERY_FIELD_UNKNOWN
 */
export function parseSort(
  sort: string | readonly string[] | undefined,
  model: CompiledModel,
  models: ModelSet,
): SortKey[] {
  const names = splitKeys(sort)
  if (names.length > MAX_KEYS) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'sort keys', limit: MAX_KEYS })
  const keys: SortKey[] = []
  for (const name of names) {
    const direction = name.startsWith('-') ? -1 : 1
    const path = resolvePath(name.replace(/^[-+]/, ''), model, models)
    const refused = (problem: string) => queryErrors.QUERY_SORT({ key: path.label, problem })
    if (path.hops.length > 0) throw refused('it belongs to another model')
    if (path.list || path.kind.compares === 'document') throw refused(`the type ${path.type} has no order`)
    if (!keys.some((key) => key.path.storedPath === path.storedPath)) keys.push({ path, direction })
  }
  if (keys.at(-1)?.path.storedPath !== '_id') {
    keys.push({ path: resolvePath('id', model, models), direction: keys.at(-1)?.direction ?? 1 })
  }
  return keys
}

export function toMongoSort(keys: readonly SortKey[]): Record<string, 1 | -1> {
  return Object.fromEntries(keys.map(({ path, direction }) => [path.storedPath, direction]))
}
