import { isId } from '@m3m/base'
import { type Document, ObjectId } from 'mongodb'
import { queryErrors } from './query.errors.ts'
import type { SortKey } from './sort.ts'

type Packed = string | number | boolean | null | { d: number } | { o: string }

/** A place in a sorted list: the sort it belongs to and the last record's values of its keys. */
interface Place {
  s: string
  k: Packed[]
}

/** Text that continues a list after this record. The values of the sort keys are in it, nothing else. */
export function encodeCursor(keys: readonly SortKey[], record: Document): string {
  const place: Place = {
    s: signature(keys),
    k: keys.map(({ path }) => pack(valueAt(record, path.storedPath))),
  }
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/**
 * The filter for records after the cursor's. MongoDB sorts null before every value, while `$gt: null` finds
 * nothing: null has branches of its own. @throws QUERY_CURSOR
 */
export function compileCursor(cursor: string, keys: readonly SortKey[]): Document {
  const values = decode(cursor, keys)
  const branches: Document[] = []
  const equal: Document[] = []
  for (const [index, { path, direction }] of keys.entries()) {
    const value = values[index]
    const after = afterValue(path.storedPath, value, direction)
    if (after) branches.push({ $and: [...equal, after] })
    equal.push({ [path.storedPath]: { $eq: value } })
  }
  return { $or: branches }
}

/** Bare JSON inside documents may hold several types, which no range can step over. @throws QUERY_CURSOR */
export function canContinue(keys: readonly SortKey[]): boolean {
  return keys.every(({ path }) => path.type !== 'JSON value')
}

function afterValue(path: string, value: unknown, direction: 1 | -1): Document | undefined {
  if (direction === 1) return value === null ? { [path]: { $ne: null } } : { [path]: { $gt: value } }
  return value === null ? undefined : { $or: [{ [path]: { $lt: value } }, { [path]: { $eq: null } }] }
}

function decode(cursor: string, keys: readonly SortKey[]): unknown[] {
  const refused = (problem: string) => queryErrors.QUERY_CURSOR({ problem })
  if (!canContinue(keys)) throw refused('the list is sorted by a value inside a free document')
  let place: Partial<Place>
  try {
    place = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Partial<Place>
  } catch {
    throw refused('it is no cursor of this agent')
  }
  if (place?.s !== signature(keys)) throw refused('it belongs to a list with another sort')
  if (!Array.isArray(place.k) || place.k.length !== keys.length) throw refused('it is damaged')
  return place.k.map((packed) => {
    const value = unpack(packed)
    if (value === undefined) throw refused('it is damaged')
    return value
  })
}

function signature(keys: readonly SortKey[]): string {
  return keys.map(({ path, direction }) => `${direction === 1 ? '' : '-'}${path.storedPath}`).join(',')
}

function pack(value: unknown): Packed {
  if (value instanceof Date) return { d: value.getTime() }
  if (value instanceof ObjectId) return { o: value.toHexString() }
  return value === undefined ? null : (value as Packed)
}

/** `undefined` for what no cursor holds: nothing but these forms reaches a filter. */
function unpack(packed: unknown): unknown {
  if (
    packed === null ||
    typeof packed === 'string' ||
    typeof packed === 'number' ||
    typeof packed === 'boolean'
  )
    return packed
  if (typeof packed !== 'object' || Array.isArray(packed)) return undefined
  const { d, o } = packed as { d?: unknown; o?: unknown }
  if (typeof d === 'number' && Math.abs(d) <= 8.64e15) return new Date(d)
  return isId(o) ? new ObjectId(o) : undefined
}

function valueAt(record: Document, path: string): unknown {
  let value: unknown = record
  for (const part of path.split('.')) value = (value as Document | undefined | null)?.[part]
  return value
}
