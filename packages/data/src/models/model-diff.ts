import { isDeepStrictEqual } from 'node:util'
import { newId } from '@m3m/base'
import { isList } from '../fields/is-list.ts'
import type { Field } from '../fields/fields.schema.ts'
import type { Model } from './models.schema.ts'

type ModelField = Model['fields'][number]

/** What changed between two versions of a model, by the ids of fields. */
export interface ModelDiff {
  added: ModelField[]
  removed: ModelField[]
  renamed: { from: string; to: string }[]
  /** Another type or format, or a list where one value was, or the other way round. */
  retyped: { before: ModelField; after: ModelField }[]
  /** The same type with other rules. */
  ruled: { before: ModelField; after: ModelField }[]
}

/**
 * Gives every field the id it has for life: its own when the model knows it, that of a field of the same key
 * when it came without, else a new one. By it a rename is told from a removal and an addition.
 */
export function identify(fields: readonly Field[], known: readonly ModelField[]): ModelField[] {
  const free = new Map(known.map((field) => [field.id, field]))
  const claimed = fields.map((field) => {
    const id = field.id !== undefined && free.delete(field.id) ? field.id : undefined
    return { field, id }
  })
  return claimed.map(({ field, id }) => {
    const sameKey = id === undefined ? [...free.values()].find((other) => other.key === field.key) : undefined
    if (sameKey) free.delete(sameKey.id)
    // Through JSON: an option that is undefined would be stored as null.
    return { ...(JSON.parse(JSON.stringify(field)) as Field), id: id ?? sameKey?.id ?? newId() }
  })
}

export function diffModels(before: Model, after: Model): ModelDiff {
  const diff: ModelDiff = { added: [], removed: [], renamed: [], retyped: [], ruled: [] }
  const old = new Map(before.fields.map((field) => [field.id, field]))
  for (const field of after.fields) {
    const was = old.get(field.id)
    old.delete(field.id)
    if (!was) diff.added.push(field)
    else {
      if (was.key !== field.key) diff.renamed.push({ from: was.key, to: field.key })
      if (was.type !== field.type || was.format !== field.format || isList(was) !== isList(field))
        diff.retyped.push({ before: was, after: field })
      else if (!isDeepStrictEqual(rulesOf(was), rulesOf(field)))
        diff.ruled.push({ before: was, after: field })
    }
  }
  diff.removed.push(...old.values())
  return diff
}

/** What a stored value is held against; the rest of a field is for people. */
function rulesOf({
  id: _id,
  key: _key,
  label: _label,
  help: _help,
  message: _message,
  index: _index,
  default: _default,
  onCreate: _c,
  onUpdate: _u,
  ...rules
}: ModelField) {
  return rules
}
