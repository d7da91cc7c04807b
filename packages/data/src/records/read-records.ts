import type { Document } from 'mongodb'
import type { FindOptions, ProjectRecords } from '../project-data.ts'
import { buildFilter } from '../query/build-filter.ts'
import { queryErrors } from '../query/query.errors.ts'
import { type Filter, type ListQuery, listQuerySchema, MAX_PAGE_SIZE } from '../query/query.schema.ts'
import { resolvePath } from '../query/resolve-path.ts'
import { selectFields } from '../query/select-fields.ts'
import { parseSort, toMongoSort } from '../query/sort.ts'
import type { ModelScope } from './record-reader.ts'
import { toOutward } from './record-shape.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import { recordErrors } from './records.errors.ts'
import type { DataRecord } from './records.schema.ts'

type Reads = Pick<ProjectRecords, 'list' | 'get' | 'count' | 'find' | 'findOne' | 'findById' | 'distinct'>

/** Records of one `find` when it says nothing, and of one page. */
const DEFAULT_LIMIT = 100
const DEFAULT_PAGE_SIZE = 50
const MAX_SKIP = 1_000_000
const MAX_DISTINCT = 1000

export function createReads(deps: RecordsDeps): Reads {
  const { reader, view } = deps

  async function filterOf(scope: ModelScope, filter: Filter | undefined): Promise<Document> {
    const options = { filter, maxTimeMs: deps.maxTimeMs }
    return buildFilter(options, { ...scope, model: scope.compiled, nowMs: deps.nowMs() }, deps.collections)
  }

  async function find(scope: ModelScope, filter: Filter | undefined, options: FindOptions): Promise<DataRecord[]> {
    const { compiled, models } = scope
    const { limit, skip } = rangeOf(options)
    const { keys, projection } = selectFields(options.fields, compiled, models)
    const sort = toMongoSort(parseSort(options.sort, compiled, models))
    const found = await reader.find(compiled, { filter: await filterOf(scope, filter), sort, skip, limit, projection })
    return found.map((record) => toOutward(record, compiled, view, keys))
  }

  async function findById(model: string, id: string, options: FindOptions = {}): Promise<DataRecord | null> {
    const scope = await openScope(deps, model)
    const { keys, projection } = selectFields(options.fields, scope.compiled, scope.models)
    const found = await reader.byId(scope.compiled, id, projection)
    return found && toOutward(found, scope.compiled, view, keys)
  }

  return {
    async list(model, query = {}) {
      const parsed = parseQuery(query)
      const scope = await openScope(deps, model)
      const { compiled, models } = scope
      const { page = 1, pageSize = DEFAULT_PAGE_SIZE } = parsed
      checkSkip((page - 1) * pageSize)
      const filter = await filterOf(scope, parsed.filter)
      const { keys, projection } = selectFields(parsed.fields, compiled, models)
      const sort = toMongoSort(parseSort(parsed.sort, compiled, models))
      const plan = { filter, sort, skip: (page - 1) * pageSize, limit: pageSize, projection }
      const [found, total] = await Promise.all([
        reader.find(compiled, plan),
        parsed.skipTotal ? -1 : reader.count(compiled, filter),
      ])
      const items = found.map((record) => toOutward(record, compiled, view, keys))
      return { items, total, page, pageSize, pages: total < 0 ? -1 : Math.ceil(total / pageSize) }
    },
    async get(model, id, options) {
      const found = await findById(model, id, options)
      if (!found) throw recordErrors.RECORD_NOT_FOUND({ model, id: String(id).slice(0, 100) })
      return found
    },
    async count(model, filter) {
      const scope = await openScope(deps, model)
      return reader.count(scope.compiled, await filterOf(scope, filter))
    },
    find: async (model, filter, options = {}) => find(await openScope(deps, model), filter, options),
    async findOne(model, filter, options = {}) {
      const [first] = await find(await openScope(deps, model), filter, { ...options, limit: 1 })
      return first ?? null
    },
    findById,
    async distinct(model, field, filter) {
      const scope = await openScope(deps, model)
      const path = resolvePath(field, scope.compiled, scope.models)
      if (path.hops.length > 0 || path.kind.compares === 'document') {
        throw queryErrors.QUERY_OPERATOR_MISFIT({ operator: 'distinct', field, type: path.type })
      }
      const reference = `$${path.storedPath}`
      const groups = await reader.aggregate(scope.compiled, [
        { $match: { $and: [await filterOf(scope, filter), { [path.storedPath]: { $ne: null } }] } },
        ...(path.list ? [{ $unwind: reference }] : []),
        { $group: { _id: reference } },
        { $sort: { _id: 1 } },
        { $limit: MAX_DISTINCT },
      ])
      return groups.map((group) => path.kind.outward(group._id, view.dates ?? 'iso'))
    },
  }
}

function parseQuery(query: ListQuery): ListQuery {
  const parsed = listQuerySchema.safeParse(query)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw queryErrors.QUERY_SHAPE({ problem: `${path.join('.') || 'the query'}: ${message}.` })
}

function rangeOf({ limit = DEFAULT_LIMIT, skip, page }: FindOptions): { limit: number; skip: number } {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw queryErrors.QUERY_SHAPE({ problem: `limit is a whole number from 1 to ${MAX_PAGE_SIZE}, not ${limit}.` })
  }
  if (page !== undefined && (!Number.isInteger(page) || page < 1)) {
    throw queryErrors.QUERY_SHAPE({ problem: `page is a whole number from 1, not ${page}.` })
  }
  const from = skip ?? ((page ?? 1) - 1) * limit
  checkSkip(from)
  return { limit, skip: from }
}

function checkSkip(skip: number): void {
  if (Number.isInteger(skip) && skip >= 0 && skip <= MAX_SKIP) return
  throw queryErrors.QUERY_SHAPE({ problem: `one can skip 0 to ${MAX_SKIP} records, not ${skip}; use a cursor to go further.` })
}
