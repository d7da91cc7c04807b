import {
  csvCell,
  parseCsv,
  plainCell,
  type Field,
  type ImportReport,
  type Model,
  type PortableFormat,
} from '@m3m/core/client'

/** A file that is to be imported, as far as a person must see it to say what goes where. */

export interface SourceFile {
  file: File
  format: PortableFormat
  columns: SourceColumn[]
}

export interface SourceColumn {
  name: string
  /** Of the first rows, as text. */
  samples: string[]
}

/** Characters and rows that are looked at; all of it is read by the agent. */
const HEAD_CHARS = 256 * 1024
const SAMPLE_ROWS = 5
/** A list in one JSON text can only be looked at whole; this is as much as the agent takes. */
const JSON_MAX_BYTES = 64 * 1_048_576

export const formatOf = (name: string): PortableFormat | null => {
  const ending = name.toLowerCase().split('.').at(-1)
  if (ending === 'csv') return 'csv'
  if (ending === 'ndjson' || ending === 'jsonl') return 'ndjson'
  return ending === 'json' ? 'json' : null
}

/** @throws a SyntaxError or an agent's error with what is wrong with the file */
export async function openSource(file: File, format: PortableFormat): Promise<SourceFile> {
  const isWhole = format === 'json' ? file.size <= JSON_MAX_BYTES : file.size <= HEAD_CHARS
  const text = await (isWhole ? file : file.slice(0, HEAD_CHARS)).text()
  const rows = await firstRows(text, format, isWhole)
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const columns = names.map((name) => ({
    name,
    samples: rows.map((row) => sampleText(row[name])).filter((sample) => sample !== ''),
  }))
  return { file, format, columns }
}

async function firstRows(
  text: string,
  format: PortableFormat,
  isWhole: boolean,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = []
  for await (const row of rowsOf(isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1), format)) {
    rows.push(row)
    if (rows.length >= SAMPLE_ROWS) break
  }
  return rows
}

async function* rowsOf(text: string, format: PortableFormat): AsyncGenerator<Record<string, unknown>> {
  if (format === 'json') {
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    for (const item of Array.isArray(parsed) ? parsed : [parsed]) yield asRow(item)
  } else if (format === 'ndjson') {
    for (const line of text.split('\n')) if (line.trim() !== '') yield asRow(JSON.parse(line))
  } else {
    let heading: string[] | undefined
    for await (const cells of parseCsv(once(text))) {
      if (!heading) heading = cells.map((cell) => cell.trim())
      else yield Object.fromEntries(heading.map((name, at) => [name, plainCell(cells[at] ?? '')]))
    }
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield text
}

const asRow = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : { value }

function sampleText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, 80)
}

/** Columns to fields by their names or labels; others are left out (`null`). Pure. */
export function guessMapping(columns: readonly SourceColumn[], model: Model): Record<string, string | null> {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '')
  const taken = new Set<string>()
  return Object.fromEntries(
    columns.map(({ name }) => {
      const field = importable(model).find(
        ({ key, label }) => !taken.has(key) && [key, label ?? key].some((one) => plain(one) === plain(name)),
      )
      if (field) taken.add(field.key)
      return [name, field?.key ?? null]
    }),
  )
}

/** Fields that a file may bring. */
export const importable = (model: Model): Field[] => model.fields.filter(({ type }) => type !== 'autodate')

/**
 * The refused rows as a CSV, to be mended and imported again: with their cells when the file is at hand, with
 * their numbers and what is wrong in any case.
 */
export async function refusedRows(report: ImportReport, source: SourceFile | null): Promise<string> {
  const problems = Map.groupBy(report.errors, ({ row }) => row)
  const columns = source?.columns.map(({ name }) => name) ?? []
  const lines = [[...columns, 'row', 'problem'].map(csvCell).join(',')]
  const line = (row: number, cells: Record<string, unknown>) => {
    const problem = problems
      .get(row)!
      .map(({ field, message }) => `${field}: ${message}`)
      .join(' ')
    const values = columns.map((name) => csvCell(asCell(cells[name])))
    lines.push([...values, csvCell(row), csvCell(problem)].join(','))
  }
  if (!source) for (const row of problems.keys()) line(row, {})
  else {
    let number = 0
    for await (const row of rowsOf(await source.file.text(), source.format)) {
      number += 1
      if (problems.has(number)) line(number, row)
    }
  }
  return `${lines.join('\r\n')}\r\n`
}

function asCell(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean)
}
