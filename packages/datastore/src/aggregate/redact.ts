import { isDoc, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { compileExpression } from '../expression/compile.ts'
import type { Expression, Variables } from '../expression/scope.ts'
import { locationError } from '../server/mongo-error.ts'
import { mapStage, type StageMaker } from './source.ts'

/** What the expression of `$redact` may give. */
const VERDICTS: readonly [string, Value][] = [
  ['DESCEND', 'descend'],
  ['PRUNE', 'prune'],
  ['KEEP', 'keep'],
]

/** `$redact`: keeps, drops or looks into each level of a document. */
export const redactStage: StageMaker = (spec, world) => {
  const verdict = compileExpression(spec)
  return mapStage((doc) => {
    const variables = new Map<string, Maybe>([...world.variables, ...VERDICTS, ['ROOT', doc]])
    return redacted(doc, verdict, variables) ?? null
  })
}

function redacted(doc: Doc, verdict: Expression, variables: Variables): Doc | undefined {
  switch (verdict({ root: doc, variables })) {
    case 'keep':
      return doc
    case 'prune':
      return undefined
    case 'descend':
      return below(doc, verdict, variables)
    default:
      throw locationError(
        17053,
        "$redact's expression should not return anything aside from the variables $$KEEP, $$DESCEND, and $$PRUNE",
      )
  }
}

function below(doc: Doc, verdict: Expression, variables: Variables): Doc {
  const out: Doc = new Map()
  for (const [name, value] of doc) {
    const kept = valueBelow(value, verdict, variables)
    if (kept !== undefined) out.set(name, kept)
  }
  return out
}

function valueBelow(value: Value, verdict: Expression, variables: Variables): Maybe {
  if (isDoc(value)) return redacted(value, verdict, variables)
  if (!Array.isArray(value)) return value
  return value.map((item) => valueBelow(item, verdict, variables)).filter((item) => item !== undefined)
}
