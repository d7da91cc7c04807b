// Keys: bytes whose order (memcmp) is MongoDB's order of the values. Every part says where it ends, so keys of
// several fields are simply joined, and a descending field has its bytes inverted.
import { compareParts, exactDouble, type DecimalParts } from './decimal.ts'
import { toNumber, toParts, type Num } from './number.ts'
import { ORDER, orderOf } from './order.ts'
import {
  Binary,
  BsonSymbol,
  Code,
  DateTime,
  DbPointer,
  Decimal,
  ObjectId,
  Regex,
  Timestamp,
  type Doc,
  type Value,
} from './value.ts'

let bytes: Buffer = Buffer.allocUnsafe(4096)
let length = 0

/** Writes texts in another way than by their bytes, so that the key tells what a collation holds for equal; self-delimiting. */
export type TextKey = (text: string) => Buffer

/** That of the key being written. */
let textKey: TextKey | undefined

/** One part of a key. */
interface KeyField {
  value: Value
  descending: boolean
}

/** The key of one value. Equal keys mean equal values, across the types of numbers too. */
export function keyOf(value: Value, texts?: TextKey): Buffer {
  length = 0
  textKey = texts
  write(value)
  return Buffer.from(bytes.subarray(0, length))
}

/** The joined key of several fields. */
export function keyOfFields(fields: readonly KeyField[], texts?: TextKey): Buffer {
  length = 0
  textKey = texts
  for (const { value, descending } of fields) {
    const start = length
    write(value)
    if (descending) invert(start)
  }
  return Buffer.from(bytes.subarray(0, length))
}

/** Turns the order of a key (or of a bound) around. */
export function invertKey(key: Buffer): Buffer {
  const inverted = Buffer.allocUnsafe(key.length)
  for (let i = 0; i < key.length; i++) inverted[i] = key[i]! ^ 0xff
  return inverted
}

/** The least key above all keys that begin with `prefix`. */
export function keyAfter(prefix: Buffer): Buffer {
  for (let i = prefix.length - 1; i >= 0; i--) {
    if (prefix[i] === 0xff) continue
    const after = Buffer.from(prefix.subarray(0, i + 1))
    after[i]!++
    return after
  }
  return Buffer.alloc(prefix.length + 1, 0xff)
}

function need(count: number): void {
  if (length + count <= bytes.length) return
  const bigger = Buffer.allocUnsafe(Math.max(bytes.length * 2, length + count))
  bytes.copy(bigger, 0, 0, length)
  bytes = bigger
}

function invert(start: number): void {
  for (let i = start; i < length; i++) bytes[i]! ^= 0xff
}

function byte(value: number): void {
  need(1)
  bytes[length++] = value
}

function write(value: Value): void {
  const order = orderOf(value)
  byte(order)
  switch (order) {
    case ORDER.number:
      return writeNumber(value as Num)
    case ORDER.string:
      return writeString(value instanceof BsonSymbol ? value.value : (value as string))
    case ORDER.bool:
      return byte(value ? 1 : 0)
    case ORDER.array:
      for (const item of value as Value[]) write(item)
      return byte(0)
    case ORDER.object:
      return writeDoc(value as Doc)
    default:
      writeObject(value)
  }
}

function writeObject(value: Value): void {
  if (value instanceof ObjectId) return writeRaw(value.bytes)
  if (value instanceof DateTime) return writeUint64(BigInt.asUintN(64, BigInt(value.ms) ^ (1n << 63n)))
  if (value instanceof Timestamp) return writeUint64(value.value)
  if (value instanceof Binary) {
    need(5)
    length = bytes.writeUInt32BE(value.bytes.length, length)
    bytes[length++] = value.subtype
    return writeRaw(value.bytes)
  }
  if (value instanceof Regex) {
    writeText(value.pattern)
    return writeText(value.options)
  }
  if (value instanceof Code) {
    writeText(value.code)
    if (value.scope) writeDoc(value.scope)
    return
  }
  if (value instanceof DbPointer) {
    writeText(value.ns)
    writeRaw(value.id)
  }
}

/** As compared: type, name, value of each field; type before name, as MongoDB does. */
function writeDoc(doc: Doc): void {
  for (const [name, value] of doc) {
    byte(orderOf(value))
    writeText(name)
    write(value)
  }
  byte(0)
}

function writeRaw(raw: Buffer): void {
  need(raw.length)
  raw.copy(bytes, length)
  length += raw.length
}

function writeUint64(value: bigint): void {
  need(8)
  length = bytes.writeBigUInt64BE(value, length)
}

/** A text that is a value: names of fields and patterns are never collated. */
function writeString(text: string): void {
  if (textKey) writeRaw(textKey(text))
  else writeText(text)
}

/** UTF-8 with 00 written as 00 FF, ended by 00 00. */
function writeText(text: string): void {
  need(text.length * 6 + 2)
  const start = length
  length += bytes.write(text, length)
  if (text.includes('\0')) escapeZeros(start)
  bytes[length++] = 0
  bytes[length++] = 0
}

function escapeZeros(start: number): void {
  const plain = Buffer.from(bytes.subarray(start, length))
  length = start
  for (const value of plain) {
    bytes[length++] = value
    if (value === 0) bytes[length++] = 0xff
  }
}

const BELOW = 0x40
const EXACT = 0x80
const ABOVE = 0xc0

/**
 * The nearest double in order-preserving form, then whether the value lies below, on or above it; where it is
 * not on it (some int64, most decimals), its exact decimal digits follow. Values that share a nearest double
 * have one sign, so the digits alone order them.
 */
function writeNumber(value: Num): void {
  const nearest = toNumber(value)
  need(9)
  if (Number.isNaN(nearest)) {
    bytes.fill(0, length, length + 8)
  } else {
    bytes.writeDoubleBE(nearest === 0 ? 0 : nearest, length)
    if (bytes[length]! & 0x80) for (let i = 0; i < 8; i++) bytes[length + i]! ^= 0xff
    else bytes[length]! |= 0x80
  }
  length += 8
  const side = sideOf(value, nearest)
  bytes[length++] = side
  if (side !== EXACT) writeDigits(toParts(value))
}

function sideOf(value: Num, nearest: number): number {
  if (typeof value === 'bigint') {
    if (value === BigInt(nearest)) return EXACT
    return value < BigInt(nearest) ? BELOW : ABOVE
  }
  if (!(value instanceof Decimal)) return EXACT
  const exact = toParts(value)
  if (exact.kind !== 'finite') return EXACT
  const difference = compareParts(exact, exactDouble(nearest))
  if (difference === 0) return EXACT
  return difference < 0 ? BELOW : ABOVE
}

/** Decimal exponent, then two digits a byte; inverted for negative values. */
function writeDigits(parts: DecimalParts): void {
  if (parts.kind !== 'finite') return
  const digits = parts.coefficient.toString().replace(/0+$/, '')
  const exponent = parts.coefficient.toString().length + parts.exponent
  need(digits.length / 2 + 4)
  const start = length
  length = bytes.writeUInt16BE(exponent + 0x8000, length)
  for (let i = 0; i < digits.length; i += 2)
    bytes[length++] = Number(digits.slice(i, i + 2).padEnd(2, '0')) + 1
  bytes[length++] = 0
  if (parts.negative) invert(start)
}
