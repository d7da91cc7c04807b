// The stages that read other collections, or run pipelines of their own.
import { keyOf } from '../bson/key.ts'
import { optionNumber } from '../bson/number.ts'
import { isDoc, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { compileExpression } from '../expression/compile.ts'
import { comparisonOf, type Variables } from '../expression/scope.ts'
import { compileFilter } from '../query/match.ts'
import { valuesAt } from '../query/path.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import type { Pause } from '../server/pause.ts'
import { withValue } from './with-value.ts'
import {
  blockingStage,
  drain,
  sourceOf,
  type DocSource,
  type PipelineWorld,
  type Stage,
  type StageMaker,
} from './source.ts'

interface Target {
  db: string
  name: string
}

function targetOf(from: Value | undefined, world: PipelineWorld, stage: string): Target {
  if (typeof from === 'string' && from !== '') return { db: world.db, name: from }
  if (isDoc(from) && typeof from.get('coll') === 'string') {
    const db = from.get('db')
    return { db: typeof db === 'string' ? db : world.db, name: from.get('coll') as string }
  }
  throw mongoError('FailedToParse', `${stage} argument 'from' must be a string`)
}

function pipelineOf(value: Value | undefined): Doc[] {
  if (value === undefined) return []
  if (!Array.isArray(value) || !value.every(isDoc))
    throw mongoError('TypeMismatch', "'pipeline' option must be specified as an array of objects")
  return value
}

const LOOKUP_FIELDS = new Set(['from', 'localField', 'foreignField', 'let', 'pipeline', 'as'])

/** Documents are looked up in batches, so that one index lookup serves many. */
export const lookupStage: StageMaker = (spec, world) => {
  if (!isDoc(spec)) throw mongoError('FailedToParse', 'the $lookup specification must be an Object')
  for (const name of spec.keys())
    if (!LOOKUP_FIELDS.has(name)) throw mongoError('FailedToParse', `unknown argument to $lookup: ${name}`)
  const as = spec.get('as')
  if (typeof as !== 'string' || as === '')
    throw mongoError('FailedToParse', "must specify 'as' field for a $lookup")
  const pipeline = pipelineOf(spec.get('pipeline'))
  const target = spec.has('from') ? targetOf(spec.get('from'), world, '$lookup') : null
  if (!target && !spec.has('pipeline'))
    throw mongoError('FailedToParse', "missing 'from' option to $lookup stage specification")
  const local = spec.get('localField')
  const foreign = spec.get('foreignField')
  if ((local === undefined) !== (foreign === undefined))
    throw mongoError(
      'FailedToParse',
      '$lookup requires both or neither of localField and foreignField to be specified',
    )
  if (local === undefined && !spec.has('pipeline'))
    throw mongoError(
      'FailedToParse',
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    )
  const join: Join = {
    target: target ?? { db: world.db, name: '' },
    pipeline,
    as: as.split('.'),
    world,
    lets: readLets(spec, world.variables),
  }
  if (typeof local === 'string' && typeof foreign === 'string') return byFields(join, local, foreign)
  return byPipeline(join)
}

interface Join {
  target: Target
  pipeline: Doc[]
  as: string[]
  world: PipelineWorld
  lets: (doc: Doc) => Variables
}

function readLets(spec: Doc, variables: Variables): (doc: Doc) => Variables {
  const given = spec.get('let')
  const lets = isDoc(given)
    ? [...given].map(([name, source]) => [name, compileExpression(source)] as const)
    : []
  return (root) => new Map<string, Maybe>(lets.map(([name, value]) => [name, value({ root, variables })]))
}

function byPipeline({ target, pipeline, as, world, lets }: Join): Stage {
  return paged(async (docs, pause) => {
    const out: Doc[] = []
    for (const doc of docs) {
      const variables = new Map([...world.variables, ...lets(doc)])
      const found = await drain(world.openNamespace(target.db, target.name, pipeline, variables), pause)
      out.push(withValue(doc, as, found))
    }
    return out
  })
}

function byFields(join: Join, local: string, foreign: string): Stage {
  const { target, pipeline, as, world, lets } = join
  const localParts = local.split('.')
  const foreignParts = foreign.split('.')
  return paged(async (docs, pause) => {
    const identity = comparisonOf(world.variables).identities()
    const wanted = docs.map((doc) => lookupValues(doc, localParts))
    const distinct = new Map<string, Value>()
    for (const values of wanted) for (const value of values) distinct.set(identity(value), value)
    const byKey = new Map<string, Doc[]>()
    const found = await drain(world.lookup(target, foreign, [...distinct.values()]), pause)
    for (const doc of found) {
      for (const key of new Set(lookupValues(doc, foreignParts).map(identity))) {
        const list = byKey.get(key)
        if (list) list.push(doc)
        else byKey.set(key, [doc])
      }
    }
    const out: Doc[] = []
    for (const [i, doc] of docs.entries()) {
      let joined = [...new Set(wanted[i]!.flatMap((value) => byKey.get(identity(value)) ?? []))]
      if (pipeline.length > 0) {
        const variables = new Map([...world.variables, ...lets(doc)])
        joined = await drain(runOn(joined, pipeline, { ...world, variables }), pause)
      }
      out.push(withValue(doc, as, joined))
    }
    return out
  })
}

/** Nothing on either side counts as null. */
function lookupValues(doc: Doc, parts: readonly string[]): Value[] {
  const values = valuesAt(doc, parts)
  return values.length > 0 ? values : [null]
}

function paged(run: (docs: Doc[], pause: Pause) => Promise<Doc[]>): Stage {
  return (source) => async (pause) => {
    const page = await source(pause)
    return page.length === 0 ? page : run(page, pause)
  }
}

type CompilePipeline = (pipeline: readonly Doc[], world: PipelineWorld) => Stage

let compilePipeline: CompilePipeline

/** The compiler of whole pipelines, handed in because it needs these stages itself. */
export function setPipelineCompiler(compile: CompilePipeline): void {
  compilePipeline = compile
}

function runOn(docs: readonly Doc[], pipeline: readonly Doc[], world: PipelineWorld): DocSource {
  return compilePipeline(pipeline, { ...world, output: undefined })(sourceOf(docs))
}

export const unionWithStage: StageMaker = (spec, world) => {
  const from = isDoc(spec) ? spec.get('coll') : spec
  const pipeline = isDoc(spec) ? pipelineOf(spec.get('pipeline')) : []
  if (from === undefined && pipeline.length === 0)
    throw mongoError('FailedToParse', '$unionWith needs a collection or a pipeline')
  const target = from === undefined ? { db: world.db, name: '' } : targetOf(from, world, '$unionWith')
  return (source) => {
    let second: DocSource | null = null
    return async (pause) => {
      if (!second) {
        const page = await source(pause)
        if (page.length > 0) return page
        second = world.openNamespace(target.db, target.name, pipeline, world.variables)
      }
      return second(pause)
    }
  }
}

const FORBIDDEN_IN_FACET = [
  '$facet',
  '$out',
  '$merge',
  '$collStats',
  '$indexStats',
  '$geoNear',
  '$planCacheStats',
  '$changeStream',
  '$documents',
]

export const facetStage: StageMaker = (spec, world) => {
  if (!isDoc(spec) || spec.size === 0)
    throw locationError(40169, 'the $facet specification must be a non-empty object')
  const facets = [...spec].map(([name, pipeline]) => {
    if (!Array.isArray(pipeline))
      throw locationError(40170, `arguments to $facet must be arrays, ${name} is not`)
    const stages = pipelineOf(pipeline)
    for (const stage of stages) {
      const [first] = stage.keys()
      if (first && FORBIDDEN_IN_FACET.includes(first))
        throw locationError(40600, `${first} is not allowed to be used within a $facet stage`)
    }
    return [name, compilePipeline(stages, { ...world, output: undefined })] as const
  })
  return blockingStage(async (source, pause) => {
    const docs = await drain(source, pause)
    const out: Doc = new Map()
    for (const [name, stage] of facets) out.set(name, await drain(stage(sourceOf(docs)), pause))
    return [out]
  })
}

const GRAPH_FIELDS = new Set([
  'from',
  'startWith',
  'connectFromField',
  'connectToField',
  'as',
  'maxDepth',
  'depthField',
  'restrictSearchWithMatch',
])

/** Breadth first; every document is given once, with the least depth at which it is found. */
export const graphLookupStage: StageMaker = (spec, world) => {
  if (!isDoc(spec)) throw locationError(40327, 'the $graphLookup stage specification must be an object')
  for (const name of spec.keys())
    if (!GRAPH_FIELDS.has(name)) throw locationError(40104, `Unknown argument to $graphLookup: ${name}`)
  const read = (name: string): string => {
    const value = spec.get(name)
    if (typeof value !== 'string')
      throw locationError(40100, `"${name}" argument to $graphLookup must be a string`)
    return value
  }
  const target = targetOf(spec.get('from'), world, '$graphLookup')
  const startWith = spec.get('startWith')
  if (startWith === undefined) throw locationError(40105, '$graphLookup requires startWith')
  const job: GraphJob = {
    target,
    start: compileExpression(startWith),
    connectFrom: read('connectFromField').split('.'),
    connectTo: read('connectToField'),
    maxDepth: spec.has('maxDepth') ? (optionNumber(spec.get('maxDepth')) ?? 0) : Infinity,
    depthField: spec.has('depthField') ? read('depthField') : null,
    matches: isDoc(spec.get('restrictSearchWithMatch'))
      ? compileFilter(spec.get('restrictSearchWithMatch') as Doc, world.variables)
      : () => true,
    world,
  }
  const as = read('as').split('.')
  return paged(async (docs, pause) => {
    const out: Doc[] = []
    for (const doc of docs) out.push(withValue(doc, as, await walkGraph(job, doc, pause)))
    return out
  })
}

interface GraphJob {
  target: Target
  start: ReturnType<typeof compileExpression>
  connectFrom: string[]
  connectTo: string
  maxDepth: number
  depthField: string | null
  matches: (doc: Doc) => boolean
  world: PipelineWorld
}

async function walkGraph(job: GraphJob, doc: Doc, pause: Pause): Promise<Doc[]> {
  const { world, target, connectTo, depthField } = job
  const found = new Map<string, Doc>()
  const asked = new Set<string>()
  const identity = comparisonOf(world.variables).identities()
  const start = job.start({ root: doc, variables: world.variables })
  let frontier = Array.isArray(start) ? start : start === undefined ? [] : [start]
  for (let depth = 0; depth <= job.maxDepth && frontier.length > 0; depth++) {
    const values = frontier.filter((value) => {
      const key = identity(value)
      return !asked.has(key) && asked.add(key)
    })
    const next: Value[] = []
    for (const hit of await drain(world.lookup(target, connectTo, values), pause)) {
      const key = keyOf(hit.get('_id') ?? null).toString('latin1')
      if (found.has(key) || !job.matches(hit)) continue
      found.set(key, depthField ? withValue(hit, depthField.split('.'), BigInt(depth)) : hit)
      next.push(...valuesAt(hit, job.connectFrom))
    }
    frontier = next
  }
  return [...found.values()]
}
