import type { Field, Model, Revision } from '@m3m/core/client'
import { sameValue } from '../form/same-value.ts'

/** What a revision did to one field. */
export interface FieldChange {
  /** A field the model no longer has is shown by its key. */
  field: Pick<Field, 'key' | 'type' | 'label' | 'refModel'>
  before: unknown
  after: unknown
}

const SYSTEM: readonly string[] = ['id', '_id', 'createdAt', 'updatedAt', 'version', 'expand']

/** From the revision before it; the first one, and a removal, have all values. Pure. */
export function changesOf(
  model: Pick<Model, 'fields'>,
  revision: Revision,
  previous: Revision | undefined,
): FieldChange[] {
  const known = new Map<string, FieldChange['field']>(model.fields.map((field) => [field.key, field]))
  const before = revision.type === 'insert' ? {} : (previous?.record ?? {})
  const after = revision.type === 'delete' ? {} : revision.record
  const from = revision.type === 'delete' ? revision.record : before
  const keys = [...new Set([...known.keys(), ...Object.keys(from), ...Object.keys(after)])].filter(
    (key) => !SYSTEM.includes(key),
  )
  return keys
    .filter((key) => !sameValue(from[key], after[key]) && !isAutomatic(known.get(key)))
    .map((key) => ({
      field: known.get(key) ?? { key, type: 'string' },
      before: from[key] ?? null,
      after: after[key] ?? null,
    }))
}

const isAutomatic = (field: FieldChange['field'] | undefined): boolean => field?.type === 'autodate'
