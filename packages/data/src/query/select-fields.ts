import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import { queryErrors } from './query.errors.ts'
import { type Excerpt, readExcerpt } from './excerpt.ts'
import { type ResolvedPath, resolvePath } from './resolve-path.ts'
import { splitKeys } from './sort.ts'

/** Which fields a read gives. */
export interface Selection {
  /** Keys of the record that go out; `undefined` for all. */
  keys: ReadonlySet<string> | undefined
  projection: Record<string, 1> | undefined
  /** Fields wanted of expanded records, by the ref's path: `owner` → `name`. */
  ofRefs: ReadonlyMap<string, ReadonlySet<string>>
  /** Texts of which the beginning is enough, by key. */
  excerpts: ReadonlyMap<string, Excerpt>
}

/**
 * `'title,address.city,owner.name'`; `*` for all fields, `body:excerpt(200,true)` for the beginning of a text
 * without its HTML. The engine's own keys are always there; a path through a ref asks for it
 * to be expanded, with these fields only. @throws QUERY_FIELD_UNKNOWN
 */
export function selectFields(
  fields: string | readonly string[] | undefined,
  model: CompiledModel,
  models: ModelSet,
): Selection {
  const excerpts = new Map<string, Excerpt>()
  const names = splitKeys(fields).map((name) => {
    const asked = readExcerpt(name)
    if (!asked) return name
    checkExcerpt(resolvePath(asked.path, model, models))
    excerpts.set(asked.path, asked.excerpt)
    return asked.path
  })
  const ofRefs = new Map<string, Set<string>>()
  const isAll = names.length === 0 || names.includes('*')
  const keys = new Set<string>()
  const projection: Record<string, 1> = { _id: 1, createdAt: 1, updatedAt: 1, version: 1 }
  for (const { hops, storedPath } of names
    .filter((name) => name !== '*')
    .map((name) => resolvePath(name, model, models))) {
    const path = hops[0]?.storedPath ?? storedPath
    keys.add(path.split('.')[0]!)
    projection[path] = 1
    if (hops.length === 0) continue
    const refPath = hops.map((hop) => hop.storedPath).join('.')
    if (!ofRefs.has(refPath)) ofRefs.set(refPath, new Set())
    ofRefs.get(refPath)!.add(storedPath.split('.')[0]!)
  }
  // MongoDB refuses `a` beside `a.b`.
  for (const path of Object.keys(projection)) {
    if (Object.keys(projection).some((other) => path.startsWith(`${other}.`))) delete projection[path]
  }
  return isAll
    ? { keys: undefined, projection: undefined, ofRefs, excerpts }
    : { keys, projection, ofRefs, excerpts }
}

/** @throws QUERY_OPERATOR_MISFIT */
function checkExcerpt({ label, type, hops, storedPath, list, kind }: ResolvedPath): void {
  if (hops.length === 0 && !list && kind.compares === 'text' && !storedPath.includes('.')) return
  throw queryErrors.QUERY_OPERATOR_MISFIT({ operator: ':excerpt', field: label, type })
}
