import type { AppError } from '@m3m/base'
import type { ProjectRecords } from '../project-data.ts'
import type { RecordChanges } from './record-changes.ts'
import { toOutward } from './record-shape.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import { recordErrors } from './records.errors.ts'
import { writeOf } from './write-matching.ts'

type Writes = Pick<ProjectRecords, 'create' | 'update' | 'remove' | 'insertMany'>

/** Records of one `insertMany`. */
const MAX_INSERT = 1000

/** Writes of records that are named by their id, or new. */
export function createWrites(deps: RecordsDeps, changes: RecordChanges): Writes {
  const { view } = deps
  return {
    async create(model, data) {
      const scope = await openScope(deps, model)
      const [record] = await changes.create(scope, [data])
      return toOutward(record!, scope.compiled, view)
    },
    async insertMany(model, data) {
      if (!Array.isArray(data)) {
        throw recordErrors.RECORD_UPDATE_INVALID({ problem: 'insertMany takes a list of records.' })
      }
      if (data.length > MAX_INSERT)
        throw recordErrors.RECORD_LIMIT({ what: 'new records', limit: MAX_INSERT })
      const scope = await openScope(deps, model)
      if (data.length === 0) return []
      return (await changes.create(scope, data)).map((record) => toOutward(record, scope.compiled, view))
    },
    async update(model, id, data, { version } = {}) {
      const scope = await openScope(deps, model)
      const done = await changes.update(scope, { id, version }, writeOf(deps, scope, data))
      if (!done) throw notFound(model, id)
      return toOutward(done.after, scope.compiled, view)
    },
    async remove(model, id, { version } = {}) {
      const scope = await openScope(deps, model)
      if (!(await changes.remove(scope, { id, version }))) throw notFound(model, id)
    },
  }
}

function notFound(model: string, id: string): AppError {
  return recordErrors.RECORD_NOT_FOUND({ model, id: String(id).slice(0, 100) })
}
