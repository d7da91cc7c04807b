import type { Field, ModelIndex } from '@m3m/core/client'
import { sameValue } from '../form/same-value.ts'

/** Fields of a schema as they are edited. Pure. */

export interface FieldDraft {
  /** Stays while the field is edited and moved. */
  draftId: string
  field: Field
  /** As it is saved; `null` for a new one. */
  before: Field | null
  /** Goes with the next save; until then it can be brought back. */
  isRemoved: boolean
}

export type DraftState = 'new' | 'changed' | 'renamed' | 'removed' | 'same'

export function draftsOf(fields: readonly Field[]): FieldDraft[] {
  return fields.map((field, index) => ({
    draftId: field.id ?? `saved${index}`,
    field,
    before: field,
    isRemoved: false,
  }))
}

export function newDraft(drafts: readonly FieldDraft[], field: Field): FieldDraft {
  const numbers = drafts.map(({ draftId }) => Number(/^new(\d+)$/.exec(draftId)?.[1] ?? 0))
  return { draftId: `new${Math.max(0, ...numbers) + 1}`, field, before: null, isRemoved: false }
}

export function stateOf({ field, before, isRemoved }: FieldDraft): DraftState {
  if (isRemoved) return 'removed'
  if (before === null) return 'new'
  if (before.key !== field.key) return 'renamed'
  return sameValue(clean(before), clean(field)) ? 'same' : 'changed'
}

/** What is sent: the fields that stay, without options that say nothing. */
export function fieldsOf(drafts: readonly FieldDraft[]): Field[] {
  return drafts.filter(({ isRemoved }) => !isRemoved).map(({ field }) => clean(field))
}

/** Order counts too. */
export function isChanged(drafts: readonly FieldDraft[], saved: readonly Field[]): boolean {
  return !sameValue(fieldsOf(drafts), saved.map(clean))
}

/** Gone, if it was never saved; else marked. */
export function withoutDraft(drafts: readonly FieldDraft[], gone: FieldDraft): FieldDraft[] {
  if (gone.before === null) return drafts.filter(({ draftId }) => draftId !== gone.draftId)
  return drafts.map((draft) => (draft.draftId === gone.draftId ? { ...draft, isRemoved: true } : draft))
}

function clean(field: Field): Field {
  const options = field.options?.map((option) => option.trim()).filter((option) => option !== '')
  const fields = field.fields?.map(clean)
  const whole = { ...field, ...(options && { options: [...new Set(options)] }), ...(fields && { fields }) }
  const said = Object.entries(whole).filter(
    ([key, value]) =>
      value !== undefined &&
      value !== '' &&
      (value !== false || key === 'onCreate' || key === 'default') &&
      !(Array.isArray(value) && value.length === 0 && key !== 'default'),
  )
  return Object.fromEntries(said) as unknown as Field
}

/** What any type may say; the rest belongs to some. */
const SHARED = ['id', 'key', 'label', 'help', 'message', 'required', 'nullable'] as const

/** Options that mean nothing for the new type are dropped. */
export function withType(field: Field, type: Field['type'], format?: 'html'): Field {
  const kept = Object.fromEntries(SHARED.map((option) => [option, field[option]]))
  const carried = Object.fromEntries(
    (Object.keys(OPTION_TYPES) as TypeOption[])
      .filter((option) => OPTION_TYPES[option].includes(type))
      .map((option) => [option, field[option]]),
  )
  const isDated = (other: Field['type']) => other === 'date' || other === 'datetime'
  // A limit of a number is none of a date.
  const limits = isDated(field.type) === isDated(type) ? {} : { min: undefined, max: undefined }
  const needed = { ...(hasOptions(type) && { options: field.options ?? [] }), format }
  return withoutUndefined({ ...kept, ...carried, ...limits, ...needed, type }) as unknown as Field
}

export const hasOptions = (type: Field['type']): boolean => type === 'select' || type === 'multiselect'

type TypeOption =
  | 'min'
  | 'max'
  | 'minLength'
  | 'maxLength'
  | 'pattern'
  | 'options'
  | 'refModel'
  | 'onDelete'
  | 'multiple'
  | 'mimeTypes'
  | 'maxSizeBytes'
  | 'fields'
  | 'onCreate'
  | 'onUpdate'
  | 'unique'
  | 'index'

const TEXTS = ['string', 'text', 'email', 'url'] as const
const NUMBERS = ['number', 'float'] as const
const DATES = ['date', 'datetime'] as const

/** Which options mean something for which types, as packages/data (check-model.ts) has it. */
const OPTION_TYPES: Readonly<Record<TypeOption, readonly Field['type'][]>> = {
  min: [...NUMBERS, ...DATES, 'multiselect', 'ref', 'file'],
  max: [...NUMBERS, ...DATES, 'multiselect', 'ref', 'file'],
  minLength: TEXTS,
  maxLength: TEXTS,
  pattern: TEXTS,
  options: ['select', 'multiselect'],
  refModel: ['ref'],
  onDelete: ['ref'],
  multiple: ['ref', 'file'],
  mimeTypes: ['file'],
  maxSizeBytes: ['file'],
  fields: ['document'],
  onCreate: ['autodate'],
  onUpdate: ['autodate'],
  unique: ['string', ...NUMBERS, ...DATES, 'select', 'email', 'url', 'ref', 'bool'],
  index: ['string', ...NUMBERS, 'bool', ...DATES, 'select', 'multiselect', 'email', 'url', 'ref', 'autodate'],
}

/** Whether the option is worth asking for: of a list the number of items, of one value none. */
export function hasOption(field: Field, option: TypeOption): boolean {
  if (!OPTION_TYPES[option].includes(field.type)) return false
  if (option === 'unique') return field.multiple !== true
  const isCount = (option === 'min' || option === 'max') && (field.type === 'ref' || field.type === 'file')
  return !isCount || field.multiple === true
}

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

/** A key that is free, out of a type's name: `text`, `text2`. */
export function freeKey(wanted: string, drafts: readonly FieldDraft[]): string {
  const taken = new Set(drafts.map(({ field }) => field.key.toLowerCase()))
  for (let n = 1; ; n += 1) {
    const key = n === 1 ? wanted : `${wanted}${n}`
    if (!taken.has(key.toLowerCase())) return key
  }
}

/** Indexes after drafts changed: their keys follow renames, and those of fields that went are taken out. */
export function indexesAfter(
  indexes: readonly ModelIndex[],
  from: readonly FieldDraft[],
  to: readonly FieldDraft[],
): ModelIndex[] {
  const now = new Map(
    to.filter(({ isRemoved }) => !isRemoved).map(({ draftId, field }) => [draftId, field.key]),
  )
  const moves = new Map(from.map(({ draftId, field }) => [field.key, now.get(draftId)]))
  return indexes.flatMap((index) => {
    const keys = index.keys.flatMap((signed) => {
      const key = signed.replace(/^-/, '')
      const next = moves.has(key) ? moves.get(key) : key
      return next === undefined ? [] : [signed.startsWith('-') ? `-${next}` : next]
    })
    return keys.length === 0 ? [] : [{ ...index, keys }]
  })
}
