import {
  BsonSymbol,
  Binary,
  Code,
  DateTime,
  DbPointer,
  Decimal,
  Double,
  isInt32,
  ObjectId,
  Regex,
  Timestamp,
  typeOf,
  type Doc,
  type Value,
} from './value.ts'

let scratch: Buffer = Buffer.allocUnsafe(64 * 1024)
let length = 0

/** Encodes a document. Every value keeps the type it was decoded with. */
export function encode(doc: Doc): Buffer {
  length = 0
  writeDocument(doc)
  return Buffer.from(scratch.subarray(0, length))
}

function need(bytes: number): void {
  if (length + bytes <= scratch.length) return
  const bigger = Buffer.allocUnsafe(Math.max(scratch.length * 2, length + bytes))
  scratch.copy(bigger, 0, 0, length)
  scratch = bigger
}

function writeDocument(doc: Doc): void {
  const start = begin()
  for (const [name, value] of doc) writeElement(name, value)
  finish(start)
}

function writeArray(list: readonly Value[]): void {
  const start = begin()
  for (let i = 0; i < list.length; i++) writeElement(String(i), list[i]!)
  finish(start)
}

function begin(): number {
  need(5)
  length += 4
  return length - 4
}

function finish(start: number): void {
  need(1)
  scratch[length++] = 0
  scratch.writeInt32LE(length - start, start)
}

function writeElement(name: string, value: Value): void {
  need(2 + name.length * 3)
  const type = typeOf(value)
  scratch[length++] = type
  length += scratch.write(name, length)
  scratch[length++] = 0
  writeValue(type, value)
}

function writeValue(type: number, value: Value): void {
  switch (typeof value) {
    case 'string':
      return writeString(value)
    case 'number':
      need(8)
      length = isInt32(value) ? scratch.writeInt32LE(value, length) : scratch.writeDoubleLE(value, length)
      return
    case 'boolean':
      need(1)
      scratch[length++] = value ? 1 : 0
      return
    case 'bigint':
      need(8)
      length = scratch.writeBigInt64LE(BigInt.asIntN(64, value), length)
      return
    default:
  }
  if (value === null) return
  if (value instanceof Map) return writeDocument(value)
  if (Array.isArray(value)) return writeArray(value)
  writeObject(value)
}

function writeObject(value: Exclude<Value, Value[] | Doc | null | string | number | boolean | bigint>): void {
  if (value instanceof ObjectId) return writeBytes(value.bytes)
  if (value instanceof DateTime) return writeInt64(BigInt(value.ms))
  if (value instanceof Double) {
    need(8)
    length = scratch.writeDoubleLE(value.value, length)
    return
  }
  if (value instanceof Decimal) return writeBytes(value.bytes)
  if (value instanceof Binary) return writeBinary(value)
  if (value instanceof Timestamp) return writeInt64(BigInt.asIntN(64, value.value))
  if (value instanceof Regex) {
    writeCstring(value.pattern)
    return writeCstring(value.options)
  }
  if (value instanceof Code) return writeCode(value)
  if (value instanceof BsonSymbol) return writeString(value.value)
  if (value instanceof DbPointer) {
    writeString(value.ns)
    writeBytes(value.id)
  }
}

function writeCode(value: Code): void {
  if (!value.scope) return writeString(value.code)
  const start = length
  need(4)
  length += 4
  writeString(value.code)
  writeDocument(value.scope)
  scratch.writeInt32LE(length - start, start)
}

function writeBinary({ subtype, bytes }: Binary): void {
  need(9)
  length = scratch.writeInt32LE(bytes.length + (subtype === 2 ? 4 : 0), length)
  scratch[length++] = subtype
  if (subtype === 2) length = scratch.writeInt32LE(bytes.length, length)
  writeBytes(bytes)
}

function writeString(value: string): void {
  need(5 + value.length * 3)
  const size = scratch.write(value, length + 4)
  scratch.writeInt32LE(size + 1, length)
  length += 4 + size
  scratch[length++] = 0
}

function writeCstring(value: string): void {
  need(1 + value.length * 3)
  length += scratch.write(value, length)
  scratch[length++] = 0
}

function writeInt64(value: bigint): void {
  need(8)
  length = scratch.writeBigInt64LE(value, length)
}

function writeBytes(bytes: Buffer): void {
  need(bytes.length)
  bytes.copy(scratch, length)
  length += bytes.length
}
