import { createSorter, readSort } from '../query/sort.ts'
import { optionNumber, toNumber } from '../bson/number.ts'
import { isDoc, isNumber, typeName, type Doc, type Value } from '../bson/value.ts'
import { evaluateConstant, pathValue } from '../expression/compile.ts'
import { comparisonOf } from '../expression/scope.ts'
import { compileFilter } from '../query/match.ts'
import { restedSort } from '../query/rested-sort.ts'
import { locationError } from '../server/mongo-error.ts'
import { bucketAutoStage, bucketStage, groupStage, sortByCountStage } from './group.ts'
import { redactStage } from './redact.ts'
import { blockingStage, drain, mapStage, sourceOf, type StageMaker } from './source.ts'
import { densifyStage } from './window/densify.ts'
import { fillStage } from './window/fill.ts'
import { setWindowFieldsStage } from './window/set-window-fields.ts'
import { withValue } from './with-value.ts'

const matchStage: StageMaker = (spec, world) => {
  if (!isDoc(spec)) throw locationError(15959, 'the match filter must be an expression in an object')
  const matches = compileFilter(spec, world.variables)
  return mapStage((doc) => (matches(doc) ? doc : null))
}

const sortStage: StageMaker = (spec, world) => {
  if (!isDoc(spec)) throw locationError(15973, 'the $sort key specification must be an object')
  if (spec.size === 0) throw locationError(15976, '$sort stage must have at least one sort key')
  const { key, compare } = createSorter(readSort(spec), comparisonOf(world.variables))
  return blockingStage(async (source, pause) => {
    const docs = await drain(source, pause)
    const keyed = docs.map((doc) => ({ doc, key: key(doc) }))
    const sorted = await restedSort(keyed, (a, b) => compare(a.key, b.key), pause)
    return sorted.map(({ doc }) => doc)
  })
}

/** A whole number for `$limit` and `$skip`. */
export function stageCount(spec: Value, name: '$limit' | '$skip'): number {
  const code = name === '$limit' ? 5107201 : 5107200
  const given = isNumber(spec) ? toNumber(spec) : NaN
  if (!Number.isInteger(given))
    throw locationError(
      code,
      `invalid argument to ${name} stage: Expected an integer: ${name}: ${typeName(spec)}`,
    )
  if (given < 0)
    throw locationError(
      code,
      `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${given}`,
    )
  if (given === 0 && name === '$limit') throw locationError(15958, 'the limit must be positive')
  return given
}

const limitStage: StageMaker = (spec) => {
  const limit = stageCount(spec, '$limit')
  return (source) => {
    let left = limit
    return async (pause) => {
      if (left <= 0) return []
      const page = (await source(pause)).slice(0, left)
      left -= page.length
      return page
    }
  }
}

const skipStage: StageMaker = (spec) => {
  const skip = stageCount(spec, '$skip')
  return (source) => {
    let left = skip
    return async (pause) => {
      for (;;) {
        const page = await source(pause)
        const rest = left > 0 ? page.slice(left) : page
        left = Math.max(0, left - page.length)
        if (rest.length > 0 || page.length === 0) return rest
      }
    }
  }
}

const countStage: StageMaker = (spec) => {
  if (typeof spec !== 'string') throw locationError(40156, 'the count field must be a non-empty string')
  if (spec === '') throw locationError(40157, 'the count field must be a non-empty string')
  if (spec.startsWith('$')) throw locationError(40158, 'the count field cannot be a $-prefixed path')
  if (spec.includes('.')) throw locationError(40160, "the count field cannot contain '.'")
  return blockingStage(async (source, pause) => {
    let count = 0
    for (let page = await source(pause); page.length > 0; page = await source(pause)) count += page.length
    return count === 0 ? [] : [new Map([[spec, count]])]
  })
}

interface Unwind {
  path: string
  index: string | undefined
  keep: boolean
}

/** @throws 15981, 28808 … 28812, 28818, 28822 */
function readUnwind(spec: Value): Unwind {
  if (typeof spec !== 'string' && !isDoc(spec))
    throw locationError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${typeName(spec)}`,
    )
  const options = isDoc(spec) ? spec : new Map<string, Value>([['path', spec]])
  const [path, index] = [options.get('path'), options.get('includeArrayIndex')]
  const keep = options.get('preserveNullAndEmptyArrays') ?? false
  for (const name of options.keys())
    if (!['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name))
      throw locationError(28811, `unrecognized option to $unwind stage: ${name}`)
  if (path === undefined) throw locationError(28812, 'no path specified to $unwind stage')
  if (typeof path !== 'string')
    throw locationError(28808, `expected a string as the path for $unwind stage, got ${typeName(path)}`)
  if (!path.startsWith('$') || path.length < 2)
    throw locationError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`)
  if (typeof keep !== 'boolean')
    throw locationError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${typeName(keep)}`,
    )
  if (index !== undefined && (typeof index !== 'string' || index === ''))
    throw locationError(
      28810,
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    )
  if (index?.startsWith('$'))
    throw locationError(
      28822,
      `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
    )
  return { path, index, keep }
}

const unwindStage: StageMaker = (spec) => {
  const { path, index, keep } = readUnwind(spec)
  const parts = path.slice(1).split('.')
  const put = (doc: Doc, value: Value | undefined, at: number | null): Doc => {
    const out = withValue(doc, parts, value)
    return index === undefined ? out : withValue(out, index.split('.'), at === null ? null : BigInt(at))
  }
  return mapStage((doc) => {
    const value = pathValue(doc, parts)
    if (Array.isArray(value) && value.length > 0) return value.map((item, at) => put(doc, item, at))
    if (value !== undefined && value !== null && !Array.isArray(value)) return put(doc, value, null)
    if (!keep) return null
    return put(doc, Array.isArray(value) ? undefined : value, null)
  })
}

/** @throws 28745 … 28749 */
function sampleSize(spec: Value): number {
  if (!isDoc(spec)) throw locationError(28745, 'the $sample stage specification must be an object')
  for (const name of spec.keys())
    if (name !== 'size') throw locationError(28748, `unrecognized option to $sample: ${name}`)
  if (!spec.has('size')) throw locationError(28749, '$sample stage must specify a size')
  const size = optionNumber(spec.get('size'))
  if (size === null) throw locationError(28746, 'size argument to $sample must be a number')
  if (size < 0) throw locationError(28747, 'size argument to $sample must not be negative')
  return size
}

const sampleStage: StageMaker = (spec) => {
  const size = sampleSize(spec)
  return blockingStage(async (source, pause) => {
    const docs = await drain(source, pause)
    const wanted = Math.min(size, docs.length)
    for (let i = 0; i < wanted; i++) {
      const j = i + Math.floor(Math.random() * (docs.length - i))
      ;[docs[i], docs[j]] = [docs[j]!, docs[i]!]
    }
    return docs.slice(0, wanted)
  })
}

const documentsStage: StageMaker = (spec, world) => {
  const given = evaluateConstant(spec, { variables: world.variables })
  if (!Array.isArray(given) || !given.every(isDoc))
    throw locationError(5858203, 'an array of documents is expected by $documents')
  return () => sourceOf(given)
}

/** The stages that need nothing but the documents before them. */
export const PLAIN_STAGES: Record<string, StageMaker> = {
  $match: matchStage,
  $sort: sortStage,
  $limit: limitStage,
  $skip: skipStage,
  $count: countStage,
  $unwind: unwindStage,
  $sample: sampleStage,
  $documents: documentsStage,
  $redact: redactStage,
  $setWindowFields: setWindowFieldsStage,
  $densify: densifyStage,
  $fill: fillStage,
  $group: groupStage,
  $bucket: bucketStage,
  $bucketAuto: bucketAutoStage,
  $sortByCount: sortByCountStage,
}
