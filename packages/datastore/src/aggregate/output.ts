import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { mongoError } from '../server/mongo-error.ts'
import { compilePipelineUpdate } from '../update/pipeline.ts'
import { compileExpression } from '../expression/compile.ts'
import type { MergeTarget, PipelineOutput, PipelineWorld, StageMaker } from './source.ts'

function outputOf(world: PipelineWorld, name: string): PipelineOutput {
  if (!world.output) throw mongoError('FailedToParse', `${name} is not allowed here`)
  return world.output
}

export const outStage: StageMaker = (spec, world) => {
  const output = outputOf(world, '$out')
  const db = isDoc(spec) ? spec.get('db') : world.db
  const name = isDoc(spec) ? spec.get('coll') : spec
  if (typeof db !== 'string' || typeof name !== 'string')
    throw mongoError('FailedToParse', '$out only supports a string or an object { db, coll }')
  return (source) => async (pause) => {
    await output.replaceCollection(db, name, source, pause)
    return []
  }
}

const WHEN_MATCHED = ['replace', 'keepExisting', 'merge', 'fail']
const WHEN_NOT_MATCHED = ['insert', 'discard', 'fail']

export const mergeStage: StageMaker = (spec, world) => {
  const output = outputOf(world, '$merge')
  const target = readTarget(isDoc(spec) ? spec : new Map([['into', spec]]), world)
  return (source) => async (pause) => {
    for (let page = await source(pause); page.length > 0; page = await source(pause)) {
      await output.merge(target, page)
      const resting = pause.rest()
      if (resting) await resting
    }
    return []
  }
}

function readTarget(spec: Doc, world: PipelineWorld): MergeTarget {
  const into = spec.get('into')
  const db = isDoc(into) ? (into.get('db') ?? world.db) : world.db
  const name = isDoc(into) ? into.get('coll') : into
  if (typeof db !== 'string' || typeof name !== 'string')
    throw mongoError('FailedToParse', "$merge requires 'into' to be a string or an object { db, coll }")
  const on = spec.get('on') ?? '_id'
  const matched = spec.get('whenMatched') ?? 'merge'
  const notMatched = spec.get('whenNotMatched') ?? 'insert'
  if (!Array.isArray(matched) && !WHEN_MATCHED.includes(matched as string))
    throw mongoError('BadValue', `Enumeration value for field 'whenMatched' is not a valid value.`)
  if (!WHEN_NOT_MATCHED.includes(notMatched as string))
    throw mongoError('BadValue', `Enumeration value for field 'whenNotMatched' is not a valid value.`)
  return {
    db,
    name,
    on: (Array.isArray(on) ? on : [on]) as string[],
    matched: Array.isArray(matched)
      ? mergeByPipeline(matched, spec.get('let'), world)
      : (matched as Exclude<MergeTarget['matched'], Function>),
    notMatched: notMatched as MergeTarget['notMatched'],
  }
}

function mergeByPipeline(
  pipeline: Value[],
  given: Value | undefined,
  world: PipelineWorld,
): (old: Doc, fresh: Doc) => Doc {
  const lets = isDoc(given)
    ? [...given].map(([name, source]) => [name, compileExpression(source)] as const)
    : []
  return (old, fresh) => {
    const variables = new Map(world.variables)
    const scope = { root: fresh, variables: world.variables }
    variables.set('new', fresh)
    for (const [name, value] of lets) variables.set(name, value(scope))
    return compilePipelineUpdate(pipeline, variables)(old, { positional: undefined, inserting: false })
  }
}
