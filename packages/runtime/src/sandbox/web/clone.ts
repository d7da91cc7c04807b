// structuredClone: HTML, "Safe passing of structured data". Cycles and shared members are kept.
import { moveBuffer } from '../harden.ts'
import { isProxy } from '../proxies.ts'
import { DOMException } from './dom-exception.ts'

const ERRORS: Record<string, ErrorConstructor> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

/** Copies of what the web adds (Blob and its kin, CryptoKey): a copy, or undefined for what is none of theirs. */
export const CLONE_HANDLERS = new Set<(value: object) => object | undefined>()

const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')!.get!
const viewTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)!.get!

/**
 * @param options `transfer`: buffers that are moved instead of copied; they are empty afterwards.
 * @throws DataCloneError for functions, symbols, promises, proxies, weak collections, and what is transferred twice.
 */
export function structuredClone(value: unknown, options?: { transfer?: readonly unknown[] } | null): unknown {
  const transfer = [...(options?.transfer ?? [])]
  const seen = new Map<object, unknown>()
  if (new Set(transfer).size < transfer.length)
    throw new DOMException('The list "transfer" names something twice.', 'DataCloneError')
  for (const item of transfer) checkTransfer(item)
  const copy = clone(value, seen)
  for (const item of transfer) if (item instanceof ArrayBuffer) moveBuffer(item)
  return copy
}

function checkTransfer(item: unknown): void {
  if (item instanceof ArrayBuffer) {
    if ((item as { detached?: boolean }).detached === true)
      throw new DOMException('A buffer to transfer is detached.', 'DataCloneError')
  } else if (typeof item !== 'object' || item === null || byHandler(item) !== item)
    throw new DOMException('Only an ArrayBuffer or a MessagePort can be transferred.', 'DataCloneError')
}

function byHandler(value: object): object | undefined {
  for (const handler of CLONE_HANDLERS) {
    const copy = handler(value)
    if (copy !== undefined) return copy
  }
  return undefined
}

type Seen = Map<object, unknown>
type Keep = <T>(copy: T) => T

function clone(value: unknown, seen: Seen): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw notCloneable(value)
  if (typeof value !== 'object' || value === null) return value
  if (isProxy(value)) throw new DOMException('A proxy could not be cloned.', 'DataCloneError')
  if (seen.has(value)) return seen.get(value)
  const keep: Keep = (copy) => {
    seen.set(value, copy)
    return copy
  }
  const leaf = cloneLeaf(value, seen) ?? byHandler(value)
  if (leaf !== undefined) return keep(leaf)
  if (Array.isArray(value)) return cloneMembers(value, keep(new Array(value.length)), seen)
  return cloneCollection(value, seen, keep)
}

function cloneCollection(value: object, seen: Seen, keep: Keep): unknown {
  if (value instanceof Map) {
    const copy = keep(new Map())
    for (const [key, member] of [...value]) copy.set(clone(key, seen), clone(member, seen))
    return copy
  }
  if (value instanceof Set) {
    const copy = keep(new Set())
    for (const member of [...value]) copy.add(clone(member, seen))
    return copy
  }
  if (value instanceof Error) return cloneError(value, seen, keep)
  if (isUncloneable(value)) throw notCloneable(value)
  return cloneMembers(value, keep({}), seen)
}

function cloneMembers<T extends object>(value: object, copy: T, seen: Seen): T {
  for (const key of Object.keys(value))
    Object.defineProperty(copy, key, {
      value: clone((value as Record<string, unknown>)[key], seen),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return copy
}

function isUncloneable(value: object): boolean {
  return (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef ||
    // Generators, and classes of the web that cannot be cloned.
    (Symbol.toStringTag in value && isPlatform(value))
  )
}

function isPlatform(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) return false
  const tag = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)
  return typeof tag?.value === 'string' && tag.writable === false
}

function isBuffer(value: object): value is ArrayBuffer {
  try {
    bufferLength.call(value)
    return true
  } catch {
    return false
  }
}

function cloneLeaf(value: object, seen: Seen): object | undefined {
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof RegExp) return new RegExp(value.source, value.flags)
  if (value instanceof ArrayBuffer && isBuffer(value)) {
    if ((value as { detached?: boolean }).detached === true)
      throw new DOMException('A detached ArrayBuffer could not be cloned.', 'DataCloneError')
    return value.slice(0)
  }
  if (
    value instanceof Boolean ||
    value instanceof Number ||
    value instanceof String ||
    value instanceof BigInt
  )
    return Object(value.valueOf()) as object
  if (value instanceof Symbol) throw notCloneable(value)
  if (ArrayBuffer.isView(value)) {
    const buffer = clone(value.buffer, seen) as ArrayBuffer
    if (value instanceof DataView) return new DataView(buffer, value.byteOffset, value.byteLength)
    // By its true kind: subclasses and tampered constructors do not count.
    const Kind = VIEWS.get(viewTag.call(value) as string) ?? Uint8Array
    return new Kind(buffer, value.byteOffset, (value as Uint8Array).length)
  }
  return undefined
}

const VIEWS = new Map<string, Uint8ArrayConstructor>(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
  ].map((kind): [string, Uint8ArrayConstructor] => [kind.name, kind as unknown as Uint8ArrayConstructor]),
)

function cloneError(error: Error, seen: Seen, keep: Keep): Error {
  if (error instanceof DOMException) {
    const copy = keep(new DOMException(error.message, error.name))
    Object.defineProperty(copy, 'stack', { value: error.stack, configurable: true, writable: true })
    return copy
  }
  const Kind = ERRORS[error.name] ?? Error
  const own = Object.getOwnPropertyDescriptor(error, 'message')
  const copy = keep(own && 'value' in own ? new Kind(String(own.value)) : new Kind())
  if (typeof error.stack === 'string')
    Object.defineProperty(copy, 'stack', { value: error.stack, configurable: true, writable: true })
  if ('cause' in error)
    Object.defineProperty(copy, 'cause', {
      value: clone(error.cause, seen),
      configurable: true,
      writable: true,
    })
  return copy
}

function notCloneable(value: unknown): DOMException {
  const what =
    typeof value === 'function'
      ? `The function ${value.name || 'without a name'}`
      : typeof value === 'symbol'
        ? String(value)
        : Object.prototype.toString.call(value)
  return new DOMException(`${what} could not be cloned.`, 'DataCloneError')
}
