import {
  BsonSymbol,
  Binary,
  Code,
  DateTime,
  DbPointer,
  Decimal,
  double,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  Undefined,
  type Doc,
  type Value,
} from './value.ts'
import { cstringEnd, valueSize } from './walk.ts'

/** Decodes a validated document, or the embedded one at `offset`. Byte values share the buffer's memory. */
export function decode(buffer: Buffer, offset = 0): Doc {
  const doc: Doc = new Map()
  const last = offset + buffer.readInt32LE(offset) - 1
  let at = offset + 4
  while (at < last) {
    const type = buffer[at++]!
    const nameEnd = cstringEnd(buffer, at)
    const name = text(buffer, at, nameEnd)
    at = nameEnd + 1
    doc.set(name, decodeValue(buffer, type, at))
    at += valueSize(buffer, type, at)
  }
  return doc
}

function decodeArray(buffer: Buffer, offset: number): Value[] {
  const list: Value[] = []
  const last = offset + buffer.readInt32LE(offset) - 1
  let at = offset + 4
  while (at < last) {
    const type = buffer[at++]!
    at = cstringEnd(buffer, at) + 1
    list.push(decodeValue(buffer, type, at))
    at += valueSize(buffer, type, at)
  }
  return list
}

/** Decodes one value of a validated document; `offset` is where the value begins, after its name. */
export function decodeValue(buffer: Buffer, type: number, offset: number): Value {
  switch (type) {
    case 0x01:
      return double(buffer.readDoubleLE(offset))
    case 0x02:
      return text(buffer, offset + 4, offset + 3 + buffer.readInt32LE(offset))
    case 0x03:
      return decode(buffer, offset)
    case 0x04:
      return decodeArray(buffer, offset)
    case 0x07:
      return new ObjectId(buffer.subarray(offset, offset + 12))
    case 0x08:
      return buffer[offset] === 1
    case 0x09:
      return new DateTime(readInt64(buffer, offset))
    case 0x0a:
      return null
    case 0x10:
      return buffer.readInt32LE(offset)
    case 0x12:
      return buffer.readBigInt64LE(offset)
    default:
      return decodeRare(buffer, type, offset)
  }
}

function decodeRare(buffer: Buffer, type: number, offset: number): Value {
  switch (type) {
    case 0x05: {
      const size = buffer.readInt32LE(offset)
      const subtype = buffer[offset + 4]!
      const start = subtype === 2 ? offset + 9 : offset + 5
      return new Binary(subtype, buffer.subarray(start, offset + 5 + size))
    }
    case 0x06:
      return new Undefined()
    case 0x0b: {
      const middle = cstringEnd(buffer, offset)
      const end = cstringEnd(buffer, middle + 1)
      return new Regex(buffer.toString('utf8', offset, middle), buffer.toString('latin1', middle + 1, end))
    }
    case 0x0c: {
      const end = offset + 4 + buffer.readInt32LE(offset)
      return new DbPointer(text(buffer, offset + 4, end - 1), buffer.subarray(end, end + 12))
    }
    case 0x0d:
      return new Code(text(buffer, offset + 4, offset + 3 + buffer.readInt32LE(offset)), null)
    case 0x0e:
      return new BsonSymbol(text(buffer, offset + 4, offset + 3 + buffer.readInt32LE(offset)))
    case 0x0f: {
      const size = buffer.readInt32LE(offset + 4)
      return new Code(text(buffer, offset + 8, offset + 7 + size), decode(buffer, offset + 8 + size))
    }
    case 0x11:
      return new Timestamp(buffer.readBigUInt64LE(offset))
    case 0x13:
      return new Decimal(buffer.subarray(offset, offset + 16))
    case 0x7f:
      return new MaxKey()
    default:
      return new MinKey()
  }
}

/** Dates are validated to fit a number. */
function readInt64(buffer: Buffer, offset: number): number {
  return buffer.readInt32LE(offset + 4) * 4294967296 + buffer.readUInt32LE(offset)
}

/** UTF-8 text; short ASCII without a call into the runtime (twice as fast below a dozen characters). */
export function text(buffer: Buffer, start: number, end: number): string {
  if (end - start >= 12) return buffer.toString('utf8', start, end)
  let out = ''
  for (let at = start; at < end; at++) {
    const byte = buffer[at]!
    if (byte > 127) return buffer.toString('utf8', start, end)
    out += String.fromCharCode(byte)
  }
  return out
}

/** Decodes only some top-level fields of raw documents, in their stored order. */
export function createPicker(names: Iterable<string>): (buffer: Buffer) => Doc {
  const wanted = [...new Set(names)].map((name) => ({ name, bytes: Buffer.from(name) }))
  return (buffer) => {
    const doc: Doc = new Map()
    const last = buffer.readInt32LE(0) - 1
    let at = 4
    let left = wanted.length
    while (at < last && left > 0) {
      const type = buffer[at++]!
      const nameEnd = cstringEnd(buffer, at)
      const hit = wanted.find(({ bytes }) => sameBytes(buffer, at, nameEnd, bytes))
      at = nameEnd + 1
      if (hit) {
        doc.set(hit.name, decodeValue(buffer, type, at))
        left--
      }
      at += valueSize(buffer, type, at)
    }
    return doc
  }
}

function sameBytes(buffer: Buffer, start: number, end: number, other: Buffer): boolean {
  if (end - start !== other.length) return false
  for (let i = 0; i < other.length; i++) if (buffer[start + i] !== other[i]) return false
  return true
}
