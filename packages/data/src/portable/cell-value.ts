import type { CompiledField } from '../fields/compile-field.ts'
import type { Field } from '../fields/fields.schema.ts'
import { isList } from '../fields/is-list.ts'

/**
 * The value a cell of text says, by the field's type; what says none stays text, and the field's own check
 * refuses it with its reason. An empty cell says nothing.
 */
export function cellValue(cell: string, { field, list }: Pick<CompiledField, 'field' | 'list'>): unknown {
  const text = cell.trim()
  if (text === '') return undefined
  if (list)
    return text.startsWith('[')
      ? parsed(text)
      : text
          .split(/[;,]/)
          .map((part) => part.trim())
          .filter(Boolean)
  switch (field.type) {
    case 'number':
    case 'float':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text
    case 'bool':
      if (/^(true|yes|1)$/i.test(text)) return true
      return /^(false|no|0)$/i.test(text) ? false : text
    case 'document':
      return parsed(text)
    case 'string':
    case 'text':
      return cell
    default:
      return text
  }
}

/** The same for one text part of a form; an empty one takes the value away where that may be, else it says nothing. */
export function fieldValueOf(text: string, field: Field): unknown {
  return cellValue(text, { field, list: isList(field) }) ?? (field.nullable ? null : undefined)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
