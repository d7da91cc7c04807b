// Bodies of multipart/form-data: RFC 7578 on RFC 2046; written as browsers do (WHATWG HTML, "multipart/form-data encoding").
import { decodeUtf8, encodeUtf8 } from './text.ts'

export interface Part {
  name: string
  /** Of a file. */
  filename: string | null
  type: string | null
  bytes: Uint8Array
}

/** More parts than this are refused. */
export const MAX_PARTS = 1000

/** What is wrong with a body. */
export class MultipartError extends Error {
  readonly tooMany: boolean
  constructor(message: string, tooMany = false) {
    super(message)
    this.tooMany = tooMany
  }
}

/** @throws MultipartError */
export function readMultipart(bytes: Uint8Array, contentType: string): Part[] {
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (!found) throw new MultipartError('The multipart body names no boundary.')
  const mark = encodeUtf8(`--${found[1] ?? found[2]!}`)
  const parts: Part[] = []
  let at = indexOf(bytes, mark, 0)
  if (at < 0) throw new MultipartError('The multipart body has no part.')
  for (;;) {
    const from = at + mark.length
    if (bytes[from] === 45 && bytes[from + 1] === 45) return parts
    if (parts.length >= MAX_PARTS)
      throw new MultipartError(`The multipart body has more than ${MAX_PARTS} parts.`, true)
    const next = indexOfLine(bytes, mark, from)
    if (next < 0) throw new MultipartError('The multipart body ends too early.')
    // A part stands between CRLF and CRLF.
    parts.push(partOf(bytes.subarray(from + 2, next - 2)))
    at = next
  }
}

function partOf(bytes: Uint8Array): Part {
  const end = indexOf(bytes, BLANK_LINE, 0)
  if (end < 0) throw new MultipartError('A part of the multipart body has no head.')
  const head = decodeUtf8(bytes.subarray(0, end))
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1]
  const name = disposition && parameter(disposition, 'name')
  if (!disposition || name === undefined)
    throw new MultipartError('A part of the multipart body has no name.')
  return {
    name,
    filename: parameter(disposition, 'filename') ?? null,
    type: /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim() ?? null,
    bytes: bytes.slice(end + 4),
  }
}

function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[;\\s])${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^";\\s]+))`, 'i').exec(
    disposition,
  )
  if (!found) return undefined
  if (found[1] === undefined) return found[2]
  // HTML: quotes and line breaks in names come percent-encoded.
  return found[1].replace(/\\(.)/g, '$1').replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n')
}

/** The body of parts between lines of `boundary`. */
export function writeMultipart(parts: readonly Part[], boundary: string): Uint8Array {
  const pieces: Uint8Array[] = []
  for (const { name, filename, type, bytes } of parts) {
    const file =
      filename === null
        ? ''
        : `; filename="${escaped(filename)}"\r\nContent-Type: ${type || 'application/octet-stream'}`
    const key = escaped(name.replace(/\r\n|\r|\n/g, '\r\n'))
    pieces.push(encodeUtf8(`--${boundary}\r\nContent-Disposition: form-data; name="${key}"${file}\r\n\r\n`))
    pieces.push(bytes, CRLF)
  }
  pieces.push(encodeUtf8(`--${boundary}--\r\n`))
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

function escaped(text: string): string {
  return text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')
}

const CRLF = encodeUtf8('\r\n')
const BLANK_LINE = encodeUtf8('\r\n\r\n')

/** A boundary counts at the beginning of a line only: files may hold the same bytes elsewhere. */
function indexOfLine(bytes: Uint8Array, mark: Uint8Array, from: number): number {
  for (let at = indexOf(bytes, mark, from); at >= 0; at = indexOf(bytes, mark, at + 1))
    if (bytes[at - 1] === 10 && bytes[at - 2] === 13) return at
  return -1
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const last = bytes.length - wanted.length
  outer: for (
    let at = bytes.indexOf(wanted[0]!, from);
    at >= 0 && at <= last;
    at = bytes.indexOf(wanted[0]!, at + 1)
  ) {
    for (let i = 1; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) continue outer
    return at
  }
  return -1
}
