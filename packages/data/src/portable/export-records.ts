import type { ProjectRecords } from '../project-data.ts'
import type { DataRecord } from '../records/records.schema.ts'
import { csvCell } from './csv.ts'
import { portableErrors } from './portable.errors.ts'
import { type ExportQuery, exportSchema } from './portable.schema.ts'

const BATCH = 500

/**
 * The records that match, as text in pieces, read page by page: memory stays small however many there are.
 * What is written meanwhile may or may not be in it.
 */
export function createExport(
  list: ProjectRecords['list'],
  keysOf: (model: string) => Promise<string[]>,
): (model: string, query: ExportQuery) => AsyncGenerator<string> {
  return async function* (model, query) {
    const parsed = exportSchema.safeParse(query)
    if (!parsed.success) throw portableErrors.IMPORT_OPTION({ problem: parsed.error.issues[0]!.message })
    const { format, ...asked } = parsed.data
    const fields =
      asked.fields
        ?.split(',')
        .map((key) => key.trim())
        .filter(Boolean) ?? (await keysOf(model))
    // Those of the engine are there once, also when they were asked for.
    const columns = [...new Set(['id', ...fields, 'createdAt', 'updatedAt'])]
    if (asked.sort?.includes('.')) {
      throw portableErrors.IMPORT_OPTION({
        problem: 'an export cannot be sorted by a value inside a document',
      })
    }
    let written = 0
    let cursor: string | undefined
    // The heading goes out with the first page: a query that is refused is refused before anything was sent.
    let heading = format === 'csv' ? `${columns.map(csvCell).join(',')}\r\n` : format === 'json' ? '[' : ''
    do {
      const page = await list(model, {
        ...asked,
        pageSize: BATCH,
        skipTotal: true,
        ...(cursor !== undefined && { cursor }),
      })
      let text = heading
      heading = ''
      for (const record of page.items) {
        if (format === 'json') text += written === 0 ? '\n' : ',\n'
        text += format === 'csv' ? csvRow(record, columns) : jsonRow(record, columns)
        if (format === 'ndjson') text += '\n'
        written += 1
      }
      if (text !== '') yield text
      cursor = page.cursor
    } while (cursor !== undefined)
    if (format === 'json') yield '\n]\n'
  }
}

function csvRow(record: DataRecord, columns: readonly string[]): string {
  return `${columns.map((key) => csvCell(asCell(record[key]))).join(',')}\r\n`
}

function jsonRow(record: DataRecord, columns: readonly string[]): string {
  return JSON.stringify(Object.fromEntries(columns.map((key) => [key, record[key] ?? null])))
}

function asCell(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return JSON.stringify(value)
  return value as string | number | boolean
}
