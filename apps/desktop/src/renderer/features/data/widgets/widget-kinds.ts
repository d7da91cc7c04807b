import type { Field } from '@m3m/core/client'

/** Which controls a field may have. Pure. */

export type WidgetKind =
  | 'input'
  | 'textarea'
  | 'richtext'
  | 'markdown'
  | 'code'
  | 'slider'
  | 'switch'
  | 'checkbox'
  | 'radio'
  | 'select'
  | 'combobox'
  | 'checkboxes'
  | 'chips'
  | 'date'
  | 'datetime'
  | 'json'
  | 'form'
  | 'files'
  | 'ref'
  | 'system'

/** More options than this are searched, not read. */
const READABLE_OPTIONS = 8

/** All that fit, the default first; never empty. */
export function widgetsFor(field: Field): readonly [WidgetKind, ...WidgetKind[]] {
  switch (field.type) {
    case 'string':
      return ['input', 'textarea']
    case 'email':
    case 'url':
      return ['input']
    case 'text':
      return field.format === 'html' ? ['richtext', 'code', 'textarea'] : ['textarea', 'markdown', 'code']
    case 'number':
    case 'float':
      return hasRange(field) ? ['input', 'slider'] : ['input']
    case 'bool':
      // A switch has no third state; two buttons show that none is chosen.
      return field.nullable ? ['radio', 'switch', 'checkbox'] : ['switch', 'checkbox', 'radio']
    case 'date':
      return ['date']
    case 'datetime':
      return ['datetime']
    case 'autodate':
      return ['system']
    case 'select':
      return isLong(field) ? ['combobox', 'select', 'radio'] : ['select', 'radio', 'combobox']
    case 'multiselect':
      return isLong(field) ? ['chips', 'checkboxes'] : ['checkboxes', 'chips']
    case 'document':
      return field.fields?.length ? ['form', 'json'] : ['json']
    case 'file':
      return ['files']
    case 'ref':
      return ['ref']
  }
}

export function hasRange({ min, max }: Pick<Field, 'min' | 'max'>): boolean {
  return typeof min === 'number' && typeof max === 'number' && min < max
}

const isLong = ({ options }: Field): boolean => (options?.length ?? 0) > READABLE_OPTIONS

/** The chosen one, when it still fits the field. */
export function widgetOf(field: Field, chosen: string | undefined): WidgetKind {
  const fitting = widgetsFor(field)
  return fitting.find((kind) => kind === chosen) ?? fitting[0]
}

/** Needs the whole width of the form. */
export const isWide = (kind: WidgetKind): boolean =>
  ['textarea', 'richtext', 'markdown', 'code', 'json', 'form', 'files', 'checkboxes', 'chips'].includes(kind)
