import { messageOf } from '@m3m/base'
import { parseCsv, plainCell } from './csv.ts'
import { portableErrors } from './portable.errors.ts'
import type { PortableFormat } from './portable.schema.ts'

/** A row of a file: from CSV every value is text. */
export type SourceRow = Record<string, unknown>

/** One import: bytes of the file, and rows, which are held in memory to write all or none. */
const MAX_BYTES = 64 * 1024 * 1024
const MAX_ROWS = 100_000

export interface SourceRows {
  rows: SourceRow[]
  columns: string[]
  /** Values are text and must be read by the field's type. */
  isText: boolean
}

/** Reads a whole file. @throws IMPORT_SYNTAX, IMPORT_LIMIT */
export async function readRows(
  source: AsyncIterable<Uint8Array | string>,
  format: PortableFormat,
): Promise<SourceRows> {
  const text = decoded(source)
  const read = { csv: fromCsv, ndjson: fromLines, json: fromJson }[format]
  const rows: SourceRow[] = []
  const columns = new Set<string>()
  for await (const row of read(text)) {
    if (rows.length >= MAX_ROWS) throw portableErrors.IMPORT_LIMIT({ what: 'rows', limit: MAX_ROWS })
    for (const key of Object.keys(row)) columns.add(key)
    rows.push(row)
  }
  return { rows, columns: [...columns], isText: format === 'csv' }
}

async function* decoded(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  for await (const chunk of source) {
    bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk) : chunk.byteLength
    if (bytes > MAX_BYTES) throw portableErrors.IMPORT_LIMIT({ what: 'bytes', limit: MAX_BYTES })
    yield typeof chunk === 'string' ? chunk : decode(decoder, chunk)
  }
  yield decode(decoder)
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode()
  } catch {
    throw portableErrors.IMPORT_SYNTAX({ row: 1, problem: 'it is not UTF-8; save it with that encoding' })
  }
}

async function* fromCsv(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let heading: string[] | undefined
  let row = 0
  for await (const cells of parseCsv(text)) {
    if (!heading) {
      heading = cells.map((cell) => cell.trim())
      const twice = heading.find((name, n) => heading!.indexOf(name) !== n)
      if (twice !== undefined)
        throw portableErrors.IMPORT_SYNTAX({ row: 1, problem: `the column "${twice}" is there twice` })
      continue
    }
    row += 1
    if (cells.length > heading.length) {
      throw portableErrors.IMPORT_SYNTAX({
        row,
        problem: `it has ${cells.length} cells, the heading has ${heading.length}`,
      })
    }
    yield Object.fromEntries(heading.map((name, n) => [name, plainCell(cells[n] ?? '')]))
  }
}

async function* fromLines(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let rest = ''
  let row = 0
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (line.trim() !== '') yield asRow(parse(line, (row += 1)), row)
  }
  if (rest.trim() !== '') yield asRow(parse(rest, row + 1), row + 1)
}

async function* fromJson(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let whole = ''
  for await (const chunk of text) whole += chunk
  const value = parse(whole.replace(/^\uFEFF/, ''), 1)
  if (!Array.isArray(value))
    throw portableErrors.IMPORT_SYNTAX({ row: 1, problem: 'it is no list of records' })
  for (const [n, item] of value.entries()) yield asRow(item, n + 1)
}

function parse(text: string, row: number): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw portableErrors.IMPORT_SYNTAX({ row, problem: messageOf(error) })
  }
}

function asRow(value: unknown, row: number): SourceRow {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as SourceRow
  throw portableErrors.IMPORT_SYNTAX({ row, problem: 'it is no object' })
}
