import type { Field, Model, TableConfig } from '@m3m/core/client'
import { configOf, layColumns, type GridColumn } from '../grid/columns.ts'

/** What the table of a model says of one column. Pure. */
export interface ColumnSetting {
  key: string
  field: Field
  isSystem: boolean
  isShown: boolean
  width: number
  isSortable: boolean
  isFilterable: boolean
  /** `null`: a field that search cannot look in. */
  isSearchable: boolean | null
}

/** As packages/data `search` looks: text, and names of files. */
const SEARCHED: readonly Field['type'][] = ['string', 'text', 'email', 'url', 'select', 'multiselect', 'file']
/** What has no order that means something; as columns.ts. */
const UNSORTED: readonly Field['type'][] = ['document', 'file', 'multiselect']

export const canSort = ({ type }: Field): boolean => !UNSORTED.includes(type)

export function settingsOf(model: Model): ColumnSetting[] {
  const saved = new Map(configOf(model).map((column) => [column.key, column]))
  const { searchable } = model.table
  return layColumns(model, configOf(model)).map(({ key, field, isSystem, isHidden, width }: GridColumn) => ({
    key,
    field,
    isSystem,
    isShown: !isHidden,
    width,
    isSortable: canSort(field) && saved.get(key)?.sortable !== false,
    isFilterable: saved.get(key)?.filterable !== false,
    isSearchable: isSystem || !SEARCHED.includes(field.type) ? null : (searchable?.includes(key) ?? true),
  }))
}

/** The configuration as the model keeps it; what is as it would be anyway is left out. */
export function configFrom(settings: readonly ColumnSetting[], before: TableConfig): TableConfig {
  const { searchable: _searchable, columns: _columns, ...rest } = before
  const texts = settings.filter(({ isSearchable }) => isSearchable !== null)
  const searched = texts.filter(({ isSearchable }) => isSearchable).map(({ key }) => key)
  return {
    ...rest,
    columns: settings.map(({ key, field, isShown, width, isSortable, isFilterable }) => ({
      key,
      width,
      ...(!isShown && { hidden: true }),
      ...(!isSortable && canSort(field) && { sortable: false }),
      ...(!isFilterable && { filterable: false }),
    })),
    ...(searched.length < texts.length && { searchable: searched }),
  }
}
