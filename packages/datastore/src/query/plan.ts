import { sameCollation, type Collation } from '../bson/collation.ts'
import { SIMPLE, type Comparison } from '../bson/comparison.ts'
import { invertKey, keyAfter } from '../bson/key.ts'
import { optionNumber } from '../bson/number.ts'
import { equal } from '../bson/order.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
import type { Collection } from '../store/collection.ts'
import type { Index } from '../store/indexes.ts'
import { demandIndexHint, rangeBetween, type Between } from './between.ts'
import { collectBounds, disjoint, mergeBounds, type Bound, type Range } from './bounds.ts'
import { countEntries } from './count-entries.ts'
import { impliesPartial } from './implies.ts'
import type { SortField } from './sort.ts'

/** How the candidates of a filter are read. The matcher always asks again. */
export interface Plan {
  kind: 'collection' | 'id' | 'index' | 'union'
  index: Index | null
  /** Of a union: the plans of the parts of an `$or`, one after the other. */
  parts?: readonly Plan[]
  ranges: Range[]
  /** Leading fields of the index that the ranges bind. */
  bounded: number
  reverse: boolean
  /** The candidates come in the wanted order. */
  sorted: boolean
  /** This one is a trial: the plan to go by when so many documents were looked at and too few had matched. */
  instead?: { plan: Plan; after: number }
}

export interface PlanRequest {
  filter: Doc
  sort: readonly SortField[]
  hint?: Value | undefined
  /** `min` and `max` of a find: bounds on the keys of the index that `hint` names. */
  between?: Between | null | undefined
  /** How many documents are wanted at most, those to be skipped among them; 0 or absent: all. */
  wanted?: number | undefined
  /** How values are compared; absent: by their bytes. */
  order?: Comparison | undefined
}

/** What the planner looks at of an index; `_id` has one too. */
interface Candidate {
  kind: 'id' | 'index'
  index: Index | null
  paths: readonly string[]
  descending: readonly boolean[]
  multikey: boolean
  unique: boolean
  collation: Collation | null
}

interface Scored {
  plan: Plan
  score: number
}

/** Beyond this many single ranges, the last field of an index is not used for lookups. */
const MAX_RANGES = 2000

/**
 * Chooses by rules: equalities count most, then ranges, then an order that needs no sort.
 *
 * @throws BadValue (2) for a hint that names no index; 51173-51175 for `min` and `max` that do not fit it
 */
export function makePlan(collection: Collection, request: PlanRequest): Plan {
  const { filter, sort, hint, wanted = 0, order = SIMPLE } = request
  if (request.between) demandIndexHint(hint)
  const natural = sort.length === 1 && sort[0]!.path === '$natural' ? sort[0]! : null
  const scan = collectionScan(natural ?? null, sort.length === 0 || natural !== null)
  if (natural && !request.between) return scan
  const bounds = collectBounds(filter, order.collation)
  const forced = hint === undefined || hint === null ? null : hinted(collection, hint, order.collation)
  if (forced === 'forward' || forced === 'backward') return { ...scan, reverse: forced === 'backward' }
  if (forced) {
    if (request.between && (forced.collation ?? order.collation))
      throw notSupported('min and max with a collation')
    const lookup = request.between && { ...NO_LOOKUP, ranges: [rangeBetween(request.between, forced)] }
    return scored(forced, { bounds, filter, sort, lookup, order }, true)!.plan
  }
  let best: Scored = { plan: scan, score: sort.length > 0 ? -1 : 0 }
  let ordered: Scored | null = null
  for (const candidate of candidates(collection)) {
    const found = usable(candidate, { bounds, filter, order })
      ? scored(candidate, { bounds, filter, sort, order }, false)
      : null
    if (found && found.score > best.score) best = found
    if (found?.plan.sorted && found.score > (ordered?.score ?? 0)) ordered = found
  }
  if (best.plan.kind !== 'collection')
    return ordered && !best.plan.sorted ? inOrder(collection, best.plan, ordered.plan, wanted) : best.plan
  return union(collection, filter, { sorted: sort.length === 0, order }) ?? best.plan
}

/** Of a collection: a range that holds more is hardly a choice. */
const WIDE = 1 / 4
/** No more entries than these are counted to choose a plan: some milliseconds. */
const MOST_COUNTED = 100_000
/** A walk is tried for no more documents than these: they are held until it is over. */
const MOST_TRIED = 2_000

/**
 * Whether the first matches are found sooner by walking in the wanted order than by a range whose documents all have to
 * be sorted: a page of `price > 0`, the newest first, is at hand within some records. When matches lie evenly, a walk
 * passes one of `all / entries` documents for each. Through a range of a quarter of all it goes without ado: unlucky, it
 * costs four times as much. Through a narrower one it is a trial, begun where a quarter of the range's documents should do,
 * and ended at half of them: unlucky, it costs half as much again.
 */
function inOrder(collection: Collection, best: Plan, ordered: Plan, wanted: number): Plan {
  if (wanted === 0) return best
  const all = collection.roughCount()
  const quarter = Math.ceil(all * WIDE)
  const entries = countEntries(collection, best, Math.min(quarter, MOST_COUNTED))
  if (entries > quarter && wanted / WIDE <= quarter) return ordered
  const pays = wanted <= MOST_TRIED && 4 * wanted * all < entries * entries
  return pays ? { ...ordered, instead: { plan: best, after: entries / 2 } } : best
}

/** More parts than these are no quicker than looking at everything. */
const MAX_PARTS = 50

/** An `$or` whose every part has an index: each is read by its own, and no document is given twice. */
function union(
  collection: Collection,
  filter: Doc,
  { sorted, order }: { sorted: boolean; order: Comparison },
): Plan | null {
  const either = filter.get('$or')
  if (!Array.isArray(either) || either.length > MAX_PARTS) return null
  const parts: Plan[] = []
  for (const part of either) {
    if (!isDoc(part)) return null
    const plan = makePlan(collection, { filter: part, sort: [], order })
    if (plan.kind === 'collection') return null
    parts.push(plan)
  }
  return { kind: 'union', index: null, parts, ranges: [], bounded: 0, reverse: false, sorted }
}

function collectionScan(natural: SortField | null, sorted: boolean): Plan {
  return {
    kind: 'collection',
    index: null,
    ranges: [],
    bounded: 0,
    reverse: natural?.descending ?? false,
    sorted,
  }
}

const ID: Candidate = {
  kind: 'id',
  index: null,
  paths: ['_id'],
  descending: [false],
  multikey: false,
  unique: true,
  collation: null,
}

function candidateOf(index: Index): Candidate {
  const { names, descending } = index.pattern
  const { multikey, unique, collation } = index
  return { kind: 'index', index, paths: names, descending, multikey, unique, collation }
}

function candidates(collection: Collection): Candidate[] {
  return [ID, ...collection.indexes.filter((index) => !index.hidden).map(candidateOf)]
}

function hinted(
  collection: Collection,
  hint: Value,
  collation: Collation | null,
): Candidate | 'forward' | 'backward' {
  if (!isDoc(hint) && typeof hint !== 'string')
    throw mongoError('FailedToParse', 'Hint must be a string or an object')
  if (isDoc(hint) && hint.has('$natural'))
    return (optionNumber(hint.get('$natural')) ?? 1) < 0 ? 'backward' : 'forward'
  if (hint === '_id_' || (isDoc(hint) && equal(hint, new Map([['_id', 1]]))))
    return collection.idIndex ? candidateOf(collection.idIndex) : ID
  const named = collection.indexes.filter((item) =>
    typeof hint === 'string' ? item.name === hint : isDoc(hint) && equal(item.key, hint),
  )
  // several may have these fields, each with another collation
  const index = named.find((item) => sameCollation(item.collation, collation)) ?? named[0]
  if (!index || index.hidden) {
    throw mongoError(
      'BadValue',
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    )
  }
  return candidateOf(index)
}

interface Wanted {
  bounds: Map<string, Bound[]>
  filter: Doc
  order: Comparison
}

/** What of the conditions on a path an index can look up: texts only by its own collation. */
function boundsOn(path: string, { collation }: Candidate, { bounds, order }: Wanted): Bound[] | undefined {
  const list = bounds.get(path)
  if (!list || sameCollation(collation, order.collation)) return list
  const left = list.filter(({ textual }) => !textual)
  return left.length > 0 ? left : undefined
}

/** Whether every match is in the index at all. */
function usable(candidate: Candidate, wanted: Wanted): boolean {
  const { index, paths, multikey, collation } = candidate
  const { filter, order } = wanted
  if (index?.partial && !sameCollation(collation, order.collation)) return false
  if (index?.partial && !impliesPartial(filter, index.partial, order)) return false
  if (!index?.sparse) return true
  return paths.some((path) => {
    const list = boundsOn(path, candidate, wanted)
    return list !== undefined && !mergeBounds(list, multikey).matchesMissing
  })
}

function scored(
  candidate: Candidate,
  wanted: Wanted & { sort: readonly SortField[]; lookup?: Lookup | null | undefined },
  forced: boolean,
): Scored | null {
  const lookup = wanted.lookup ?? lookups(candidate, wanted)
  const inBytes = candidate.collation === null && wanted.order.collation === null
  const order = inBytes ? orderGiven(candidate, lookup, wanted.sort) : null
  const sorts = wanted.sort.length > 0 && order !== null
  const score =
    lookup.equalities * 10 +
    (lookup.ranged ? 5 : 0) +
    (sorts ? 4 : 0) +
    (candidate.unique && lookup.equalities === candidate.paths.length ? 50 : 0)
  if (score === 0 && !forced) return null
  const plan: Plan = {
    kind: candidate.kind,
    index: candidate.index,
    ranges: lookup.ranges,
    bounded: lookup.equalities + (lookup.ranged ? 1 : 0),
    reverse: order === 'backward',
    sorted: wanted.sort.length === 0 || sorts,
  }
  return { plan, score }
}

interface Lookup {
  ranges: Range[]
  /** Leading fields bound to points. */
  equalities: number
  /** Of those, the fields bound to exactly one. */
  single: boolean[]
  ranged: boolean
}

const ALL: Range = { low: Buffer.alloc(0), high: Buffer.from([0xff, 0xff]) }
/** Of an index that the filter says nothing about. */
const NO_LOOKUP: Lookup = { ranges: [ALL], equalities: 0, single: [], ranged: false }

/** The key ranges to look up: points of the leading fields, then at most one field of ranges. */
function lookups(candidate: Candidate, wanted: Wanted): Lookup {
  const { paths, descending, multikey } = candidate
  let prefixes: Buffer[] = [Buffer.alloc(0)]
  const single: boolean[] = []
  for (const [i, path] of paths.entries()) {
    const list = boundsOn(path, candidate, wanted)
    if (!list) break
    const merged = mergeBounds(list, multikey)
    const ranges = descending[i] ? merged.ranges.map(turned).reverse() : merged.ranges
    if (prefixes.length * ranges.length > MAX_RANGES) break
    if (!merged.points)
      return { ranges: disjoint(prefixed(prefixes, ranges)), equalities: i, single, ranged: true }
    prefixes = prefixes.flatMap((prefix) => ranges.map(({ low }) => Buffer.concat([prefix, low])))
    single.push(ranges.length === 1)
  }
  if (single.length === 0) return NO_LOOKUP
  const ranges = prefixes.map((prefix) => ({ low: prefix, high: keyAfter(prefix) }))
  return { ranges: disjoint(ranges), equalities: single.length, single, ranged: false }
}

function prefixed(prefixes: readonly Buffer[], ranges: readonly Range[]): Range[] {
  return prefixes.flatMap((prefix) =>
    ranges.map(({ low, high }) => ({
      low: Buffer.concat([prefix, low]),
      high: Buffer.concat([prefix, high]),
    })),
  )
}

/** The range of a descending field, whose keys are inverted. A point keeps its own key as the lower end. */
function turned({ low, high }: Range): Range {
  if (Buffer.compare(high, keyAfter(low)) === 0) {
    const point = invertKey(low)
    return { low: point, high: keyAfter(point) }
  }
  return { low: keyAfter(invertKey(high)), high: keyAfter(invertKey(low)) }
}

/** The direction in which the index gives the wanted order, or null. Fields bound to one value do not count. */
function orderGiven(
  candidate: Candidate,
  lookup: Lookup,
  sort: readonly SortField[],
): 'forward' | 'backward' | null {
  if (candidate.multikey || lookup.single.includes(false)) return null
  let at = lookup.equalities
  let direction: 'forward' | 'backward' | null = null
  for (const { path, descending } of sort) {
    const place = candidate.paths.indexOf(path)
    if (place >= 0 && place < lookup.equalities) continue
    if (place !== at) return null
    const wanted = candidate.descending[place] === descending ? 'forward' : 'backward'
    if (direction !== null && direction !== wanted) return null
    direction = wanted
    at++
  }
  return direction ?? 'forward'
}
