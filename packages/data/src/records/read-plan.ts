import type { Document } from 'mongodb'
import { buildFilter } from '../query/build-filter.ts'
import { excerptOf } from '../query/excerpt.ts'
import { type Expansion, parseExpand } from '../query/expand-tree.ts'
import { queryErrors } from '../query/query.errors.ts'
import type { Filter } from '../query/query.schema.ts'
import { type Selection, selectFields } from '../query/select-fields.ts'
import { parseSort, RANDOM, type SortKey, splitKeys, toMongoSort } from '../query/sort.ts'
import { expandRecords } from './expand-records.ts'
import type { FindPlan, ModelScope } from './record-reader.ts'
import { type StoredRecord, toOutward } from './record-shape.ts'
import type { RecordsDeps } from './records-deps.ts'
import type { DataRecord } from './records.schema.ts'

type Keys = string | readonly string[] | undefined

/** Order, fields and expansions of a read, checked against the model. */
export interface ReadPlan {
  /** No order: a choice of the records, another each time. */
  random: boolean
  sort: SortKey[]
  selection: Selection
  expansions: Expansion[]
}

/** @throws QUERY_FIELD_UNKNOWN, QUERY_SORT, QUERY_TOO_COMPLEX */
export function planRead(scope: ModelScope, asked: { sort?: Keys; fields?: Keys; expand?: Keys }): ReadPlan {
  const { compiled, readable: models } = scope
  const selection = selectFields(asked.fields, compiled, models)
  const expand = typeof asked.expand === 'string' ? [asked.expand] : (asked.expand ?? [])
  const names = [...expand.flatMap((part) => part.split(',')), ...selection.ofRefs.keys()]
  const random = splitKeys(asked.sort).join() === RANDOM
  return {
    random,
    sort: parseSort(random ? undefined : asked.sort, compiled, models),
    selection,
    expansions: parseExpand(names, compiled, models),
  }
}

/** What MongoDB is asked for: the chosen fields, and those that order and expansions need. */
export function toFindPlan(
  plan: ReadPlan,
  range: Pick<FindPlan, 'filter' | 'skip' | 'limit' | 'trashed'>,
): FindPlan {
  const { projection } = plan.selection
  const needed = [
    ...plan.sort.map(({ path }) => path.storedPath),
    ...plan.expansions.filter(({ back }) => !back).map(({ key }) => key),
  ]
  const all = projection && { ...projection }
  if (all) for (const path of needed) if (!covers(all, path)) all[path] = 1
  if (!plan.random) return { ...range, sort: toMongoSort(plan.sort), projection: all }
  // A second page of another choice each time would be no second page.
  if (range.skip) throw queryErrors.QUERY_SORT({ key: RANDOM, problem: 'it has one page only' })
  return { ...range, random: true, projection: all }
}

/** MongoDB refuses `a` beside `a.b`; what lies above a path covers it. */
function covers(projection: Record<string, 1>, path: string): boolean {
  return Object.keys(projection).some(
    (other) => other === path || path.startsWith(`${other}.`) || other.startsWith(`${path}.`),
  )
}

/** Stored records as they go out, with what they point at. */
export async function present(
  deps: RecordsDeps,
  scope: ModelScope,
  stored: readonly StoredRecord[],
  { selection, expansions }: ReadPlan,
): Promise<DataRecord[]> {
  const outward = stored.map((record) => toOutward(record, scope.compiled, deps.view, selection.keys))
  for (const [key, excerpt] of selection.excerpts) {
    for (const record of outward) {
      const text = record[key]
      if (typeof text === 'string') record[key] = excerptOf(text, excerpt)
    }
  }
  if (expansions.length > 0)
    await expandRecords({ ...deps, ofRefs: selection.ofRefs }, { stored, outward }, expansions)
  return outward
}

/** @throws QUERY_* */
export function filterFor(
  deps: RecordsDeps,
  scope: ModelScope,
  filter: Filter | undefined,
  given: { params?: Record<string, unknown> | undefined; timezone?: string | undefined } = {},
): Promise<Document> {
  const filterScope = { model: scope.compiled, models: scope.readable, nowMs: deps.nowMs() }
  return buildFilter({ filter, ...given, maxTimeMs: deps.maxTimeMs }, filterScope, deps.collections)
}
