import {
  compareParts,
  decimalParts,
  exactDouble,
  formatDecimal,
  packDecimal,
  type DecimalParts,
} from './decimal.ts'
import { Decimal, double, Double, isInt32, type Value } from './value.ts'

/** Any of BSON's four numbers. */
export type Num = number | bigint | Double | Decimal

/** The nearest double; exact for all but large int64 and decimals. */
export function toNumber(value: Num): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Double) return value.value
  return Number(formatDecimal(decimalParts(value)))
}

/** The exact value. */
export function toParts(value: Num): DecimalParts {
  if (value instanceof Decimal) return decimalParts(value)
  if (typeof value === 'bigint') {
    return { kind: 'finite', negative: value < 0n, coefficient: value < 0n ? -value : value, exponent: 0 }
  }
  return exactDouble(toNumber(value))
}

/** Compares two numbers of any types by exact value; NaN is below all and equal to itself. */
export function compareNumbers(a: Num, b: Num): number {
  if (a instanceof Decimal || b instanceof Decimal) return compareParts(toParts(a), toParts(b))
  const left = a instanceof Double ? a.value : a
  const right = b instanceof Double ? b.value : b
  if (left < right) return -1
  if (left > right) return 1
  if (left == right) return 0 // loose on purpose: 1n == 1
  return (Number.isNaN(left) ? 0 : 1) - (Number.isNaN(right) ? 0 : 1)
}

/** The int64 that a number is, or null when it is none (a fraction, out of range, not finite). */
export function toInt64(value: Num): bigint | null {
  if (typeof value === 'bigint') return value
  if (value instanceof Decimal) {
    const parts = decimalParts(value)
    if (parts.kind !== 'finite' || parts.exponent > 19) return null
    const scale = 10n ** BigInt(Math.abs(parts.exponent))
    if (parts.exponent < 0 && parts.coefficient % scale !== 0n) return null
    const magnitude = parts.exponent < 0 ? parts.coefficient / scale : parts.coefficient * scale
    return fits64(parts.negative ? -magnitude : magnitude)
  }
  const number = toNumber(value)
  return Number.isInteger(number) ? fits64(BigInt(number)) : null
}

function fits64(value: bigint): bigint | null {
  return BigInt.asIntN(64, value) === value ? value : null
}

/** The order of promotion: int32, int64, double, decimal. */
export function rankOf(value: Num): 0 | 1 | 2 | 3 {
  if (typeof value === 'bigint') return 1
  if (typeof value === 'number') return isInt32(value) ? 0 : 2
  return value instanceof Double ? 2 : 3
}

export type Arithmetic = 'add' | 'subtract' | 'multiply'

/**
 * Arithmetic with MongoDB's promotion: int32 grows to int64, int64 to double where `overflow` allows it (as in
 * expressions) or gives null (as in `$inc`), and the wider of two types wins.
 */
export function arithmetic(op: Arithmetic, [a, b]: [Num, Num], overflow: 'double' | 'null'): Num | null {
  const rank = Math.max(rankOf(a), rankOf(b))
  if (rank === 3) return packDecimal(decimalArithmetic(op, toParts(widen(a)), toParts(widen(b))))
  if (rank === 2) return double(floatArithmetic(op, toNumber(a), toNumber(b)))
  const exact = integerArithmetic(op, BigInt(a as number | bigint), BigInt(b as number | bigint))
  if (rank === 0 && BigInt.asIntN(32, exact) === exact) return Number(exact)
  if (BigInt.asIntN(64, exact) === exact) return exact
  return overflow === 'double' ? double(Number(exact)) : null
}

/** MongoDB takes a double into decimal arithmetic with its 15 significant digits. */
function widen(value: Num): Num {
  if (rankOf(value) !== 2) return value
  return doubleToDecimal(toNumber(value))
}

/** A double as a decimal of 15 significant digits, as MongoDB converts them. */
export function doubleToDecimal(value: number): Decimal {
  if (!Number.isFinite(value)) return packDecimal(exactDouble(value))
  const [mantissa, exponent] = value.toExponential(14).split('e') as [string, string]
  let coefficient = BigInt(mantissa.replace(/[-.]/g, ''))
  let power = Number(exponent) - 14
  while (coefficient !== 0n && coefficient % 10n === 0n && power < 0) {
    coefficient /= 10n
    power++
  }
  if (coefficient === 0n) power = 0
  return packDecimal({ kind: 'finite', negative: value < 0, coefficient, exponent: power })
}

function floatArithmetic(op: Arithmetic, a: number, b: number): number {
  if (op === 'add') return a + b
  return op === 'subtract' ? a - b : a * b
}

function integerArithmetic(op: Arithmetic, a: bigint, b: bigint): bigint {
  if (op === 'add') return a + b
  return op === 'subtract' ? a - b : a * b
}

function decimalArithmetic(op: Arithmetic, a: DecimalParts, b: DecimalParts): DecimalParts {
  if (op === 'subtract')
    return decimalArithmetic('add', a, b.kind === 'nan' ? b : { ...b, negative: !b.negative })
  if (a.kind !== 'finite' || b.kind !== 'finite') {
    return toParts(double(floatArithmetic(op, specialNumber(a), specialNumber(b))))
  }
  if (op === 'multiply') {
    return {
      kind: 'finite',
      negative: a.negative !== b.negative,
      coefficient: a.coefficient * b.coefficient,
      exponent: a.exponent + b.exponent,
    }
  }
  const exponent = Math.min(a.exponent, b.exponent)
  const sum = scaled(a, exponent) + scaled(b, exponent)
  return { kind: 'finite', negative: sum < 0n, coefficient: sum < 0n ? -sum : sum, exponent }
}

function scaled(parts: Extract<DecimalParts, { kind: 'finite' }>, exponent: number): bigint {
  const value = parts.coefficient * 10n ** BigInt(parts.exponent - exponent)
  return parts.negative ? -value : value
}

function specialNumber(parts: DecimalParts): number {
  if (parts.kind === 'nan') return NaN
  const sign = parts.negative ? -1 : 1
  if (parts.kind === 'infinity') return sign * Infinity
  return parts.coefficient === 0n ? 0 : sign
}

/** A number given as an option (limit, batchSize, …): its integer part, or null when it is no finite number. */
export function optionNumber(value: Value | undefined): number | null {
  if (
    typeof value !== 'number' &&
    typeof value !== 'bigint' &&
    !(value instanceof Double) &&
    !(value instanceof Decimal)
  ) {
    return null
  }
  const number = Math.trunc(toNumber(value))
  return Number.isFinite(number) ? number : null
}
