import { AppError } from '@m3m/base'
import { z } from 'zod'
import type { ProjectRecords } from '../project-data.ts'
import type { RecordChanges } from './record-changes.ts'
import { toOutward } from './record-shape.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import { recordErrors } from './records.errors.ts'
import { type BulkOperation, bulkOperationSchema, type BulkResult, MAX_BULK } from './records.schema.ts'
import { validateRecord } from './validate-record.ts'
import { writeOf } from './write-matching.ts'

/**
 * Several writes in one call: all are validated first and none is begun when one is refused. Then one after
 * the other, and the first that fails (a version, a unique value) ends it: the report says what was done.
 */
export function createBulk(deps: RecordsDeps, changes: RecordChanges): ProjectRecords['bulk'] {
  return async (model, input) => {
    const operations = parse(input)
    const scope = await openScope(deps, model)
    checkAll()

    const results: BulkResult[] = []
    for (const operation of operations) {
      try {
        results.push({ ok: true, record: await run(operation) })
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        results.push({ ok: false, error: error.toShape() })
        break
      }
    }
    const applied = results.filter((result) => result.ok).length
    return { results, applied, complete: applied === operations.length }

    function checkAll(): void {
      for (const operation of operations) {
        if (operation.op === 'remove') continue
        const creating = operation.op === 'create'
        const modifies = !creating && Object.keys(operation.data).some((key) => key.startsWith('$'))
        if (!modifies) validateRecord(scope.compiled, operation.data, { nowMs: deps.nowMs(), creating })
      }
    }

    async function run(operation: BulkOperation) {
      if (operation.op === 'create') {
        const [record] = await changes.create(scope, [operation.data])
        return toOutward(record!, scope.compiled, deps.view)
      }
      const { id, version } = operation
      if (operation.op === 'remove') {
        if (!(await changes.remove(scope, { id, version })))
          throw recordErrors.RECORD_NOT_FOUND({ model, id })
        return null
      }
      const done = await changes.update(scope, { id, version }, writeOf(deps, scope, operation.data))
      if (!done) throw recordErrors.RECORD_NOT_FOUND({ model, id })
      return toOutward(done.after, scope.compiled, deps.view)
    }
  }
}

function parse(input: readonly BulkOperation[]): BulkOperation[] {
  if (Array.isArray(input) && input.length > MAX_BULK)
    throw recordErrors.RECORD_LIMIT({ what: 'writes', limit: MAX_BULK })
  const parsed = z.array(bulkOperationSchema).safeParse(input)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw recordErrors.RECORD_UPDATE_INVALID({ problem: `${path.join('.') || 'the batch'}: ${message}.` })
}
