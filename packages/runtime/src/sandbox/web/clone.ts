// structuredClone: the language's own kinds (HTML, "Safe passing of structured data"), cycles kept.
import { DOMException } from './events.ts'

const ERRORS: Record<string, ErrorConstructor> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
}

/** @throws DataCloneError for functions, symbols, promises and weak collections. */
export function structuredClone(value: unknown): unknown {
  return clone(value, new Map())
}

function clone(value: unknown, seen: Map<object, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw notCloneable(typeof value)
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value)) return seen.get(value)
  const keep = <T>(copy: T): T => {
    seen.set(value, copy)
    return copy
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = keep(new Array(value.length))
    for (const key of Object.keys(value))
      copy[key as unknown as number] = clone(value[key as unknown as number], seen)
    return copy
  }
  const leaf = cloneLeaf(value, seen)
  if (leaf !== undefined) return keep(leaf)
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
  if (
    value instanceof Promise ||
    value instanceof WeakMap ||
    value instanceof WeakSet ||
    value instanceof WeakRef
  )
    throw notCloneable(value.constructor.name)
  const copy: Record<string, unknown> = keep({})
  for (const key of Object.keys(value))
    Object.defineProperty(copy, key, {
      value: clone((value as Record<string, unknown>)[key], seen),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return copy
}

function cloneLeaf(value: object, seen: Map<object, unknown>): object | undefined {
  if (value instanceof Date) return new Date(value.getTime())
  if (value instanceof RegExp) return new RegExp(value.source, value.flags)
  if (value instanceof ArrayBuffer) return value.slice(0)
  if (value instanceof Boolean || value instanceof Number || value instanceof String)
    return Object(value.valueOf()) as object
  if (ArrayBuffer.isView(value)) {
    const buffer = clone(value.buffer, seen) as ArrayBuffer
    if (value instanceof DataView) return new DataView(buffer, value.byteOffset, value.byteLength)
    const Kind = value.constructor as Uint8ArrayConstructor
    return new Kind(buffer, value.byteOffset, (value as Uint8Array).length)
  }
  return undefined
}

function cloneError(error: Error, seen: Map<object, unknown>, keep: <T>(copy: T) => T): Error {
  const Kind = ERRORS[error.name] ?? Error
  const copy = keep(new Kind(error.message))
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

function notCloneable(what: string): DOMException {
  return new DOMException(`A ${what} could not be cloned.`, 'DataCloneError')
}
