import { decimalParts, formatDecimal, packDecimal, parseDecimal } from '../bson/decimal.ts'
import {
  doubleToDecimal,
  optionNumber,
  rankOf,
  toInt64,
  toNumber,
  toParts,
  type Num,
} from '../bson/number.ts'
import {
  Binary,
  BsonSymbol,
  DateTime,
  Decimal,
  double,
  isDoc,
  isNumber,
  ObjectId,
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
    const run = CONVERSIONS[targetName(target)]
    if (!run) throw mongoError('BadValue', `Unsupported conversion to ${targetName(target)} in $convert`)
    try {
      return run(value)
    } catch (error) {
      if (onError) return onError(scope)
      throw error
    }
  }
}

function targetName(target: Value): string {
  if (typeof target === 'string') return target
  const code = optionNumber(target)
  return Object.keys(TYPE_NAMES).find((name) => TYPE_NAMES[name] === code) ?? String(code)
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
    return new Map(list.map(pairOf))
  }
}

function pairOf(item: Value): [string, Value] {
  const [k, v] = Array.isArray(item) ? item : isDoc(item) ? [item.get('k'), item.get('v')] : []
  if (typeof k !== 'string' || v === undefined)
    throw locationError(40392, '$arrayToObject requires an array of key-value pairs, k must be a string')
  return [k, v]
}

const getField: Operator = (source, compile) => {
  const full = isDoc(source) && source.has('field')
  const field = compile(full ? (source as Doc).get('field')! : source)
  const input = full && (source as Doc).has('input') ? compile((source as Doc).get('input')!) : null
  return (scope) => {
    const name = field(scope)
    const from = input ? input(scope) : scope.root
    if (typeof name !== 'string')
      throw locationError(5654602, '$getField requires field to evaluate to type String')
    return isDoc(from) ? from.get(name) : isNothing(from) ? null : undefined
  }
}

const setField: Operator = (source, compile, name) => {
  const spec = named(source, name, { required: ['field', 'input'], optional: ['value'] })
  const field = compile(spec.get('field')!)
  const input = compile(spec.get('input')!)
  const value = name === '$setField' ? compile(spec.get('value') ?? null) : () => undefined
  return (scope) => {
    const doc = input(scope)
    if (isNothing(doc)) return null
    const key = field(scope)
    if (!isDoc(doc) || typeof key !== 'string')
      throw locationError(4161105, `${name} requires 'input' to evaluate to type Object`)
    const out = new Map(doc)
    const given = value(scope)
    if (given === undefined) out.delete(key)
    else out.set(key, given)
    return out
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
]
