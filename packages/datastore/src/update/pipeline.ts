import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { documentStage } from '../aggregate/document-stages.ts'
import type { Variables } from '../expression/scope.ts'
import { mongoError } from '../server/mongo-error.ts'
import { keepId } from './keep-id.ts'
import type { Updater } from './compile.ts'

const ALLOWED = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith']

/** Compiles an update by a pipeline. */
export function compilePipelineUpdate(pipeline: readonly Value[], variables: Variables = new Map()): Updater {
  const stages = pipeline.map((stage) => {
    if (!isDoc(stage) || stage.size !== 1) {
      throw mongoError(
        'FailedToParse',
        'A pipeline stage specification object must contain exactly one field.',
      )
    }
    const [[name, spec]] = stage as unknown as [[string, Value]]
    if (!ALLOWED.includes(name))
      throw mongoError('InvalidOptions', `${name} is not allowed to be used within an update`)
    return documentStage(name, spec)!
  })
  return (doc) =>
    keepId(
      doc,
      stages.reduce<Doc>((current, stage) => stage(current, variables), doc),
    )
}
