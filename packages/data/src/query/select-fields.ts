import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import { resolvePath } from './resolve-path.ts'
import { splitKeys } from './sort.ts'

/** Which fields a read gives. */
export interface Selection {
  /** Keys of the record that go out; `undefined` for all. */
  keys: ReadonlySet<string> | undefined
  projection: Record<string, 1> | undefined
}

/** `'title,address.city'`. The engine's own keys are always there. @throws QUERY_FIELD_UNKNOWN */
export function selectFields(
  fields: string | readonly string[] | undefined,
  model: CompiledModel,
  models: ModelSet,
): Selection {
  const names = splitKeys(fields)
  if (names.length === 0) return { keys: undefined, projection: undefined }
  const keys = new Set<string>()
  const projection: Record<string, 1> = { _id: 1, createdAt: 1, updatedAt: 1, version: 1 }
  const paths = names.map((name) => resolvePath(name, model, models))
  for (const { hops, storedPath } of paths) {
    // `owner.name` needs the ref itself; what of the target is shown is the expansion's business.
    const path = hops[0]?.storedPath ?? storedPath
    keys.add(path.split('.')[0]!)
    projection[path] = 1
  }
  // MongoDB refuses `a` beside `a.b`.
  for (const path of Object.keys(projection)) {
    if (Object.keys(projection).some((other) => path.startsWith(`${other}.`))) delete projection[path]
  }
  return { keys, projection }
}
