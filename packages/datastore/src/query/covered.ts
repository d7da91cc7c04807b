// Counting by the keys of an index alone, where they say exactly which documents match.
import { toNumber } from '../bson/number.ts'
import { DateTime, isDoc, isNumber, ObjectId, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { comparisonOf } from '../expression/scope.ts'
import type { Pause } from '../server/pause.ts'
import type { Collection } from '../store/collection.ts'
import { MAX_POINTS, type Range } from './bounds.ts'
import { isOperators } from './operators.ts'
import { makePlan, type Plan } from './plan.ts'
import type { Query } from './select.ts'

/** Gives how many more match, a portion at a time, at last 0. Never blocks for longer than a slice. */
type Tally = (pause: Pause) => Promise<number>

/** Entries counted between two rests: some 2 ms. */
const PORTION = 20_000

/** Opens a count that reads no document; null where documents have to be asked. The order of a query does not matter. */
export function openTally(collection: Collection, query: Query): Tally | null {
  const paths = new Set<string>()
  // by a collation texts that differ share a key
  if (comparisonOf(query.variables).collation) return null
  if (query.filter.size === 0 || !isExact(query.filter, paths)) return null
  const plan = makePlan(collection, { filter: query.filter, sort: [], hint: query.hint })
  if (!isCovered(plan, paths)) return null
  if (plan.index) plan.index.uses++
  else collection.idUses++
  return window(tallyOf(collection, plan), query.skip ?? 0, query.limit ?? 0)
}

/** Whether every condition of a filter is one whose ranges of keys hold just what it matches; collects their paths. */
function isExact(filter: Doc, paths: Set<string>): boolean {
  for (const [name, condition] of filter) {
    if (name === '$and') {
      if (!Array.isArray(condition)) return false
      if (!condition.every((part) => isDoc(part) && isExact(part, paths))) return false
      continue
    }
    if (name.startsWith('$') || !isExactCondition(condition)) return false
    paths.add(name)
  }
  return true
}

const COMPARISONS: ReadonlySet<string> = new Set(['$eq', '$gt', '$gte', '$lt', '$lte'])

function isExactCondition(condition: Value): boolean {
  if (!isOperators(condition)) return isPlain(condition)
  return [...condition].every(([name, operand]) =>
    name === '$in'
      ? Array.isArray(operand) && operand.length <= MAX_POINTS && operand.every(isPlain)
      : COMPARISONS.has(name) && isPlain(operand),
  )
}

/** Values whose keys are theirs alone: null also finds what is not there, a regex or an array something else. */
function isPlain(value: Maybe): boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return true
  if (isNumber(value)) return !Number.isNaN(toNumber(value))
  return value instanceof ObjectId || value instanceof DateTime
}

/** Whether the ranges of a plan bind every path, and an entry stands for one document. */
function isCovered({ kind, index, bounded }: Plan, paths: ReadonlySet<string>): boolean {
  if (kind === 'id') return bounded === 1 && paths.size === 1
  if (kind !== 'index' || !index || index.multikey || index.collation) return false
  const { names, descending } = index.pattern
  if (descending.slice(0, bounded).includes(true)) return false
  return [...paths].every((path) => names.slice(0, bounded).includes(path))
}

interface Place {
  key: Uint8Array
  rid: number
}

function tallyOf(collection: Collection, { index, ranges }: Plan): Tally {
  const entries = index
    ? { table: '{x}', key: 'k', sql: (text: string) => index.sql(text) }
    : { table: '{c}', key: 'id', sql: (text: string) => collection.sql(text) }
  const { key, table } = entries
  const within = `FROM ${table} WHERE ${key}>=? AND ${key}<?`
  const beyond = `AND (${key}, rid)>(?, ?)`
  const left = [...ranges]
  let after: Place | null = null

  const count = ({ low, high }: Range): number => {
    const text = `SELECT count(*) FROM (SELECT 1 ${within} ${after ? beyond : ''} LIMIT ?)`
    const bound = after ? [after.key, high, after.key, after.rid] : [low, high]
    return (entries.sql(text).get(...bound, PORTION) as unknown as [number])[0]
  }
  const lastOf = ({ low, high }: Range): Place => {
    const text = `SELECT ${key}, rid ${within} ${after ? beyond : ''} ORDER BY ${key}, rid LIMIT 1 OFFSET ?`
    const bound = after ? [after.key, high, after.key, after.rid] : [low, high]
    const [found, rid] = entries.sql(text).get(...bound, PORTION - 1) as unknown as [Uint8Array, number]
    return { key: Buffer.from(found), rid }
  }
  const portion = (): number => {
    const range = left[0]!
    const found = count(range)
    if (found === PORTION) after = lastOf(range)
    else {
      after = null
      left.shift()
    }
    return found
  }
  return async (pause) => {
    while (left.length > 0) {
      const found = await pause.page(portion)
      if (found > 0) return found
    }
    return 0
  }
}

function window(tally: Tally, skip: number, limit: number): Tally {
  if (skip === 0 && limit === 0) return tally
  let toSkip = skip
  let left = limit > 0 ? limit : Infinity
  return async (pause) => {
    while (left > 0) {
      const found = await tally(pause)
      if (found === 0) return 0
      const wanted = Math.min(Math.max(0, found - toSkip), left)
      toSkip = Math.max(0, toSkip - found)
      left -= wanted
      if (wanted > 0) return wanted
    }
    return 0
  }
}
