import type { Field, Model, ViewColumn } from '@m3m/core/client'

/** Columns of the records table: what there are, and how a person laid them out. Pure. */

export interface GridColumn {
  key: string
  /** As the head says it. */
  title: string
  /** System columns are fields, too: `id`, `createdAt`, `updatedAt`, `version`. */
  field: Field
  isSystem: boolean
  isSortable: boolean
  /** CSS pixels. */
  width: number
  isHidden: boolean
}

/** As views.schema.ts bounds them. */
export const MIN_WIDTH = 48
export const MAX_WIDTH = 1_200

const SYSTEM: readonly { field: Field; isHidden: boolean }[] = [
  { field: { key: 'id', type: 'string' }, isHidden: true },
  { field: { key: 'createdAt', type: 'datetime' }, isHidden: false },
  { field: { key: 'updatedAt', type: 'datetime' }, isHidden: true },
  { field: { key: 'version', type: 'number' }, isHidden: true },
]

/** What MongoDB can order in a way that means something to a person. */
const UNSORTABLE = new Set<Field['type']>(['document', 'file', 'multiselect'])

const WIDTHS: Record<Field['type'], number> = {
  string: 200,
  text: 260,
  number: 104,
  float: 104,
  bool: 84,
  document: 220,
  file: 140,
  ref: 180,
  date: 108,
  datetime: 168,
  select: 128,
  multiselect: 200,
  email: 200,
  url: 220,
  autodate: 168,
}

/** What a table's own configuration says of its columns (models, `table`). */
export type SavedColumn = ViewColumn & { sortable?: unknown; filterable?: unknown }

/**
 * Every column, in the order of `saved`; those that it does not name stand behind, as the model has them. What it
 * names and the model no longer has is left out.
 */
export function layColumns(model: Model, saved: readonly SavedColumn[]): GridColumn[] {
  const own = model.fields.map((field) => ({ field: field as Field, isHidden: false, isSystem: false }))
  const all = [...own, ...SYSTEM.map((column) => ({ ...column, isSystem: true }))]
  const place = new Map(saved.map(({ key }, index) => [key, index]))
  const byKey = new Map(saved.map((column) => [column.key, column]))
  const configured = new Map(configOf(model).map((column) => [column.key, column]))
  return all
    .map(({ field, isHidden, isSystem }, index) => {
      const column = byKey.get(field.key)
      return {
        key: field.key,
        title: isSystem ? field.key : (field.label ?? field.key),
        field,
        isSystem,
        isSortable: !UNSORTABLE.has(field.type) && configured.get(field.key)?.sortable !== false,
        width: clampWidth(column?.width ?? WIDTHS[field.type]),
        // A table that names its columns has a say in the system's, too.
        isHidden: column ? column.hidden === true : isHidden,
        order: place.get(field.key) ?? saved.length + index,
      }
    })
    .toSorted((a, b) => a.order - b.order)
    .map(({ order: _order, ...column }) => column)
}

/** The columns that the model's own table configuration names. */
export const configOf = (model: Pick<Model, 'table'>): SavedColumn[] =>
  (model.table.columns ?? []) as SavedColumn[]

/** The same as the server keeps it. */
export const savedColumns = (columns: readonly GridColumn[]): ViewColumn[] =>
  columns.map(({ key, isHidden, width }) => ({ key, width, ...(isHidden && { hidden: true }) }))

export const clampWidth = (px: number): number => Math.round(Math.min(Math.max(px, MIN_WIDTH), MAX_WIDTH))

/** The column moved to where another one stands. */
export function moveColumn(columns: readonly GridColumn[], key: string, toKey: string): GridColumn[] {
  const from = columns.findIndex((column) => column.key === key)
  const to = columns.findIndex((column) => column.key === toKey)
  if (from < 0 || to < 0 || from === to) return [...columns]
  return columns.toSpliced(from, 1).toSpliced(to, 0, columns[from]!)
}

/** One step among those that are seen; hidden ones between are stepped over. */
export function stepColumn(columns: readonly GridColumn[], key: string, by: 1 | -1): GridColumn[] {
  const seen = columns.filter(({ isHidden }) => !isHidden)
  const next = seen[seen.findIndex((column) => column.key === key) + by]
  return next ? moveColumn(columns, key, next.key) : [...columns]
}

export const changeColumn = (
  columns: readonly GridColumn[],
  key: string,
  change: Partial<Pick<GridColumn, 'width' | 'isHidden'>>,
): GridColumn[] => columns.map((column) => (column.key === key ? { ...column, ...change } : column))

/** Fields by which the builder and the completion filter; a table's configuration may leave some out. */
export function filterableFields(model: Model): Field[] {
  const left = new Set(
    configOf(model)
      .filter(({ filterable }) => filterable === false)
      .map(({ key }) => key),
  )
  return [...model.fields, ...SYSTEM.map(({ field }) => field)].filter(({ key }) => !left.has(key))
}
