import { decimalParts, formatDecimal, packDecimal, parseDecimal } from '../bson/decimal.ts'
import { encode } from '../bson/encode.ts'
import { doubleToDecimal, rankOf, toInt64, toNumber, toParts, type Num } from '../bson/number.ts'
import {
  Binary,
  BsonSymbol,
  DateTime,
  Decimal,
  double,
  isDoc,
  isNumber,
  ObjectId,
  Timestamp,
  TYPE_NAMES,
  typeName,
  type Doc,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import { isoDate, parseDate } from './date-text.ts'
import { exactly, isNothing, isTrue, named, operands } from './operands.ts'
import type { Expression, Operator } from './scope.ts'

function cannot(value: Value, target: string): Error {
  return mongoError(
    'ConversionFailure',
    `Unsupported conversion from ${typeName(value)} to ${target} in $convert with no onError value`,
  )
}

function failed(value: string, target: string): Error {
  return mongoError(
    'ConversionFailure',
    `Failed to parse ${target} '${value}' in $convert with no onError value`,
  )
}

function toDouble(value: Value): Value {
  if (typeof value === 'boolean') return double(value ? 1 : 0)
  if (isNumber(value)) return double(toNumber(value))
  if (value instanceof DateTime) return double(value.ms)
  if (typeof value !== 'string') throw cannot(value, 'double')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(infinity|inf)$|^nan$/i.test(value))
    throw failed(value, 'number')
  return double(Number(value.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity')))
}

function toDecimal(value: Value): Value {
  if (value instanceof Decimal) return value
  if (typeof value === 'boolean') return packDecimal(toParts(value ? 1 : 0))
  if (isNumber(value))
    return rankOf(value) === 2 ? doubleToDecimal(toNumber(value)) : packDecimal(toParts(value))
  if (value instanceof DateTime) return packDecimal(toParts(value.ms))
  if (typeof value !== 'string') throw cannot(value, 'decimal')
  const parts = parseDecimal(value)
  if (!parts) throw failed(value, 'number')
  return packDecimal(parts)
}

function toWhole(value: Value, bits: 32 | 64): Value {
  const target = bits === 32 ? 'int' : 'long'
  const exact = wholeOf(value, target)
  if (exact === null || BigInt.asIntN(bits, exact) !== exact) {
    throw mongoError(
      'ConversionFailure',
      'Conversion would overflow target type in $convert with no onError value',
    )
  }
  return bits === 32 ? Number(exact) : exact
}

function wholeOf(value: Value, target: string): bigint | null {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value instanceof DateTime && target === 'long') return BigInt(value.ms)
  if (isNumber(value)) return truncated(value)
  if (typeof value !== 'string') throw cannot(value, target)
  if (!/^[+-]?\d+$/.test(value)) throw failed(value, 'number')
  return BigInt(value.replace(/^\+/, ''))
}

function truncated(value: Num): bigint | null {
  const exact = toInt64(value)
  if (exact !== null) return exact
  if (value instanceof Decimal) {
    const parts = decimalParts(value)
    if (parts.kind !== 'finite' || parts.exponent >= 0) return null
    const magnitude = parts.coefficient / 10n ** BigInt(-parts.exponent)
    return parts.negative ? -magnitude : magnitude
  }
  const number = Math.trunc(toNumber(value))
  return Number.isFinite(number) ? BigInt(number) : null
}

function toText(value: Value): Value {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof Decimal) return formatDecimal(decimalParts(value))
  if (isNumber(value)) return String(toNumber(value))
  if (value instanceof ObjectId) return value.bytes.toString('hex')
  if (value instanceof DateTime) return isoDate(value.ms)
  if (value instanceof BsonSymbol) return value.value
  throw cannot(value, 'string')
}

function toBool(value: Value): Value {
  return isNumber(value) || typeof value === 'boolean' ? isTrue(value) : true
}

function toDate(value: Value): Value {
  if (value instanceof DateTime) return value
  if (value instanceof ObjectId) return new DateTime(value.bytes.readUInt32BE(0) * 1000)
  if (value instanceof Timestamp) return new DateTime(Number(value.value >> 32n) * 1000)
  if (isNumber(value) && rankOf(value) > 0) return new DateTime(Math.trunc(toNumber(value)))
  if (typeof value !== 'string') throw cannot(value, 'date')
  const ms = parseDate(value)
  if (ms === null) throw failed(value, 'date')
  return new DateTime(ms)
}

function toObjectId(value: Value): Value {
  if (value instanceof ObjectId) return value
  if (typeof value !== 'string') throw cannot(value, 'objectId')
  if (!/^[0-9a-f]{24}$/i.test(value)) throw failed(value, 'objectId')
  return new ObjectId(Buffer.from(value, 'hex'))
}

const CONVERSIONS: Record<string, (value: Value) => Value> = {
  double: toDouble,
  string: toText,
  objectId: toObjectId,
  bool: toBool,
  date: toDate,
  int: (value) => toWhole(value, 32),
  long: (value) => toWhole(value, 64),
  decimal: toDecimal,
}

function conversion(target: string): Operator {
  return (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => {
      const value = operand(scope)
      return isNothing(value) ? null : CONVERSIONS[target]!(value)
    }
  }
}

const convert: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['input', 'to'], optional: ['onError', 'onNull'] })
  const input = compile(spec.get('input')!)
  const to = compile(spec.get('to')!)
  const onError = spec.has('onError') ? compile(spec.get('onError')!) : null
  const onNull = spec.has('onNull') ? compile(spec.get('onNull')!) : null
  return (scope) => {
    const value = input(scope)
    const target = to(scope)
    if (isNothing(target)) return null
    if (isNothing(value)) return onNull ? onNull(scope) : null
    const wanted = targetName(target)
    const run = CONVERSIONS[wanted]
    try {
      if (!run) throw cannot(value, wanted)
      return run(value)
    } catch (error) {
      if (onError) return onError(scope)
      throw error
    }
  }
}

/** @throws BadValue (2) for no type of BSON's, FailedToParse (9) for what cannot name one */
function targetName(target: Value): string {
  if (typeof target === 'string') {
    if (TYPE_NAMES[target] === undefined) throw mongoError('BadValue', `Unknown type name: ${target}`)
    return target
  }
  if (!isNumber(target))
    throw mongoError('FailedToParse', "$convert's 'to' argument must be a string or number")
  const code = toInt64(target)
  if (code === null) throw mongoError('FailedToParse', "In $convert, numeric 'to' argument is not an integer")
  const name = Object.keys(TYPE_NAMES).find((known) => BigInt(TYPE_NAMES[known]!) === code)
  if (name === undefined)
    throw mongoError(
      'FailedToParse',
      `In $convert, numeric value for 'to' does not correspond to a BSON type: ${code}`,
    )
  return name
}

const mergeObjects: Operator = (source, compile) => {
  const list = operands(source, compile)
  return (scope) => {
    const merged: Doc = new Map()
    for (const item of list.map((operand) => operand(scope)).flat()) {
      if (isNothing(item as Maybe)) continue
      if (!isDoc(item as Maybe))
        throw locationError(
          40400,
          `$mergeObjects requires object inputs, but input is of type ${typeName(item as Maybe)}`,
        )
      for (const [field, value] of item as Doc) merged.set(field, value)
    }
    return merged
  }
}

const objectToArray: Operator = (source, compile, name) => {
  const [operand] = exactly(1, source, { compile, name }) as [Expression]
  return (scope) => {
    const doc = operand(scope)
    if (isNothing(doc)) return null
    if (!isDoc(doc))
      throw locationError(40390, `$objectToArray requires a document input, found: ${typeName(doc)}`)
    return [...doc].map(
      ([k, v]) =>
        new Map<string, Value>([
          ['k', k],
          ['v', v],
        ]),
    )
  }
}

const arrayToObject: Operator = (source, compile, name) => {
  const [operand] = exactly(1, source, { compile, name }) as [Expression]
  return (scope) => {
    const list = operand(scope)
    if (isNothing(list)) return null
    if (!Array.isArray(list))
      throw locationError(40386, `$arrayToObject requires an array input, found: ${typeName(list)}`)
    const [first] = list
    if (first === undefined) return new Map()
    if (!Array.isArray(first) && !isDoc(first)) throw notAPair(40398, 'objects or arrays of pairs', first)
    const kind = Array.isArray(first) ? 'array' : 'object'
    const doc: Doc = new Map(list.map((item) => pairOf(item, kind)))
    for (const key of doc.keys())
      if (key.includes('\0')) throw locationError(4940401, 'Key field cannot contain an embedded null byte')
    return doc
  }
}

type PairKind = 'array' | 'object'

/** `[k, v]` or `{ k, v }`, all of one kind, as the first is. */
function pairOf(item: Value, kind: PairKind): [string, Value] {
  if (kind === 'array') {
    if (!Array.isArray(item)) throw notAPair(40396, 'an array of size 2', item)
    if (item.length !== 2) throw locationError(40397, '$arrayToObject requires an array of size 2 arrays')
    const [key, value] = item as [Value, Value]
    if (typeof key !== 'string') throw notAPair(40395, 'the first element of a pair to be a string', key)
    return [key, value]
  }
  if (!isDoc(item)) throw notAPair(40391, 'objects only', item)
  const [k, v] = [item.get('k'), item.get('v')]
  if (item.size !== 2) throw locationError(40392, "$arrayToObject requires an object keys of 'k' and 'v'")
  if (k === undefined || v === undefined)
    throw locationError(40393, "$arrayToObject requires an object with keys 'k' and 'v'")
  if (typeof k !== 'string') throw notAPair(40394, "the value of key 'k' to be of type string", k)
  return [k, v]
}

function notAPair(code: number, wanted: string, found: Value): Error {
  return locationError(code, `$arrayToObject requires ${wanted}, found: ${typeName(found)}`)
}

/** `{ $getField: "name" }` stands for the field of the document at hand. */
const getField: Operator = (source, compile, name) => {
  const full = isDoc(source) && ![...source.keys()][0]?.startsWith('$')
  const spec = full ? named(source, name, { required: ['field', 'input'] }) : null
  const field = compile(spec ? spec.get('field')! : source)
  const input = spec ? compile(spec.get('input')!) : null
  return (scope) => {
    const wanted = field(scope)
    const from = input ? input(scope) : scope.root
    if (typeof wanted !== 'string')
      throw locationError(5654602, '$getField requires field to evaluate to type String')
    return isDoc(from) ? from.get(wanted) : isNothing(from) ? null : undefined
  }
}

/** The field that is set must be known beforehand. @throws 4161106, 4161107, 4161108 */
function constantField(source: Value, name: string): string {
  if (typeof source === 'string') {
    if (source.startsWith('$'))
      throw locationError(
        4161108,
        `${name} requires 'field' to evaluate to a constant, found a path: ${source}`,
      )
    return source
  }
  if (!isDoc(source))
    throw locationError(
      4161107,
      `${name} requires 'field' to evaluate to type String, found ${typeName(source)}`,
    )
  const literal = source.get('$literal') ?? source.get('$const')
  if (typeof literal === 'string') return literal
  throw locationError(4161106, `${name} requires 'field' to evaluate to a constant string`)
}

const setField: Operator = (source, compile, name) => {
  const sets = name === '$setField'
  const spec = named(source, name, { required: sets ? ['field', 'input', 'value'] : ['field', 'input'] })
  const field = constantField(spec.get('field')!, name)
  const input = compile(spec.get('input')!)
  const value = sets ? compile(spec.get('value')!) : () => undefined
  return (scope) => {
    const doc = input(scope)
    if (isNothing(doc)) return null
    if (!isDoc(doc)) throw locationError(4161105, `${name} requires 'input' to evaluate to type Object`)
    const out = new Map(doc)
    const given = value(scope)
    if (given === undefined) out.delete(field)
    else out.set(field, given)
    return out
  }
}

const bsonSize: Operator = (source, compile, name) => {
  const [operand] = exactly(1, source, { compile, name }) as [Expression]
  return (scope) => {
    const doc = operand(scope)
    if (isNothing(doc)) return null
    if (!isDoc(doc))
      throw locationError(31393, `$bsonSize requires a document input, found: ${typeName(doc)}`)
    return encode(doc).length
  }
}

const unary =
  (run: (value: Maybe) => Value): Operator =>
  (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => run(operand(scope))
  }

const binarySize = unary((value) => {
  if (isNothing(value)) return null
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (value instanceof Binary) return value.bytes.length
  throw locationError(51276, `$binarySize requires a string or BinData argument, found: ${typeName(value)}`)
})

export const typeOperators: [string, Operator][] = [
  ['$type', unary((value) => typeName(value))],
  ['$isNumber', unary((value) => isNumber(value))],
  ['$convert', convert],
  ['$toDouble', conversion('double')],
  ['$toString', conversion('string')],
  ['$toObjectId', conversion('objectId')],
  ['$toBool', conversion('bool')],
  ['$toDate', conversion('date')],
  ['$toInt', conversion('int')],
  ['$toLong', conversion('long')],
  ['$toDecimal', conversion('decimal')],
  ['$mergeObjects', mergeObjects],
  ['$objectToArray', objectToArray],
  ['$arrayToObject', arrayToObject],
  ['$getField', getField],
  ['$setField', setField],
  ['$unsetField', setField],
  ['$binarySize', binarySize],
  ['$bsonSize', bsonSize],
]
