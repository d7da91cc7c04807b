import { createPicker } from '../bson/decode.ts'
import { keyOfFields } from '../bson/key.ts'
import { toNumber } from '../bson/number.ts'
import { compare } from '../bson/order.ts'
import { isDoc, isNumber, type Doc, type Value } from '../bson/value.ts'
import { locationError, notSupported } from '../server/mongo-error.ts'
import { sortValue } from './path.ts'

/** One field of a sort, in order of weight. */
export interface SortField {
  path: string
  descending: boolean
}

/** Reads `{ a: 1, 'b.c': -1 }`. @throws 15974, 15975 and those of paths, NotImplemented (238) for `$meta` */
export function readSort(sort: Doc | undefined): SortField[] {
  if (!sort) return []
  return [...sort].map(([path, direction]) => ({
    path: checkPath(path),
    descending: isDescending(direction),
  }))
}

function checkPath(path: string): string {
  if (path === '$natural') return path
  if (path === '') throw locationError(40352, 'FieldPath cannot be constructed with empty string')
  if (path.endsWith('.')) throw locationError(40353, "FieldPath must not end with a '.'.")
  if (path.split('.').includes(''))
    throw locationError(15998, 'FieldPath field names may not be empty strings.')
  if (path.startsWith('$'))
    throw locationError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    )
  return path
}

function isDescending(direction: Value): boolean {
  if (isDoc(direction)) throw notSupported('Sorting by $meta')
  if (!isNumber(direction))
    throw locationError(15974, '$sort key ordering must be specified using a number or {$meta: "textScore"}')
  const number = toNumber(direction)
  if (number !== 1 && number !== -1)
    throw locationError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)')
  return number < 0
}

/** The key by which a raw document sorts. */
export function sortKey(sort: readonly SortField[]): (raw: Buffer) => Buffer {
  const key = docSortKey(sort)
  const read = createPicker(sort.map(({ path }) => path.split('.', 1)[0]!))
  return (raw) => key(read(raw))
}

/** The key by which a document sorts. */
export function docSortKey(sort: readonly SortField[]): (doc: Doc) => Buffer {
  const fields = sort.map(({ path, descending }) => ({
    parts: path.split('.'),
    descending,
    better: descending
      ? (a: Value, b: Value) => compare(a, b) > 0
      : (a: Value, b: Value) => compare(a, b) < 0,
  }))
  return (doc) =>
    keyOfFields(
      fields.map(({ parts, descending, better }) => ({
        value: sortValue(doc, parts, better) ?? null,
        descending,
      })),
    )
}
