// `min` and `max` of a find: the part of an index between two of its keys.
import { keyOfFields } from '../bson/key.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import type { Range } from './bounds.ts'

export interface Between {
  /** The first key that belongs to it; null: from the beginning. */
  min: Doc | null
  /** The first key that does not; null: to the end. */
  max: Doc | null
}

/** @throws TypeMismatch (14) */
export function readBetween(body: Doc): Between | null {
  const min = bound(body, 'min')
  const max = bound(body, 'max')
  return min || max ? { min, max } : null
}

function bound(body: Doc, name: 'min' | 'max'): Doc | null {
  const given = body.get(name)
  if (given === undefined || (isDoc(given) && given.size === 0)) return null
  if (isDoc(given)) return given
  throw mongoError('TypeMismatch', `BSON field 'find.${name}' is the wrong type, expected type 'object'`)
}

/** @throws 51173 where no index is named: since MongoDB 4.2 none is guessed */
export function demandIndexHint(hint: Value | undefined): void {
  if (hint !== undefined && hint !== null && !(isDoc(hint) && (hint.size === 0 || hint.has('$natural'))))
    return
  throw locationError(51173, 'When using min()/max() a hint of which index to use must be provided')
}

/** Fields of an index, in its order. */
interface IndexFields {
  paths: readonly string[]
  descending: readonly boolean[]
}

/**
 * The keys between two bounds, in the order of the index: of a descending field, `min` is the greater value.
 *
 * @throws 51174 when a bound has not just the fields of the index; 51175 when `min` is not before `max`
 */
export function rangeBetween({ min, max }: Between, index: IndexFields): Range {
  const low = min ? keyAt(min, index) : Buffer.alloc(0)
  const high = max ? keyAt(max, index) : Buffer.from([0xff, 0xff])
  if (Buffer.compare(low, high) < 0) return { low, high }
  throw locationError(51175, 'The value provided for min() does not come before the value provided for max()')
}

function keyAt(fields: Doc, { paths, descending }: IndexFields): Buffer {
  const names = [...fields.keys()]
  if (names.length !== paths.length || names.some((name, i) => name !== paths[i]))
    throw locationError(
      51174,
      `min() and max() must have the fields of the index named by hint, in its order: ${paths.join(', ')}`,
    )
  return keyOfFields([...fields.values()].map((value, i) => ({ value, descending: descending[i]! })))
}
