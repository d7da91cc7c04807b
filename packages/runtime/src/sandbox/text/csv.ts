// RFC 4180, with any one-character delimiter and line breaks of every kind.
import { refuseAt, setMember } from './problem.ts'

/** The fields of every row. Empty lines are left out, a byte order mark too. */
export function parseCsv(source: string, delimiter = ','): string[][] {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  const rows: string[][] = []
  let row: string[] = []
  let at = 0
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at, delimiter) : plainField(text, at, delimiter)
    row.push(field.value)
    at = field.end
    if (text[at] === delimiter) {
      at += 1
      // A delimiter at the very end begins a last, empty field.
      if (at === text.length || text[at] === '\n' || text[at] === '\r') row.push('')
      else continue
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    if (row.length > 1 || row[0] !== '' || field.quoted) rows.push(row)
    row = []
  }
  return rows
}

interface Field {
  value: string
  end: number
  quoted: boolean
}

function plainField(text: string, from: number, delimiter: string): Field {
  let end = from
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { value: text.slice(from, end), end, quoted: false }
}

function quotedField(text: string, from: number, delimiter: string): Field {
  let value = ''
  let at = from + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) refuseAt(text, from, 'this quote is never closed')
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') {
      const end = quote + 1
      const next = text[end]
      if (next !== undefined && next !== delimiter && next !== '\n' && next !== '\r') {
        refuseAt(text, end, 'a closing quote must be followed by the delimiter or the end of the line')
      }
      return { value, end, quoted: true }
    }
    value += '"'
    at = quote + 2
  }
}

/** Rows as objects by the names in the first row, or by `names`. Fields without a name are `column<n>`, missing ones `''`. */
export function rowsAsObjects(
  rows: readonly string[][],
  names?: readonly string[],
): Record<string, string>[] {
  const header = uniqueNames(names ?? rows[0] ?? [])
  return (names ? rows : rows.slice(1)).map((row) => {
    const object: Record<string, string> = {}
    for (let i = 0; i < Math.max(header.length, row.length); i++) {
      setMember(object, header[i] ?? `column${i + 1}`, row[i] ?? '')
    }
    return object
  })
}

function uniqueNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name}_${count}`
  })
}

/** Rows as lines that end in `\n`; fields are quoted where they must be. */
export function stringifyCsv(rows: readonly (readonly unknown[])[], delimiter = ','): string {
  return rows.map((row) => row.map((value) => csvField(value, delimiter)).join(delimiter) + '\n').join('')
}

function csvField(value: unknown, delimiter: string): string {
  const text = csvText(value)
  const quoted = text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text)
  return quoted ? `"${text.replace(/"/g, '""')}"` : text
}

function csvText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
