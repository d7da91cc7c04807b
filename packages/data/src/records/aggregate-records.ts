import { type Document, ObjectId } from 'mongodb'
import type { ProjectRecords } from '../project-data.ts'
import { type AggregateMeasure, type AggregateRow, aggregateSchema } from '../query/aggregate.schema.ts'
import { guardPipeline } from '../query/pipeline-guard.ts'
import { queryErrors } from '../query/query.errors.ts'
import { type ResolvedPath, resolvePath } from '../query/resolve-path.ts'
import { compileSearch } from '../query/search.ts'
import { filterFor } from './read-plan.ts'
import type { ModelScope } from './record-reader.ts'
import { openScope, type RecordsDeps } from './records-deps.ts'

const MAX_MEASURES = 10

interface GroupKey {
  name: string
  path: ResolvedPath
  step: string | undefined
}

/** Figures for the panel and REST, and guarded pipelines for service code. */
export function createAggregates(deps: RecordsDeps): Pick<ProjectRecords, 'aggregate' | 'pipeline'> {
  return {
    async aggregate(model, query) {
      const parsed = aggregateSchema.safeParse(query)
      if (!parsed.success) {
        const { path, message } = parsed.error.issues[0]!
        throw queryErrors.QUERY_SHAPE({ problem: `${path.join('.') || 'the query'}: ${message}.` })
      }
      const scope = await openScope(deps, model)
      const {
        filter,
        search,
        timezone = 'UTC',
        groupBy = [],
        measures = { count: 'count' },
        sort,
        limit,
      } = parsed.data
      const match = [
        await filterFor(deps, scope, filter, parsed.data),
        compileSearch(search, scope.compiled) ?? {},
      ]
      const keys = groupBy.map((key) => groupKey(key, scope))
      const names = Object.keys(measures)
      if (names.length > MAX_MEASURES)
        throw queryErrors.QUERY_TOO_COMPLEX({ what: 'measures', limit: MAX_MEASURES })
      const paths = new Map(names.map((name) => [name, measuredPath(measures[name]!, scope)]))
      const group: Document = {
        _id: Object.fromEntries(keys.map((key, n) => [`k${n}`, groupExpression(key, timezone)])),
      }
      for (const [n, name] of names.entries()) group[`m${n}`] = accumulator(measures[name]!, paths.get(name))

      const rows = await deps.reader.aggregate(scope.compiled, [
        { $match: { $and: match } },
        ...unwinds(keys),
        { $group: group },
        { $sort: sortOf(sort, keys, names) },
        { $limit: limit },
      ])
      return rows.map((row) => toRow(row, keys, { names, paths, dates: deps.view.dates ?? 'iso' }))
    },
    async pipeline(model, pipeline) {
      const scope = await openScope(deps, model)
      const stages = await guardPipeline(pipeline, {
        model: scope.compiled,
        models: scope.readable,
        collectionName: (modelId) => deps.collections.records(modelId).collectionName,
        match: (filter) => filterFor(deps, scope, filter as Record<string, unknown>),
      })
      const rows = await deps.reader.aggregate(scope.compiled, stages)
      return rows.map((row) => plainValue(row, deps.view.dates ?? 'iso') as Record<string, unknown>)
    },
  }
}

function groupKey(
  key: string | { field: string; step: string },
  { compiled, readable: models }: ModelScope,
): GroupKey {
  const { field, step } = typeof key === 'string' ? { field: key, step: undefined } : key
  const path = resolvePath(field, compiled, models)
  const dated = path.type === 'date' || path.type === 'datetime' || path.type === 'autodate'
  if (path.hops.length > 0 || path.kind.compares === 'document' || (step !== undefined && !dated)) {
    throw queryErrors.QUERY_OPERATOR_MISFIT({ operator: step ?? 'groupBy', field, type: path.type })
  }
  return { name: field, path, step }
}

function groupExpression({ path, step }: GroupKey, timezone: string): unknown {
  const reference = `$${path.storedPath}`
  if (step === undefined) return { $ifNull: [reference, null] }
  return { $dateTrunc: { date: reference, unit: step, startOfWeek: 'monday', timezone } }
}

/** A record with several values counts in the group of each. */
function unwinds(keys: readonly GroupKey[]): Document[] {
  const lists = keys.filter(({ path }) => path.list)
  return lists.map(({ path }) => ({
    $unwind: { path: `$${path.storedPath}`, preserveNullAndEmptyArrays: true },
  }))
}

function measuredPath(
  measure: AggregateMeasure,
  { compiled, readable: models }: ModelScope,
): ResolvedPath | undefined {
  if (measure === 'count') return undefined
  const [operator, field] = Object.entries(measure)[0]!
  const path = resolvePath(field, compiled, models)
  const numeric = path.type === 'number' || path.type === 'float' || path.type === 'JSON value'
  const ordered = path.kind.compares !== 'document' && !path.list
  const fits = operator === 'sum' || operator === 'avg' ? numeric : ordered
  if (path.hops.length > 0 || !fits)
    throw queryErrors.QUERY_OPERATOR_MISFIT({ operator, field, type: path.type })
  return path
}

function accumulator(measure: AggregateMeasure, path: ResolvedPath | undefined): Document {
  if (measure === 'count' || !path) return { $sum: 1 }
  return { [`$${Object.keys(measure)[0]!}`]: `$${path.storedPath}` }
}

function sortOf(
  sort: string | undefined,
  keys: readonly GroupKey[],
  names: readonly string[],
): Record<string, 1 | -1> {
  const order: Record<string, 1 | -1> = {}
  for (const part of (sort ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const name = part.replace(/^[-+]/, '')
    const key = keys.findIndex((one) => one.name === name)
    const measure = names.indexOf(name)
    if (key < 0 && measure < 0)
      throw queryErrors.QUERY_SORT({ key: name, problem: 'it is neither a group nor a measure' })
    order[key >= 0 ? `_id.k${key}` : `m${measure}`] = part.startsWith('-') ? -1 : 1
  }
  for (const n of keys.keys()) order[`_id.k${n}`] ??= 1
  return Object.keys(order).length > 0 ? order : { _id: 1 }
}

interface RowShape {
  names: readonly string[]
  paths: ReadonlyMap<string, ResolvedPath | undefined>
  dates: 'iso' | 'date'
}

function toRow(row: Document, keys: readonly GroupKey[], { names, paths, dates }: RowShape): AggregateRow {
  const out: AggregateRow = {}
  for (const [n, { name, path }] of keys.entries()) {
    const value = (row['_id'] as Document)[`k${n}`] as unknown
    out[name] = value === null || value === undefined ? null : path.kind.outward(value, dates)
  }
  for (const [n, name] of names.entries()) {
    const value = row[`m${n}`] as unknown
    const path = paths.get(name)
    out[name] =
      path && value !== null && value !== undefined ? path.kind.outward(value, dates) : (value ?? null)
  }
  return out
}

/** Results of a pipeline as JSON: ids as text, dates as the view wants them. */
function plainValue(value: unknown, dates: 'iso' | 'date'): unknown {
  if (value instanceof ObjectId) return value.toHexString()
  if (value instanceof Date) return dates === 'iso' ? value.toISOString() : value
  if (Array.isArray(value)) return value.map((item) => plainValue(item, dates))
  if (typeof value !== 'object' || value === null) return value
  if ('_bsontype' in value) return String(value)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner, dates)]))
}
