import type { Comparison } from '../bson/comparison.ts'
import { createPicker } from '../bson/decode.ts'
import { keyOfFields } from '../bson/key.ts'
import { toNumber } from '../bson/number.ts'
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

/** What a document sorts by: bytes in their order, or, by a collation, values. */
export type SortKey = Buffer | readonly Value[]

/** How documents are sorted. */
export interface Sorter {
  key(doc: Doc): SortKey
  compare(a: SortKey, b: SortKey): number
}

/** The sorter of documents that are not decoded yet. */
export function rawSorter(
  sort: readonly SortField[],
  order: Comparison,
): { key: (raw: Buffer) => SortKey; compare: Sorter['compare'] } {
  const { key, compare } = createSorter(sort, order)
  const read = createPicker(sort.map(({ path }) => path.split('.', 1)[0]!))
  return { key: (raw) => key(read(raw)), compare }
}

export function createSorter(sort: readonly SortField[], order: Comparison): Sorter {
  const fields = sort.map(({ path, descending }) => ({
    parts: path.split('.'),
    descending,
    better: descending
      ? (a: Value, b: Value) => order.compare(a, b) > 0
      : (a: Value, b: Value) => order.compare(a, b) < 0,
  }))
  const values = (doc: Doc): Value[] =>
    fields.map(({ parts, better }) => sortValue(doc, parts, better) ?? null)
  if (order.collation) return { key: values, compare: compareValues(sort, order) }
  return {
    key: (doc) => keyOfFields(values(doc).map((value, i) => ({ value, descending: fields[i]!.descending }))),
    compare: (a, b) => Buffer.compare(a as Buffer, b as Buffer),
  }
}

function compareValues(sort: readonly SortField[], { compare }: Comparison): Sorter['compare'] {
  return (a, b) => {
    for (const [i, { descending }] of sort.entries()) {
      const difference = compare((a as Value[])[i]!, (b as Value[])[i]!)
      if (difference !== 0) return descending ? -difference : difference
    }
    return 0
  }
}

/** Compares values as documents; others than documents have no field. */
export function compareDocuments({ key, compare }: Sorter): (a: Value, b: Value) => number {
  const keyed = (value: Value): SortKey => key(isDoc(value) ? value : new Map())
  return (a, b) => compare(keyed(a), keyed(b))
}
