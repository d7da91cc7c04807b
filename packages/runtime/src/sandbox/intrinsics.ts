// What JavaScript itself gives, taken before any code of the author: what is compiled later must not see what the author
// has put in its place, be it by assignment or by a `const Map` at the top of a script.

/** Names a unit may use; the bundle of each takes those it names. */
export const INTRINSICS = [
  'Object',
  'Function',
  'Array',
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'Symbol',
  'Math',
  'JSON',
  'Reflect',
  'Proxy',
  'Date',
  'RegExp',
  'Promise',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'WeakRef',
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'AggregateError',
  'ArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Intl',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'encodeURIComponent',
  'decodeURIComponent',
  'encodeURI',
  'decodeURI',
] as const

/** `JSON` as it was. */
export const { parse, stringify } = JSON
export const { fromCharCode } = String
export const { apply } = Reflect
export const { create, defineProperty, freeze } = Object

/** The globals of {@link INTRINSICS} as they are now, without a prototype. */
export function takeIntrinsics(global: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const taken = create(null) as Record<string, unknown>
  for (const name of INTRINSICS) taken[name] = global[name]
  return freeze(taken)
}
