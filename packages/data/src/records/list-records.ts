import type { Document } from 'mongodb'
import type { CompiledModel } from '../models/compiled-model.ts'
import type { ProjectRecords } from '../project-data.ts'
import { canContinue, compileCursor, encodeCursor } from '../query/cursor.ts'
import { queryErrors } from '../query/query.errors.ts'
import { type ListQuery, listQuerySchema } from '../query/query.schema.ts'
import { RANDOM } from '../query/sort.ts'
import { compileSearch } from '../query/search.ts'
import { filterFor, planRead, present, toFindPlan } from './read-plan.ts'
import type { FindPlan, ModelScope, RecordReader } from './record-reader.ts'
import type { StoredRecord } from './record-shape.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'
import type { RecordList } from './records.schema.ts'

const DEFAULT_PAGE_SIZE = 50
/** Beyond it MongoDB would walk too far for one page: a cursor goes on instead. */
const MAX_SKIP = 1_000_000

/** One page of a list, by number or by cursor. */
export function createList(deps: RecordsDeps): ProjectRecords['list'] {
  return async (model, query = {}) => {
    const asked = parseQuery(query)
    const scope = await openScope(deps, model)
    const plan = planRead(scope, asked)
    if (plan.random && asked.cursor !== undefined)
      throw queryErrors.QUERY_SORT({ key: RANDOM, problem: 'it has no place to go on from' })
    const { page = 1, pageSize = DEFAULT_PAGE_SIZE } = asked
    const skip = asked.cursor === undefined ? (page - 1) * pageSize : 0
    checkSkip(skip)

    const filter = both(
      await filterFor(deps, scope, asked.filter, asked),
      compileSearch(asked.search, scope.compiled),
    )
    const range = asked.cursor === undefined ? filter : both(filter, compileCursor(asked.cursor, plan.sort))
    // One more than asked for tells whether there is a next page.
    const [found, counted] = await Promise.all([
      findRange(
        deps.reader,
        scope.compiled,
        toFindPlan(plan, { filter: range, skip, limit: pageSize + 1, trashed: asked.trashed }),
      ),
      asked.skipTotal || asked.cursor !== undefined
        ? UNCOUNTED
        : countRange(deps.reader, scope, asked, filter),
    ])
    const records = found.slice(0, pageSize)
    const last =
      found.length > pageSize && !plan.random && canContinue(plan.sort) ? records.at(-1) : undefined
    return {
      items: await present(deps, scope, records, plan),
      ...counted,
      page,
      pageSize,
      pages: counted.total < 0 ? -1 : Math.ceil(counted.total / pageSize),
      ...(last && { cursor: encodeCursor(plan.sort, last) }),
    }
  }
}

type Counted = Pick<RecordList, 'total' | 'totalIsAtLeast'>

const UNCOUNTED: Counted = { total: -1 }

/** How many match; one more than `countUpTo` tells that there are more. */
async function countRange(
  reader: RecordReader,
  { compiled }: ModelScope,
  { countUpTo, trashed }: ListQuery,
  filter: Document,
): Promise<Counted> {
  const limit = countUpTo === undefined ? undefined : countUpTo + 1
  const total = await reader.count(compiled, filter, { trashed, limit })
  return countUpTo !== undefined && total > countUpTo ? { total: countUpTo, totalIsAtLeast: true } : { total }
}

/** From here on it pays to ask first how many there are. */
const DEEP_SKIP = 5_000

/**
 * Reads the range that a plan asks for, from whichever end of the list is nearer: a server walks over what is skipped,
 * so that the last page of 100,000 records costs as much as the first and the middle one half of what it would. Only
 * without a filter: there the count costs nothing, with one it costs the walk itself.
 */
async function findRange(
  reader: RecordReader,
  compiled: CompiledModel,
  plan: FindPlan,
): Promise<StoredRecord[]> {
  const { skip = 0, limit, sort, filter, trashed } = plan
  if (skip < DEEP_SKIP || !sort || Object.keys(filter).length > 0) return reader.find(compiled, plan)
  const behind = (await reader.count(compiled, filter, { trashed })) - skip
  if (behind <= 0) return []
  if (behind > skip) return reader.find(compiled, plan)
  const turned = Object.fromEntries(
    Object.entries(sort).map(([key, direction]) => [key, direction === 1 ? (-1 as const) : (1 as const)]),
  )
  const found = await reader.find(compiled, {
    ...plan,
    sort: turned,
    skip: Math.max(0, behind - limit),
    limit: Math.min(limit, behind),
  })
  return found.reverse()
}

function both(a: Document, b: Document | undefined): Document {
  if (!b) return a
  return Object.keys(a).length === 0 ? b : { $and: [a, b] }
}

function parseQuery(query: ListQuery): ListQuery {
  const parsed = listQuerySchema.safeParse(query)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw queryErrors.QUERY_SHAPE({ problem: `${path.join('.') || 'the query'}: ${message}.` })
  }
  const { cursor, page } = parsed.data
  if (cursor !== undefined && page !== undefined) {
    throw queryErrors.QUERY_SHAPE({ problem: 'a cursor and a page exclude each other.' })
  }
  return parsed.data
}

/** @throws QUERY_SHAPE */
export function checkSkip(skip: number): void {
  if (Number.isInteger(skip) && skip >= 0 && skip <= MAX_SKIP) return
  throw queryErrors.QUERY_SHAPE({
    problem: `one can skip 0 to ${MAX_SKIP} records, not ${skip}; use a cursor to go further.`,
  })
}
