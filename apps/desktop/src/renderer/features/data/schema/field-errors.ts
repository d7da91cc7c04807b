import { describeError } from '../../../app/errors/describe-error.ts'
import type { FieldDraft } from './field-drafts.ts'

/** What the agent says of a field, by option; `''` is the field itself. */
export type FieldComplaints = Readonly<Record<string, string>>

/** Of `fields.2.key` and `fields.price.min`, by the draft they mean. Pure. */
export function complaintsByDraft(
  error: unknown,
  drafts: readonly FieldDraft[],
): ReadonlyMap<string, FieldComplaints> {
  const found = new Map<string, Record<string, string>>()
  if (!error) return found
  const sent = drafts.filter(({ isRemoved }) => !isRemoved)
  for (const [path, { message }] of Object.entries(describeError(error).fields ?? {})) {
    const [head, place = '', ...option] = path.split('.')
    if (head !== 'fields') continue
    const draft =
      sent.find(({ field }) => field.key === place) ?? sent[/^\d+$/.test(place) ? Number(place) : -1]
    if (!draft) continue
    const complaints = found.get(draft.draftId) ?? {}
    complaints[option.join('.')] ??= message
    found.set(draft.draftId, complaints)
  }
  return found
}

/** What it says of indexes, by their place. Pure. */
export function complaintsOfIndexes(error: unknown): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  if (!error) return found
  for (const [path, { message }] of Object.entries(describeError(error).fields ?? {})) {
    const place = /^indexes\.(\d+)/.exec(path)?.[1]
    if (place !== undefined) found.set(Number(place), message)
  }
  return found
}
