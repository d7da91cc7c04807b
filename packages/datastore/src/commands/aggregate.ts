import { readSort } from '../query/sort.ts'
import { sameCollation } from '../bson/collation.ts'
import { createPicker, decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { optionNumber } from '../bson/number.ts'
import { DateTime, isDoc, type Doc, type Value } from '../bson/value.ts'
import { compilePipeline } from '../aggregate/pipeline.ts'
import { readStage } from '../aggregate/read-stage.ts'
import { neededFields } from '../aggregate/needed-fields.ts'
import { sourceOf, type DocSource, type PipelineWorld } from '../aggregate/source.ts'
import { stageCount } from '../aggregate/stages.ts'
import { comparisonOf, type Variables } from '../expression/scope.ts'
import { openTally } from '../query/covered.ts'
import { select, selectNothing, type Query, type Selection } from '../query/select.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import type { DocumentSource } from '../server/cursors.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
import type { Reply } from '../server/wire.ts'
import { createOutput } from './aggregate-output.ts'
import { ID_INDEX } from '../store/id-index.ts'
import { isChangeStream, openChangeStream } from './change-stream.ts'
import { FIRST_BATCH, collationOf, countOption, docOption, readLet } from './options.ts'
import { currentOperations, currentSessions } from './sessions.ts'
import { resolveView } from './views.ts'

/** True when a pipeline ends in `$out` or `$merge`. */
export function writesOutput(body: Doc): boolean {
  const pipeline = body.get('pipeline')
  const last = Array.isArray(pipeline) ? pipeline.at(-1) : undefined
  return isDoc(last) && (last.has('$out') || last.has('$merge'))
}

export const aggregate: Command = async (context) => {
  const { body } = context
  const pipeline = body.get('pipeline')
  if (!Array.isArray(pipeline))
    throw mongoError('TypeMismatch', "'pipeline' option must be specified as an array")
  for (const stage of pipeline) readStage(stage)
  if (!body.has('cursor'))
    throw mongoError(
      'FailedToParse',
      "The 'cursor' option is required, except for aggregate with the explain argument",
    )
  const concern = body.get('readConcern')
  if (isDoc(concern) && concern.get('level') === 'linearizable' && writesOutput(body))
    throw mongoError('InvalidOptions', '$out and $merge cannot be used with read concern level linearizable')
  const target = body.get('aggregate')
  const name = typeof target === 'string' ? target : null
  if (name === '') throw mongoError('InvalidNamespace', 'Invalid namespace specified: empty collection name')
  return runAggregate(context, name, pipeline as Doc[])
}

/** Runs a pipeline on a collection or view (null: on the database) and opens its cursor. */
export async function runAggregate(
  context: Context,
  name: string | null,
  pipeline: readonly Doc[],
): Promise<Reply> {
  const { body, db, access, cursors, pause, owner } = context
  access.check(db)
  const variables = readLet(body, collationOf(body, name === null ? null : collectionOf(context, name)))
  const output = writesOutput(body) ? createOutput(context, variables) : undefined
  const world = worldOf(context, variables, output)
  if (isChangeStream(pipeline)) return openChangeStream(context, { name, pipeline, world })
  const source = rawSource(context, { name, pipeline, world, hint: body.get('hint') })
  const cursor = docOption(body, 'cursor') ?? new Map()
  const ns = `${db}.${name ?? '$cmd.aggregate'}`
  const batchSize = countOption(cursor, 'batchSize') ?? FIRST_BATCH
  const { id, documents } = await cursors.open({
    ns,
    source,
    batchSize: output ? FIRST_BATCH : batchSize,
    pause,
    owner,
  })
  return { ns, id, batch: documents, field: 'firstBatch' }
}

/** The documents that a pipeline finds in a view. */
export function viewDocuments(context: Context, name: string, pipeline: readonly Doc[]): DocSource {
  const variables = readLet(context.body, collationOf(context.body, collectionOf(context, name)))
  return openPipeline(context, { name, pipeline, world: worldOf(context, variables, undefined) })
}

interface Job {
  name: string | null
  pipeline: readonly Doc[]
  world: PipelineWorld
  hint?: Value | undefined
}

/** Where no stage changes documents, they go out as they are stored. */
function rawSource(context: Context, job: Job): DocumentSource {
  const plain = job.name !== null && !resolveView(context, job.name)
  const lead = plain ? readLead(job.pipeline) : null
  if (lead && lead.used === job.pipeline.length) {
    const selection = selectionOf(context, job, lead.query)
    return async (pause) => (await selection(pause)).map(({ raw }) => raw)
  }
  const docs = openPipeline(context, job)
  return async (pause) => (await docs(pause)).map((doc) => encode(doc))
}

function openPipeline(context: Context, { name, pipeline, world, hint }: Job): DocSource {
  if (name === null) {
    const [first] = pipeline[0]?.keys() ?? []
    if (first === '$listLocalSessions')
      return compilePipeline(pipeline.slice(1), world)(sourceOf(currentSessions(context)))
    if (first === '$currentOp') return compilePipeline(pipeline.slice(1), world)(operations(context))
    if (first !== '$documents')
      throw mongoError(
        'InvalidNamespace',
        '{aggregate: 1} is not valid for this pipeline; it needs a collection',
      )
    return compilePipeline(pipeline, world)(async () => [])
  }
  const view = resolveView(context, name)
  if (view) checkViewCollation(context, name, world)
  if (view)
    return openPipeline(context, { name: view.viewOn, pipeline: [...view.pipeline, ...pipeline], world })
  if (pipeline[0]?.has('$indexStats'))
    return compilePipeline(pipeline.slice(1), world)(indexStatistics(context, name))
  if (pipeline[0]?.has('$collStats'))
    return compilePipeline(pipeline.slice(1), world)(collectionStats(context, name, pipeline[0]))
  const lead = readLead(pipeline)
  const rest = pipeline.slice(lead.used)
  const fields = neededFields(rest)
  const counted =
    fields?.size === 0 ? countedSource(context, { name, pipeline, world, hint }, lead.query) : null
  if (counted) return compilePipeline(rest, world)(counted)
  const selection = selectionOf(context, { name, pipeline, world, hint }, lead.query)
  const read = fields ? createPicker(fields) : decode
  const source: DocSource = async (pause) => (await selection(pause)).map(({ raw }) => read(raw))
  return compilePipeline(rest, world)(source)
}

/** A view compares in one way only. @throws OptionNotSupportedOnView (167) */
function checkViewCollation(context: Context, name: string, { variables }: PipelineWorld): void {
  const own = collectionOf(context, name)!.collation
  if (sameCollation(own, comparisonOf(variables).collation)) return
  throw mongoError(
    'OptionNotSupportedOnView',
    `Cannot override the default collation of a view: ${context.db}.${name}`,
  )
}

/** `$currentOp`: a command of the database admin. */
function operations(context: Context): DocSource {
  if (context.db !== 'admin')
    throw mongoError(
      'InvalidNamespace',
      "$currentOp must be run against the 'admin' database with {aggregate: 1}",
    )
  return sourceOf(currentOperations(context))
}

/** `$indexStats`: how often each index was chosen since the server began. */
function indexStatistics(context: Context, name: string): DocSource {
  const collection = collectionOf(context, name)
  if (!collection) return sourceOf([])
  const own = collection.idIndex ? [] : [indexUse(ID_INDEX, collection.idUses)]
  return sourceOf([...own, ...collection.indexes.map((index) => indexUse(index.spec, index.uses))])
}

function indexUse(spec: Doc, ops: number): Doc {
  return new Map<string, Value>([
    ['name', spec.get('name')!],
    ['key', spec.get('key')!],
    ['host', 'm3m'],
    [
      'accesses',
      new Map<string, Value>([
        ['ops', BigInt(ops)],
        ['since', new DateTime(STARTED_MS)],
      ]),
    ],
    ['spec', spec],
  ])
}

const STARTED_MS = Date.now()

/** `$collStats`: its parts `storageStats` and `count`. @throws NamespaceNotFound (26) */
function collectionStats(context: Context, name: string, stage: Doc): DocSource {
  const spec = stage.get('$collStats')
  if (!isDoc(spec)) throw mongoError('FailedToParse', '$collStats must take a nested object')
  for (const part of spec.keys())
    if (part !== 'storageStats' && part !== 'count') throw notSupported(`$collStats with ${part}`)
  const collection = collectionOf(context, name)
  if (!collection) throw mongoError('NamespaceNotFound', `Collection [${context.db}.${name}] not found.`)
  const storage = spec.get('storageStats')
  const scale = isDoc(storage) ? (optionNumber(storage.get('scale')) ?? 1) : 1
  const result = new Map<string, Value>([
    ['ns', collection.ns],
    ['localTime', new DateTime(Date.now())],
  ])
  if (storage !== undefined) result.set('storageStats', context.store.statsOf(collection, scale))
  if (spec.has('count')) result.set('count', collection.count())
  return sourceOf([result])
}

function selectionOf(context: Context, job: Job, query: Query): Selection {
  const collection = collectionOf(context, job.name!)
  const wanted = { ...query, hint: job.hint, variables: job.world.variables }
  return collection ? select(collection, wanted) : selectNothing(wanted)
}

/** As many empty documents as match, where stages look into none and the keys of an index tell their number. */
function countedSource(context: Context, job: Job, query: Query): DocSource | null {
  const collection = collectionOf(context, job.name!)
  const tally =
    collection && openTally(collection, { ...query, hint: job.hint, variables: job.world.variables })
  return tally && (async (pause) => Array.from<Doc>({ length: await tally(pause) }).fill(NO_FIELDS))
}

const NO_FIELDS: Doc = new Map()

interface Lead {
  query: Query
  /** Stages that the query stands for. */
  used: number
}

/** The leading `$match`, `$sort`, `$skip`, `$limit`, which a query does by index and without decoding all. */
export function readLead(pipeline: readonly Doc[]): Lead {
  const filters: Doc[] = []
  const query: Query = { filter: new Map() }
  let at = 0
  for (; at < pipeline.length; at++) {
    const [name, spec] = readStage(pipeline[at]!)
    if (name === '$match' && isDoc(spec) && !query.sort && !query.skip && !query.limit) filters.push(spec)
    else if (name === '$sort' && isDoc(spec) && spec.size > 0 && !query.sort && !query.skip && !query.limit)
      query.sort = readSort(spec)
    else if (name === '$skip' && !query.limit && !query.skip) query.skip = stageCount(spec, '$skip')
    else if (name === '$limit' && !query.limit) query.limit = stageCount(spec, '$limit')
    else break
  }
  query.filter =
    filters.length === 1 ? filters[0]! : filters.length === 0 ? new Map() : new Map([['$and', filters]])
  return { query, used: at }
}

/** Views may stand on views, so deep (MongoDB's limit). */
const MAX_DEPTH = 20

/** What the stages of a pipeline may reach: by this connection's access, whatever they name. */
function worldOf(
  context: Context,
  variables: Variables,
  output: PipelineWorld['output'],
  depth = 0,
): PipelineWorld {
  if (depth > MAX_DEPTH)
    throw mongoError('ViewDepthLimitExceeded', 'Maximum number of nested sub-pipelines exceeded. Limit is 20')
  return {
    db: context.db,
    variables,
    output,
    openNamespace(db, name, pipeline, inner) {
      context.access.check(db)
      const world = worldOf({ ...context, db }, inner, undefined, depth + 1)
      return openPipeline({ ...context, db }, { name: name === '' ? null : name, pipeline, world })
    },
    lookup({ db, name }, path, values) {
      context.access.check(db)
      const inner = { ...context, db }
      if (values.length === 0) return async () => []
      const filter: Doc = new Map([[path, new Map([['$in', literal(values)]])]])
      const world = worldOf(inner, variables, undefined, depth + 1)
      return openPipeline(inner, { name, pipeline: [new Map([['$match', filter]])], world })
    },
  }
}

/** Values to look for as they are: a regex among them is not a pattern here, it finds nothing but itself. */
function literal(values: readonly Value[]): Value[] {
  return values.filter((value) => !(isDoc(value) && [...value.keys()][0]?.startsWith('$')))
}
