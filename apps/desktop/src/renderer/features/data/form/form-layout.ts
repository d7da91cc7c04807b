import type { FormConfig, Model } from '@m3m/core/client'
import { widgetOf, type WidgetKind } from '../widgets/widget-kinds.ts'

/** How a form lies on the page, out of what the model's form config says. Pure. */

type ModelField = Model['fields'][number]
export type FormEntry = NonNullable<FormConfig['fields']>[number]

export interface PlacedField {
  field: ModelField
  widget: WidgetKind
  isHidden: boolean
  isHalf: boolean
}

export interface FormSection {
  /** `null` has no heading. */
  title: string | null
  fields: PlacedField[]
}

/** Every field of the model, in the config's order; those it does not know come last, without a heading. */
export function placeFields({
  fields,
  form,
}: Pick<Model, 'fields' | 'form'>): (PlacedField & { group: string | null })[] {
  const left = new Map(fields.map((field) => [field.key, field]))
  const known = (form.fields ?? []).flatMap((entry) => {
    const field = left.get(entry.key)
    left.delete(entry.key)
    return field ? [placed(field, entry)] : []
  })
  return [...known, ...[...left.values()].map((field) => placed(field, { key: field.key }))]
}

function placed(field: ModelField, entry: FormEntry) {
  return {
    field,
    widget: widgetOf(field, entry.widget),
    isHidden: entry.hidden === true,
    isHalf: entry.width === 'half',
    group: entry.group?.trim() || null,
  }
}

/** Headings with what stands under them; hidden fields are left out, and headings that lost all with them. */
export function formSections(model: Pick<Model, 'fields' | 'form'>): FormSection[] {
  const sections: FormSection[] = []
  for (const { group, ...field } of placeFields(model)) {
    if (field.isHidden) continue
    const last = sections.at(-1)
    if (last && last.title === group) last.fields.push(field)
    else sections.push({ title: group, fields: [field] })
  }
  return sections
}

/** A line of the form editor: a heading, or a field below the last heading. */
export type LayoutItem =
  { id: string; kind: 'group'; title: string } | { id: string; kind: 'field'; place: PlacedField }

export function layoutItems(model: Pick<Model, 'fields' | 'form'>): LayoutItem[] {
  const items: LayoutItem[] = []
  let current: string | null = null
  for (const { group, ...place } of placeFields(model)) {
    if (group !== current) items.push({ id: `group:${items.length}`, kind: 'group', title: group ?? '' })
    current = group
    items.push({ id: `field:${place.field.id}`, kind: 'field', place })
  }
  return items
}

/** What is saved; a heading without a text ends the one before it. Only what differs from the defaults is named. */
export function configOf(items: readonly LayoutItem[], before: FormConfig): FormConfig {
  let group = ''
  const fields: FormEntry[] = []
  for (const item of items) {
    if (item.kind === 'group') {
      group = item.title.trim()
      continue
    }
    const { field, widget, isHidden, isHalf } = item.place
    fields.push({
      key: field.key,
      ...(widget !== widgetOf(field, undefined) && { widget }),
      ...(isHidden && { hidden: true }),
      ...(isHalf && { width: 'half' as const }),
      ...(group && { group }),
    })
  }
  return { ...before, fields }
}
