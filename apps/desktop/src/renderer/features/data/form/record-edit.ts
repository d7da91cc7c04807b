import type { DataRecord, Field, Model } from '@m3m/core/client'
import { sameValue } from './same-value.ts'

/**
 * A record as it is edited: the one that was loaded, and what was changed since, by key. A value is what will be
 * sent. A text where a number or a document belongs is half typed; the agent, or the form, says so. Pure.
 */
export interface RecordEdit {
  /** `null` for a new one. */
  readonly base: DataRecord | null
  readonly changes: Readonly<Record<string, unknown>>
}

export const newEdit = (base: DataRecord | null): RecordEdit => ({ base, changes: {} })

/** What the form shows: the change, the stored value, or the default of a new record. */
export function shownValue({ base, changes }: RecordEdit, field: Field): unknown {
  if (Object.hasOwn(changes, field.key)) return changes[field.key]
  return base ? (base[field.key] ?? null) : (field.default ?? undefined)
}

/** Back to what was there is no change. */
export function withChange(edit: RecordEdit, field: Field, value: unknown): RecordEdit {
  const { [field.key]: _was, ...others } = edit.changes
  const before = shownValue({ base: edit.base, changes: {} }, field)
  // For a new record null is an answer of its own: without it the default would be taken.
  const isBack = edit.base ? sameValue(before, value) : before === value
  return { ...edit, changes: isBack ? others : { ...others, [field.key]: value } }
}

/**
 * The edit that a draft goes on with. It stands on what was typed over, not on what the record is now: so what
 * somebody saved meanwhile is shown, and a save does not silently replace it.
 */
export function restoredEdit(
  record: DataRecord | null,
  {
    version,
    base,
    changes,
  }: { version: number | null; base: DataRecord | null; changes: RecordEdit['changes'] },
): RecordEdit {
  if (!record || version === null || version >= record.version) return { base: record, changes }
  return { base: base ?? { ...record, version }, changes }
}

export const isDirty = ({ changes }: RecordEdit): boolean => Object.keys(changes).length > 0

/** Keys of fields whose text is no JSON: nothing is sent while there is one. */
export function unfinishedKeys({ fields }: Pick<Model, 'fields'>, { changes }: RecordEdit): string[] {
  return fields
    .filter(({ key, type }) => type === 'document' && typeof changes[key] === 'string')
    .map(({ key }) => key)
}

/** Only what was changed is sent: defaults stay the agent's, and a change of one field is no change of all. */
export function sentData({ fields }: Pick<Model, 'fields'>, edit: RecordEdit): Record<string, unknown> {
  const known = new Map(fields.map((field) => [field.key, field]))
  const sent = Object.entries(edit.changes).filter(([key, value]) => known.has(key) && value !== undefined)
  return Object.fromEntries(sent)
}

/** Where somebody else's save and this edit meet. */
export interface FieldConflict {
  field: Field
  base: unknown
  theirs: unknown
  mine: unknown
  /** Both changed it, to different values. Otherwise only they did. */
  isClash: boolean
}

/** What `theirs` changed since the edit began. */
export function conflictsOf(
  model: Pick<Model, 'fields'>,
  { base, changes }: RecordEdit,
  theirs: DataRecord,
): FieldConflict[] {
  return model.fields.flatMap((field) => {
    const { key, type } = field
    if (type === 'autodate' || sameValue(base?.[key], theirs[key])) return []
    const isMine = Object.hasOwn(changes, key)
    const mine = isMine ? changes[key] : base?.[key]
    return [
      {
        field,
        base: base?.[key] ?? null,
        theirs: theirs[key] ?? null,
        mine,
        isClash: isMine && !sameValue(mine, theirs[key]),
      },
    ]
  })
}

/** The edit on top of their version. `keep`: keys whose value stays this one's; elsewhere theirs is taken. */
export function rebase(edit: RecordEdit, theirs: DataRecord, keep: ReadonlySet<string>): RecordEdit {
  const changes = { ...edit.changes }
  for (const key of Object.keys(theirs)) {
    if (sameValue(edit.base?.[key], theirs[key])) continue
    if (!keep.has(key)) delete changes[key]
    // Their change to a field that was not touched here is undone only when that was asked for.
    else if (!Object.hasOwn(changes, key)) changes[key] = edit.base?.[key] ?? null
    if (Object.hasOwn(changes, key) && sameValue(changes[key], theirs[key])) delete changes[key]
  }
  return { base: theirs, changes }
}

/** For a new record with the values of another; what the system sets and what must be unique stays behind. */
export function copyOf(model: Pick<Model, 'fields'>, record: DataRecord): Record<string, unknown> {
  const copied = model.fields.filter(
    ({ key, type, unique }) => type !== 'autodate' && !unique && record[key] !== null,
  )
  return Object.fromEntries(copied.map(({ key }) => [key, record[key]]))
}
