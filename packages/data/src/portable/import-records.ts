import { AppError, type FieldError } from '@m3m/base'
import { ObjectId } from 'mongodb'
import type { CompiledModel } from '../models/compiled-model.ts'
import { checkLinks } from '../records/check-links.ts'
import type { RecordChanges } from '../records/record-changes.ts'
import type { ModelScope } from '../records/record-reader.ts'
import { openScope, type RecordsDeps } from '../records/records-deps.ts'
import { validateRecord } from '../records/validate-record.ts'
import { cellValue } from './cell-value.ts'
import { portableErrors } from './portable.errors.ts'
import { type ImportOptions, type ImportReport, importSchema } from './portable.schema.ts'
import { readRows, type SourceRows } from './read-rows.ts'

export type ImportRecords = (
  model: string,
  source: AsyncIterable<Uint8Array | string>,
  options: ImportOptions,
  progress?: (done: number, rows: number) => void,
) => Promise<ImportReport>

/** A row that passed: a new record, or a change of the record that `matchBy` found. */
interface ReadyRow {
  row: number
  data: Record<string, unknown>
  id: string | undefined
}

/** Rows between two looks at the event loop; records of one insert; errors that are told. */
const STEP = 200
const BATCH = 500
const MAX_ERRORS = 100

/**
 * Reads a file, validates every row, and only then writes: all, or with `skipBad` those that pass.
 * @throws IMPORT_SYNTAX, IMPORT_OPTION, IMPORT_LIMIT, MODEL_NOT_FOUND
 */
export function createImport(deps: RecordsDeps, changes: RecordChanges): ImportRecords {
  return async (model, source, input, progress = () => {}) => {
    const options = parse(input)
    const scope = await openScope(deps, model)
    const file = await readRows(source, options.format)
    const { targets, unknown } = mapColumns(file, scope.compiled, options)
    const report: ImportReport = {
      rows: file.rows.length,
      created: 0,
      updated: 0,
      refused: 0,
      errors: [],
      unknown,
    }
    const refuse = (row: number, errors: Record<string, FieldError>) => {
      report.refused += 1
      for (const [field, { code, message, params }] of Object.entries(errors)) {
        if (report.errors.length < MAX_ERRORS)
          report.errors.push({ row, field, code, message, ...(params && { params }) })
      }
    }

    const known = await findMatches(deps, scope, file, { targets, matchBy: options.matchBy })
    const ready: ReadyRow[] = []
    for (const [index, source] of file.rows.entries()) {
      const data = toData(source, targets, scope.compiled, file.isText)
      const id =
        options.matchBy === undefined ? undefined : known.get(matchKey(source, targets, options.matchBy))
      const errors = await check(deps, scope, data, id === undefined)
      if (errors) refuse(index + 1, errors)
      else ready.push({ row: index + 1, data, id })
      if (index % STEP === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    if (report.refused > 0 && !options.skipBad) return report
    if (options.dryRun) {
      report.updated = ready.filter(({ id }) => id !== undefined).length
      report.created = ready.length - report.updated
      return report
    }
    await writeAll({ changes, scope, report, refuse, deps, progress }, ready, options.skipBad === true)
    return report
  }
}

interface Writing {
  deps: RecordsDeps
  changes: RecordChanges
  scope: ModelScope
  report: ImportReport
  refuse: (row: number, errors: Record<string, FieldError>) => void
  progress: (done: number, rows: number) => void
}

/** What only the write itself finds out (a value that must be unique) ends the import, or with `skipBad` that row. */
async function writeAll(writing: Writing, ready: readonly ReadyRow[], skipBad: boolean): Promise<void> {
  const { changes, scope, report, deps } = writing
  const create = async (rows: readonly ReadyRow[]) => {
    await changes.create(
      scope,
      rows.map(({ data }) => data),
    )
    report.created += rows.length
  }
  const update = async ({ id, data }: ReadyRow) => {
    const write = validateRecord(scope.compiled, data, { nowMs: deps.nowMs(), creating: false })
    if (await changes.update(scope, { id: id! }, () => write)) report.updated += 1
  }
  for (let from = 0; from < ready.length; from += BATCH) {
    const batch = ready.slice(from, from + BATCH)
    const fresh = batch.filter(({ id }) => id === undefined)
    const failed = fresh.length > 0 ? await attempt(() => create(fresh)) : undefined
    for (const row of batch) {
      if (row.id === undefined && !failed) continue
      const error = await attempt(() => (row.id === undefined ? create([row]) : update(row)))
      if (!error) continue
      writing.refuse(row.row, error.fields ?? { row: { code: error.code, message: error.message } })
      if (!skipBad) return
    }
    writing.progress(Math.min(from + BATCH, ready.length), ready.length)
  }
}

async function attempt(work: () => Promise<unknown>): Promise<AppError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

function parse(input: ImportOptions): ImportOptions {
  const parsed = importSchema.safeParse(input)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw portableErrors.IMPORT_OPTION({ problem: `${path.join('.') || 'options'}: ${message}` })
}

/** Column → field. The engine's own keys are passed over but for `id` to match by. */
function mapColumns(
  { columns }: SourceRows,
  compiled: CompiledModel,
  { mapping = {}, matchBy }: ImportOptions,
) {
  const targets = new Map<string, string>()
  const unknown: string[] = []
  const own = new Set(['id', '_id', 'createdAt', 'updatedAt', 'version', 'expand'])
  for (const target of Object.values(mapping)) {
    if (target !== null && target !== 'id' && !compiled.fields.has(target)) {
      throw portableErrors.IMPORT_OPTION({
        problem: `the model "${compiled.model.slug}" has no field "${target}"`,
      })
    }
  }
  for (const column of columns) {
    const target = Object.hasOwn(mapping, column) ? mapping[column]! : column
    if (target === null) continue
    if (compiled.fields.has(target) || target === 'id') targets.set(column, target)
    else if (!own.has(target)) unknown.push(column)
  }
  if (matchBy !== undefined && ![...targets.values()].includes(matchBy)) {
    throw portableErrors.IMPORT_OPTION({ problem: `no column gives "${matchBy}" to match by` })
  }
  return { targets, unknown }
}

function toData(
  source: Record<string, unknown>,
  targets: ReadonlyMap<string, string>,
  compiled: CompiledModel,
  isText: boolean,
) {
  const data: Record<string, unknown> = {}
  for (const [column, target] of targets) {
    const field = compiled.fields.get(target)
    if (!field || field.field.type === 'autodate' || !Object.hasOwn(source, column)) continue
    const value = isText ? cellValue(String(source[column]), field) : source[column]
    // An export writes null where there is no value; a field that takes none is left alone.
    if (value !== undefined && !(value === null && !field.field.nullable)) data[target] = value
  }
  return data
}

async function check(deps: RecordsDeps, scope: ModelScope, data: Record<string, unknown>, creating: boolean) {
  const error = await attempt(async () => {
    const { set } = validateRecord(scope.compiled, data, { nowMs: deps.nowMs(), creating })
    await checkLinks(deps, scope, [set])
  })
  return error && (error.fields ?? { row: { code: error.code, message: error.message } })
}

function matchKey(
  source: Record<string, unknown>,
  targets: ReadonlyMap<string, string>,
  matchBy: string,
): string {
  const column = [...targets].find(([, target]) => target === matchBy)![0]
  return String(source[column])
}

/** Value of `matchBy` → id of the record that has it. The first wins where several do. */
async function findMatches(
  deps: RecordsDeps,
  scope: ModelScope,
  { rows }: SourceRows,
  { targets, matchBy }: { targets: ReadonlyMap<string, string>; matchBy: string | undefined },
): Promise<Map<string, string>> {
  const known = new Map<string, string>()
  if (matchBy === undefined) return known
  const field = scope.compiled.fields.get(matchBy)
  if (field && (field.list || field.kind.compares === 'document')) {
    throw portableErrors.IMPORT_OPTION({ problem: `"${matchBy}" holds no single value to match by` })
  }
  const values = [...new Set(rows.map((row) => matchKey(row, targets, matchBy)))]
  for (let from = 0; from < values.length; from += BATCH) {
    const batch = values.slice(from, from + BATCH)
    const stored = batch.flatMap((value) => storedValue(value, matchBy, scope.compiled, deps.nowMs()))
    const path = matchBy === 'id' ? '_id' : matchBy
    const plan = {
      filter: { [path]: { $in: stored } },
      sort: { _id: 1 as const },
      limit: 10 * BATCH,
      projection: { [path]: 1 as const },
    }
    for (const record of await deps.reader.find(scope.compiled, plan)) {
      const value =
        matchBy === 'id' ? record._id.toHexString() : String(field!.outward(record[matchBy], 'iso'))
      if (!known.has(value)) known.set(value, record._id.toHexString())
    }
  }
  return known
}

function storedValue(value: string, matchBy: string, compiled: CompiledModel, nowMs: number): unknown[] {
  if (matchBy === 'id') return ObjectId.isValid(value) && value.length === 24 ? [new ObjectId(value)] : []
  const checked = compiled.fields.get(matchBy)!.kind.coerce(value, { nowMs })
  return 'errors' in checked ? [] : [checked.value]
}
