// What a filter says about single paths, as ranges of keys. Ranges may hold more than what matches (the matcher
// asks again), never less.
import type { Collation } from '../bson/collation.ts'
import { keyAfter, keyOf } from '../bson/key.ts'
import { toNumber, type Num } from '../bson/number.ts'
import { ORDER, orderOf } from '../bson/order.ts'
import { BsonSymbol, isDoc, isNumber, Regex, Undefined, type Doc, type Value } from '../bson/value.ts'
import { isOperators } from './operators.ts'
import { literalPrefix } from './regex.ts'

/** Keys `low <= key < high`. */
export interface Range {
  low: Buffer
  high: Buffer
}

/** One condition on a path: disjoint ranges in order. `points` when each of them is a single value. */
export interface Bound {
  ranges: Range[]
  points: boolean
  /** Documents without the path may be among the matches: a sparse index cannot serve it. */
  matchesMissing: boolean
  /** Texts were compared: it serves only an index of the same collation. */
  textual: boolean
}

const EVERYTHING: Range = { low: Buffer.from([0x00]), high: Buffer.from([0xff]) }

/** More values than this in an `$in` are no quicker by lookups. */
export const MAX_POINTS = 1000

/** What bounds are collected into, and by which collation their keys are made. */
interface Collecting {
  bounds: Map<string, Bound[]>
  collation: Collation | null
}

/** The conditions of a filter that hold for every match, by path; their keys are those of an index with the collation. */
export function collectBounds(filter: Doc, collation: Collation | null = null): Map<string, Bound[]> {
  const bounds = new Map<string, Bound[]>()
  fromFilter(filter, '', { bounds, collation })
  return bounds
}

/** Whether a collation has anything to say about a value. */
export function holdsText(value: Value): boolean {
  if (typeof value === 'string' || value instanceof BsonSymbol) return true
  if (Array.isArray(value)) return value.some(holdsText)
  return isDoc(value) && [...value.values()].some(holdsText)
}

function fromFilter(filter: Doc, prefix: string, into: Collecting): void {
  for (const [name, condition] of filter) {
    if (name === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isDoc(part)) fromFilter(part, prefix, into)
      continue
    }
    if (name.startsWith('$')) continue
    const path = prefix + name
    if (isOperators(condition)) fromOperators(path, condition, into)
    else add(into, path, equalBound(condition, into.collation))
  }
}

function fromOperators(path: string, operators: Doc, into: Collecting): void {
  for (const [name, operand] of operators) {
    if (name === '$elemMatch') {
      if (isDoc(operand) && !isOperators(operand)) fromFilter(operand, `${path}.`, into)
      continue
    }
    add(into, path, operatorBound(name, operand, { operators, collation: into.collation }))
  }
}

function add({ bounds }: Collecting, path: string, bound: Bound | null): void {
  if (!bound) return
  const list = bounds.get(path)
  if (list) list.push(bound)
  else bounds.set(path, [bound])
}

function operatorBound(
  name: string,
  operand: Value,
  { operators, collation }: { operators: Doc; collation: Collation | null },
): Bound | null {
  switch (name) {
    case '$eq':
      return equalBound(operand, collation)
    case '$in':
      return inBound(operand, collation)
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return rangeBound(name, operand, collation)
    case '$regex': {
      const options = operators.get('$options') ?? (operand instanceof Regex ? operand.options : '')
      const pattern = operand instanceof Regex ? operand.pattern : operand
      return typeof pattern === 'string' && typeof options === 'string'
        ? regexBound(pattern, options, collation)
        : null
    }
    case '$all':
      return Array.isArray(operand) && operand.length > 0 ? equalBound(operand[0]!, collation) : null
    case '$exists':
      return operand === true || operand === 1
        ? { ranges: [EVERYTHING], points: false, matchesMissing: false, textual: false }
        : null
    default:
      return null
  }
}

function isNothing(value: Value): boolean {
  return value === null || value instanceof Undefined
}

function point(value: Value, collation: Collation | null): Range {
  const low = keyOf(value, collation?.bucket)
  return { low, high: keyAfter(low) }
}

/** Null finds null, nothing and the old "undefined". */
const NOTHING: Range = { low: Buffer.from([ORDER.undefined]), high: Buffer.from([ORDER.null + 1]) }

function equalBound(value: Value, collation: Collation | null): Bound | null {
  if (Array.isArray(value)) return null
  if (value instanceof Regex) return regexBound(value.pattern, value.options, collation)
  if (isOperators(value)) return null
  if (isNothing(value)) return { ranges: [NOTHING], points: false, matchesMissing: true, textual: false }
  return { ranges: [point(value, collation)], points: true, matchesMissing: false, textual: holdsText(value) }
}

function inBound(operand: Value, collation: Collation | null): Bound | null {
  if (!Array.isArray(operand) || operand.length > MAX_POINTS) return null
  if (operand.some((item) => Array.isArray(item) || item instanceof Regex)) return null
  const ranges = operand.map((item) => (isNothing(item) ? NOTHING : point(item, collation)))
  const missing = operand.some(isNothing)
  const textual = operand.some(holdsText)
  return { ranges: disjoint(ranges), points: !missing, matchesMissing: missing, textual }
}

const RANGED: ReadonlySet<number> = new Set([
  ORDER.number,
  ORDER.string,
  ORDER.binData,
  ORDER.objectId,
  ORDER.bool,
  ORDER.date,
  ORDER.timestamp,
])

const ABOVE_NAN = keyAfter(keyOf(NaN))

/** By a collation the keys of texts have no order: a range is looked for among all of them. */
const TEXTS: Range = { low: Buffer.from([ORDER.string]), high: Buffer.from([ORDER.string + 1]) }
const ALL_TEXTS: Bound = { ranges: [TEXTS], points: false, matchesMissing: false, textual: true }

function rangeBound(name: string, operand: Value, collation: Collation | null): Bound | null {
  const order = orderOf(operand)
  if (!RANGED.has(order)) return null
  if (isNumber(operand) && Number.isNaN(toNumber(operand as Num))) return null
  if (collation && order === ORDER.string) return { ...ALL_TEXTS, ranges: [{ ...TEXTS }] }
  const key = keyOf(operand)
  // NaN is the least of the numbers, and no number is above or below it
  const low = order === ORDER.number ? ABOVE_NAN : Buffer.from([order])
  const high = Buffer.from([order + 1])
  const range =
    name === '$gt'
      ? { low: keyAfter(key), high }
      : name === '$gte'
        ? { low: key, high }
        : { low, high: name === '$lt' ? key : keyAfter(key) }
  return { ranges: [range], points: false, matchesMissing: false, textual: order === ORDER.string }
}

function regexBound(pattern: string, options: string, collation: Collation | null): Bound | null {
  const prefix = literalPrefix(pattern, options)
  if (prefix === null || collation) return null
  const low = Buffer.concat([Buffer.from([ORDER.string]), Buffer.from(prefix)])
  // a regex also equals stored regexes; those are rare enough to be looked through as a whole
  const stored = { low: Buffer.from([ORDER.regex]), high: Buffer.from([ORDER.regex + 1]) }
  return {
    ranges: [{ low, high: keyAfter(low) }, stored],
    points: false,
    matchesMissing: false,
    textual: true,
  }
}

/** Sorts ranges and joins those that touch. */
export function disjoint(ranges: readonly Range[]): Range[] {
  const sorted = [...ranges].sort((a, b) => Buffer.compare(a.low, b.low))
  const joined: Range[] = []
  for (const range of sorted) {
    const last = joined.at(-1)
    if (last && Buffer.compare(range.low, last.high) < 0) {
      if (Buffer.compare(range.high, last.high) > 0) last.high = range.high
    } else {
      joined.push({ ...range })
    }
  }
  return joined
}

/** The ranges that lie in both. */
function intersect(a: readonly Range[], b: readonly Range[]): Range[] {
  const found: Range[] = []
  for (const x of a) {
    for (const y of b) {
      const low = Buffer.compare(x.low, y.low) > 0 ? x.low : y.low
      const high = Buffer.compare(x.high, y.high) < 0 ? x.high : y.high
      if (Buffer.compare(low, high) < 0) found.push({ low, high })
    }
  }
  return found
}

/**
 * All conditions of one path as one. Over arrays each condition may be met by another element, so they cannot be
 * intersected: the sharpest one stands for all.
 */
export function mergeBounds(bounds: readonly Bound[], multikey: boolean): Bound {
  const points = bounds.find((bound) => bound.points)
  if (multikey || bounds.length === 1)
    return points ?? bounds.find((bound) => bound.ranges[0] !== EVERYTHING) ?? bounds[0]!
  return bounds.reduce((merged, bound) => ({
    ranges: intersect(merged.ranges, bound.ranges),
    points: merged.points || bound.points,
    matchesMissing: merged.matchesMissing && bound.matchesMissing,
    textual: merged.textual || bound.textual,
  }))
}
