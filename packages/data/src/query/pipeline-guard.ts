import type { Document } from 'mongodb'
import { type CompiledModel, findModel, type ModelSet } from '../models/compiled-model.ts'
import { modelErrors } from '../models/models.errors.ts'
import { queryErrors } from './query.errors.ts'

/** What a pipeline is read against. */
export interface PipelineScope {
  model: CompiledModel
  models: ModelSet
  /** A model's collection. */
  collectionName: (modelId: string) => string
  /** A `$match` at the very start, read as every other filter: values coerced, names checked. */
  match: (filter: unknown) => Promise<Document>
}

/** Stages, depth and names one pipeline may have; it gives at most so many documents. */
const MAX_STAGES = 30
const MAX_DEPTH = 24
const MAX_NAMES = 3000
const MAX_RESULTS = 10_000

const READ_STAGES = new Set(
  '$match $group $project $addFields $set $unset $sort $limit $skip $count $unwind $lookup $unionWith $facet $bucket $bucketAuto $sortByCount $replaceRoot $replaceWith $sample'.split(
    ' ',
  ),
)

/** Operators that only compute from what they are given. `$function`, `$accumulator`, `$where`, `$out` and all that is not here is refused. */
const OPERATORS = new Set(
  (
    '$eq $ne $gt $gte $lt $lte $in $nin $and $or $not $nor $exists $expr $elemMatch $all $size $type $cmp $cond $ifNull $switch ' +
    '$add $subtract $multiply $divide $mod $abs $ceil $floor $round $trunc $sqrt $pow $exp $ln $log $log10 ' +
    '$sum $avg $min $max $first $last $push $addToSet $count $stdDevPop $stdDevSamp $mergeObjects $firstN $lastN $minN $maxN $top $topN $bottom $bottomN ' +
    '$concat $toLower $toUpper $trim $ltrim $rtrim $split $substrCP $strLenCP $indexOfCP $strcasecmp ' +
    '$arrayElemAt $concatArrays $filter $map $reduce $reverseArray $slice $sortArray $isArray $indexOfArray $range $zip $arrayToObject $objectToArray ' +
    '$setUnion $setIntersection $setDifference $setEquals $setIsSubset $anyElementTrue $allElementsTrue ' +
    '$year $month $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $isoWeek $isoWeekYear $isoDayOfWeek $week ' +
    '$dateToString $dateFromString $dateTrunc $dateAdd $dateSubtract $dateDiff $dateToParts $dateFromParts ' +
    '$toString $toInt $toLong $toDouble $toDecimal $toBool $toDate $toObjectId $convert $isNumber $literal $let $getField'
  ).split(' '),
)

/**
 * A pipeline of service code, made safe: listed read stages and operators only, `from` and `coll` a model of
 * this project, a bounded result. @throws QUERY_OPERATOR_UNKNOWN, QUERY_SHAPE, QUERY_TOO_COMPLEX, MODEL_NOT_FOUND
 */
export async function guardPipeline(pipeline: unknown, scope: PipelineScope): Promise<Document[]> {
  const budget = { names: MAX_NAMES }
  const stages = guardStages(pipeline, scope, budget)
  const first = (pipeline as Document[])[0]
  if (first && Object.hasOwn(first, '$match') && !Object.hasOwn(first['$match'] as object, '$expr')) {
    stages[0] = { $match: await scope.match(first['$match']) }
  }
  return [...stages, { $limit: MAX_RESULTS }]
}

type Budget = { names: number }

function guardStages(pipeline: unknown, scope: PipelineScope, budget: Budget): Document[] {
  if (!Array.isArray(pipeline)) throw queryErrors.QUERY_SHAPE({ problem: 'a pipeline is a list of stages.' })
  if (pipeline.length > MAX_STAGES) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'stages', limit: MAX_STAGES })
  return pipeline.map((stage) => guardStage(stage, scope, budget))
}

function guardStage(stage: unknown, scope: PipelineScope, budget: Budget): Document {
  const names = typeof stage === 'object' && stage !== null ? Object.keys(stage) : []
  const [name] = names
  if (name === undefined || names.length > 1) {
    throw queryErrors.QUERY_SHAPE({ problem: 'a stage is an object with one key, such as {"$match": {}}.' })
  }
  if (!READ_STAGES.has(name)) throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: name.slice(0, 100) })
  const body = (stage as Document)[name] as unknown
  if (name === '$lookup' || name === '$unionWith') return { [name]: guardJoin(name, body, scope, budget) }
  if (name === '$facet') {
    const facets = Object.entries(asObject(body, name)).map(([key, inner]) => [
      key,
      guardStages(inner, scope, budget),
    ])
    return { $facet: Object.fromEntries(facets) as Document }
  }
  return { [name]: guardValue(body, MAX_DEPTH, budget) }
}

function guardJoin(name: string, body: unknown, scope: PipelineScope, budget: Budget): Document {
  const given = typeof body === 'string' ? { coll: body } : asObject(body, name)
  const key = name === '$lookup' ? 'from' : 'coll'
  const { [key]: slug, pipeline, ...rest } = given
  const target = typeof slug === 'string' ? findModel(scope.models, slug) : undefined
  if (!target) throw modelErrors.MODEL_NOT_FOUND({ model: String(slug).slice(0, 100) })
  return {
    ...(guardValue(rest, MAX_DEPTH, budget) as Document),
    [key]: scope.collectionName(target.model.id),
    ...(pipeline !== undefined && { pipeline: guardStages(pipeline, scope, budget) }),
  }
}

/** A copy in which every name with a `$` is a listed operator. */
function guardValue(value: unknown, depth: number, budget: Budget): unknown {
  if (depth === 0) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'levels in a stage', limit: MAX_DEPTH })
  if (Array.isArray(value)) return value.map((item) => guardValue(item, depth - 1, budget))
  if (value instanceof Date || typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw queryErrors.QUERY_SHAPE({ problem: `a pipeline holds no ${typeof value}.` })
    }
    return value
  }
  const out: Document = {}
  for (const [key, inner] of Object.entries(value)) {
    budget.names -= 1
    if (budget.names < 0)
      throw queryErrors.QUERY_TOO_COMPLEX({ what: 'names in a pipeline', limit: MAX_NAMES })
    if (key === '__proto__' || (key.startsWith('$') && !OPERATORS.has(key))) {
      throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: key.slice(0, 100) })
    }
    out[key] = guardValue(inner, depth - 1, budget)
  }
  return out
}

function asObject(body: unknown, name: string): Document {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body
  throw queryErrors.QUERY_SHAPE({ problem: `"${name}" takes an object.` })
}
