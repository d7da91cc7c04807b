import type { FormConfig, Model, ModelInput, TableConfig } from './models.schema.ts'

/** Keys of fields that changed, old to new. */
export type Renames = ReadonlyMap<string, string>

export function renamesOf(before: Model['fields'], after: ModelInput['fields']): Renames {
  const old = new Map(before.map(({ id, key }) => [id, key]))
  const renamed = after.flatMap(({ id, key }) => {
    const was = id === undefined ? undefined : old.get(id)
    return was === undefined || was === key ? [] : [[was, key] as const]
  })
  return new Map(renamed)
}

/**
 * What a model keeps beside its fields names them by key: where a change brings none of its own, the kept one
 * follows a rename, so that indexes, columns and the form do not lose the field.
 */
export function followRenames(
  { indexes, table, form }: Pick<Model, 'indexes' | 'table' | 'form'>,
  renames: Renames,
): Pick<Model, 'indexes' | 'table' | 'form'> {
  if (renames.size === 0) return { indexes, table, form }
  const of = (key: string) => renames.get(key) ?? key
  const signed = (key: string) => (key.startsWith('-') ? `-${of(key.slice(1))}` : of(key))
  return {
    indexes: indexes.map((index) => ({ ...index, keys: index.keys.map(signed) })),
    table: tableAfter(table, of),
    form: formAfter(form, of),
  }
}

function tableAfter(table: TableConfig, of: (key: string) => string): TableConfig {
  return {
    ...table,
    ...(table.columns && { columns: table.columns.map((column) => ({ ...column, key: of(column.key) })) }),
    ...(table.searchable && { searchable: table.searchable.map(of) }),
    ...(table.label !== undefined && { label: of(table.label) }),
  }
}

function formAfter(form: FormConfig, of: (key: string) => string): FormConfig {
  return {
    ...form,
    ...(form.fields && { fields: form.fields.map((field) => ({ ...field, key: of(field.key) })) }),
  }
}
