import type { FindOptions, ProjectRecords } from '../project-data.ts'
import { queryErrors } from '../query/query.errors.ts'
import { type Filter, MAX_PAGE_SIZE } from '../query/query.schema.ts'
import { resolvePath } from '../query/resolve-path.ts'
import { checkSkip, createList } from './list-records.ts'
import { filterFor, planRead, present, toFindPlan } from './read-plan.ts'
import type { ModelScope } from './record-reader.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import { recordErrors } from './records.errors.ts'
import type { DataRecord } from './records.schema.ts'

type Reads = Pick<ProjectRecords, 'list' | 'get' | 'count' | 'find' | 'findOne' | 'findById' | 'distinct'>

/** Records of one `find` when it says nothing. */
const DEFAULT_LIMIT = 100
const MAX_DISTINCT = 1000

export function createReads(deps: RecordsDeps): Reads {
  const { reader, view } = deps

  async function find(
    scope: ModelScope,
    filter: Filter | undefined,
    options: FindOptions,
  ): Promise<DataRecord[]> {
    const range = rangeOf(options)
    const plan = planRead(scope, options)
    const found = await reader.find(
      scope.compiled,
      toFindPlan(plan, { ...range, filter: await filterFor(deps, scope, filter) }),
    )
    return present(deps, scope, found, plan)
  }

  async function findById(model: string, id: string, options: FindOptions = {}): Promise<DataRecord | null> {
    const scope = await openScope(deps, model)
    const plan = planRead(scope, options)
    const { projection } = toFindPlan(plan, { filter: {}, limit: 1 })
    const found = await reader.byId(scope.compiled, id, projection)
    return found && ((await present(deps, scope, [found], plan))[0] ?? null)
  }

  return {
    list: createList(deps),
    findById,
    async get(model, id, options) {
      const found = await findById(model, id, options)
      if (!found) throw recordErrors.RECORD_NOT_FOUND({ model, id: String(id).slice(0, 100) })
      return found
    },
    async count(model, filter) {
      const scope = await openScope(deps, model)
      return reader.count(scope.compiled, await filterFor(deps, scope, filter))
    },
    find: async (model, filter, options = {}) => find(await openScope(deps, model), filter, options),
    async findOne(model, filter, options = {}) {
      const [first] = await find(await openScope(deps, model), filter, { ...options, limit: 1 })
      return first ?? null
    },
    async distinct(model, field, filter) {
      const scope = await openScope(deps, model)
      const path = resolvePath(field, scope.compiled, scope.readable)
      if (path.hops.length > 0 || path.kind.compares === 'document') {
        throw queryErrors.QUERY_OPERATOR_MISFIT({ operator: 'distinct', field, type: path.type })
      }
      const reference = `$${path.storedPath}`
      const groups = await reader.aggregate(scope.compiled, [
        { $match: { $and: [await filterFor(deps, scope, filter), { [path.storedPath]: { $ne: null } }] } },
        ...(path.list ? [{ $unwind: reference }] : []),
        { $group: { _id: reference } },
        { $sort: { _id: 1 } },
        { $limit: MAX_DISTINCT },
      ])
      return groups.map((group) => path.kind.outward(group._id, view.dates ?? 'iso'))
    },
  }
}

function rangeOf({ limit = DEFAULT_LIMIT, skip, page }: FindOptions): { limit: number; skip: number } {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw queryErrors.QUERY_SHAPE({
      problem: `limit is a whole number from 1 to ${MAX_PAGE_SIZE}, not ${limit}.`,
    })
  }
  if (page !== undefined && (!Number.isInteger(page) || page < 1)) {
    throw queryErrors.QUERY_SHAPE({ problem: `page is a whole number from 1, not ${page}.` })
  }
  const from = skip ?? ((page ?? 1) - 1) * limit
  checkSkip(from)
  return { limit, skip: from }
}
