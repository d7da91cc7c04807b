import { AppError } from '@m3m/base'
import { z } from 'zod'
import type { ProjectRecords } from '../project-data.ts'
import type { RecordChanges, SingleChanges } from './record-changes.ts'
import type { ModelScope } from './record-reader.ts'
import { filterFor } from './read-plan.ts'
import { type StoredRecord, toOutward } from './record-shape.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import { recordErrors } from './records.errors.ts'
import {
  type BatchOperation,
  batchOperationSchema,
  type BulkOperation,
  type BulkReport,
  type BulkResult,
  MAX_BULK,
} from './records.schema.ts'
import { validateRecord } from './validate-record.ts'
import { equalitiesOf, writeOf } from './write-matching.ts'

/**
 * Several writes in one call: all are validated first and none is begun when one is refused. Then they are made
 * in their order: in one transaction where the server has transactions, so that one that fails after all (a
 * version, a unique value) takes the others back; else the writes before it stay. The report says which.
 */
export function createBulk(
  deps: RecordsDeps,
  changes: RecordChanges,
): Pick<ProjectRecords, 'bulk' | 'batch'> {
  const write: ProjectRecords['batch'] = async (input) => {
    const operations = parse(input)
    const scopes = new Map<string, ModelScope>()
    for (const { model } of operations)
      if (!scopes.has(model)) scopes.set(model, await openScope(deps, model))
    for (const operation of operations) check(deps, scopes.get(operation.model)!, operation)
    const batch: Batch = {
      operations,
      run: (through, operation) => run(deps, scopes.get(operation.model)!, through, operation),
    }
    if (await changes.atomic.available()) return allOrNothing(changes, batch)
    return oneByOne({ ...changes, create: async (of, data) => (await changes.create(of, [data]))[0]! }, batch)
  }
  return {
    batch: write,
    // What is no list is refused where the batch is read.
    bulk: (model, operations) =>
      write(
        Array.isArray(operations)
          ? (operations as readonly BulkOperation[]).map((one) => ({ ...one, model }))
          : (operations as never),
      ),
  }
}

interface Batch {
  operations: readonly BatchOperation[]
  run: (through: SingleChanges, operation: BatchOperation) => Promise<BulkResult & { ok: true }>
}

async function allOrNothing(changes: RecordChanges, { operations, run }: Batch): Promise<BulkReport> {
  let results: BulkResult[] = []
  try {
    await changes.atomic.run(async (unit) => {
      results = []
      for (const operation of operations) results.push(await run(unit.changes, operation))
    })
  } catch (error) {
    // Refused at its end, by no write of it: it is the caller's to try again.
    if (!(error instanceof AppError) || results.length === operations.length) throw error
    const undone = recordErrors.RECORD_UNDONE({ write: results.length + 1 }).toShape()
    const before = results.map(() => ({ ok: false as const, error: undone }))
    const failed = { ok: false as const, error: error.toShape() }
    return { results: [...before, failed], applied: 0, complete: false, atomic: true }
  }
  return { results, applied: results.length, complete: true, atomic: true }
}

async function oneByOne(changes: SingleChanges, { operations, run }: Batch): Promise<BulkReport> {
  const results: BulkResult[] = []
  for (const operation of operations) {
    try {
      results.push(await run(changes, operation))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      results.push({ ok: false, error: error.toShape() })
      break
    }
  }
  const applied = results.filter((result) => result.ok).length
  return { results, applied, complete: applied === operations.length, atomic: false }
}

/** @throws RECORD_INVALID */
function check(deps: RecordsDeps, { compiled }: ModelScope, operation: BulkOperation): void {
  if (operation.op === 'remove') return
  const creating = operation.op === 'create'
  const modifies = !creating && Object.keys(operation.data).some((key) => key.startsWith('$'))
  // Whether a null clears a value or says that there is none is seen when the record is read.
  if (!modifies)
    validateRecord(compiled, operation.data, {
      nowMs: deps.nowMs(),
      creating,
      ...(!creating && { before: {} }),
    })
}

async function run(
  deps: RecordsDeps,
  scope: ModelScope,
  changes: SingleChanges,
  operation: BulkOperation,
): Promise<BulkResult & { ok: true }> {
  const { compiled } = scope
  const answer = (record: Parameters<typeof toOutward>[0]) => ({
    ok: true as const,
    record: toOutward(record, compiled, deps.view),
  })
  if (operation.op === 'create') return answer(await changes.create(scope, operation.data))
  if (operation.op === 'upsert') return answer(await upsert(deps, scope, changes, operation))
  const { id, version } = operation
  const gone = () => recordErrors.RECORD_NOT_FOUND({ model: compiled.model.slug, id: id.slice(0, 100) })
  if (operation.op === 'remove') {
    if (!(await changes.remove(scope, { id, version }))) throw gone()
    return { ok: true, record: null }
  }
  const done = await changes.update(scope, { id, version }, writeOf(deps, scope, operation.data))
  if (!done) throw gone()
  return answer(done.after)
}

/** One that another writer took away meanwhile is looked for again; a unique value decides between two that make one. */
async function upsert(
  deps: RecordsDeps,
  scope: ModelScope,
  changes: SingleChanges,
  { filter, data }: Extract<BulkOperation, { op: 'upsert' }>,
): Promise<StoredRecord> {
  const match = await filterFor(deps, scope, filter)
  for (;;) {
    const id = await changes.first(scope, match)
    if (id === undefined) return changes.create(scope, { ...equalitiesOf(filter), ...data })
    const done = await changes.update(scope, { id, match }, writeOf(deps, scope, data))
    if (done) return done.after
  }
}

function parse(input: readonly BatchOperation[]): BatchOperation[] {
  if (Array.isArray(input) && input.length > MAX_BULK)
    throw recordErrors.RECORD_LIMIT({ what: 'writes', limit: MAX_BULK })
  const parsed = z.array(batchOperationSchema).safeParse(input)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw recordErrors.RECORD_UPDATE_INVALID({ problem: `${path.join('.') || 'the batch'}: ${message}.` })
}
