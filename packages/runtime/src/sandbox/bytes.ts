// Bytes as texts and back. Bytes of a text are always its UTF-8.
import { decodeUtf8, encodeUtf8 } from './web/text.ts'

const HEX = '0123456789abcdef'
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The bytes of a text, a buffer or a view of one; null for anything else. Views are not copied. */
export function bytesOf(value: unknown): Uint8Array | null {
  if (typeof value === 'string') return encodeUtf8(value)
  if (value instanceof Uint8Array) return value
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  return ArrayBuffer.isView(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null
}

/** As {@link bytesOf}, with numbers, booleans and the like as their text, and nothing as the empty text. */
export function bytesOfAny(value: unknown): Uint8Array {
  return bytesOf(value) ?? encodeUtf8(value === undefined || value === null ? '' : String(value))
}

export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte >> 4]! + HEX[byte & 15]!
  return text
}

/** Null for what is no hex text of whole bytes. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || /[^0-9a-fA-F]/.test(text)) return null
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(i * 2, i * 2 + 2), 16)
  return bytes
}

/** Base64 with padding (RFC 4648 §4). */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = []
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    text += BASE64[word >> 18]! + BASE64[(word >> 12) & 63]!
    text +=
      (i + 1 < bytes.length ? BASE64[(word >> 6) & 63]! : '=') +
      (i + 2 < bytes.length ? BASE64[word & 63]! : '=')
    if (text.length > 8_000) {
      pieces.push(text)
      text = ''
    }
  }
  return pieces.join('') + text
}

/** Base64 without padding, `-` and `_` for `+` and `/` (RFC 4648 §5). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}

const VALUES = new Int8Array(128).fill(-1)
for (let i = 0; i < BASE64.length; i++) VALUES[BASE64.charCodeAt(i)] = i

/** Null for what is no base64: wrong characters, wrong length, bits left over. Padding may be missing. */
export function fromBase64(text: string): Uint8Array | null {
  const bare = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text
  if (bare.length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((bare.length * 3) / 4))
  let word = 0
  let bits = 0
  let at = 0
  for (let i = 0; i < bare.length; i++) {
    const code = bare.charCodeAt(i)
    const value = code < 128 ? VALUES[code]! : -1
    if (value < 0) return null
    word = ((word << 6) | value) & 0xffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (word >> bits) & 255
  }
  // RFC 4648 §3.5: left-over bits must be zero, or two texts would stand for the same bytes.
  return (word & ((1 << bits) - 1)) === 0 ? bytes : null
}

/** As {@link fromBase64} for the URL alphabet. */
export function fromBase64Url(text: string): Uint8Array | null {
  return /[+/]/.test(text) ? null : fromBase64(text.replace(/-/g, '+').replace(/_/g, '/'))
}

/** Bytes in the form an author asked for; null for an unknown form. */
export function bytesAs(bytes: Uint8Array, as: unknown): string | Uint8Array | null {
  if (as === undefined || as === null || as === '' || as === 'hex') return toHex(bytes)
  if (as === 'base64') return toBase64(bytes)
  if (as === 'base64url') return toBase64Url(bytes)
  return as === 'bytes' ? bytes : null
}

export { decodeUtf8, encodeUtf8 }
