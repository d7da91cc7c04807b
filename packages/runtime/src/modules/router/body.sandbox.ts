// Bodies by content type: JSON, form, multipart, text; else the bytes.
import { MultipartError, readMultipart, type Part } from '../../sandbox/web/multipart.ts'
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

function multipart(bytes: Uint8Array, contentType: string): ParsedBody {
  const form: Record<string, unknown> = {}
  const files: UploadedFile[] = []
  for (const { name, filename, type, bytes: content } of partsOf(bytes, contentType)) {
    if (filename === null) addField(form, name, decodeUtf8(content))
    else
      files.push({
        field: name,
        name: filename,
        type: type ?? 'application/octet-stream',
        size: content.length,
        bytes: content,
      })
  }
  return { body: form, files }
}

function partsOf(bytes: Uint8Array, contentType: string): Part[] {
  try {
    return readMultipart(bytes, contentType)
  } catch (error) {
    if (!(error instanceof MultipartError)) throw error
    throw new Refusal(error.tooMany ? 413 : 400, error.message)
  }
}
