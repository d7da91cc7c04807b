import type { CheckContext } from '../fields/checked.ts'
import type { CompiledModel, ModelSet } from '../models/compiled-model.ts'
import { compare } from './compare.ts'
import { type Comparison, type FilterNode, MAX_DEPTH, MAX_NODES } from './filter-tree.ts'
import { queryErrors } from './query.errors.ts'
import { type FilterPath, resolveFilterPath } from './filter-path.ts'

/** What a filter is read against. */
export interface FilterScope extends CheckContext {
  model: CompiledModel
  models: ModelSet
}

const OPERATORS: Readonly<Record<string, Comparison>> = {
  $eq: 'eq',
  $ne: 'ne',
  $gt: 'gt',
  $gte: 'gte',
  $lt: 'lt',
  $lte: 'lte',
  $in: 'in',
  $nin: 'nin',
  $contains: 'contains',
  $startsWith: 'startsWith',
  $endsWith: 'endsWith',
  $regex: 'regex',
}

interface Reader extends FilterScope {
  nodes: number
}

/**
 * Reads the JSON form: `{status: 'open', price: {$gt: 10}, $or: [...]}`. On a list a comparison holds when one
 * item matches, as in MongoDB.
 * @throws QUERY_FIELD_UNKNOWN, QUERY_OPERATOR_UNKNOWN and what compare() throws
 */
export function parseJsonFilter(filter: unknown, scope: FilterScope): FilterNode {
  return readGroup(filter, { ...scope, nodes: 0 }, 0)
}

function readGroup(filter: unknown, reader: Reader, depth: number): FilterNode {
  if (!isPlainObject(filter))
    throw queryErrors.QUERY_SHAPE({ problem: 'a filter is an object, such as {"status": "open"}.' })
  if (depth > MAX_DEPTH) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'levels of groups', limit: MAX_DEPTH })
  const nodes: FilterNode[] = []
  for (const key of Object.keys(filter)) {
    spend(reader)
    nodes.push(
      key.startsWith('$') ? readLogic(key, filter[key], reader, depth) : readField(key, filter[key], reader),
    )
  }
  return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes }
}

function readLogic(key: string, value: unknown, reader: Reader, depth: number): FilterNode {
  if (key === '$not') return { kind: 'not', node: readGroup(value, reader, depth + 1) }
  if (key !== '$and' && key !== '$or' && key !== '$nor') {
    throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: key.slice(0, 100) })
  }
  if (!Array.isArray(value) || value.length === 0) {
    throw queryErrors.QUERY_SHAPE({ problem: `"${key}" needs a list with at least one filter.` })
  }
  const nodes = value.map((item) => {
    spend(reader)
    return readGroup(item, reader, depth + 1)
  })
  if (key === '$nor') return { kind: 'not', node: { kind: 'or', nodes } }
  return { kind: key === '$and' ? 'and' : 'or', nodes }
}

function readField(key: string, value: unknown, reader: Reader): FilterNode {
  const path = resolveFilterPath(key, reader.model, reader.models)
  if (!isPlainObject(value)) {
    return compare({ path, comparison: 'eq', operator: '$eq', value, quantifier: 'any' }, reader)
  }
  const keys = Object.keys(value)
  const operators = keys.filter((one) => one.startsWith('$'))
  if (operators.length === 0 && path.kind.compares === 'document') {
    return compare({ path, comparison: 'eq', operator: '$eq', value, quantifier: 'any' }, reader)
  }
  if (keys.length === 0 || operators.length < keys.length) {
    const problem = 'an object here holds operators only, such as {"$gt": 10}.'
    throw queryErrors.QUERY_VALUE({ field: path.label, problem })
  }
  return readOperators(path, value, reader)
}

function readOperators(path: FilterPath, value: Record<string, unknown>, reader: Reader): FilterNode {
  const nodes: FilterNode[] = []
  for (const operator of Object.keys(value)) {
    spend(reader)
    if (operator === '$options' && value.$regex !== undefined) continue
    nodes.push(readOperator(path, operator, value, reader))
  }
  return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes }
}

function readOperator(
  path: FilterPath,
  operator: string,
  siblings: Record<string, unknown>,
  reader: Reader,
): FilterNode {
  const value = siblings[operator]
  if (operator === '$not') {
    if (!isPlainObject(value) || Object.hasOwn(value, '$not') || Object.keys(value).length === 0) {
      throw queryErrors.QUERY_VALUE({
        field: path.label,
        problem: '"$not" needs operators, such as {"$gt": 10}.',
      })
    }
    const unknown = Object.keys(value).find((key) => !key.startsWith('$'))
    if (unknown !== undefined) throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: unknown.slice(0, 100) })
    return { kind: 'not', node: readOperators(path, value, reader) }
  }
  if (operator === '$exists') {
    if (typeof value !== 'boolean') {
      throw queryErrors.QUERY_VALUE({ field: path.label, problem: '"$exists" is true or false.' })
    }
    return compare(
      { path, comparison: value ? 'notNull' : 'null', operator, value, quantifier: 'any' },
      reader,
    )
  }
  const comparison = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
  if (!comparison) throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: operator.slice(0, 100) })
  // As in MongoDB: a list is not equal when no item is.
  const quantifier = comparison === 'ne' || comparison === 'nin' ? ('every' as const) : ('any' as const)
  const asked = { path, comparison, operator, value, quantifier }
  return compare(
    comparison === 'regex' ? { ...asked, ignoreCase: ignoresCase(siblings.$options, path) } : asked,
    reader,
  )
}

function ignoresCase(options: unknown, path: FilterPath): boolean {
  if (options === undefined || options === '') return false
  if (options === 'i') return true
  throw queryErrors.QUERY_VALUE({ field: path.label, problem: '"$options" may be "i" only.' })
}

function spend(reader: Reader): void {
  reader.nodes += 1
  if (reader.nodes > MAX_NODES) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'conditions', limit: MAX_NODES })
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
