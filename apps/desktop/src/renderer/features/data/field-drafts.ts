import type { Field } from '@m3m/core/client'

/** Fields of a schema as they are edited. Pure. */

export const FIELD_TYPES = [
  'string',
  'text',
  'number',
  'float',
  'bool',
  'date',
  'datetime',
  'select',
  'multiselect',
  'email',
  'url',
  'ref',
  'document',
  'file',
  'autodate',
] as const satisfies readonly Field['type'][]

export interface FieldDraft {
  /** Stays while the field is edited. */
  draftId: number
  field: Field
}

export function draftsOf(fields: readonly Field[]): FieldDraft[] {
  return fields.map((field, draftId) => ({ draftId, field }))
}

export function newDraft(drafts: readonly FieldDraft[]): FieldDraft {
  return { draftId: Math.max(-1, ...drafts.map(({ draftId }) => draftId)) + 1, field: { key: '', type: 'string' } }
}

/** Options that mean nothing for the new type are dropped. */
export function withType(field: Field, type: Field['type']): Field {
  const { key, id, required, nullable, unique, help, label } = field
  const kept = { key, type, id, required, nullable, unique, help, label }
  return withoutUndefined({ ...kept, ...(hasOptions(type) && { options: field.options ?? [] }) }) as Field
}

export const hasOptions = (type: Field['type']): boolean => type === 'select' || type === 'multiselect'

export const withoutUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T

/** A name in code out of a model's name. */
export function modelSlugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 64)
}
