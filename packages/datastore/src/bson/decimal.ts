// decimal128 (IEEE 754-2008, binary integer coefficient) as exact integers.
import { Decimal } from './value.ts'

/** `coefficient * 10 ** exponent`, or one of the three that are no number. */
export type DecimalParts =
  | { kind: 'finite'; negative: boolean; coefficient: bigint; exponent: number }
  | { kind: 'infinity'; negative: boolean }
  | { kind: 'nan' }

const MAX_DIGITS = 34
const MAX_COEFFICIENT = 10n ** 34n - 1n
const MIN_EXPONENT = -6176
const MAX_EXPONENT = 6111
const BIAS = 6176
const LOW_49_BITS = (1n << 49n) - 1n

const DECIMAL_NAN: DecimalParts = { kind: 'nan' }

export function decimalParts({ bytes }: Decimal): DecimalParts {
  const low = bytes.readBigUInt64LE(0)
  const high = bytes.readBigUInt64LE(8)
  const negative = high >> 63n === 1n
  const five = Number((high >> 58n) & 31n)
  if (five === 31) return DECIMAL_NAN
  if (five === 30) return { kind: 'infinity', negative }
  if (five >> 3 === 3) {
    // the second form would hold more than 34 digits: by the standard such a number is zero
    return { kind: 'finite', negative, coefficient: 0n, exponent: Number((high >> 47n) & 0x3fffn) - BIAS }
  }
  const raw = ((high & LOW_49_BITS) << 64n) | low
  const coefficient = raw > MAX_COEFFICIENT ? 0n : raw
  return { kind: 'finite', negative, coefficient, exponent: Number((high >> 49n) & 0x3fffn) - BIAS }
}

/** Packs parts, rounding half to even to 34 digits; too large becomes infinity, too small zero. */
export function packDecimal(parts: DecimalParts): Decimal {
  if (parts.kind === 'nan') return pack(0x1fn << 58n, 0n)
  const sign = parts.negative ? 1n << 63n : 0n
  if (parts.kind === 'infinity') return pack(sign | (30n << 58n), 0n)
  let { coefficient, exponent } = round(parts.coefficient, parts.exponent)
  if (coefficient === 0n) exponent = Math.min(Math.max(exponent, MIN_EXPONENT), MAX_EXPONENT)
  while (exponent > MAX_EXPONENT && coefficient * 10n <= MAX_COEFFICIENT) {
    coefficient *= 10n
    exponent--
  }
  if (exponent > MAX_EXPONENT) return pack(sign | (30n << 58n), 0n)
  return pack(
    sign | (BigInt(exponent + BIAS) << 49n) | (coefficient >> 64n),
    coefficient & 0xffffffffffffffffn,
  )
}

function round(coefficient: bigint, exponent: number): { coefficient: bigint; exponent: number } {
  const digits = coefficient.toString().length
  const drop = Math.max(digits - MAX_DIGITS, MIN_EXPONENT - exponent, 0)
  if (drop === 0) return { coefficient, exponent }
  if (drop > digits) return { coefficient: 0n, exponent: MIN_EXPONENT }
  const rounded = divideHalfEven(coefficient, 10n ** BigInt(drop))
  return rounded > MAX_COEFFICIENT
    ? { coefficient: rounded / 10n, exponent: exponent + drop + 1 }
    : { coefficient: rounded, exponent: exponent + drop }
}

/** Division of non-negative integers, rounded half to even. */
function divideHalfEven(a: bigint, b: bigint): bigint {
  const quotient = a / b
  const twice = (a % b) * 2n
  return twice > b || (twice === b && quotient % 2n === 1n) ? quotient + 1n : quotient
}

function pack(high: bigint, low: bigint): Decimal {
  const bytes = Buffer.allocUnsafe(16)
  bytes.writeBigUInt64LE(low, 0)
  bytes.writeBigUInt64LE(high, 8)
  return new Decimal(bytes)
}

const PATTERN = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d{1,9}))?$/

/** Reads text such as `-1.50E+3`, `Infinity`, `NaN`; null when it is no number. */
export function parseDecimal(text: string): DecimalParts | null {
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (special) {
    return special[2]!.toLowerCase() === 'nan'
      ? DECIMAL_NAN
      : { kind: 'infinity', negative: special[1] === '-' }
  }
  const match = PATTERN.exec(text)
  if (!match) return null
  const fraction = match[3] ?? match[4] ?? ''
  const coefficient = BigInt((match[2] ?? '') + fraction || '0')
  return {
    kind: 'finite',
    negative: match[1] === '-',
    coefficient,
    exponent: Number(match[5] ?? 0) - fraction.length,
  }
}

/** The text of the standard's "to-scientific-string", which is MongoDB's and the driver's. */
export function formatDecimal(parts: DecimalParts): string {
  if (parts.kind === 'nan') return 'NaN'
  const sign = parts.negative ? '-' : ''
  if (parts.kind === 'infinity') return `${sign}Infinity`
  const digits = parts.coefficient.toString()
  const { exponent } = parts
  const scientific = exponent + digits.length - 1
  if (exponent <= 0 && scientific >= -6) {
    if (exponent === 0) return sign + digits
    const point = digits.length + exponent
    return point > 0
      ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
      : `${sign}0.${'0'.repeat(-point)}${digits}`
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
  return `${sign}${mantissa}E${scientific >= 0 ? '+' : ''}${scientific}`
}

/** The exact value of a double: `mantissa * 2 ** -k` is `mantissa * 5 ** k * 10 ** -k`. */
export function exactDouble(value: number): DecimalParts {
  if (Number.isNaN(value)) return DECIMAL_NAN
  const negative = value < 0 || Object.is(value, -0)
  if (!Number.isFinite(value)) return { kind: 'infinity', negative }
  const view = Buffer.allocUnsafe(8)
  view.writeDoubleBE(Math.abs(value))
  const bits = view.readBigUInt64BE()
  const biased = Number(bits >> 52n)
  const fraction = bits & ((1n << 52n) - 1n)
  let mantissa = biased === 0 ? fraction : fraction | (1n << 52n)
  let power = (biased === 0 ? 1 : biased) - 1075
  while (power < 0 && mantissa % 2n === 0n) {
    mantissa /= 2n
    power++
  }
  if (power >= 0) return { kind: 'finite', negative, coefficient: mantissa << BigInt(power), exponent: 0 }
  return { kind: 'finite', negative, coefficient: mantissa * 5n ** BigInt(-power), exponent: power }
}

/** Compares two exact values; NaN is below all. */
export function compareParts(a: DecimalParts, b: DecimalParts): number {
  if (a.kind === 'nan' || b.kind === 'nan') return (a.kind === 'nan' ? 0 : 1) - (b.kind === 'nan' ? 0 : 1)
  if (a.kind === 'infinity' || b.kind === 'infinity') return rank(a) - rank(b)
  const signed = signOf(a) - signOf(b)
  if (signed !== 0 || a.coefficient === 0n) return signed
  const magnitude = compareMagnitude(a, b)
  return a.negative ? -magnitude : magnitude
}

type Finite = Extract<DecimalParts, { kind: 'finite' }>

function rank(parts: Exclude<DecimalParts, { kind: 'nan' }>): number {
  if (parts.kind === 'finite') return 0
  return parts.negative ? -1 : 1
}

function signOf(parts: Finite): number {
  if (parts.coefficient === 0n) return 0
  return parts.negative ? -1 : 1
}

function compareMagnitude(a: Finite, b: Finite): number {
  const leading =
    a.coefficient.toString().length + a.exponent - (b.coefficient.toString().length + b.exponent)
  if (leading !== 0) return leading
  const exponent = Math.min(a.exponent, b.exponent)
  const left = a.coefficient * 10n ** BigInt(a.exponent - exponent)
  const right = b.coefficient * 10n ** BigInt(b.exponent - exponent)
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** Quotient to 36 digits; packing rounds it to 34. Division by zero gives infinity or NaN. */
export function divideParts(a: DecimalParts, b: DecimalParts): DecimalParts {
  if (a.kind === 'nan' || b.kind === 'nan') return DECIMAL_NAN
  const negative = a.negative !== b.negative
  if (a.kind === 'infinity') return b.kind === 'infinity' ? DECIMAL_NAN : { kind: 'infinity', negative }
  if (b.kind === 'infinity') return { kind: 'finite', negative, coefficient: 0n, exponent: MIN_EXPONENT }
  if (b.coefficient === 0n) return a.coefficient === 0n ? DECIMAL_NAN : { kind: 'infinity', negative }
  const shift = Math.max(
    0,
    MAX_DIGITS + 2 + b.coefficient.toString().length - a.coefficient.toString().length,
  )
  let coefficient = (a.coefficient * 10n ** BigInt(shift)) / b.coefficient
  const exact = coefficient * b.coefficient === a.coefficient * 10n ** BigInt(shift)
  let exponent = a.exponent - b.exponent - shift
  const ideal = a.exponent - b.exponent
  if (!exact) {
    // a sticky digit, so that halves are not mistaken
    return { kind: 'finite', negative, coefficient: coefficient * 10n + 1n, exponent: exponent - 1 }
  }
  while (exponent < ideal && coefficient !== 0n && coefficient % 10n === 0n) {
    coefficient /= 10n
    exponent++
  }
  return { kind: 'finite', negative, coefficient, exponent: coefficient === 0n ? ideal : exponent }
}
