import { mongoError } from '../server/mongo-error.ts'

/** Bytes that the value of an element takes, from `offset` (after the name). The buffer must be validated BSON. */
export function valueSize(buffer: Buffer, type: number, offset: number): number {
  switch (type) {
    case 0x01:
    case 0x09:
    case 0x11:
    case 0x12:
      return 8
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + buffer.readInt32LE(offset)
    case 0x03:
    case 0x04:
    case 0x0f:
      return buffer.readInt32LE(offset)
    case 0x05:
      return 5 + buffer.readInt32LE(offset)
    case 0x06:
    case 0x0a:
    case 0xff:
    case 0x7f:
      return 0
    case 0x07:
      return 12
    case 0x08:
      return 1
    case 0x0b:
      return cstringEnd(buffer, cstringEnd(buffer, offset) + 1) + 1 - offset
    case 0x0c:
      return 4 + buffer.readInt32LE(offset) + 12
    case 0x10:
      return 4
    case 0x13:
      return 16
    default:
      throw mongoError('InvalidBSON', `Unrecognized BSON type ${type}`)
  }
}

/** Index of the zero byte that ends the C string at `offset`. */
export function cstringEnd(buffer: Buffer, offset: number): number {
  let at = offset
  while (buffer[at] !== 0) at++
  return at
}

/** Where one element of a document lies: the whole of it from `start`, its value from `value`, up to `end`. */
interface Element {
  type: number
  start: number
  value: number
  end: number
}

/** Finds a top-level field in raw BSON; null when there is none. Names are compared as bytes. */
export function findField(buffer: Buffer, name: Buffer): Element | null {
  const last = buffer.readInt32LE(0) - 1
  let at = 4
  while (at < last) {
    const start = at
    const type = buffer[at++]!
    const nameEnd = cstringEnd(buffer, at)
    const hit = nameEnd - at === name.length && buffer.compare(name, 0, name.length, at, nameEnd) === 0
    const value = nameEnd + 1
    at = value + valueSize(buffer, type, value)
    if (hit) return { type, start, value, end: at }
  }
  return null
}
