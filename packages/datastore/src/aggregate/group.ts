import { SIMPLE, type Comparison } from '../bson/comparison.ts'
import { keyOf } from '../bson/key.ts'
import { compareNumbers, optionNumber, toNumber } from '../bson/number.ts'
import { orderOf } from '../bson/order.ts'
import { isDoc, isNumber, typeName, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { compileExpression, evaluateConstant } from '../expression/compile.ts'
import { comparisonOf, type Scope } from '../expression/scope.ts'
import { locationError } from '../server/mongo-error.ts'
import { compileAccumulator, type Accumulator, type AccumulatorMaker } from './accumulators.ts'
import { blockingStage, drain, type StageMaker } from './source.ts'

interface Group {
  id: Value
  states: Accumulator[]
}

type Fields = [string, AccumulatorMaker][]

function readAccumulators(fields: Iterable<[string, Value]>): Fields {
  return [...fields].map(([name, spec]) => {
    if (!isDoc(spec)) throw locationError(40234, `The field '${name}' must be an accumulator object`)
    if (spec.size !== 1) throw locationError(40238, `The field '${name}' must specify one accumulator`)
    if (name.includes('.')) throw locationError(40235, `The field name '${name}' cannot contain '.'`)
    if (name.startsWith('$'))
      throw locationError(40236, `The field name '${name}' cannot be an operator name`)
    const [[operator, operand]] = spec as unknown as [[string, Value]]
    return [name, compileAccumulator(operator, operand)]
  })
}

function finish({ id, states }: Group, fields: Fields): Doc {
  const doc: Doc = new Map([['_id', id]])
  fields.forEach(([name], i) => {
    const value = states[i]!.result()
    if (value !== undefined) doc.set(name, value)
  })
  return doc
}

function openGroup(id: Value, fields: Fields): Group {
  return { id, states: fields.map(([, make]) => make()) }
}

/** How the groups of a pipeline are told apart. */
function groupKeys({ collation, identities }: Comparison): (id: Value) => string | number {
  if (!collation) return groupKey
  const identity = identities()
  return (id) => (typeof id === 'number' ? id : isNumber(id) ? groupKey(id) : `k${identity(id)}`)
}

/** Strings and numbers by themselves (the common ids), all else by its key; equal numbers of two types are one. */
export function groupKey(id: Value): string | number {
  if (typeof id === 'number') return id
  if (typeof id === 'string') return `s${id}`
  if (isNumber(id)) {
    const nearest = toNumber(id)
    if (compareNumbers(nearest, id) === 0) return nearest
  }
  return `k${keyOf(id).toString('latin1')}`
}

export const groupStage: StageMaker = (spec, world) => {
  if (!isDoc(spec)) throw locationError(15947, "a group's fields must be specified in an object")
  const idSource = spec.get('_id')
  if (idSource === undefined) throw locationError(15955, 'a group specification must include an _id')
  const idOf = compileExpression(idSource)
  const fields = readAccumulators([...spec].filter(([name]) => name !== '_id'))
  return blockingStage(async (source, pause) => {
    const groups = new Map<string | number, Group>()
    const keyOfGroup = groupKeys(comparisonOf(world.variables))
    for (let page = await source(pause); page.length > 0; page = await source(pause)) {
      for (const root of page) {
        const scope: Scope = { root, variables: world.variables }
        const id = idOf(scope) ?? null
        const key = keyOfGroup(id)
        let group = groups.get(key)
        if (!group) groups.set(key, (group = openGroup(id, fields)))
        for (const state of group.states) state.add(scope)
      }
      const resting = pause.rest()
      if (resting) await resting
    }
    return [...groups.values()].map((group) => finish(group, fields))
  })
}

const COUNT_FIELD: [string, Value][] = [['count', new Map([['$sum', 1]])]]

export const bucketStage: StageMaker = (spec, world) => {
  if (!isDoc(spec))
    throw locationError(
      40201,
      `Argument to $bucket stage must be an object, but found type: ${typeName(spec)}.`,
    )
  checkOptions(spec, ['groupBy', 'boundaries', 'default', 'output'], 40197)
  const { groupBy, output } = readBucket(spec, '$bucket')
  const order = comparisonOf(world.variables)
  const boundaries = readBoundaries(spec, order)
  const fallback = readFallback(spec.get('default'), boundaries, order)
  const fields = readAccumulators(output)
  return blockingStage(async (source, pause) => {
    const groups = boundaries.slice(0, -1).map((id) => openGroup(id, fields))
    const other = fallback === undefined ? null : openGroup(fallback, fields)
    const used = new Set<Group>()
    for (const root of await drain(source, pause)) {
      const scope: Scope = { root, variables: world.variables }
      const group = groups[placeIn(boundaries, groupBy(scope), order)] ?? other
      if (!group)
        throw locationError(
          40066,
          '$bucket could not find a matching branch for an input, and no default was specified.',
        )
      used.add(group)
      for (const state of group.states) state.add(scope)
    }
    const all = other ? [...groups, other].sort((a, b) => order.compare(a.id, b.id)) : groups
    return all.filter((group) => used.has(group)).map((group) => finish(group, fields))
  })
}

function checkOptions(spec: Doc, known: readonly string[], code: number): void {
  for (const name of spec.keys())
    if (!known.includes(name)) throw locationError(code, `Unrecognized option: ${name}.`)
}

/** The bucket of all that is in no other; it must not lie among them. */
function readFallback(
  given: Value | undefined,
  boundaries: readonly Value[],
  { compare }: Comparison,
): Maybe {
  if (given === undefined) return undefined
  const value = evaluateConstant(given) ?? null
  if (compare(value, boundaries[0]!) >= 0 && compare(value, boundaries.at(-1)!) < 0)
    throw locationError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    )
  return value
}

/** A path or an expression, no constant. */
function isComputed(source: Value): boolean {
  if (typeof source === 'string') return source.startsWith('$')
  return isDoc(source) && Boolean([...source.keys()][0]?.startsWith('$'))
}

function readBucket(spec: Doc, name: string) {
  const groupBy = spec.get('groupBy')
  const bounds = name === '$bucket' ? 'boundaries' : 'buckets'
  if (groupBy === undefined || !spec.has(bounds))
    throw locationError(
      name === '$bucket' ? 40198 : 40246,
      `${name} requires 'groupBy' and '${bounds}' to be specified.`,
    )
  if (!isComputed(groupBy))
    throw locationError(
      name === '$bucket' ? 40202 : 40239,
      `The ${name} 'groupBy' field must be defined as a $-prefixed path or an expression`,
    )
  const output = spec.get('output')
  return { groupBy: compileExpression(groupBy), output: isDoc(output) ? [...output] : COUNT_FIELD }
}

function readBoundaries(spec: Doc, { compare }: Comparison): Value[] {
  const given = spec.get('boundaries')
  if (!Array.isArray(given)) throw locationError(40200, "The $bucket 'boundaries' field must be an array")
  if (given.length < 2)
    throw locationError(40192, "The $bucket 'boundaries' field must have at least 2 values")
  const values = given.map((item) => evaluateConstant(item) ?? null)
  for (let i = 1; i < values.length; i++) {
    if (orderOf(values[i - 1]!) !== orderOf(values[i]!))
      throw locationError(40193, "All values in the 'boundaries' option to $bucket must have the same type")
    if (compare(values[i - 1]!, values[i]!) >= 0)
      throw locationError(40194, "The 'boundaries' option to $bucket must be sorted in ascending order")
  }
  return values
}

/** The bucket of a value, or -1. */
function placeIn(boundaries: readonly Value[], value: Maybe, { compare }: Comparison): number {
  if (value === undefined) return -1
  const above = boundaries.findIndex((boundary) => compare(value, boundary) < 0)
  return above - 1 < 0 ? -1 : above - 1
}

export const bucketAutoStage: StageMaker = (spec, world) => {
  if (!isDoc(spec)) throw locationError(40240, 'The argument to $bucketAuto must be an object')
  checkOptions(spec, ['groupBy', 'buckets', 'output', 'granularity'], 40245)
  const { groupBy, output } = readBucket(spec, '$bucketAuto')
  const buckets = optionNumber(spec.get('buckets'))
  if (buckets === null) throw locationError(40241, "The $bucketAuto 'buckets' field must be a numeric value")
  if (buckets <= 0) throw locationError(40243, "The $bucketAuto 'buckets' field must be greater than 0")
  if (spec.has('granularity'))
    throw locationError(40257, "$bucketAuto 'granularity' is not supported by the embedded datastore")
  const fields = readAccumulators(output)
  return blockingStage(async (source, pause) => {
    const docs = await drain(source, pause)
    const keyed = docs.map((root) => ({ root, value: groupBy({ root, variables: world.variables }) ?? null }))
    const order = comparisonOf(world.variables)
    keyed.sort((a, b) => order.compare(a.value, b.value))
    return cut(keyed, buckets, order).map((part, i, parts) => {
      const next = parts[i + 1]
      const id = new Map([
        ['min', part[0]!.value],
        ['max', (next ? next[0] : part.at(-1))!.value],
      ])
      const group = openGroup(id, fields)
      for (const { root } of part)
        for (const state of group.states) state.add({ root, variables: world.variables })
      return finish(group, fields)
    })
  })
}

/** Parts of about one size; equal values stay together. */
function cut<T extends { value: Value }>(
  sorted: readonly T[],
  buckets: number,
  { equal }: Comparison,
): T[][] {
  const size = Math.max(1, Math.round(sorted.length / buckets))
  const parts: T[][] = []
  for (let at = 0; at < sorted.length;) {
    let end = parts.length === buckets - 1 ? sorted.length : Math.min(at + size, sorted.length)
    while (end < sorted.length && equal(sorted[end - 1]!.value, sorted[end]!.value)) end++
    parts.push(sorted.slice(at, end))
    at = end
  }
  return parts
}

export const sortByCountStage: StageMaker = (spec, world) => {
  if (typeof spec !== 'string' && !isDoc(spec))
    throw locationError(40149, 'the sortByCount field must be specified as a string or as an object')
  if (typeof spec === 'string' && !spec.startsWith('$'))
    throw locationError(40148, 'the sortByCount field must be defined as a $-prefixed path or an expression')
  if (isDoc(spec) && !isComputed(spec))
    throw locationError(
      40147,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    )
  const group = groupStage(
    new Map<string, Value>([
      ['_id', spec],
      ['count', new Map([['$sum', 1]])],
    ]),
    world,
    '$group',
  )
  return (source) =>
    blockingStage(async (grouped, pause) => {
      const docs = await drain(grouped, pause)
      return docs.sort((a, b) => SIMPLE.compare(b.get('count')!, a.get('count')!))
    })(group(source))
}
