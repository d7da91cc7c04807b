import { readSort } from '../query/sort.ts'
import { encode } from '../bson/encode.ts'
import { keyOf } from '../bson/key.ts'
import { optionNumber } from '../bson/number.ts'
import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { createPicker, decode } from '../bson/decode.ts'
import { valuesAt } from '../query/path.ts'
import { compileProjection } from '../query/project.ts'
import { select, type Query, type Selection } from '../query/select.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import type { DocumentSource } from '../server/cursors.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
import { runAggregate } from './aggregate.ts'
import { resolveView } from './views.ts'
import {
  FIRST_BATCH,
  checkCollation,
  collectionName,
  countOption,
  docOption,
  flag,
  readLet,
} from './options.ts'

const EMPTY: DocumentSource = async () => []

export const find: Command = async (context) => {
  const { body, cursors, pause, owner } = context
  const name = collectionName(body, 'find')
  const view = resolveView(context, name)
  if (view) return runAggregate(context, name, findAsPipeline(body))
  refuseTailable(body)
  const limit = countOption(body, 'limit') ?? 0
  const batchSize = countOption(body, 'batchSize') ?? FIRST_BATCH
  const source = findSource(context, name, limit)
  const ns = `${context.db}.${name}`
  const single = flag(body, 'singleBatch')
  const noTimeout = flag(body, 'noCursorTimeout')
  const { id, documents } = await cursors.open({ ns, source, batchSize, single, noTimeout, pause, owner })
  return { ns, id, batch: documents, field: 'firstBatch' }
}

function refuseTailable(body: Doc): void {
  if (flag(body, 'tailable'))
    throw mongoError('BadValue', 'error processing query: tailable cursor requested on non capped collection')
  for (const name of ['min', 'max', 'returnKey']) if (body.has(name)) throw notSupported(`find with ${name}`)
}

function findSource(context: Context, name: string, limit: number): DocumentSource {
  const { body } = context
  checkCollation(body)
  const filter = docOption(body, 'filter') ?? new Map()
  const variables = readLet(body)
  const query: Query = {
    filter,
    sort: readSort(docOption(body, 'sort')),
    limit,
    skip: countOption(body, 'skip') ?? 0,
    hint: body.get('hint'),
    variables,
  }
  const projection = docOption(body, 'projection')
  const project =
    projection && projection.size > 0 ? compileProjection(projection, { filter, variables }) : null
  const collection = collectionOf(context, name)
  if (!collection) return EMPTY
  const selection = select(collection, query)
  return project
    ? projected(selection, project)
    : async (pause) => (await selection(pause)).map(({ raw }) => raw)
}

function projected(selection: Selection, project: (doc: Doc) => Doc): DocumentSource {
  return async (pause) => (await selection(pause)).map(({ raw }) => encode(project(decode(raw))))
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
  checkCollation(body)
  const query = docOption(body, 'query') ?? new Map()
  const limit = Math.abs(optionNumber(body.get('limit')) ?? 0)
  const skip = countOption(body, 'skip') ?? 0
  const view = resolveView(context, name)
  if (view)
    throw mongoError(
      'CommandNotSupportedOnView',
      `Namespace ${context.db}.${name} is a view, not a collection`,
    )
  const collection = collectionOf(context, name)
  if (!collection) return new Map([['n', 0]])
  if (query.size === 0) {
    const all = Math.max(0, collection.count() - skip)
    return new Map([['n', limit > 0 ? Math.min(all, limit) : all]])
  }
  const selection = select(collection, { filter: query, limit, skip, hint: body.get('hint') })
  let n = 0
  for (let rows = await selection(pause); rows.length > 0; rows = await selection(pause)) n += rows.length
  return new Map([['n', n]])
}

export const distinct: Command = async (context) => {
  const { body, pause } = context
  const name = collectionName(body, 'distinct')
  checkCollation(body)
  const path = body.get('key')
  if (typeof path !== 'string')
    throw mongoError('TypeMismatch', "BSON field 'distinct.key' is the wrong type, expected type 'string'")
  const filter = body.get('query')
  if (filter !== undefined && filter !== null && !isDoc(filter)) {
    throw mongoError('TypeMismatch', "BSON field 'distinct.query' is the wrong type, expected type 'object'")
  }
  if (resolveView(context, name))
    throw mongoError(
      'CommandNotSupportedOnView',
      `Namespace ${context.db}.${name} is a view, not a collection`,
    )
  const collection = collectionOf(context, name)
  const found = new Map<string, Value>()
  if (collection) {
    const parts = path.split('.')
    const read = createPicker([parts[0]!])
    const selection = select(collection, { filter: filter ?? new Map() })
    for (let rows = await selection(pause); rows.length > 0; rows = await selection(pause)) {
      for (const { raw } of rows) {
        for (const value of valuesAt(read(raw), parts)) found.set(keyOf(value).toString('latin1'), value)
      }
    }
  }
  return new Map([['values', [...found.values()]]])
}
