import { compareNumbers, type Num } from './number.ts'
import {
  Binary,
  BsonSymbol,
  Code,
  DateTime,
  DbPointer,
  ObjectId,
  Regex,
  T,
  Timestamp,
  typeOf,
  type Doc,
  type Value,
} from './value.ts'

/**
 * The place of each type in MongoDB's order (manual, "Comparison/Sort Order"), with gaps, as keys use it too.
 * 0 is left free for "end of list".
 */
export const ORDER = {
  minKey: 0x01,
  undefined: 0x03,
  null: 0x05,
  number: 0x0a,
  string: 0x0f,
  object: 0x14,
  array: 0x19,
  binData: 0x1e,
  objectId: 0x23,
  bool: 0x28,
  date: 0x2d,
  timestamp: 0x32,
  regex: 0x37,
  dbPointer: 0x3c,
  javascript: 0x41,
  javascriptWithScope: 0x46,
  maxKey: 0xf0,
} as const

const ORDER_OF_TYPE: Record<number, number> = {
  [T.minKey]: ORDER.minKey,
  [T.undefined]: ORDER.undefined,
  [T.null]: ORDER.null,
  [T.double]: ORDER.number,
  [T.int]: ORDER.number,
  [T.long]: ORDER.number,
  [T.decimal]: ORDER.number,
  [T.string]: ORDER.string,
  [T.symbol]: ORDER.string,
  [T.object]: ORDER.object,
  [T.array]: ORDER.array,
  [T.binData]: ORDER.binData,
  [T.objectId]: ORDER.objectId,
  [T.bool]: ORDER.bool,
  [T.date]: ORDER.date,
  [T.timestamp]: ORDER.timestamp,
  [T.regex]: ORDER.regex,
  [T.dbPointer]: ORDER.dbPointer,
  [T.javascript]: ORDER.javascript,
  [T.javascriptWithScope]: ORDER.javascriptWithScope,
  [T.maxKey]: ORDER.maxKey,
}

/** The place of a value's type in the order of types: equal for all numbers, and for strings and symbols. */
export function orderOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return ORDER.string
    case 'number':
    case 'bigint':
      return ORDER.number
    default:
      return ORDER_OF_TYPE[typeOf(value)]!
  }
}

/** MongoDB's order over all values: negative, zero, positive. */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  const order = orderOf(a)
  const difference = order - orderOf(b)
  if (difference !== 0) return difference
  switch (order) {
    case ORDER.number:
      return compareNumbers(a as Num, b as Num)
    case ORDER.string:
      return compareStrings(stringOf(a), stringOf(b))
    case ORDER.object:
      return compareDocs(a as Doc, b as Doc)
    case ORDER.array:
      return compareArrays(a as Value[], b as Value[])
    case ORDER.bool:
      return Number(a) - Number(b)
    default:
      return compareObjects(a, b)
  }
}

export function equal(a: Value, b: Value): boolean {
  return compare(a, b) === 0
}

function compareObjects(a: Value, b: Value): number {
  if (a instanceof ObjectId) return Buffer.compare(a.bytes, (b as ObjectId).bytes)
  if (a instanceof DateTime) return a.ms - (b as DateTime).ms
  if (a instanceof Binary) return compareBinary(a, b as Binary)
  if (a instanceof Timestamp)
    return Number(a.value > (b as Timestamp).value) - Number(a.value < (b as Timestamp).value)
  if (a instanceof Regex) {
    const other = b as Regex
    return compareStrings(a.pattern, other.pattern) || compareStrings(a.options, other.options)
  }
  if (a instanceof Code) {
    const other = b as Code
    return compareStrings(a.code, other.code) || compareDocs(a.scope ?? new Map(), other.scope ?? new Map())
  }
  if (a instanceof DbPointer) {
    const other = b as DbPointer
    return compareStrings(a.ns, other.ns) || Buffer.compare(a.id, other.id)
  }
  return 0
}

function compareBinary(a: Binary, b: Binary): number {
  return a.bytes.length - b.bytes.length || a.subtype - b.subtype || Buffer.compare(a.bytes, b.bytes)
}

type Compare = (a: Value, b: Value) => number

/** Field by field: type, then name, then value; a prefix comes first. */
export function compareDocs(a: Doc, b: Doc, compareValues: Compare = compare): number {
  const others = b.entries()
  for (const [name, value] of a) {
    const next = others.next()
    if (next.done) return 1
    const [otherName, otherValue] = next.value
    const difference =
      orderOf(value) - orderOf(otherValue) ||
      compareStrings(name, otherName) ||
      compareValues(value, otherValue)
    if (difference !== 0) return difference
  }
  return others.next().done ? 0 : -1
}

export function compareArrays(
  a: readonly Value[],
  b: readonly Value[],
  compareValues: Compare = compare,
): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = compareValues(a[i]!, b[i]!)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Of a string or a symbol. */
export function stringOf(value: Value): string {
  return value instanceof BsonSymbol ? value.value : (value as string)
}

/** By UTF-8 bytes; UTF-16 units agree with them below the surrogates. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    if (x < 0xd800 && y < 0xd800) return x - y
    return Buffer.compare(Buffer.from(a), Buffer.from(b))
  }
  return a.length - b.length
}
