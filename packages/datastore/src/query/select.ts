import { rawSorter, type SortField, type SortKey } from './sort.ts'
import { createPicker, decode } from '../bson/decode.ts'
import type { Comparison } from '../bson/comparison.ts'
import { keyOf } from '../bson/key.ts'
import { Regex, Undefined, type Doc, type Value } from '../bson/value.ts'
import { comparisonOf, type Variables } from '../expression/scope.ts'
import type { Pause } from '../server/pause.ts'
import type { Collection, Row } from '../store/collection.ts'
import { MAX_PAGE_BYTES } from '../store/page.ts'
import { holdsText } from './bounds.ts'
import { isOperators } from './operators.ts'
import { filterFields } from './fields.ts'
import { compileFilter, type Predicate } from './match.ts'
import type { Between } from './between.ts'
import { makePlan, type Plan } from './plan.ts'
import { restedSort } from './rested-sort.ts'
import { openScan } from './scan.ts'

export interface Query {
  filter: Doc
  sort?: readonly SortField[]
  skip?: number
  /** 0 or absent: all. */
  limit?: number
  hint?: Value | undefined
  between?: Between | null | undefined
  /** At most so many documents are looked at between two rests; absent: some hundreds. */
  page?: number | undefined
  variables?: Variables | undefined
}

/** Gives matching rows a page at a time, at last an empty page. Never blocks for longer than a slice. */
export type Selection = (pause: Pause) => Promise<Row[]>

/** A query on a collection that is not there: what is wrong with it is said all the same. */
export function selectNothing(query: Query): Selection {
  compileFilter(query.filter, query.variables)
  return async () => []
}

/** Opens a query on one collection: plan, match, sort, skip, limit. */
export function select(collection: Collection, query: Query): Selection {
  const { sort = [], limit = 0, skip = 0 } = query
  const id = soleId(query)
  if (id !== null) return byId(collection, id, skip)
  const wanted = limit > 0 ? limit + skip : 0
  const { filter, hint, between } = query
  const order = comparisonOf(query.variables)
  const plan = makePlan(collection, { filter, sort, hint, between, wanted, order })
  const job = { sort, keep: wanted, order }
  return window(
    plan.instead ? openTrial(collection, query, plan, job) : openOrdered(collection, query, plan, job),
    skip,
    limit,
  )
}

function openOrdered(collection: Collection, query: Query, plan: Plan, job: SortJob): Selection {
  const matching = openMatching(collection, query, plan)
  return plan.sorted ? matching : openSorted(collection, matching, job)
}

/** Walks in the wanted order until enough was found, or so many looked at that the other plan is the better one. */
function openTrial(collection: Collection, query: Query, plan: Plan, job: SortJob): Selection {
  const { plan: other, after } = plan.instead!
  const scan = openScan(collection, plan, { first: job.keep, most: query.page })
  const test = rowTest(query.filter, query.variables)
  const walk = async (pause: Pause): Promise<Selection> => {
    const found: Row[] = []
    for (let looked = 0; found.length < job.keep;) {
      const page = await pause.page(scan)
      if (page.length === 0) break
      looked += page.length
      found.push(...page.filter(test))
      if (found.length < job.keep && looked >= after) return openOrdered(collection, query, other, job)
    }
    return async () => nextPage(found)
  }
  let opened: Selection | null = null
  return async (pause) => {
    opened ??= await walk(pause)
    return opened(pause)
  }
}

/** Takes the first documents off a list: as many, and as large ones, as a page may have. */
function nextPage(found: Row[]): Row[] {
  let taken = 0
  for (let bytes = 0; taken < found.length && taken < SORTED_PAGE && bytes < MAX_PAGE_BYTES; taken++)
    bytes += found[taken]!.raw.length
  return found.splice(0, taken)
}

/** The `_id` that is all a query asks for: the commonest one, which needs no plan and no matcher. */
export function soleId({ filter, hint, between, variables }: Query): Buffer | null {
  if (filter.size !== 1 || between || (hint !== undefined && hint !== null)) return null
  const id = filter.get('_id')
  if (
    id === undefined ||
    Array.isArray(id) ||
    id instanceof Regex ||
    id instanceof Undefined ||
    isOperators(id)
  )
    return null
  if (comparisonOf(variables).collation && holdsText(id)) return null
  return keyOf(id)
}

function byId(collection: Collection, id: Buffer, skip: number): Selection {
  let read = skip > 0
  return async (pause) => {
    if (read) return []
    read = true
    collection.idUses++
    const row = await pause.page(() => collection.byId(id))
    return row ? [row] : []
  }
}

/** The first match, without pages or pauses where an index leads to it. */
export async function selectOne(collection: Collection, query: Query, pause: Pause): Promise<Row | null> {
  const rows = await select(collection, { ...query, limit: 1 })(pause)
  return rows[0] ?? null
}

function openMatching(collection: Collection, query: Query, plan: Plan): Selection {
  const wanted = plan.sorted && query.limit ? query.limit + (query.skip ?? 0) : 0
  const scan = openScan(collection, plan, { first: wanted > 0 ? wanted : 128, most: query.page })
  if (query.filter.size === 0) return async (pause) => pause.page(scan)
  const test = rowTest(query.filter, query.variables)
  return async (pause) => {
    for (;;) {
      const page = await pause.page(scan)
      if (page.length === 0) return page
      const rows = page.filter(test)
      if (rows.length > 0) return rows
    }
  }
}

/** A test of raw documents, which decodes no more than the filter reads. */
export function rowTest(filter: Doc, variables?: Variables): (row: Row) => boolean {
  const matches: Predicate = compileFilter(filter, variables)
  const fields = filterFields(filter)
  const read = fields ? createPicker(fields) : decode
  return (row) => matches(read(row.raw))
}

interface SortJob {
  sort: readonly SortField[]
  order: Comparison
  /** How many are wanted in the end; 0: all. */
  keep: number
}

interface Keyed {
  key: SortKey
  rid: number
  raw: Buffer | null
}

/** Beyond this the documents being sorted are dropped and read again by their place (as with allowDiskUse). */
const MAX_SORT_BYTES = 64 * 1024 * 1024

function openSorted(collection: Collection, source: Selection, job: SortJob): Selection {
  let sorted: Keyed[] | null = null
  return async (pause) => {
    sorted ??= await collectSorted(source, job, pause)
    return nextSorted(collection, sorted)
  }
}

const SORTED_PAGE = 256

/** Takes the first documents off a sorted list: as many, and as large ones, as a page may have. */
function nextSorted(collection: Collection, sorted: Keyed[]): Row[] {
  const rows: Row[] = []
  let taken = 0
  for (let bytes = 0; taken < sorted.length && rows.length < SORTED_PAGE && bytes < MAX_PAGE_BYTES; taken++) {
    const { rid, raw } = sorted[taken]!
    const row = raw ? { rid, raw } : collection.byRid(rid)
    if (!row) continue
    rows.push(row)
    bytes += row.raw.length
  }
  sorted.splice(0, taken)
  return rows
}

async function collectSorted(
  source: Selection,
  { sort, keep, order }: SortJob,
  pause: Pause,
): Promise<Keyed[]> {
  const { key, compare } = rawSorter(sort, order)
  const byKey = (a: Keyed, b: Keyed): number => compare(a.key, b.key) || a.rid - b.rid
  let list: Keyed[] = []
  let bytes = 0
  for (;;) {
    const rows = await source(pause)
    if (rows.length === 0) break
    for (const { rid, raw } of rows) {
      bytes += raw.length
      list.push({ key: key(raw), rid, raw: bytes > MAX_SORT_BYTES ? null : raw })
    }
    if (keep > 0 && list.length > Math.max(keep * 4, 4096)) {
      list = list.sort(byKey).slice(0, keep)
      bytes = list.reduce((sum, item) => sum + (item.raw?.length ?? 0), 0)
    }
  }
  const sorted = await restedSort(list, byKey, pause)
  return keep > 0 ? sorted.slice(0, keep) : sorted
}

/** Leaves out the first `skip` documents, and all after `limit` more (0: none). */
export function window(source: Selection, skip: number, limit: number): Selection {
  if (skip === 0 && limit === 0) return source
  let toSkip = skip
  let left = limit > 0 ? limit : Infinity
  return async (pause) => {
    while (left > 0) {
      const page = await source(pause)
      if (page.length === 0) return []
      const rows = page.slice(toSkip, toSkip + left)
      toSkip = Math.max(0, toSkip - page.length)
      left -= rows.length
      if (rows.length > 0) return rows
    }
    return []
  }
}
