/**
 * Structured clone over JSON, as Electron's messages do it: refuses functions and symbols, keeps Date, Map, Set,
 * bytes, undefined, NaN. Errors keep their message only. It is a source text, because the same code runs here and
 * in the pages.
 */
export const CLONE_SOURCE = `
function encode(v, fn) {
  if (typeof v === 'function') { if (fn) return { $: 'fn', v: fn(v) }; throw new Error('An object could not be cloned.') }
  if (typeof v === 'symbol') throw new Error('An object could not be cloned.')
  if (v === undefined) return { $: 'undefined' }
  if (typeof v === 'bigint') return { $: 'bigint', v: String(v) }
  if (typeof v === 'number' && !Number.isFinite(v)) return { $: 'number', v: String(v) }
  if (v === null || typeof v !== 'object') return v
  if (v instanceof Date) return { $: 'date', v: v.getTime() }
  if (v instanceof Map) return { $: 'map', v: [...v].map((x) => encode(x, fn)) }
  if (v instanceof Set) return { $: 'set', v: [...v].map((x) => encode(x, fn)) }
  if (v instanceof Error) return { $: 'error', v: v.message }
  if (ArrayBuffer.isView(v) || v instanceof ArrayBuffer) {
    const bytes = v instanceof ArrayBuffer ? new Uint8Array(v) : new Uint8Array(v.buffer, v.byteOffset, v.byteLength)
    return { $: 'bytes', v: Array.from(bytes) }
  }
  if (Array.isArray(v)) return v.map((x) => encode(x, fn))
  return { $: 'object', v: Object.keys(v).map((key) => [key, encode(v[key], fn)]) }
}
function decode(v, fn) {
  if (v === null || typeof v !== 'object') return v
  if (Array.isArray(v)) return v.map((x) => decode(x, fn))
  switch (v.$) {
    case 'fn': return fn(v.v)
    case 'undefined': return undefined
    case 'bigint': return BigInt(v.v)
    case 'number': return Number(v.v)
    case 'date': return new Date(v.v)
    case 'map': return new Map(v.v.map((x) => decode(x, fn)))
    case 'set': return new Set(v.v.map((x) => decode(x, fn)))
    case 'error': return new Error(v.v)
    case 'bytes': return Uint8Array.from(v.v)
    default: return Object.fromEntries(v.v.map(([key, x]) => [key, decode(x, fn)]))
  }
}`

interface Codec {
  encode: (value: unknown) => unknown
  decode: (value: unknown) => unknown
}

// oxlint-disable-next-line no-implied-eval, no-new-func -- the text above, so that both sides run one code
export const { encode, decode } = new Function(`${CLONE_SOURCE}; return { encode, decode }`)() as Codec
