import { SIMPLE, type Comparison } from '../../bson/comparison.ts'
import { arithmetic, compareNumbers, toInt64, toNumber, type Num } from '../../bson/number.ts'
import {
  DateTime,
  double,
  isDoc,
  isNumber,
  typeName,
  type Doc,
  type Maybe,
  type Value,
} from '../../bson/value.ts'
import { pathValue } from '../../expression/compile.ts'
import { addUnits, unitOf } from '../../expression/date-units.ts'
import { comparisonOf } from '../../expression/scope.ts'
import { locationError, mongoError } from '../../server/mongo-error.ts'
import { blockingStage, drain, type StageMaker } from '../source.ts'
import { withValue } from '../with-value.ts'

/** MongoDB's limit of documents that one stage may make up. */
const MAX_GENERATED = 500_000

type Point = Num | DateTime

interface Range {
  step: number
  unit: string | null
  /** Null: from the least to the greatest value, of all documents or of each partition. */
  bounds: [Point, Point] | null
  full: boolean
}

interface Densify {
  field: string[]
  partitionBy: string[][]
  range: Range
}

/** `$densify`: documents for the places of a field that are missing. */
export const densifyStage: StageMaker = (spec, world) => {
  const densify = readDensify(spec)
  return blockingStage(async (source, pause) => {
    const docs = await drain(source, pause)
    const state = { generated: 0 }
    const whole = docs.filter((doc) => isSet(pathValue(doc, densify.field)))
    const rest = docs.filter((doc) => !isSet(pathValue(doc, densify.field)))
    const all = extent(whole, densify)
    const out = [...rest]
    for (const members of partitions(whole, densify, comparisonOf(world.variables))) {
      const reach = densify.range.full ? all : extent(members, densify)
      for (const doc of densified(members, { densify, reach, state })) out.push(doc)
      const resting = pause.rest()
      if (resting) await resting
    }
    return out
  })
}

function isSet(value: Maybe): boolean {
  return value !== undefined && value !== null
}

function partitions(docs: readonly Doc[], { partitionBy, field }: Densify, order: Comparison): Doc[][] {
  const groups = new Map<string, Doc[]>()
  const identity = order.identities()
  for (const doc of docs) {
    const key = identity(partitionBy.map((path) => pathValue(doc, path) ?? null))
    const group = groups.get(key)
    if (group) group.push(doc)
    else groups.set(key, [doc])
  }
  // what is densified is numbers or dates
  const byField = (a: Doc, b: Doc): number => SIMPLE.compare(pathValue(a, field)!, pathValue(b, field)!)
  return [...groups.values()].map((group) => group.sort(byField))
}

/** @throws 5733201 for what can be neither counted nor told by the calendar */
function pointOf(value: Maybe, { unit }: Range): Point {
  if (unit === null) {
    if (isNumber(value)) return value
    throw locationError(5733201, `Densify field type must be numeric, found ${typeName(value)}`)
  }
  if (value instanceof DateTime) return value
  throw locationError(6053600, `Densify field type must be a date with a unit, found ${typeName(value)}`)
}

function order(a: Point, b: Point): number {
  if (a instanceof DateTime && b instanceof DateTime) return a.ms - b.ms
  return compareNumbers(a as Num, b as Num)
}

function extent(docs: readonly Doc[], { field, range }: Densify): [Point, Point] | null {
  if (range.bounds) return range.bounds
  let reach: [Point, Point] | null = null
  for (const doc of docs) {
    const point = pointOf(pathValue(doc, field), range)
    if (!reach) reach = [point, point]
    else if (order(point, reach[0]) < 0) reach[0] = point
    else if (order(point, reach[1]) > 0) reach[1] = point
  }
  return reach
}

/** The `count`-th place after `start`: always counted from there, so that months do not drift. */
function place(start: Point, count: number, { step, unit }: Range): Point {
  if (start instanceof DateTime) return new DateTime(addUnits(new Date(start.ms), unit!, step * count))
  const by = Number.isInteger(step) ? step * count : double(step * count)
  return arithmetic('add', [start, by], 'double')!
}

interface Work {
  densify: Densify
  reach: [Point, Point] | null
  state: { generated: number }
}

function densified(members: readonly Doc[], { densify, reach, state }: Work): Doc[] {
  const { field, range, partitionBy } = densify
  if (!reach || members.length === 0) return [...members]
  const [first, last] = reach
  const template = partitionBy.reduce<Doc>(
    (doc, path) => withValue(doc, path, pathValue(members[0]!, path)),
    new Map(),
  )
  const out: Doc[] = []
  let at = 0
  // explicit bounds leave their upper end out
  const ends = (point: Point): boolean => (range.bounds ? order(point, last) >= 0 : order(point, last) > 0)
  for (let count = 0; ; count++) {
    const point = place(first, count, range)
    if (ends(point)) break
    while (at < members.length && order(pointOf(pathValue(members[at]!, field), range), point) < 0)
      out.push(members[at++]!)
    const next = members[at]
    if (next && order(pointOf(pathValue(next, field), range), point) === 0) continue
    if (++state.generated > MAX_GENERATED)
      throw locationError(
        5897900,
        `Generated ${MAX_GENERATED} documents in $densify, which is over the limit`,
      )
    out.push(withValue(template, field, point))
  }
  return [...out, ...members.slice(at)]
}

const FIELDS = new Set(['field', 'partitionByFields', 'range'])

function readDensify(spec: Value): Densify {
  if (!isDoc(spec)) throw mongoError('FailedToParse', `$densify must be an object, found ${typeName(spec)}`)
  for (const name of spec.keys())
    if (!FIELDS.has(name)) throw locationError(40415, `BSON field '$densify.${name}' is an unknown field.`)
  const field = spec.get('field')
  const fields = spec.get('partitionByFields') ?? []
  if (typeof field !== 'string') throw missing('field')
  if (!Array.isArray(fields) || !fields.every((item) => typeof item === 'string'))
    throw mongoError('TypeMismatch', "BSON field '$densify.partitionByFields' must be an array of strings")
  if (field === '' || field.startsWith('$'))
    throw locationError(16410, "FieldPath field names may not start with '$' or be empty.")
  if (fields.includes(field))
    throw locationError(8993000, "BSON field 'field' is the same as one of the partition fields")
  const range = spec.get('range')
  if (!isDoc(range)) throw missing('range')
  return {
    field: field.split('.'),
    partitionBy: (fields as string[]).map((path) => path.split('.')),
    range: readRange(range, fields.length > 0),
  }
}

function missing(name: string): Error {
  return locationError(40414, `BSON field '$densify.${name}' is missing but a required field`)
}

function readRange(spec: Doc, partitioned: boolean): Range {
  const [step, bounds, given] = [spec.get('step'), spec.get('bounds'), spec.get('unit')]
  if (!isNumber(step)) throw missing('range.step')
  if (!(toNumber(step) > 0))
    throw locationError(
      5733401,
      'the step parameter in a range statement must be a strictly positive numeric value',
    )
  const unit = given === undefined ? null : unitOf(given, '$densify')
  if (unit !== null && toInt64(step) === null)
    throw locationError(
      6586400,
      'The step parameter in a range statement must be a whole number when densifying a date range',
    )
  const range: Range = { step: toNumber(step), unit, bounds: null, full: bounds === 'full' }
  if (bounds === 'full') return range
  if (bounds === 'partition') {
    if (partitioned) return range
    throw locationError(
      5733409,
      "one may not specify the bounds as 'partition' without specifying a non-empty array of partitionByFields",
    )
  }
  if (!Array.isArray(bounds))
    throw locationError(
      bounds === undefined ? 40414 : 5946802,
      "the bounds in a range statement must be 'full', 'partition' or a two-element array",
    )
  if (bounds.length !== 2)
    throw locationError(5733403, 'a bounding array in a range statement must have exactly two elements')
  const [low, high] = bounds.map((bound) => pointOf(bound, range)) as [Point, Point]
  if (order(low, high) > 0)
    throw locationError(
      5733402,
      'the bounds in a range statement must be the string full or partition, or an ascending array of two numbers or two dates',
    )
  return { ...range, bounds: [low, high] }
}
