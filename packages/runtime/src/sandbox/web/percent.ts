import { encodeUtf8 } from './text.ts'

/** The bytes of a text, with each `%` and two hex digits one byte (WHATWG URL, "percent-decode"). */
export function percentDecoded(text: string): Uint8Array {
  const bytes = encodeUtf8(text)
  const out: number[] = []
  for (let i = 0; i < bytes.length; i++) {
    const hex = bytes[i] === 37 ? String.fromCharCode(bytes[i + 1] ?? 0, bytes[i + 2] ?? 0) : ''
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      out.push(parseInt(hex, 16))
      i += 2
    } else out.push(bytes[i]!)
  }
  return Uint8Array.from(out)
}
