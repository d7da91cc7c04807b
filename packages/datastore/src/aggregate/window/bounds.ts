// Which documents around one are its window.
import { compareNumbers, toInt64, toNumber, arithmetic, type Num } from '../../bson/number.ts'
import {
  DateTime,
  double,
  isDoc,
  isNumber,
  typeName,
  type Doc,
  type Maybe,
  type Value,
} from '../../bson/value.ts'
import { addUnits, unitOf } from '../../expression/date-units.ts'
import { locationError, mongoError } from '../../server/mongo-error.ts'
import type { SortField } from '../../query/sort.ts'

/** First and last place of the window of the document at `at`; empty when the first is behind the last. */
type Bounds = (at: number) => readonly [number, number]

/** Makes the bounds for the sorted documents of one partition; `values` are what they are sorted by. */
export interface Window {
  /** It begins with the first document: what is added up can go on from the one before. */
  growing: boolean
  /** It is the same for all. */
  whole: boolean
  open(count: number, values: readonly Maybe[]): Bounds
}

export const WHOLE: Window = {
  growing: true,
  whole: true,
  open: (count) => () => [0, count - 1],
}

type Bound = number | 'unbounded' | 'current'

/** Reads `window: { documents | range, unit }`. @throws FailedToParse (9), 5339901, 5339902 */
export function readWindow(spec: Value | undefined, sort: readonly SortField[]): Window {
  if (spec === undefined) return WHOLE
  if (!isDoc(spec)) throw unusable(`'window' field must be an object, found ${typeName(spec)}`)
  for (const name of spec.keys())
    if (!['documents', 'range', 'unit'].includes(name))
      throw unusable(`'window' field can only contain 'documents' or 'range' and 'unit', found ${name}`)
  const documents = spec.get('documents')
  const range = spec.get('range')
  if (documents !== undefined && range !== undefined)
    throw unusable("Window bounds can specify either 'documents' or 'range', not both.")
  if (documents !== undefined) {
    if (spec.has('unit')) throw unusable("Window bounds can only specify 'unit' with range-based bounds.")
    return byDocuments(pairOf(documents, 'documents'), sort)
  }
  if (range !== undefined) return byRange(pairOf(range, 'range'), spec, sort)
  throw unusable("'window' field must specify 'documents' or 'range'")
}

function unusable(message: string): Error {
  return mongoError('FailedToParse', message)
}

function pairOf(given: Value, name: string): [Bound, Bound] {
  if (!Array.isArray(given) || given.length !== 2)
    throw unusable(`Window bounds must be a 2-element array: ${name}`)
  return given.map((bound) => {
    if (bound === 'unbounded' || bound === 'current') return bound
    if (!isNumber(bound))
      throw unusable(`Numeric window bounds expected in ${name}, found ${typeName(bound)}`)
    if (name === 'documents' && toInt64(bound) === null)
      throw unusable('Numeric document-based bounds must be an integer')
    return toNumber(bound)
  }) as [Bound, Bound]
}

function byDocuments([lower, upper]: [Bound, Bound], sort: readonly SortField[]): Window {
  const low = lower === 'unbounded' ? -Infinity : lower === 'current' ? 0 : lower
  const high = upper === 'unbounded' ? Infinity : upper === 'current' ? 0 : upper
  if (low > high) throw locationError(5339900, 'Lower bound must not exceed upper bound')
  const whole = low === -Infinity && high === Infinity
  if (!whole && sort.length === 0) throw locationError(5339901, 'Document-based bounds require a sortBy')
  return {
    whole,
    growing: low === -Infinity,
    open: (count) => (at) => [Math.max(0, at + low), Math.min(count - 1, at + high)],
  }
}

function byRange([lower, upper]: [Bound, Bound], spec: Doc, sort: readonly SortField[]): Window {
  const [only] = sort
  if (sort.length !== 1 || !only || only.descending)
    throw locationError(5339902, 'Range-based bounds require sortBy a single field, ascending')
  const given = spec.get('unit')
  const unit = given === undefined ? null : unitOf(given, '$setWindowFields')
  for (const bound of [lower, upper])
    if (unit !== null && typeof bound === 'number' && !Number.isInteger(bound))
      throw unusable("With 'unit', range-based bounds must be an integer")
  return {
    whole: lower === 'unbounded' && upper === 'unbounded',
    growing: lower === 'unbounded',
    open: (count, values) => (at) => [
      lower === 'unbounded' ? 0 : firstAtLeast(values, shifted(values[at], lower, unit)),
      upper === 'unbounded' ? count - 1 : firstBeyond(values, shifted(values[at], upper, unit)) - 1,
    ],
  }
}

type Moment = Num | DateTime

/** The sort value with a bound added to it. @throws 5429414, 5429513 */
function shifted(value: Maybe, bound: number | 'current', unit: string | null): Moment {
  const by = bound === 'current' ? 0 : bound
  if (unit === null) {
    if (isNumber(value)) return arithmetic('add', [value, double(by)], 'double')!
    throw locationError(
      5429414,
      `Invalid range: Expected the sortBy field to be a number, but it was ${typeName(value)}`,
    )
  }
  if (!(value instanceof DateTime))
    throw locationError(
      5429513,
      `Invalid range: Expected the sortBy field to be a Date, but it was ${typeName(value)}`,
    )
  return new DateTime(addUnits(new Date(value.ms), unit, by))
}

function order(a: Maybe, b: Moment): number {
  if (a instanceof DateTime && b instanceof DateTime) return a.ms - b.ms
  if (isNumber(a) && !(b instanceof DateTime)) return compareNumbers(a, b)
  // nothing sorts before all numbers and dates
  return -1
}

/** Values rise: halves until the first one is found for which `holds`. */
function search(values: readonly Maybe[], holds: (value: Maybe) => boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(values[middle])) high = middle
    else low = middle + 1
  }
  return low
}

const firstAtLeast = (values: readonly Maybe[], bound: Moment): number =>
  search(values, (value) => order(value, bound) >= 0)
const firstBeyond = (values: readonly Maybe[], bound: Moment): number =>
  search(values, (value) => order(value, bound) > 0)
