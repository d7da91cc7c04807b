// Bodies by content type: JSON, form, multipart, text; else the bytes.
import { decodeUtf8, encodeUtf8 } from '../../sandbox/web/text.ts'
import { URLSearchParams } from '../../sandbox/web/url.ts'
import { Refusal } from './reply.sandbox.ts'

/** A file of a multipart body. */
export interface UploadedFile {
  /** Name of the form field. */
  field: string
  /** File name as the sender gave it: no path to trust. */
  name: string
  type: string
  /** Bytes. */
  size: number
  bytes: Uint8Array
}

export interface ParsedBody {
  body: unknown
  files: UploadedFile[]
}

const MAX_PARTS = 1000

/** @throws Refusal 400 for a body that is not what its content type says. */
export function parseBody(raw: string | Uint8Array | null, contentType: string): ParsedBody {
  if (raw === null || raw.length === 0) return { body: undefined, files: [] }
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  if (type === 'application/json' || type.endsWith('+json'))
    return { body: parseJson(textOf(raw)), files: [] }
  if (type === 'application/x-www-form-urlencoded') return { body: formOf(textOf(raw)), files: [] }
  if (type === 'multipart/form-data') return multipart(bytesOf(raw), contentType)
  if (type === '' || type.startsWith('text/') || type.endsWith('xml') || type === 'application/javascript')
    return { body: textOf(raw), files: [] }
  return { body: bytesOf(raw), files: [] }
}

export function bytesOf(raw: string | Uint8Array | null): Uint8Array {
  return raw === null ? new Uint8Array(0) : typeof raw === 'string' ? encodeUtf8(raw) : raw
}

function textOf(raw: string | Uint8Array): string {
  return typeof raw === 'string' ? raw : decodeUtf8(raw)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'The body is not valid JSON.')
  }
}

function formOf(text: string): Record<string, unknown> {
  const form: Record<string, unknown> = {}
  for (const [name, value] of new URLSearchParams(text)) addField(form, name, value)
  return form
}

/** A name given several times becomes a list. */
function addField(form: Record<string, unknown>, name: string, value: unknown): void {
  const before = Object.hasOwn(form, name) ? form[name] : undefined
  const joined =
    before === undefined ? value : Array.isArray(before) ? [...(before as unknown[]), value] : [before, value]
  Object.defineProperty(form, name, { value: joined, enumerable: true, configurable: true, writable: true })
}

// RFC 7578 on RFC 2046: parts between `--boundary` lines.
function multipart(bytes: Uint8Array, contentType: string): ParsedBody {
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)
  if (!found) throw new Refusal(400, 'The multipart body names no boundary.')
  const mark = encodeUtf8(`--${found[1] ?? found[2]!}`)
  const form: Record<string, unknown> = {}
  const files: UploadedFile[] = []
  let at = indexOf(bytes, mark, 0)
  for (let parts = 0; at >= 0; parts++) {
    if (parts > MAX_PARTS) throw new Refusal(413, `The multipart body has more than ${MAX_PARTS} parts.`)
    const from = at + mark.length
    if (bytes[from] === 45 && bytes[from + 1] === 45) break
    const next = indexOf(bytes, mark, from)
    if (next < 0) throw new Refusal(400, 'The multipart body ends too early.')
    // A part stands between CRLF and CRLF.
    part(bytes.subarray(from + 2, next - 2), form, files)
    at = next
  }
  return { body: form, files }
}

function part(bytes: Uint8Array, form: Record<string, unknown>, files: UploadedFile[]): void {
  const end = indexOf(bytes, BLANK_LINE, 0)
  if (end < 0) throw new Refusal(400, 'A part of the multipart body has no head.')
  const head = decodeUtf8(bytes.subarray(0, end))
  const content = bytes.slice(end + 4)
  const disposition = /^content-disposition:\s*form-data;(.*)$/im.exec(head)?.[1]
  const field = disposition && parameter(disposition, 'name')
  if (!disposition || field === undefined) throw new Refusal(400, 'A part of the multipart body has no name.')
  const name = parameter(disposition, 'filename')
  if (name === undefined) return addField(form, field, decodeUtf8(content))
  const type = /^content-type:\s*(.+)$/im.exec(head)?.[1]?.trim() ?? 'application/octet-stream'
  files.push({ field, name, type, size: content.length, bytes: content })
}

function parameter(disposition: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|[;\\s])${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(disposition)
  // HTML: quotes and line breaks in names come percent-encoded.
  return found?.[1]!
    .replace(/\\(.)/g, '$1')
    .replace(/%22/g, '"')
    .replace(/%0D/gi, '\r')
    .replace(/%0A/gi, '\n')
}

const BLANK_LINE = encodeUtf8('\r\n\r\n')

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
