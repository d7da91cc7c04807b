import { decimalParts, divideParts, packDecimal, type DecimalParts } from '../bson/decimal.ts'
import { arithmetic, doubleToDecimal, rankOf, toInt64, toNumber, toParts, type Num } from '../bson/number.ts'
import { DateTime, Decimal, double, isNumber, typeName, type Maybe, type Value } from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import { between, isNothing, ofNumber, ofValues, operands } from './operands.ts'
import type { Operator } from './scope.ts'

const add: Operator = (source, compile) => {
  const list = operands(source, compile)
  return (scope) => {
    let sum: Num = 0
    let date: DateTime | null = null
    for (const item of list) {
      const value = item(scope)
      if (isNothing(value)) return null
      if (value instanceof DateTime) {
        if (date) throw locationError(16612, 'only one date allowed in an $add expression')
        date = value
      } else if (isNumber(value)) {
        sum = arithmetic('add', [sum, value], 'double')!
      } else {
        throw mongoError('TypeMismatch', `$add only supports numeric or date types, not ${typeName(value)}`)
      }
    }
    return date ? new DateTime(date.ms + Math.round(toNumber(sum))) : sum
  }
}

const multiply: Operator = (source, compile) => {
  const list = operands(source, compile)
  return (scope) => {
    let product: Num = 1
    for (const item of list) {
      const value = item(scope)
      if (isNothing(value)) return null
      if (!isNumber(value))
        throw mongoError('TypeMismatch', `$multiply only supports numeric types, not ${typeName(value)}`)
      product = arithmetic('multiply', [product, value], 'double')!
    }
    return product
  }
}

function subtract([a, b]: Value[]): Maybe {
  if (isNumber(a) && isNumber(b)) return arithmetic('subtract', [a, b], 'double')!
  if (a instanceof DateTime && b instanceof DateTime) return BigInt(a.ms - b.ms)
  if (a instanceof DateTime && isNumber(b)) return new DateTime(a.ms - Math.round(toNumber(b)))
  throw mongoError('TypeMismatch', `can't $subtract ${typeName(b)} from ${typeName(a)}`)
}

function divide([a, b]: Value[]): Maybe {
  if (!isNumber(a) || !isNumber(b))
    throw mongoError(
      'TypeMismatch',
      `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`,
    )
  if (toNumber(b) === 0) throw mongoError('BadValue', "can't $divide by zero")
  if (a instanceof Decimal || b instanceof Decimal) return packDecimal(divideParts(wide(a), wide(b)))
  return double(toNumber(a) / toNumber(b))
}

function wide(value: Num) {
  return rankOf(value) === 2 ? decimalParts(doubleToDecimal(toNumber(value))) : toParts(value)
}

function mod([a, b]: Value[]): Maybe {
  if (!isNumber(a) || !isNumber(b))
    throw locationError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
  if (toNumber(b) === 0) throw locationError(16610, "can't $mod by zero")
  const rank = Math.max(rankOf(a), rankOf(b))
  if (rank === 3) return decimalMod(wide(a), wide(b))
  if (rank === 2) return double(toNumber(a) % toNumber(b))
  const rest = BigInt(a as number | bigint) % BigInt(b as number | bigint)
  return rank === 1 ? rest : Number(rest)
}

/** The exact rest, with the sign of the dividend. */
function decimalMod(a: DecimalParts, b: DecimalParts): Value {
  if (a.kind !== 'finite' || b.kind === 'nan') return packDecimal({ kind: 'nan' })
  if (b.kind === 'infinity') return packDecimal(a)
  const exponent = Math.min(a.exponent, b.exponent)
  const scaled = (parts: typeof a): bigint => parts.coefficient * 10n ** BigInt(parts.exponent - exponent)
  return packDecimal({ kind: 'finite', negative: a.negative, coefficient: scaled(a) % scaled(b), exponent })
}

/** Functions of doubles; decimals go through their nearest double, which would be a near miss: refused. */
export function ofDouble(run: (value: number) => number): Operator {
  return ofNumber((value) => {
    if (value instanceof Decimal) throw notOfDecimal('this function')
    return double(run(toNumber(value)))
  })
}

function notOfDecimal(name: string): Error {
  return mongoError(
    'NotImplemented',
    `${name} of a Decimal128 is not supported by the embedded datastore; take $toDouble of it.`,
  )
}

/** The root of a decimal to its 34 digits. */
function squareRoot(value: Num): Value {
  if (toNumber(value) < 0) throw locationError(28714, "$sqrt's argument must be greater than or equal to 0")
  if (!(value instanceof Decimal)) return double(Math.sqrt(toNumber(value)))
  const parts = decimalParts(value)
  if (parts.kind !== 'finite' || parts.coefficient === 0n) return value
  // twice 36 digits, so that the root has two more than are kept
  const shift = 72 + (Math.abs(parts.exponent) % 2)
  const square = parts.coefficient * 10n ** BigInt(shift)
  let root = rootOf(square)
  let exponent = (parts.exponent - shift) / 2
  if (root * root !== square) return packDecimal({ ...parts, coefficient: root, exponent })
  while (root % 10n === 0n && exponent < 0) {
    root /= 10n
    exponent++
  }
  return packDecimal({ ...parts, coefficient: root, exponent })
}

/** The whole part of a root, by Newton's method. */
function rootOf(square: bigint): bigint {
  let guess = 10n ** BigInt(Math.ceil(square.toString().length / 2))
  for (;;) {
    const next = (guess + square / guess) / 2n
    if (next >= guess) return guess
    guess = next
  }
}

/** Whole numbers stay what they are. */
function whole(name: 'ceil' | 'floor'): Operator {
  return ofNumber((value) => {
    if (rankOf(value) < 2) return value
    if (value instanceof Decimal) return roundDecimal(value, name)
    return double(Math[name](toNumber(value)))
  })
}

/** Rounds the exact value of a decimal to `places` after the point. */
function roundDecimal(value: Decimal, how: 'ceil' | 'floor' | 'trunc' | 'even', places = 0): Decimal {
  const parts = decimalParts(value)
  if (parts.kind !== 'finite' || parts.exponent >= -places) return value
  const scale = 10n ** BigInt(-places - parts.exponent)
  const quotient = parts.coefficient / scale
  const rest = parts.coefficient % scale
  const up =
    how === 'even'
      ? rest * 2n > scale || (rest * 2n === scale && quotient % 2n === 1n)
      : rest > 0n && ((how === 'ceil' && !parts.negative) || (how === 'floor' && parts.negative))
  return packDecimal({ ...parts, coefficient: up ? quotient + 1n : quotient, exponent: -places })
}

function rounding(how: 'even' | 'trunc'): Operator {
  return (source, compile, name) => {
    const [value, place] = between([1, 2], source, { compile, name })
    return (scope) => {
      const given = value!(scope)
      const places = place ? place(scope) : 0
      if (isNothing(given) || isNothing(places)) return null
      if (!isNumber(given))
        throw locationError(51081, `${name} only supports numeric types, not ${typeName(given)}`)
      const count = isNumber(places) ? toInt64(places) : null
      if (count === null) throw locationError(51082, `${name} needs an integer as the place`)
      if (count < -20n || count > 100n)
        throw locationError(
          51083,
          `cannot apply ${name} with precision value ${count}, must be in [-20, 100]`,
        )
      return roundTo(given, Number(count), how)
    }
  }
}

function roundTo(value: Num, places: number, how: 'even' | 'trunc'): Value {
  if (rankOf(value) < 2 && places >= 0) return value
  if (value instanceof Decimal) return roundDecimal(value, how, places)
  const exact = packDecimal(toParts(value))
  const rounded = roundDecimal(exact, how, places)
  if (rankOf(value) === 2) return double(toNumber(rounded))
  const whole = toInt64(rounded)
  if (whole === null) throw locationError(51080, 'the rounded value overflows 64 bits')
  return typeof value === 'bigint' || BigInt.asIntN(32, whole) !== whole ? whole : Number(whole)
}

function abs(value: Num): Value {
  if (value instanceof Decimal) {
    const parts = decimalParts(value)
    return parts.kind === 'nan' ? value : packDecimal({ ...parts, negative: false })
  }
  if (value === -(2n ** 63n)) throw locationError(28680, "can't take $abs of long long min")
  if (toNumber(value) >= 0) return value
  return arithmetic('subtract', [0, value], 'double')!
}

function power([a, b]: Value[]): Maybe {
  if (!isNumber(a)) throw locationError(28762, `$pow's base must be numeric, not ${typeName(a)}`)
  if (!isNumber(b)) throw locationError(28763, `$pow's exponent must be numeric, not ${typeName(b)}`)
  if (toNumber(a) === 0 && toNumber(b) < 0)
    throw locationError(28764, '$pow cannot take a base of 0 and a negative exponent')
  const rank = Math.max(rankOf(a), rankOf(b))
  if (rank === 3) throw notOfDecimal('$pow')
  const result = toNumber(a) ** toNumber(b)
  if (rank === 2 || !Number.isInteger(result) || Math.abs(result) > 2 ** 64) return double(result)
  // a whole result of a negative exponent: the base is 1 or -1
  const exact =
    toNumber(b) < 0 ? BigInt(result) : BigInt(a as number | bigint) ** BigInt(b as number | bigint)
  if (rank === 0 && BigInt.asIntN(32, exact) === exact) return Number(exact)
  return BigInt.asIntN(64, exact) === exact ? exact : double(result)
}

function logarithm([value, base]: Value[]): Maybe {
  if (!isNumber(value)) throw locationError(28756, `$log's argument must be numeric, not ${typeName(value)}`)
  if (!isNumber(base)) throw locationError(28757, `$log's base must be numeric, not ${typeName(base)}`)
  if (toNumber(value) <= 0)
    throw locationError(28758, `$log's argument must be a positive number, but is ${toNumber(value)}`)
  if (toNumber(base) <= 0 || toNumber(base) === 1)
    throw locationError(
      28759,
      `$log's base must be a positive number not equal to 1, but is ${toNumber(base)}`,
    )
  if (value instanceof Decimal || base instanceof Decimal) throw notOfDecimal('$log')
  return double(Math.log(toNumber(value)) / Math.log(toNumber(base)))
}

function positive(code: number, run: (value: number) => number): (value: number) => number {
  return (value) => {
    if (value <= 0) throw locationError(code, `the argument must be a positive number, but is ${value}`)
    return run(value)
  }
}

/** `$min`, `$max`, `$sum`, `$avg` as expressions are in arrays.ts: they take lists. */
export const arithmeticOperators: [string, Operator][] = [
  ['$add', add],
  ['$multiply', multiply],
  ['$subtract', ofValues(2, subtract)],
  ['$divide', ofValues(2, divide)],
  ['$mod', ofValues(2, mod)],
  ['$abs', ofNumber(abs)],
  ['$ceil', whole('ceil')],
  ['$floor', whole('floor')],
  ['$round', rounding('even')],
  ['$trunc', rounding('trunc')],
  ['$pow', ofValues(2, power)],
  ['$log', ofValues(2, logarithm)],
  ['$sqrt', ofNumber(squareRoot)],
  ['$exp', ofDouble(Math.exp)],
  ['$ln', ofDouble(positive(28766, Math.log))],
  ['$log10', ofDouble(positive(28761, Math.log10))],
  ['$degreesToRadians', ofDouble((value) => (value * Math.PI) / 180)],
  ['$radiansToDegrees', ofDouble((value) => (value * 180) / Math.PI)],
  ['$rand', () => () => double(Math.random())],
]
