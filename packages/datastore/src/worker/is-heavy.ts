import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { readLead, writesOutput } from '../commands/aggregate.ts'
import { collationOf } from '../commands/options.ts'
import { comparing, comparisonOf, type Variables } from '../expression/scope.ts'
import { countEntries } from '../query/count-entries.ts'
import { makePlan } from '../query/plan.ts'
import { readSort } from '../query/sort.ts'
import { soleId, type Query } from '../query/select.ts'
import type { Request } from '../server/wire.ts'
import type { Collection } from '../store/collection.ts'
import type { Store } from '../store/store.ts'

/** Commands that look at fewer documents are done before a thread would have been asked. */
const MANY = 2000

/** Nor do commands on the main thread keep more bytes of documents in memory. */
const MUCH_BYTES = 16 * 1024 * 1024

/** Expressions that make work out of nothing, or out of each other. */
const LOOPS = new Set(['$range', '$reduce', '$function', '$accumulator'])
const NESTED = new Set(['$map', '$filter', '$zip', '$sortArray', '$setUnion', '$regexFindAll', '$split'])

/** Stages that read other collections, or look at the server. */
const JOINS = new Set(['$lookup', '$graphLookup', '$unionWith', '$facet'])
const OF_SERVER = new Set(['$changeStream', '$currentOp', '$listSessions', '$listLocalSessions'])

/**
 * Whether a reading command may take long, so that it belongs into the reading thread: it looks at many documents
 * without an order or an index that leads to few, or computes without bounds.
 */
export function isHeavy({ name, db, body }: Request, store: Store): boolean {
  const target = body.get(name)
  const collection = typeof target === 'string' ? store.get(db, target) : null
  switch (name) {
    case 'find':
      if (body.get('tailable') === true) return false
      if (loops(body.get('filter')) || loops(body.get('projection'))) return true
      return readsMany(store, collection, { query: queryOf(body, 'filter', collection), streams: true })
    case 'count':
    case 'distinct':
      if (loops(body.get('query'))) return true
      if (name === 'count' && isEmpty(body.get('query'))) return false
      return readsMany(store, collection, { query: queryOf(body, 'query', collection), streams: false })
    case 'aggregate':
      return aggregatesMuch({ body, store, db }, collection)
    case 'explain':
      return body.get('verbosity') !== 'queryPlanner' && isDoc(target) && explainsMuch(target, db, store)
    case 'validate':
      return collection !== null && collection.roughCount() > MANY
    default:
      return false
  }
}

function explainsMuch(inner: Doc, db: string, store: Store): boolean {
  const [[, target]] = inner as unknown as [[string, Value]]
  const collection = typeof target === 'string' ? store.get(db, target) : null
  return (
    collection !== null && collection.roughCount() > MANY && !inner.has('updates') && !inner.has('deletes')
  )
}

function aggregatesMuch(
  { body, store, db }: { body: Doc; store: Store; db: string },
  collection: Collection | null,
): boolean {
  const pipeline = body.get('pipeline')
  if (!Array.isArray(pipeline) || !pipeline.every(isDoc) || writesOutput(body)) return false
  const names = pipeline.flatMap((stage) => [...(stage as Doc).keys()])
  if (OF_SERVER.has(names[0] ?? '')) return false
  if (loops(pipeline)) return true
  if (names.some((stage) => JOINS.has(stage)) && holdsMany(store, db)) return true
  const { query, used } = readLead(pipeline as Doc[])
  return readsMany(store, collection, {
    query: { ...query, hint: body.get('hint'), variables: variablesOf(body, collection) },
    streams: used === pipeline.length,
  })
}

function holdsMany(store: Store, db: string): boolean {
  for (const collection of store.collections) {
    if (collection.db === db && !isView(collection) && collection.roughCount() > MANY) return true
  }
  return false
}

function isView(collection: Collection): boolean {
  return collection.options.has('viewOn')
}

function isEmpty(filter: Value | undefined): boolean {
  return !isDoc(filter) || filter.size === 0
}

function queryOf(body: Doc, field: string, collection: Collection | null): Query | null {
  const filter = body.get(field) ?? new Map()
  if (!isDoc(filter)) return null
  const sort = body.get('sort')
  const [limit, skip] = [Number(body.get('limit') ?? 0), Number(body.get('skip') ?? 0)]
  return {
    filter,
    sort: isDoc(sort) ? readSort(sort) : [],
    limit,
    skip,
    hint: body.get('hint'),
    variables: variablesOf(body, collection),
  }
}

function variablesOf(body: Doc, collection: Collection | null): Variables {
  return new Map(comparing(collationOf(body, collection)))
}

/** Asked of the table so often: a collection grows by some hundred documents meanwhile, and asking is a tenth of a small read. */
const EXTENT_MS = 100

interface Extent {
  /** At most so many documents, of so many bytes each. */
  all: number
  size: number
  seenMs: number
}

const extents = new WeakMap<Collection, Extent>()

function extentOf(collection: Collection): Extent {
  const now = performance.now()
  const known = extents.get(collection)
  if (known && now - known.seenMs < EXTENT_MS) return known
  const extent = { all: collection.roughCount(), size: collection.roughSize(), seenMs: now }
  extents.set(collection, extent)
  return extent
}

interface Reading {
  query: Query | null
  /** The documents go out as they are read: what nobody asks for is not read. */
  streams: boolean
}

/** Whether a query looks at many documents at once. */
function readsMany(store: Store, collection: Collection | null, { query, streams }: Reading): boolean {
  if (!collection || !query) return false
  if (isView(collection)) return holdsMany(store, collection.db)
  if (soleId(query) !== null) return false
  const { all, size } = extentOf(collection)
  if (all <= MANY) return !streams && all * size > MUCH_BYTES
  const { filter, sort = [], limit = 0, skip = 0, hint, variables } = query
  const plan = makePlan(collection, { filter, sort, hint, order: comparisonOf(variables) })
  const wanted = limit > 0 ? limit + skip : Infinity
  if (plan.sorted && filter.size === 0) return streams ? skip > MANY : wanted > MANY
  if (plan.kind === 'collection') return true
  if (plan.sorted && sort.length > 0 && wanted < MANY) return false
  const entries = countEntries(collection, plan, MANY)
  return entries > MANY || (!streams && entries * size > MUCH_BYTES)
}

/** Whether an expression in there can run for long on few documents: it counts, folds, or nests loops. */
function loops(source: Value | undefined, inLoop = false): boolean {
  if (Array.isArray(source)) return source.some((item) => loops(item, inLoop))
  if (!isDoc(source)) return false
  for (const [name, value] of source) {
    const looping = NESTED.has(name)
    if (LOOPS.has(name) || (looping && inLoop)) return true
    if (loops(value, inLoop || looping)) return true
  }
  return false
}
