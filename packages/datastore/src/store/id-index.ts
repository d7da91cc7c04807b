import type { Doc, Value } from '../bson/value.ts'

/** The index that every collection has, as it is listed. */
export const ID_INDEX: Doc = new Map<string, Value>([
  ['v', 2],
  ['key', new Map([['_id', 1]])],
  ['name', '_id_'],
])
