import { Buffer } from 'node:buffer'
import { logTime } from '@m3m/base'
import type { LogLevel } from '@m3m/base'

// `[2026-01-31 12:00:00.000] [INFO] first line` and, for each further line of the same message, CONTINUED and
// the line. No text of a service can begin a record, since what follows its line breaks is always indented.
const CONTINUED = '  '
const RECORD_START = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})\] \[(DEBUG|INFO|WARN|ERROR)\] /gm

// C0 but tab and line feed, DEL, C1; line and paragraph separators; marks that change the order of what is shown.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

/** One record as it stands in the file, its line break included. `text` is cut to `maxBytes` of UTF-8. */
export function formatRecord(atMs: number, level: LogLevel, text: string, maxBytes: number): string {
  const clean = text
    .replaceAll('\r\n', '\n')
    .replace(CONTROL, escapeControl)
    .replaceAll('\n', `\n${CONTINUED}`)
  return `[${logTime(atMs)}] [${level.toUpperCase()}] ${cut(clean, maxBytes)}\n`
}

function escapeControl(char: string): string {
  if (char === '\r') return '\\r'
  if (char === '\0') return '\\0'
  const code = char.charCodeAt(0)
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

function cut(text: string, maxBytes: number): string {
  // Three bytes of UTF-8 at most for each UTF-16 unit.
  if (text.length * 3 <= maxBytes) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return text
  const note = `… (cut, ${bytes.length} bytes)`
  let end = Math.max(0, maxBytes - Buffer.byteLength(note))
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end -= 1
  return bytes.toString('utf8', 0, end) + note
}

/** A record found in a piece of a file. `start` and `end` are offsets in that piece; the line break is inside. */
export interface FoundRecord {
  start: number
  end: number
  /** ISO 8601. */
  at: string
  level: LogLevel
  /** Offset of the message. */
  textStart: number
}

/** The records of a piece of a file, in order. What stands before the first one belongs to none. */
export function findRecords(bytes: Buffer): FoundRecord[] {
  const records: FoundRecord[] = []
  // One byte, one character: the offsets of matches are offsets of bytes.
  for (const match of bytes.toString('latin1').matchAll(RECORD_START)) {
    const previous = records.at(-1)
    if (previous) previous.end = match.index
    records.push({
      start: match.index,
      end: bytes.length,
      at: `${match[1]}T${match[2]}Z`,
      level: match[3]!.toLowerCase() as LogLevel,
      textStart: match.index + match[0].length,
    })
  }
  return records
}

/** The message of a record, its lines joined again. */
export function textOf(bytes: Buffer, record: FoundRecord): string {
  const end = bytes[record.end - 1] === 0x0a ? record.end - 1 : record.end
  return bytes.toString('utf8', record.textStart, end).replaceAll(`\n${CONTINUED}`, '\n')
}
