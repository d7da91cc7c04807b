import { readSort } from '../query/sort.ts'
import { encode } from '../bson/encode.ts'
import type { Comparison } from '../bson/comparison.ts'
import { optionNumber } from '../bson/number.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { createPicker, decode } from '../bson/decode.ts'
import { comparing, comparisonOf } from '../expression/scope.ts'
import { valuesAt } from '../query/path.ts'
import { openTally } from '../query/covered.ts'
import { readBetween } from '../query/between.ts'
import { compileProjection } from '../query/project.ts'
import { select, selectNothing, type Query, type Selection } from '../query/select.ts'
import { openTail } from '../query/tail.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import type { DocumentSource, Tail } from '../server/cursors.ts'
import type { Pause } from '../server/pause.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
import type { DocSource } from '../aggregate/source.ts'
import { runAggregate, viewDocuments } from './aggregate.ts'
import { checkTailable, tailOf } from './tailable.ts'
import { resolveView } from './views.ts'
import { FIRST_BATCH, collationOf, collectionName, countOption, docOption, flag, readLet } from './options.ts'

export const find: Command = async (context) => {
  const { body, cursors, pause, owner } = context
  const name = collectionName(body, 'find')
  checkTailable(context)
  if (flag(body, 'returnKey')) throw notSupported('find with returnKey')
  if (resolveView(context, name)) {
    if (flag(body, 'tailable'))
      throw mongoError('InvalidPipelineOperator', 'Option tailable not supported in aggregation.')
    if (readBetween(body))
      throw mongoError('OptionNotSupportedOnView', 'min and max are not supported on a view')
    return runAggregate(context, name, findAsPipeline(body))
  }
  const limit = countOption(body, 'limit') ?? 0
  const batchSize = countOption(body, 'batchSize') ?? FIRST_BATCH
  const tail = tailOf(context, collectionOf(context, name))
  const source = findSource(context, name, { limit, tail })
  const ns = `${context.db}.${name}`
  const single = flag(body, 'singleBatch')
  const noTimeout = flag(body, 'noCursorTimeout')
  const { id, documents } = await cursors.open({
    ns,
    source,
    batchSize,
    single,
    noTimeout,
    pause,
    owner,
    ...(tail && { tail }),
  })
  return { ns, id, batch: documents, field: 'firstBatch' }
}

function findSource(
  context: Context,
  name: string,
  { limit, tail }: { limit: number; tail: Tail | undefined },
): DocumentSource {
  const { body } = context
  const collection = collectionOf(context, name)
  const filter = docOption(body, 'filter') ?? new Map()
  const variables = readLet(body, collationOf(body, collection))
  const query: Query = {
    filter,
    sort: readSort(docOption(body, 'sort')),
    limit,
    skip: countOption(body, 'skip') ?? 0,
    hint: body.get('hint'),
    between: readBetween(body),
    variables,
  }
  const projection = docOption(body, 'projection')
  const project =
    projection && projection.size > 0 ? compileProjection(projection, { filter, variables }) : null
  const open = tail ? openTail : select
  const selection = collection ? open(collection, query) : selectNothing(query)
  if (flag(body, 'showRecordId')) return withRecordId(selection, project ?? ((doc) => doc))
  return project
    ? projected(selection, project)
    : async (pause) => (await selection(pause)).map(({ raw }) => raw)
}

function projected(selection: Selection, project: (doc: Doc) => Doc): DocumentSource {
  return async (pause) => (await selection(pause)).map(({ raw }) => encode(project(decode(raw))))
}

/** Each document with its place in natural order, as `$recordId`. */
function withRecordId(selection: Selection, project: (doc: Doc) => Doc): DocumentSource {
  return async (pause) =>
    (await selection(pause)).map(({ rid, raw }) =>
      encode(new Map([...project(decode(raw)), ['$recordId', BigInt(rid)]])),
    )
}

/** The pipeline that does on a view what a `find` asks. */
function findAsPipeline(body: Doc): Doc[] {
  const stages: Doc[] = []
  const add = (stage: string, value: Value | undefined): void => {
    if (value !== undefined) stages.push(new Map([[stage, value]]))
  }
  add('$match', docOption(body, 'filter'))
  const sort = docOption(body, 'sort')
  if (sort && sort.size > 0) add('$sort', sort)
  if ((countOption(body, 'skip') ?? 0) > 0) add('$skip', body.get('skip'))
  if ((countOption(body, 'limit') ?? 0) > 0) add('$limit', body.get('limit'))
  const projection = docOption(body, 'projection')
  if (projection && projection.size > 0) add('$project', projection)
  return stages
}

export const getMore: Command = async ({ body, db, access, cursors, pause, owner }) => {
  access.check(db)
  const id = body.get('getMore')
  if (typeof id !== 'bigint')
    throw mongoError('TypeMismatch', "BSON field 'getMore.getMore' is the wrong type, expected type 'long'")
  const ns = `${db}.${collectionName(body, 'collection')}`
  const batchSize = countOption(body, 'batchSize')
  const batch = await cursors.next({
    id,
    ns,
    batchSize: batchSize === undefined || batchSize === 0 ? Infinity : batchSize,
    pause,
    owner,
    access,
    awaitMs: countOption(body, 'maxTimeMS'),
  })
  const { extra } = batch
  return { ns, id: batch.id, batch: batch.documents, field: 'nextBatch', ...(extra && { extra }) }
}

export const killCursors: Command = ({ body, db, access, cursors }) => {
  access.check(db)
  const ns = `${db}.${collectionName(body, 'killCursors')}`
  const ids = body.get('cursors')
  if (!Array.isArray(ids))
    throw mongoError(
      'TypeMismatch',
      "BSON field 'killCursors.cursors' is the wrong type, expected type 'array'",
    )
  const killed: Value[] = []
  const notFound: Value[] = []
  for (const id of ids) (typeof id === 'bigint' && cursors.kill(id, ns) ? killed : notFound).push(id)
  return new Map<string, Value>([
    ['cursorsKilled', killed],
    ['cursorsNotFound', notFound],
    ['cursorsAlive', []],
    ['cursorsUnknown', []],
  ])
}

export const count: Command = async (context) => {
  const { body, pause } = context
  const name = collectionName(body, 'count')
  const query = docOption(body, 'query') ?? new Map()
  const limit = Math.abs(optionNumber(body.get('limit')) ?? 0)
  const skip = countOption(body, 'skip') ?? 0
  if (resolveView(context, name)) return countView(context, name, { query, skip, limit })
  const collection = collectionOf(context, name)
  const variables = new Map(comparing(collationOf(body, collection)))
  if (!collection) {
    selectNothing({ filter: query, variables })
    return new Map([['n', 0]])
  }
  if (query.size === 0) {
    const all = Math.max(0, collection.count() - skip)
    return new Map([['n', limit > 0 ? Math.min(all, limit) : all]])
  }
  const wanted: Query = { filter: query, limit, skip, hint: body.get('hint'), variables }
  const tally = openTally(collection, wanted)
  let n = 0
  if (tally) {
    for (let more = await tally(pause); more > 0; more = await tally(pause)) n += more
    return new Map([['n', n]])
  }
  const selection = select(collection, wanted)
  for (let rows = await selection(pause); rows.length > 0; rows = await selection(pause)) n += rows.length
  return new Map([['n', n]])
}

interface Counted {
  query: Doc
  skip: number
  limit: number
}

async function countView(context: Context, name: string, { query, skip, limit }: Counted): Promise<Doc> {
  const stages: Doc[] = [new Map([['$match', query]])]
  if (skip > 0) stages.push(new Map([['$skip', skip]]))
  if (limit > 0) stages.push(new Map([['$limit', limit]]))
  const docs = viewDocuments(context, name, stages)
  let n = 0
  for (let page = await docs(context.pause); page.length > 0; page = await docs(context.pause))
    n += page.length
  return new Map([['n', n]])
}

async function distinctOfView(
  context: Context,
  name: string,
  { filter, path }: { filter: Doc; path: string },
): Promise<Doc> {
  const docs = viewDocuments(context, name, [new Map([['$match', filter]])])
  const order = comparisonOf(new Map(comparing(collationOf(context.body, collectionOf(context, name)))))
  const values = await distinctValues(docs, { parts: path.split('.'), order }, context.pause)
  return new Map([['values', values]])
}

export const distinct: Command = async (context) => {
  const { body, pause } = context
  const name = collectionName(body, 'distinct')
  const path = body.get('key')
  if (typeof path !== 'string')
    throw mongoError('TypeMismatch', "BSON field 'distinct.key' is the wrong type, expected type 'string'")
  const filter = body.get('query')
  if (filter !== undefined && filter !== null && !isDoc(filter)) {
    throw mongoError('TypeMismatch', "BSON field 'distinct.query' is the wrong type, expected type 'object'")
  }
  if (resolveView(context, name)) return distinctOfView(context, name, { filter: filter ?? new Map(), path })
  const collection = collectionOf(context, name)
  const variables = new Map(comparing(collationOf(body, collection)))
  const wanted: Query = { filter: filter ?? new Map(), hint: body.get('hint'), variables }
  const selection = collection ? select(collection, wanted) : selectNothing(wanted)
  const parts = path.split('.')
  const read = createPicker([parts[0]!])
  const docs: DocSource = async (inner) => (await selection(inner)).map(({ raw }) => read(raw))
  return new Map([['values', await distinctValues(docs, { parts, order: comparisonOf(variables) }, pause)]])
}

async function distinctValues(
  source: DocSource,
  { parts, order }: { parts: string[]; order: Comparison },
  pause: Pause,
): Promise<Value[]> {
  const found = new Map<string, Value>()
  const identity = order.identities()
  for (let docs = await source(pause); docs.length > 0; docs = await source(pause)) {
    for (const doc of docs) {
      for (const value of valuesAt(doc, parts)) {
        const key = identity(value)
        if (!found.has(key)) found.set(key, value)
      }
    }
  }
  return [...found.values()]
}
