import { hasCode } from '@m3m/base'
import type { Document } from 'mongodb'
import type { ProjectRecords } from '../project-data.ts'
import type { Filter } from '../query/query.schema.ts'
import { parseSort, toMongoSort } from '../query/sort.ts'
import { applyModifiers, hasModifiers } from './modifiers.ts'
import { filterFor } from './read-plan.ts'
import type { MakeWrite, RecordChanges } from './record-changes.ts'
import type { ModelScope } from './record-reader.ts'
import { toOutward } from './record-shape.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import { recordErrors } from './records.errors.ts'
import type { RecordData } from './records.schema.ts'
import { validateRecord } from './validate-record.ts'

type Matching = Pick<ProjectRecords, 'updateMany' | 'deleteMany' | 'upsert' | 'findOneAndUpdate'>

/** Records one `updateMany` or `deleteMany` may touch. */
const MAX_MANY = 10_000
/** Changes of single records that one call has under way. */
const PARALLEL = 8

/** An update as fields, or with operators. @throws RECORD_UPDATE_INVALID */
export function writeOf(deps: RecordsDeps, { compiled }: ModelScope, update: RecordData): MakeWrite {
  return hasModifiers(update)
    ? (before) => applyModifiers(compiled, before, update, deps.nowMs())
    : (before) => validateRecord(compiled, update, { nowMs: deps.nowMs(), creating: false, before })
}

/** Writes of records that a filter finds. A record is changed only while it matches: two claims of one job cannot both succeed. */
export function createMatchingWrites(deps: RecordsDeps, changes: RecordChanges): Matching {
  const { view } = deps

  async function open(model: string, filter: Filter): Promise<ModelScope & { match: Document }> {
    const scope = await openScope(deps, model)
    return { ...scope, match: await filterFor(deps, scope, filter) }
  }

  return {
    async updateMany(model, filter, data) {
      const scope = await open(model, filter)
      const makeWrite = writeOf(deps, scope, data)
      const ids = await idsOf(deps, scope, scope.match)
      return countParallel(
        ids,
        async (id) => (await changes.update(scope, { id, match: scope.match }, makeWrite)) !== null,
      )
    },
    async deleteMany(model, filter) {
      const scope = await open(model, filter)
      const ids = await idsOf(deps, scope, scope.match)
      return countParallel(ids, (id) => changes.remove(scope, { id, match: scope.match }))
    },
    async upsert(model, filter, data) {
      const scope = await open(model, filter)
      const seed = { ...equalitiesOf(filter), ...data }
      // In this process one after the other; against another process a unique index decides.
      return deps.lock.run(`${scope.compiled.model.id}/upsert/${JSON.stringify(filter)}`, async () => {
        for (;;) {
          const id = await firstId(deps, scope, scope.match)
          const done =
            id !== undefined &&
            (await changes.update(scope, { id, match: scope.match }, writeOf(deps, scope, data)))
          if (done) return toOutward(done.after, scope.compiled, view)
          if (id !== undefined) continue
          const taken = () => firstId(deps, scope, scope.match)
          const created = await changes
            .create(scope, [seed])
            .catch((error: unknown) => retryIfTaken(error, taken))
          if (created) return toOutward(created[0]!, scope.compiled, view)
        }
      })
    },
    async findOneAndUpdate(model, filter, update, { returnNew = false, sort } = {}) {
      const scope = await open(model, filter)
      const makeWrite = writeOf(deps, scope, update)
      for (;;) {
        const id = await firstId(deps, scope, scope.match, sort)
        if (id === undefined) return null
        const done = await changes.update(scope, { id, match: scope.match }, makeWrite)
        if (done) return toOutward(returnNew ? done.after : done.before, scope.compiled, view)
      }
    },
  }
}

async function firstId(
  deps: RecordsDeps,
  scope: ModelScope,
  filter: Document,
  sort?: string,
): Promise<string | undefined> {
  const order = toMongoSort(parseSort(sort, scope.compiled, scope.readable))
  const [found] = await deps.reader.find(scope.compiled, {
    filter,
    sort: order,
    limit: 1,
    projection: { _id: 1 },
  })
  return found?._id.toHexString()
}

async function idsOf(deps: RecordsDeps, { compiled }: ModelScope, filter: Document): Promise<string[]> {
  const found = await deps.reader.find(compiled, { filter, limit: MAX_MANY + 1, projection: { _id: 1 } })
  if (found.length > MAX_MANY) throw recordErrors.RECORD_LIMIT({ what: 'matching records', limit: MAX_MANY })
  return found.map((record) => record._id.toHexString())
}

/** Runs `action` for every id, a few at once; how many said true. */
async function countParallel(
  ids: readonly string[],
  action: (id: string) => Promise<boolean>,
): Promise<number> {
  let done = 0
  let next = 0
  const work = async () => {
    while (next < ids.length) {
      const id = ids[next]!
      next += 1
      if (await action(id)) done += 1
    }
  }
  await Promise.all(Array.from({ length: Math.min(PARALLEL, ids.length) }, work))
  return done
}

/** `undefined` when another process has made the record meanwhile, so that the upsert updates it. */
async function retryIfTaken(error: unknown, find: () => Promise<string | undefined>): Promise<undefined> {
  if (hasCode(error, 'RECORD_NOT_UNIQUE') && (await find()) !== undefined) return undefined
  throw error
}

/** Fields that a filter holds equal are the new record's too, as in MongoDB's upsert. */
export function equalitiesOf(filter: Filter): RecordData {
  if (typeof filter === 'string') return {}
  const equal = Object.entries(filter).filter(
    ([key, value]) =>
      !key.startsWith('$') &&
      !key.includes('.') &&
      (typeof value !== 'object' || value instanceof Date || Array.isArray(value)),
  )
  return Object.fromEntries(equal.filter(([key]) => key !== 'id' && key !== '_id'))
}
