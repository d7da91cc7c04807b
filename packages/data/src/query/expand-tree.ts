import type { CompiledField } from '../fields/compile-field.ts'
import { type CompiledModel, findModel, type ModelSet } from '../models/compiled-model.ts'
import { queryErrors } from './query.errors.ts'
import { splitKeys } from './sort.ts'

/** One ref to follow, or one model that points here, and what to follow from there. */
export interface Expansion {
  /** Its key in `expand`. */
  readonly key: string
  /** The keys from the root, `items.product`. */
  readonly path: string
  readonly target: CompiledModel
  /** The ref: of this model, or with `back` of the target. */
  readonly field: CompiledField
  readonly back: boolean
  readonly inner: Expansion[]
}

/** Refs one after the other; back-references have one level. Expansions of one read. */
const MAX_LEVELS = 2
const MAX_EXPANSIONS = 20

/**
 * `'owner,items.product,comments_via_article'` as a tree. @throws QUERY_FIELD_UNKNOWN, QUERY_TOO_COMPLEX
 */
export function parseExpand(
  expand: string | readonly string[] | undefined,
  model: CompiledModel,
  models: ModelSet,
): Expansion[] {
  const roots: Expansion[] = []
  let count = 0
  for (const name of splitKeys(expand)) {
    let level = roots
    let current = model
    const parts = name.split('.')
    if (parts.length > MAX_LEVELS)
      throw queryErrors.QUERY_TOO_COMPLEX({ what: 'levels of expand', limit: MAX_LEVELS })
    for (const [index, key] of parts.entries()) {
      const known = level.find((one) => one.key === key)
      const next = known ?? resolve(parts.slice(0, index + 1).join('.'), current, models)
      if (!next || (next.back && parts.length > 1)) {
        throw queryErrors.QUERY_FIELD_UNKNOWN({ field: name.slice(0, 200), model: model.model.slug })
      }
      if (!known) {
        level.push(next)
        count += 1
      }
      level = next.inner
      current = next.target
    }
  }
  if (count > MAX_EXPANSIONS)
    throw queryErrors.QUERY_TOO_COMPLEX({ what: 'refs in expand', limit: MAX_EXPANSIONS })
  return roots
}

function resolve(path: string, model: CompiledModel, models: ModelSet): Expansion | undefined {
  const key = path.slice(path.lastIndexOf('.') + 1)
  const field = model.fields.get(key)
  if (field?.field.refModel !== undefined) {
    const target = findModel(models, field.field.refModel)
    return target && { key, path, target, field, back: false, inner: [] }
  }
  const split = key.indexOf('_via_')
  if (split < 0) return undefined
  const target = models.bySlug.get(key.slice(0, split))
  const ref = target?.fields.get(key.slice(split + '_via_'.length))
  if (!target || ref?.field.refModel !== model.model.slug) return undefined
  return { key, path, target, field: ref, back: true, inner: [] }
}
