import { portableErrors } from './portable.errors.ts'

/** Characters of one cell; cells of one row. */
const MAX_CELL = 1_100_000
const MAX_CELLS = 500

/**
 * Rows of a CSV text as it arrives (RFC 4180: quotes doubled inside quotes, line breaks kept inside them).
 * A byte-order mark is dropped; a heading with more `;` than `,` says that `;` separates, as spreadsheets in
 * many countries write it. @throws IMPORT_SYNTAX
 */
export async function* parseCsv(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  const reader = createCsvReader()
  let started = false
  for await (const chunk of chunks) {
    const text = started ? chunk : chunk.replace(/^\uFEFF/, '')
    started ||= chunk !== ''
    yield* reader.read(text)
  }
  yield* reader.end()
}

/** A cell for a spreadsheet. Text that one would run as a formula gets an apostrophe; reading takes it off again. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) || /^'[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",;\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Undoes the apostrophe of {@link csvCell}. */
export function plainCell(cell: string): string {
  return /^'+[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell
}

function createCsvReader() {
  let separator: string | undefined
  let head = ''
  let row: string[] = []
  let cell = ''
  let quoted = false
  /** Just after a quote inside quotes: doubled, or the end. */
  let closing = false
  let rows = 0

  function endCell(): void {
    if (row.length >= MAX_CELLS)
      throw portableErrors.IMPORT_SYNTAX({ row: rows + 1, problem: `it has more than ${MAX_CELLS} cells` })
    row.push(cell)
    cell = ''
  }

  function* endRow(): Generator<string[]> {
    endCell()
    const done = row
    row = []
    if (done.length === 1 && done[0] === '') return
    rows += 1
    yield done
  }

  function* read(text: string): Generator<string[]> {
    if (separator === undefined) {
      head += text
      const end = head.search(/[\r\n]/)
      if (end < 0 && head.length < MAX_CELL) return
      separator = separatorOf(end < 0 ? head : head.slice(0, end))
      text = head
      head = ''
    }
    for (const char of text) {
      if (closing) {
        closing = false
        if (char === '"') {
          cell += '"'
          continue
        }
        quoted = false
      }
      if (quoted) {
        if (char === '"') closing = true
        else cell += char
      } else if (char === '"' && cell === '') quoted = true
      else if (char === separator) endCell()
      else if (char === '\n') yield* endRow()
      else if (char !== '\r') cell += char
      if (cell.length > MAX_CELL)
        throw portableErrors.IMPORT_SYNTAX({ row: rows + 1, problem: 'a cell does not end' })
    }
  }

  function* end(): Generator<string[]> {
    if (separator === undefined) yield* read('\n')
    if (quoted && !closing)
      throw portableErrors.IMPORT_SYNTAX({ row: rows + 1, problem: 'a quote is not closed' })
    if (cell !== '' || row.length > 0) yield* endRow()
  }

  return { read, end }
}

function separatorOf(heading: string): string {
  const count = (char: string) => heading.split(char).length
  return count(';') > count(',') ? ';' : ','
}
