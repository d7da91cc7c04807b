// UTF-8 and the web's base64: WHATWG Encoding; HTML, "atob".
import { fromCharCode } from '../intrinsics.ts'
import { DOMException } from './dom-exception.ts'
import { demand } from './interface.ts'

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const BASE64_VALUE = new Map(Array.from(BASE64, (char, value) => [char, value]))

/** UTF-8 of a text; lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let length = 0
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i)
    if (code < 0x80) {
      bytes[length++] = code
      continue
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const next = text.charCodeAt(i + 1)
      if (code < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00)
        i++
      } else code = 0xfffd
    }
    if (code < 0x800) bytes[length++] = 0xc0 | (code >> 6)
    else {
      if (code < 0x10000) bytes[length++] = 0xe0 | (code >> 12)
      else {
        bytes[length++] = 0xf0 | (code >> 18)
        bytes[length++] = 0x80 | ((code >> 12) & 63)
      }
      bytes[length++] = 0x80 | ((code >> 6) & 63)
    }
    bytes[length++] = 0x80 | (code & 63)
  }
  return bytes.slice(0, length)
}

/** Text of UTF-8; malformed parts become U+FFFD, or throw a TypeError when `fatal`. */
export function decodeUtf8(bytes: Uint8Array, fatal = false): string {
  let text = ''
  let units: number[] = []
  let at = 0
  while (at < bytes.length) {
    const { code, size } = nextCode(bytes, at)
    if (code < 0 && fatal) throw new TypeError('The encoded data was not valid for encoding utf-8')
    at += size
    if (code < 0) units.push(0xfffd)
    else if (code < 0x10000) units.push(code)
    else units.push(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff))
    if (units.length > 8000) {
      text += fromCharCode(...units)
      units = []
    }
  }
  return text + fromCharCode(...units)
}

/** The code point at `at` (-1 when malformed) and how many bytes it, or its malformed part, takes. */
function nextCode(bytes: Uint8Array, at: number): { code: number; size: number } {
  const lead = bytes[at]!
  if (lead < 0x80) return { code: lead, size: 1 }
  const needed =
    lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xf0 && lead < 0xf5 ? 3 : 0
  let code = needed === 1 ? lead & 31 : needed === 2 ? lead & 15 : lead & 7
  if (needed === 0) return { code: -1, size: 1 }
  let [low, high] = secondByteRange(lead)
  for (let i = 1; i <= needed; i++) {
    const byte = bytes[at + i]
    if (byte === undefined || byte < low || byte > high) return { code: -1, size: i }
    low = 0x80
    high = 0xbf
    code = (code << 6) | (byte & 63)
  }
  return { code, size: needed + 1 }
}

function secondByteRange(lead: number): [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf]
  if (lead === 0xed) return [0x80, 0x9f]
  if (lead === 0xf0) return [0x90, 0xbf]
  if (lead === 0xf4) return [0x80, 0x8f]
  return [0x80, 0xbf]
}

/** Base64 of a text of Latin-1 characters. @throws InvalidCharacterError when one lies beyond U+00FF. */
export function btoa(text: unknown): string {
  demand(1, arguments.length, 'btoa')
  const source = String(text)
  let out = ''
  for (let i = 0; i < source.length; i += 3) {
    const codes = [source.charCodeAt(i), source.charCodeAt(i + 1), source.charCodeAt(i + 2)]
    if (codes.some((code) => code > 255))
      throw new DOMException(
        'btoa: the text has a character outside Latin-1; encode it first, as bytes with TextEncoder.',
        'InvalidCharacterError',
      )
    const word = (codes[0]! << 16) | ((codes[1]! || 0) << 8) | (codes[2]! || 0)
    out += BASE64[word >> 18]! + BASE64[(word >> 12) & 63]!
    out += i + 1 < source.length ? BASE64[(word >> 6) & 63]! : '='
    out += i + 2 < source.length ? BASE64[word & 63]! : '='
  }
  return out
}

/** The Latin-1 text of base64. @throws InvalidCharacterError when it is malformed. */
export function atob(text: unknown): string {
  demand(1, arguments.length, 'atob')
  const source = String(text).replace(/[\t\n\f\r ]/g, '')
  const bare = source.length % 4 === 0 ? source.replace(/={1,2}$/, '') : source
  if (bare.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(bare))
    throw new DOMException('atob: the text is not base64.', 'InvalidCharacterError')
  let out = ''
  let word = 0
  let bits = 0
  for (const char of bare) {
    word = ((word << 6) | BASE64_VALUE.get(char)!) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      out += fromCharCode((word >> bits) & 255)
    }
  }
  return out
}
