import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { locationError, mongoError, notSupported } from '../server/mongo-error.ts'
import { documentStage } from './document-stages.ts'
import { facetStage, graphLookupStage, lookupStage, setPipelineCompiler, unionWithStage } from './join.ts'
import { mergeStage, outStage } from './output.ts'
import { mapStage, type PipelineWorld, type Stage, type StageMaker } from './source.ts'
import { PLAIN_STAGES } from './stages.ts'

const STAGES: ReadonlyMap<string, StageMaker> = new Map([
  ...Object.entries(PLAIN_STAGES),
  ['$lookup', lookupStage],
  ['$unionWith', unionWithStage],
  ['$facet', facetStage],
  ['$graphLookup', graphLookupStage],
  ['$out', outStage],
  ['$merge', mergeStage],
])

/** Stages of MongoDB's that we know and do not do. */
const REFUSED = new Set([
  '$geoNear',
  '$setWindowFields',
  '$densify',
  '$fill',
  '$indexStats',
  '$planCacheStats',
  '$listSessions',
  '$listLocalSessions',
  '$currentOp',
  '$search',
  '$searchMeta',
  '$vectorSearch',
  '$changeStream',
  '$changeStreamSplitLargeEvent',
])

/** Compiles a pipeline; the stages are joined in their order. */
export function compilePipeline(pipeline: readonly Doc[], world: PipelineWorld): Stage {
  const stages = pipeline.map((stage, at) => compileStage(stage, world, at === pipeline.length - 1))
  return (source) => stages.reduce((current, stage) => stage(current), source)
}

setPipelineCompiler(compilePipeline)

/** Name and operand of a stage. @throws 40323 */
export function readStage(stage: Value): [string, Value] {
  if (!isDoc(stage))
    throw mongoError('TypeMismatch', "Each element of the 'pipeline' array must be an object")
  if (stage.size !== 1)
    throw locationError(40323, 'A pipeline stage specification object must contain exactly one field.')
  return [...stage][0]!
}

function compileStage(stage: Doc, world: PipelineWorld, last: boolean): Stage {
  const [name, spec] = readStage(stage)
  const single = documentStage(name, spec)
  if (single) return mapStage((doc) => single(doc, world.variables))
  if (REFUSED.has(name)) throw notSupported(`The stage ${name}`)
  const make = STAGES.get(name)
  if (!make) throw locationError(40324, `Unrecognized pipeline stage name: '${name}'`)
  if ((name === '$out' || name === '$merge') && !last)
    throw locationError(40601, `${name} can only be the final stage in the pipeline`)
  return make(spec, world, name)
}
