import type { Field } from './fields.schema.ts'

/** Whether values of the field are lists. */
export function isList(field: Field): boolean {
  return (
    field.type === 'multiselect' ||
    ((field.type === 'ref' || field.type === 'file') && field.multiple === true)
  )
}
