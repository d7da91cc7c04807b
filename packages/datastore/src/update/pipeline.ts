import type { Doc, Value } from '../bson/value.ts'
import { readStage, refusedStage, STAGE_NAMES } from '../aggregate/read-stage.ts'
import { documentStage } from '../aggregate/document-stages.ts'
import type { Variables } from '../expression/scope.ts'
import { mongoError } from '../server/mongo-error.ts'
import { keepId } from './keep-id.ts'
import type { Updater } from './compile.ts'

const ALLOWED = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'])

/** What stands in pipelines otherwise is told from what is no stage at all. */
function notAllowed(name: string): Error {
  if (!STAGE_NAMES.has(name)) return refusedStage(name)
  return mongoError('InvalidOptions', `${name} is not allowed to be used within an update`)
}

/** Compiles an update by a pipeline. */
export function compilePipelineUpdate(pipeline: readonly Value[], variables: Variables = new Map()): Updater {
  const stages = pipeline.map((stage) => {
    const [name, spec] = readStage(stage)
    if (!ALLOWED.has(name)) throw notAllowed(name)
    return documentStage(name, spec)!
  })
  return (doc) =>
    keepId(
      doc,
      stages.reduce<Doc>((current, stage) => stage(current, variables), doc),
    )
}
