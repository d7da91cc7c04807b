// The values of BSON as the server holds them. Documents are Maps, because the order of fields is part of a
// document and JavaScript objects put integer-like names first. Numbers keep their type: see `number` below.

/** BSON's own numbers for its types (bsonspec.org, "element"). */
export const T = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: 255,
  maxKey: 127,
} as const

export type Doc = Map<string, Value>

/**
 * - `number` is an int32 when it is an integer of 32 bits (and not -0), else a double: the rule by which the
 *   driver writes JavaScript numbers, so that almost no number needs a wrapper.
 * - {@link Double} is a double that the rule above would take for an int32.
 * - `bigint` is an int64.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Value[]
  | Doc
  | Double
  | Decimal
  | DateTime
  | ObjectId
  | Binary
  | Timestamp
  | Regex
  | Code
  | BsonSymbol
  | DbPointer
  | Undefined
  | MinKey
  | MaxKey

/** A value, or nothing at all at a path. */
export type Maybe = Value | undefined

export class Double {
  readonly t = T.double
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** The 16 bytes of IEEE 754 decimal128, little endian (binary integer coefficient). */
export class Decimal {
  readonly t = T.decimal
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

export class DateTime {
  readonly t = T.date
  /** Unix time in milliseconds, may be negative. */
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
}

export class ObjectId {
  readonly t = T.objectId
  readonly bytes: Buffer
  constructor(bytes: Buffer) {
    this.bytes = bytes
  }
}

export class Binary {
  readonly t = T.binData
  readonly subtype: number
  /** For the old subtype 2 without its inner length. */
  readonly bytes: Buffer
  constructor(subtype: number, bytes: Buffer) {
    this.subtype = subtype
    this.bytes = bytes
  }
}

/** Replication's timestamp: seconds in the high 32 bits, a counter in the low ones. */
export class Timestamp {
  readonly t = T.timestamp
  readonly value: bigint
  constructor(value: bigint) {
    this.value = value
  }
}

export class Regex {
  readonly t = T.regex
  readonly pattern: string
  readonly options: string
  constructor(pattern: string, options: string) {
    this.pattern = pattern
    this.options = options
  }
}

export class Code {
  readonly code: string
  readonly scope: Doc | null
  constructor(code: string, scope: Doc | null) {
    this.code = code
    this.scope = scope
  }
  get t(): number {
    return this.scope ? T.javascriptWithScope : T.javascript
  }
}

export class BsonSymbol {
  readonly t = T.symbol
  readonly value: string
  constructor(value: string) {
    this.value = value
  }
}

export class DbPointer {
  readonly t = T.dbPointer
  readonly ns: string
  readonly id: Buffer
  constructor(ns: string, id: Buffer) {
    this.ns = ns
    this.id = id
  }
}

export class Undefined {
  readonly t = T.undefined
}

export class MinKey {
  readonly t = T.minKey
}

export class MaxKey {
  readonly t = T.maxKey
}

/** True when the rule for plain numbers writes this one as an int32. */
export function isInt32(value: number): boolean {
  return (value | 0) === value && !(value === 0 && 1 / value < 0)
}

/** A double as a value: wrapped where a plain number would be read as an int32. */
export function double(value: number): number | Double {
  return isInt32(value) ? new Double(value) : value
}

/** The BSON type of a value. */
export function typeOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return T.string
    case 'number':
      return isInt32(value) ? T.int : T.double
    case 'boolean':
      return T.bool
    case 'bigint':
      return T.long
    default:
  }
  if (value === null) return T.null
  if (value instanceof Map) return T.object
  if (Array.isArray(value)) return T.array
  return value.t
}

/** MongoDB's names of the types, as `$type` takes and gives them. */
export const TYPE_NAMES: Record<string, number> = {
  double: T.double,
  string: T.string,
  object: T.object,
  array: T.array,
  binData: T.binData,
  undefined: T.undefined,
  objectId: T.objectId,
  bool: T.bool,
  date: T.date,
  null: T.null,
  regex: T.regex,
  dbPointer: T.dbPointer,
  javascript: T.javascript,
  symbol: T.symbol,
  javascriptWithScope: T.javascriptWithScope,
  int: T.int,
  timestamp: T.timestamp,
  long: T.long,
  decimal: T.decimal,
  minKey: -1,
  maxKey: T.maxKey,
}

const NAME_OF_TYPE = new Map(
  Object.entries(TYPE_NAMES).map(([name, type]) => [type === -1 ? T.minKey : type, name] as const),
)

/** MongoDB's name of a value's type; `missing` for nothing. */
export function typeName(value: Maybe): string {
  return value === undefined ? 'missing' : NAME_OF_TYPE.get(typeOf(value))!
}

export function isDoc(value: Maybe): value is Doc {
  return value instanceof Map
}

export function isNumber(value: Maybe): value is number | bigint | Double | Decimal {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Double ||
    value instanceof Decimal
  )
}
