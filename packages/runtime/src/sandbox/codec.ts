// The one form in which values cross between isolate and host: JSON, with a tag for what JSON lacks. A tag is an
// object with one key that begins with NUL; an author's key that begins with NUL gets a second one. Bytes travel
// beside the text in one buffer and are named by offset and length, never base64 (architecture.md "Frames").
// Both sides run this file, so it uses nothing but the language. Property-tested both ways in codec.test.ts.

const { isArray } = Array
const { isView } = ArrayBuffer
const { keys, getPrototypeOf, prototype: plainPrototype } = Object
const { isFinite } = Number
const { stringify, parse } = JSON
const getTime = Date.prototype.getTime
const DateOf = Date
const BytesOf = Uint8Array
const BufferOf = ArrayBuffer
const DATE = '\u0000d'
const BYTES = '\u0000b'
const NUMBER = '\u0000n'
const BIG = '\u0000i'
const NOTHING = '\u0000u'
/** Deeper than any honest value, far from the end of the stack. */
const MAX_DEPTH = 200

/** Collects the bytes of values that leave together. */
export class ByteSink {
  readonly parts: Uint8Array<ArrayBuffer>[] = []
  size = 0

  /**
   * Keeps a copy of the bytes and gives its offset. Until they leave, the author may write into the buffer, or detach it:
   * then nothing could leave any more.
   *
   * @throws TypeError for bytes that are detached
   */
  add(bytes: Uint8Array): number {
    const offset = this.size
    const copy = new BytesOf(bytes)
    this.parts[this.parts.length] = copy
    this.size += copy.byteLength
    return offset
  }

  /** All bytes in one buffer of their own; undefined when there are none. */
  take(): ArrayBuffer | undefined {
    if (this.size === 0) {
      this.parts.length = 0
      return undefined
    }
    if (this.parts.length === 1) {
      const { buffer } = this.parts[0]!
      this.parts.length = 0
      this.size = 0
      return buffer
    }
    const all = new BytesOf(this.size)
    let offset = 0
    for (let i = 0; i < this.parts.length; i++) {
      const part = this.parts[i]!
      all.set(part, offset)
      offset += part.byteLength
    }
    this.parts.length = 0
    this.size = 0
    return all.buffer
  }
}

/**
 * A value as JSON text, its bytes in `sink`. Functions and symbols become null, as in JSON arrays; objects with
 * `toJSON` are asked; class instances cross as their own fields.
 *
 * @throws TypeError for a cycle or nesting beyond 200 levels.
 */
export function encodeValue(value: unknown, sink: ByteSink): string {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return stringify(value)
  return stringify(toPlain(value, sink, 0))
}

function toPlain(value: unknown, sink: ByteSink, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return isFinite(value) && !isMinusZero(value)
        ? value
        : { [NUMBER]: isMinusZero(value) ? '-0' : `${value}` }
    case 'undefined':
      return { [NOTHING]: 1 }
    case 'bigint':
      return { [BIG]: `${value}` }
    case 'object':
      return value === null ? null : objectToPlain(value, sink, depth)
    default:
      return null
  }
}

function objectToPlain(value: object, sink: ByteSink, depth: number): unknown {
  if (depth > MAX_DEPTH)
    throw new TypeError('The value is nested too deeply, or in a cycle, to be passed on.')
  if (value instanceof DateOf) return { [DATE]: getTime.call(value) }
  if (value instanceof BufferOf) return bytesToPlain(new BytesOf(value), sink)
  if (isView(value)) return bytesToPlain(new BytesOf(value.buffer, value.byteOffset, value.byteLength), sink)
  if (isArray(value)) {
    const list: unknown[] = []
    for (let i = 0; i < value.length; i++) list[i] = toPlain(value[i], sink, depth + 1)
    return list
  }
  const toJson = (value as { toJSON?: unknown }).toJSON
  if (typeof toJson === 'function') return toPlain((value as { toJSON(): unknown }).toJSON(), sink, depth + 1)
  const plain: Record<string, unknown> = {}
  for (const key of keys(value)) {
    const member = (value as Record<string, unknown>)[key]
    if (member === undefined || typeof member === 'function' || typeof member === 'symbol') continue
    define(plain, key.charCodeAt(0) === 0 ? `\u0000${key}` : key, toPlain(member, sink, depth + 1))
  }
  return plain
}

function bytesToPlain(bytes: Uint8Array, sink: ByteSink): unknown {
  return { [BYTES]: [sink.add(bytes), bytes.byteLength] }
}

/**
 * The value again. `blob` holds the bytes of everything that came with the text; each is copied out of it.
 *
 * @throws when the text is no JSON or a tag is malformed: the peer is broken.
 */
export function decodeValue(text: string, blob?: ArrayBufferLike): unknown {
  const value: unknown = parse(text)
  return text.includes('\\u0000') ? restore(value, blob) : value
}

/** {@link decodeValue} for a value that was parsed with others. Gives back the same object where nothing is tagged. */
export function restore(value: unknown, blob: ArrayBufferLike | undefined, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > MAX_DEPTH + 2) throw new TypeError('A value from outside is nested too deeply.')
  if (isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = restore(value[i], blob, depth + 1)
    return value
  }
  const object = value as Record<string, unknown>
  const names = keys(object)
  if (names.length === 1 && names[0]!.charCodeAt(0) === 0 && names[0]!.charCodeAt(1) !== 0)
    return untag(names[0]!, object[names[0]!], blob)
  let renamed = false
  for (const key of names) {
    if (key.charCodeAt(0) === 0) renamed = true
    const member = object[key]
    if (typeof member === 'object' && member !== null) define(object, key, restore(member, blob, depth + 1))
  }
  return renamed ? unescapeKeys(object, names) : object
}

function untag(tag: string, value: unknown, blob: ArrayBufferLike | undefined): unknown {
  if (tag === DATE) return new DateOf(value === null ? NaN : (value as number))
  if (tag === NOTHING) return undefined
  if (tag === NUMBER) return +(value as string)
  if (tag === BIG) return BigInt(value as string)
  if (tag === BYTES && isArray(value)) return sliceOf(blob, value[0], value[1])
  throw new TypeError('A value from outside has an unknown tag.')
}

/** A copy of a part of the buffer that came with a text. */
export function sliceOf(blob: ArrayBufferLike | undefined, offset: unknown, length: unknown): Uint8Array {
  if (length === 0) return new BytesOf(0)
  const start = offset as number
  const end = start + (length as number)
  if (!blob || !(start >= 0) || !(end > start) || end > blob.byteLength)
    throw new TypeError('A value from outside names bytes that did not come.')
  return new BytesOf(blob.slice(start, end))
}

function unescapeKeys(object: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const key of names) define(plain, key.charCodeAt(0) === 0 ? key.slice(1) : key, object[key])
  return plain
}

// `__proto__` as a key must stay a key.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
  else target[key] = value
}

function isMinusZero(value: number): boolean {
  return value === 0 && 1 / value < 0
}

/** True for `{}`-like objects: what may be read as options. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || isArray(value)) return false
  const prototype: unknown = getPrototypeOf(value)
  return prototype === plainPrototype || prototype === null
}
