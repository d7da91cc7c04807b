/** Beginnings of files, as their formats define them. `at` counts bytes. */
const SIGNATURES: readonly { type: string; at: number; bytes: readonly number[] | string }[] = [
  { type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', at: 0, bytes: 'GIF8' },
  { type: 'image/webp', at: 8, bytes: 'WEBP' },
  { type: 'audio/wav', at: 8, bytes: 'WAVE' },
  { type: 'image/avif', at: 4, bytes: 'ftypavif' },
  { type: 'image/heic', at: 4, bytes: 'ftypheic' },
  { type: 'video/mp4', at: 4, bytes: 'ftyp' },
  { type: 'image/bmp', at: 0, bytes: 'BM' },
  { type: 'image/tiff', at: 0, bytes: [0x49, 0x49, 0x2a, 0x00] },
  { type: 'image/tiff', at: 0, bytes: [0x4d, 0x4d, 0x00, 0x2a] },
  { type: 'image/x-icon', at: 0, bytes: [0x00, 0x00, 0x01, 0x00] },
  { type: 'application/pdf', at: 0, bytes: '%PDF-' },
  { type: 'application/zip', at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
  { type: 'application/gzip', at: 0, bytes: [0x1f, 0x8b] },
  { type: 'video/webm', at: 0, bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { type: 'audio/ogg', at: 0, bytes: 'OggS' },
  { type: 'audio/flac', at: 0, bytes: 'fLaC' },
  { type: 'audio/mpeg', at: 0, bytes: 'ID3' },
  { type: 'font/woff2', at: 0, bytes: 'wOF2' },
  { type: 'font/woff', at: 0, bytes: 'wOFF' },
  { type: 'application/wasm', at: 0, bytes: [0x00, 0x61, 0x73, 0x6d] },
]

/** What a name says, for formats without a signature. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  mjs: 'text/javascript',
  ts: 'text/typescript',
  json: 'application/json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  xml: 'application/xml',
  svg: 'image/svg+xml',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  mp3: 'audio/mpeg',
  ttf: 'font/ttf',
  otf: 'font/otf',
}

/** Office documents are archives by their beginning. */
const ARCHIVES: readonly string[] = ['docx', 'xlsx', 'pptx']

/** Bytes that {@link mimeTypeOf} wants to see. */
export const SNIFF_BYTES = 512

/**
 * The type of a file from its beginning, and from its name only where the content is text or unknown: a name
 * cannot make a picture of a page. Nothing known gives `text/plain` or `application/octet-stream`.
 */
export function mimeTypeOf(name: string, head: Uint8Array): string {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase()
  const signed = SIGNATURES.find(({ at, bytes }) => startsWith(head, at, bytes))?.type
  if (signed === 'application/zip' && ARCHIVES.includes(extension)) return BY_EXTENSION[extension]!
  if (signed) return signed
  const named = BY_EXTENSION[extension]
  if (!looksLikeText(head))
    return named !== undefined && !named.startsWith('text/') && named !== 'image/svg+xml'
      ? named
      : 'application/octet-stream'
  const start = new TextDecoder().decode(head).trimStart().toLowerCase()
  if (start.startsWith('<!doctype html') || start.startsWith('<html') || start.startsWith('<script'))
    return 'text/html'
  if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg')))
    return 'image/svg+xml'
  return named ?? 'text/plain'
}

function startsWith(head: Uint8Array, at: number, bytes: readonly number[] | string): boolean {
  if (head.length < at + bytes.length) return false
  for (let i = 0; i < bytes.length; i += 1) {
    if (head[at + i] !== (typeof bytes === 'string' ? bytes.charCodeAt(i) : bytes[i])) return false
  }
  return true
}

/** No control characters but the usual white space (WHATWG MIME Sniffing, "binary data byte"). */
function looksLikeText(head: Uint8Array): boolean {
  return head.every(
    (byte) =>
      byte > 0x1f || byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d || byte === 0x1b,
  )
}
