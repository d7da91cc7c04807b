import { isUtf8 } from 'node:buffer'
import { mongoError } from '../server/mongo-error.ts'

/** MongoDB's limit for a stored document (manual, "BSON Document Size"). */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024

/** MongoDB's limit of nesting (manual, "Nested Depth for BSON Documents"). */
export const MAX_DEPTH = 100

/** Dates beyond this cannot be held exactly by a JavaScript number; year 287,396. */
const MAX_DATE_MS = 2n ** 53n

/**
 * Checks a document from the wire to its last byte: lengths, terminators, types, UTF-8, depth. Everything after
 * this may read it without bounds.
 *
 * @throws InvalidBSON (22), or Overflow (15) for more than 100 levels
 */
export function validateBson(buffer: Buffer): void {
  if (buffer.length < 5 || buffer.readInt32LE(0) !== buffer.length) fail('wrong length of the document')
  validateDocument(buffer, 0, buffer.length, 1)
}

function validateDocument(buffer: Buffer, start: number, end: number, depth: number): void {
  if (depth > MAX_DEPTH + 1)
    throw mongoError('Overflow', `BSONObj exceeded maximum nested object depth: ${MAX_DEPTH}`)
  if (end - start < 5 || buffer[end - 1] !== 0) fail('a document without its terminator')
  let at = start + 4
  const last = end - 1
  while (at < last) {
    const type = buffer[at++]!
    if (type === 0) fail('a terminator in the middle of a document')
    at = validateCstring(buffer, at, last)
    at = validateValue({ buffer, type, at, last, depth })
    if (at > last) fail('an element longer than its document')
  }
}

interface Spot {
  buffer: Buffer
  type: number
  at: number
  last: number
  depth: number
}

function validateValue(spot: Spot): number {
  const { buffer, type, at, last } = spot
  switch (type) {
    case 0x01:
    case 0x11:
    case 0x12:
      return at + 8
    case 0x09:
      return validateDate(buffer, at, last)
    case 0x02:
    case 0x0d:
    case 0x0e:
      return validateString(buffer, at, last)
    case 0x03:
    case 0x04:
      return validateChild(spot, at)
    case 0x05:
      return validateBinary(buffer, at, last)
    case 0x06:
    case 0x0a:
    case 0xff:
    case 0x7f:
      return at
    case 0x07:
      return at + 12
    case 0x08:
      if (at < last && buffer[at]! > 1) fail('a boolean that is neither 0 nor 1')
      return at + 1
    case 0x0b:
      return validateCstring(buffer, validateCstring(buffer, at, last), last)
    case 0x0c:
      return validateString(buffer, at, last) + 12
    case 0x0f:
      return validateCodeWithScope(spot)
    case 0x10:
      return at + 4
    case 0x13:
      return at + 16
    default:
      return fail(`unknown type ${type}`)
  }
}

function validateChild(spot: Spot, at: number): number {
  const { buffer, last, depth } = spot
  const size = readLength(buffer, at, last)
  if (size < 5 || at + size > last) fail('wrong length of an embedded document')
  validateDocument(buffer, at, at + size, depth + 1)
  return at + size
}

function validateCodeWithScope(spot: Spot): number {
  const { buffer, at, last } = spot
  const size = readLength(buffer, at, last)
  if (size < 14 || at + size > last) fail('wrong length of code with scope')
  const scope = validateString(buffer, at + 4, at + size)
  if (validateChild({ ...spot, last: at + size }, scope) !== at + size) fail('wrong length of a scope')
  return at + size
}

function validateString(buffer: Buffer, at: number, last: number): number {
  const size = readLength(buffer, at, last)
  const end = at + 4 + size
  if (size < 1 || end > last || buffer[end - 1] !== 0) fail('wrong length of a string')
  if (!isAscii(buffer, at + 4, end - 1) && !isUtf8(buffer.subarray(at + 4, end - 1)))
    fail('a string that is not UTF-8')
  return end
}

function validateBinary(buffer: Buffer, at: number, last: number): number {
  const size = readLength(buffer, at, last)
  if (size < 0 || at + 5 + size > last) fail('wrong length of binary data')
  if (buffer[at + 4] === 2 && (size < 4 || buffer.readInt32LE(at + 5) !== size - 4))
    fail('wrong length of old binary data')
  return at + 5 + size
}

function validateDate(buffer: Buffer, at: number, last: number): number {
  if (at + 8 > last) fail('a date cut short')
  const ms = buffer.readBigInt64LE(at)
  if (ms > MAX_DATE_MS || ms < -MAX_DATE_MS) fail('a date beyond the year 287396')
  return at + 8
}

function validateCstring(buffer: Buffer, at: number, last: number): number {
  let end = at
  let ascii = true
  while (end < last && buffer[end] !== 0) {
    if (buffer[end]! > 127) ascii = false
    end++
  }
  if (end >= last) fail('a name without its end')
  if (!ascii && !isUtf8(buffer.subarray(at, end))) fail('a name that is not UTF-8')
  return end + 1
}

function readLength(buffer: Buffer, at: number, last: number): number {
  if (at + 4 > last) fail('a value cut short')
  return buffer.readInt32LE(at)
}

/** Short strings are by far the most: a loop beats a call into the runtime. */
function isAscii(buffer: Buffer, start: number, end: number): boolean {
  if (end - start > 64) return false
  for (let at = start; at < end; at++) if (buffer[at]! > 127) return false
  return true
}

function fail(reason: string): never {
  throw mongoError('InvalidBSON', `Invalid BSON: ${reason}`)
}
