import type { Field, Model, ModelInput } from '@m3m/core/client'
import { modelInputSchema } from '@m3m/core/client'
import { sameValue } from '../form/same-value.ts'
import type { FieldDraft } from './field-drafts.ts'

/** Schemas as JSON, and what one would change. Pure. */

/** What is exported: everything that makes a model. Ids stay, so that in the same project a rename is one. */
export function schemaJson({ name, slug, fields, indexes, table, form, revisions, trash }: Model): string {
  return `${JSON.stringify({ name, slug, fields, indexes, table, form, revisions, trash }, null, 2)}\n`
}

export type ParsedSchema = { schema: ModelInput } | { problems: string[] }

/** A schema out of JSON; a list of fields alone is one too, for a model that is there. */
export function parseSchema(text: string, fallback: { name: string; slug: string }): ParsedSchema {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problems: [(error as Error).message] }
  }
  const whole = Array.isArray(value) ? { fields: value } : value
  const parsed = modelInputSchema.safeParse({ ...fallback, ...(whole as object) })
  if (parsed.success) return { schema: parsed.data }
  return {
    problems: parsed.error.issues
      .slice(0, 8)
      .map(({ path, message }) => `${path.map(String).join('.') || 'schema'}: ${message}`),
  }
}

export interface FieldDifference {
  kind: 'added' | 'removed' | 'changed' | 'renamed'
  key: string
  /** Before, of a rename. */
  from?: string
  /** Options that differ. */
  options: { name: string; before: unknown; after: unknown }[]
}

/** Field by field, found again by their ids, else by their keys. */
export function schemaDifferences(before: readonly Field[], after: readonly Field[]): FieldDifference[] {
  const matched = new Set<Field>()
  const differences = after.flatMap((field): FieldDifference[] => {
    const was = partnerOf(field, before, matched)
    if (!was) return [{ kind: 'added', key: field.key, options: [] }]
    matched.add(was)
    const options = optionsThatDiffer(was, field)
    if (was.key !== field.key) return [{ kind: 'renamed', key: field.key, from: was.key, options }]
    return options.length > 0 ? [{ kind: 'changed', key: field.key, options }] : []
  })
  const removed = before
    .filter((field) => !matched.has(field))
    .map(({ key }) => ({ kind: 'removed' as const, key, options: [] }))
  return [...differences, ...removed]
}

function partnerOf(field: Field, before: readonly Field[], taken: ReadonlySet<Field>): Field | undefined {
  const free = before.filter((other) => !taken.has(other))
  const byId = field.id === undefined ? undefined : free.find(({ id }) => id === field.id)
  return byId ?? free.find(({ key }) => key === field.key)
}

function optionsThatDiffer(before: Field, after: Field): FieldDifference['options'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => name !== 'id' && name !== 'key',
  )
  const [was, is] = [before as Record<string, unknown>, after as Record<string, unknown>]
  return names
    .filter((name) => !sameValue(was[name], is[name]))
    .map((name) => ({ name, before: was[name] ?? null, after: is[name] ?? null }))
}

/** The schema as an edit of what is saved: nothing is lost before it is looked at. */
export function draftsFrom(saved: readonly Field[], schema: readonly Field[]): FieldDraft[] {
  const matched = new Set<Field>()
  const drafts = schema.map((field, index): FieldDraft => {
    const before = partnerOf(field, saved, matched) ?? null
    if (before) matched.add(before)
    const { id: _foreign, ...plain } = field
    return {
      draftId: before?.id ?? `new${index + 1}`,
      field: before?.id === undefined ? plain : { ...plain, id: before.id },
      before,
      isRemoved: false,
    }
  })
  const gone = saved.filter((field) => !matched.has(field))
  return [
    ...drafts,
    ...gone.map((field) => ({ draftId: field.id ?? field.key, field, before: field, isRemoved: true })),
  ]
}
