import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import { resolvePath } from './resolve-path.ts'
import { splitKeys } from './sort.ts'

/** Which fields a read gives. */
export interface Selection {
  /** Keys of the record that go out; `undefined` for all. */
  keys: ReadonlySet<string> | undefined
  projection: Record<string, 1> | undefined
  /** Fields wanted of expanded records, by the ref's path: `owner` → `name`. */
  ofRefs: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * `'title,address.city,owner.name'`. The engine's own keys are always there; a path through a ref asks for it
 * to be expanded, with these fields only. @throws QUERY_FIELD_UNKNOWN
 */
export function selectFields(
  fields: string | readonly string[] | undefined,
  model: CompiledModel,
  models: ModelSet,
): Selection {
  const names = splitKeys(fields)
  const ofRefs = new Map<string, Set<string>>()
  if (names.length === 0) return { keys: undefined, projection: undefined, ofRefs }
  const keys = new Set<string>()
  const projection: Record<string, 1> = { _id: 1, createdAt: 1, updatedAt: 1, version: 1 }
  for (const { hops, storedPath } of names.map((name) => resolvePath(name, model, models))) {
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
  return { keys, projection, ofRefs }
}
