import { isDoc, type Doc, type Value } from '../bson/value.ts'
import type { Variables } from '../expression/scope.ts'
import { mongoError } from '../server/mongo-error.ts'
import type { UpdateTargets } from '../store/recorder.ts'
import { copy } from './fields.ts'
import { compileOperators, type Updater } from './compile.ts'
import { keepId } from './keep-id.ts'
import { compilePipelineUpdate } from './pipeline.ts'

/** An update of any of the three kinds, compiled. */
export interface Update {
  kind: 'operators' | 'replacement' | 'pipeline'
  apply: Updater
  /** Of operators: what they are applied to. */
  targets?: UpdateTargets
}

interface UpdateOptions {
  arrayFilters?: readonly Value[] | undefined
  multi?: boolean
  variables?: Variables | undefined
}

/** @throws FailedToParse (9) for a mix of kinds, and what each kind refuses */
export function compileUpdate(update: Value | undefined, options: UpdateOptions = {}): Update {
  if (Array.isArray(update)) {
    if (options.arrayFilters)
      throw mongoError('FailedToParse', 'arrayFilters may not be specified for pipeline-syle updates')
    return { kind: 'pipeline', apply: compilePipelineUpdate(update, options.variables) }
  }
  if (!isDoc(update))
    throw mongoError('FailedToParse', 'Update argument must be either an object or an array')
  const [first] = update.keys()
  if (first?.startsWith('$'))
    return {
      kind: 'operators',
      apply: compileOperators(update, options.arrayFilters ?? [], options.variables),
      targets: targetsOf(update),
    }
  if (options.multi)
    throw mongoError('FailedToParse', 'multi update is not supported for replacement-style update')
  if (options.arrayFilters)
    throw mongoError('FailedToParse', 'arrayFilters may not be specified for replacement-style updates')
  return { kind: 'replacement', apply: replacement(update) }
}

function targetsOf(update: Doc): UpdateTargets {
  const targets = new Map<string, string>()
  for (const [operator, fields] of update) {
    for (const [path, operand] of fields as Doc) {
      targets.set(path, operator)
      if (operator === '$rename') targets.set(operand as string, operator)
    }
  }
  return targets
}

function replacement(update: Doc): Updater {
  for (const name of update.keys()) {
    if (name.startsWith('$') && !['$ref', '$id', '$db'].includes(name)) {
      throw mongoError(
        'DollarPrefixedFieldName',
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      )
    }
  }
  return (doc) => keepId(doc, copy(update) as Doc)
}
