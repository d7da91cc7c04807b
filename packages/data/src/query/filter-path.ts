import { numberKind } from '../fields/number-kinds.ts'
import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import { queryErrors } from './query.errors.ts'
import { type ResolvedPath, resolvePath } from './resolve-path.ts'

/** `tags:length`: the number of items. `title:lower`: case ignored. `tags:each`: every item, as without it. */
export const PATH_MODIFIERS = ['length', 'lower', 'each'] as const
export type PathModifier = (typeof PATH_MODIFIERS)[number]

/** A path of a filter, with what is looked at of its value. */
export interface FilterPath extends ResolvedPath {
  readonly modifier?: PathModifier
}

const length = numberKind({ key: 'length', type: 'number' })

/**
 * Finds `owner.tags:length`: a path, and after a colon what is looked at of its value.
 * @throws QUERY_FIELD_UNKNOWN, QUERY_TOO_COMPLEX, QUERY_OPERATOR_UNKNOWN, QUERY_OPERATOR_MISFIT
 */
export function resolveFilterPath(label: string, model: CompiledModel, models: ModelSet): FilterPath {
  const colon = typeof label === 'string' ? label.indexOf(':') : -1
  if (colon < 0) return resolvePath(label, model, models)
  const name = label.slice(colon + 1)
  const modifier = PATH_MODIFIERS.find((one) => one === name)
  if (!modifier) throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: `:${name.slice(0, 100)}` })
  const path = resolvePath(label.slice(0, colon), model, models)
  const fits = modifier === 'lower' ? path.kind.compares === 'text' : path.list
  if (!fits)
    throw queryErrors.QUERY_OPERATOR_MISFIT({ operator: `:${name}`, field: path.label, type: path.type })
  if (modifier === 'length')
    return { ...path, label, modifier, kind: length, list: false, type: 'number of items' }
  return { ...path, label, modifier }
}
