import type { Field } from '@m3m/core/client'
import type { WidgetKind } from '../widgets/widget-kinds.ts'

/** Controls that fit into one line of a table; other types are edited in the record. Pure. */
const IN_A_CELL: Partial<Record<Field['type'], WidgetKind>> = {
  string: 'input',
  number: 'input',
  float: 'input',
  bool: 'select',
  date: 'date',
  datetime: 'datetime',
  select: 'select',
  email: 'input',
  url: 'input',
}

/** `null` for what the cell cannot take: it opens the record instead. */
export function cellWidget(field: Field, isSystem: boolean): WidgetKind | null {
  return isSystem ? null : (IN_A_CELL[field.type] ?? null)
}
