import { isDoc, typeName, type Doc, type Maybe, type Value } from '../../bson/value.ts'
import { compileExpression, pathValue } from '../../expression/compile.ts'
import { comparisonOf, type Scope } from '../../expression/scope.ts'
import { restedSort } from '../../query/rested-sort.ts'
import { createSorter, readSort, type SortField } from '../../query/sort.ts'
import { locationError, mongoError } from '../../server/mongo-error.ts'
import { blockingStage, drain, type PipelineWorld, type Stage, type StageMaker } from '../source.ts'
import { withValue } from '../with-value.ts'
import type { Partition, WindowFunction } from './function-source.ts'
import { compileWindowFunction } from './functions.ts'

const FIELDS = new Set(['partitionBy', 'sortBy', 'output'])

/** `$setWindowFields`: new fields from the documents around each one. */
export const setWindowFieldsStage: StageMaker = (spec, world, name) => {
  if (!isDoc(spec))
    throw mongoError(
      'FailedToParse',
      `the ${name} stage specification must be an object, found ${typeName(spec)}`,
    )
  for (const field of spec.keys())
    if (!FIELDS.has(field)) throw locationError(40415, `BSON field '${name}.${field}' is an unknown field.`)
  const output = spec.get('output')
  if (!isDoc(output))
    throw locationError(40414, `BSON field '${name}.output' is missing but a required field`)
  const given = spec.get('sortBy')
  if (given !== undefined && !isDoc(given))
    throw mongoError('TypeMismatch', `BSON field '${name}.sortBy' is the wrong type, expected type 'object'`)
  const sort = readSort(given)
  const functions = [...output].map(
    ([field, source]) => [field.split('.'), compileWindowFunction(source, field, sort)] as const,
  )
  return windowed({ partitionBy: spec.get('partitionBy'), sort, functions, world })
}

interface Windowed {
  partitionBy: Value | undefined
  sort: readonly SortField[]
  functions: readonly (readonly [string[], WindowFunction])[]
  world: PipelineWorld
}

function windowed({ partitionBy, sort, functions, world }: Windowed): Stage {
  const partitionOf = partitionBy === undefined ? null : compileExpression(partitionBy)
  const order = comparisonOf(world.variables)
  const sorter = createSorter(sort, order)
  const path = sort.length === 1 ? sort[0]!.path.split('.') : null
  return blockingStage(async (source, pause) => {
    const docs = await drain(source, pause)
    const rows = docs.map((doc) => {
      const scope: Scope = { root: doc, variables: world.variables }
      return { scope, group: partitionValue(partitionOf?.(scope)), key: sorter.key(doc) }
    })
    const sorted =
      partitionOf || sort.length > 0
        ? await restedSort(
            rows,
            (a, b) => order.compare(a.group, b.group) || sorter.compare(a.key, b.key),
            pause,
          )
        : rows
    const out: Doc[] = []
    for (let at = 0; at < sorted.length;) {
      const begin = at
      while (at < sorted.length && order.equal(sorted[at]!.group, sorted[begin]!.group)) at++
      const members = sorted.slice(begin, at)
      const partition: Partition = {
        scopes: members.map(({ scope }) => scope),
        values: members.map(({ scope }) => (path ? pathValue(scope.root, path) : undefined)),
        tied: members.map(({ key }, i) => i > 0 && sorter.compare(key, members[i - 1]!.key) === 0),
      }
      for (const doc of computed(partition, functions)) out.push(doc)
      const resting = pause.rest()
      if (resting) await resting
    }
    return out
  })
}

/** Missing and null are one partition. */
function partitionValue(value: Maybe): Value {
  if (Array.isArray(value))
    throw mongoError('TypeMismatch', 'An expression used to partition cannot evaluate to value of type array')
  return value ?? null
}

function computed(partition: Partition, functions: Windowed['functions']): Doc[] {
  const columns = functions.map(([path, run]) => [path, run(partition)] as const)
  return partition.scopes.map(({ root }, at) =>
    columns.reduce<Doc>((doc, [path, values]) => withValue(doc, path, values[at]), root),
  )
}
