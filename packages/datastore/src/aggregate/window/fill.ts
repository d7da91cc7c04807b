import { isDoc, typeName, type Doc, type Value } from '../../bson/value.ts'
import { locationError, mongoError } from '../../server/mongo-error.ts'
import { documentStage } from '../document-stages.ts'
import { mapStage, type StageMaker } from '../source.ts'
import { setWindowFieldsStage } from './set-window-fields.ts'

const FIELDS = new Set(['partitionBy', 'partitionByFields', 'sortBy', 'output'])
const METHODS: Readonly<Record<string, string>> = { linear: '$linearFill', locf: '$locf' }

/** `$fill`: values for null and missing fields, by window functions or as given. */
export const fillStage: StageMaker = (spec, world) => {
  if (!isDoc(spec)) throw mongoError('FailedToParse', `$fill must be an object, found ${typeName(spec)}`)
  for (const field of spec.keys())
    if (!FIELDS.has(field)) throw locationError(40415, `BSON field '$fill.${field}' is an unknown field.`)
  const output = spec.get('output')
  if (!isDoc(output)) throw locationError(40414, "BSON field '$fill.output' is missing but a required field")
  const values: Doc = new Map()
  const methods: Doc = new Map()
  for (const [field, how] of output) sortOut(field, how, { values, methods })
  const add = documentStage('$addFields', values)!
  const filled = mapStage((doc) => (values.size > 0 ? add(doc, world.variables) : doc))
  if (methods.size === 0) return filled
  const windows = setWindowFieldsStage(windowSpec(spec, methods), world, '$fill')
  return (source) => filled(windows(source))
}

function sortOut(field: string, how: Value, into: { values: Doc; methods: Doc }): void {
  if (!isDoc(how) || how.size !== 1)
    throw mongoError(
      'FailedToParse',
      `$fill: the output of '${field}' must have exactly one of 'value' and 'method'`,
    )
  const value = how.get('value')
  if (value !== undefined) {
    into.values.set(field, new Map([['$ifNull', [`$${field}`, value]]]))
    return
  }
  const method = how.get('method')
  const name = typeof method === 'string' ? METHODS[method] : undefined
  if (name === undefined) throw locationError(6050202, 'Method must be either locf or linear')
  into.methods.set(field, new Map([[name, `$${field}`]]))
}

function windowSpec(spec: Doc, methods: Doc): Doc {
  const fields = spec.get('partitionByFields')
  if (fields !== undefined && spec.has('partitionBy'))
    throw locationError(6050204, 'Maximum one of partitionBy and partitionByFields can be specified in $fill')
  const linear = [...methods.values()].some((how) => isDoc(how) && how.has('$linearFill'))
  if (!spec.has('sortBy'))
    throw locationError(linear ? 605001 : 6050203, '$fill with a method requires sortBy')
  const window: Doc = new Map<string, Value>([
    ['output', methods],
    ['sortBy', spec.get('sortBy')!],
  ])
  const partition = fields === undefined ? spec.get('partitionBy') : byFields(fields)
  if (partition !== undefined) window.set('partitionBy', partition)
  return window
}

function byFields(fields: Value): Value {
  if (!Array.isArray(fields) || !fields.every((field) => typeof field === 'string'))
    throw mongoError('TypeMismatch', "BSON field '$fill.partitionByFields' must be an array of strings")
  return new Map(fields.map((field, i) => [`f${i}`, `$${field as string}`] as const))
}
