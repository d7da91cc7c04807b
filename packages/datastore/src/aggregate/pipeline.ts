import type { Doc } from '../bson/value.ts'
import { locationError } from '../server/mongo-error.ts'
import { documentStage } from './document-stages.ts'
import { facetStage, graphLookupStage, lookupStage, setPipelineCompiler, unionWithStage } from './join.ts'
import { mergeStage, outStage } from './output.ts'
import { readStage, refusedStage } from './read-stage.ts'
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

/** Compiles a pipeline; the stages are joined in their order. */
export function compilePipeline(pipeline: readonly Doc[], world: PipelineWorld): Stage {
  const stages = pipeline.map((stage, at) => compileStage(stage, world, at === pipeline.length - 1))
  return (source) => stages.reduce((current, stage) => stage(current), source)
}

setPipelineCompiler(compilePipeline)

function compileStage(stage: Doc, world: PipelineWorld, last: boolean): Stage {
  const [name, spec] = readStage(stage)
  const single = documentStage(name, spec)
  if (single) return mapStage((doc) => single(doc, world.variables))
  const make = STAGES.get(name)
  if (!make) throw refusedStage(name)
  if ((name === '$out' || name === '$merge') && !last)
    throw locationError(40601, `${name} can only be the final stage in the pipeline`)
  return make(spec, world, name)
}
