import type { Field, FilterCondition } from '@m3m/core/client'

/** Which comparisons a field can be asked by, and how the builder names them. Pure. */

/** An operator as the grammar writes it; `?` before it asks any item of a list. */
export type OperatorText =
  '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | '?=' | '?~' | 'in' | 'notIn' | 'isNull' | 'isNotNull'

const PRESENCE = ['isNull', 'isNotNull'] as const
const ORDER = ['=', '!=', '>', '>=', '<', '<='] as const

/** The default first. */
export function operatorsFor(field: Field): readonly OperatorText[] {
  if (field.multiple) return ['?=', 'in', 'notIn', ...PRESENCE]
  switch (field.type) {
    case 'string':
    case 'text':
    case 'email':
    case 'url':
    case 'file':
      return ['~', '=', '!=', '!~', 'in', 'notIn', ...PRESENCE]
    case 'number':
    case 'float':
      return [...ORDER, 'in', 'notIn', ...PRESENCE]
    case 'date':
    case 'datetime':
    case 'autodate':
      return ['>=', '<=', '>', '<', '=', '!=', ...PRESENCE]
    case 'bool':
      return ['=', '!=', ...PRESENCE]
    case 'select':
      return ['=', '!=', 'in', 'notIn', ...PRESENCE]
    case 'multiselect':
      return ['?=', 'in', 'notIn', ...PRESENCE]
    case 'ref':
      return ['=', '!=', 'in', 'notIn', ...PRESENCE]
    case 'document':
      return PRESENCE
  }
}

export const operatorText = ({ any, operator }: Pick<FilterCondition, 'any' | 'operator'>): OperatorText =>
  `${any ? '?' : ''}${operator}` as OperatorText

export function operatorOf(text: OperatorText): Pick<FilterCondition, 'any' | 'operator'> {
  const any = text.startsWith('?')
  return { any, operator: (any ? text.slice(1) : text) as FilterCondition['operator'] }
}

/** How many values an operator takes. */
export function arityOf(text: OperatorText): 'none' | 'one' | 'list' {
  if (text === 'isNull' || text === 'isNotNull') return 'none'
  return text === 'in' || text === 'notIn' ? 'list' : 'one'
}
