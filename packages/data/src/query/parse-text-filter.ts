import { AppError } from '@m3m/base'
import { compare } from './compare.ts'
import {
  type FilterCondition,
  type FilterSyntax,
  type FilterValue,
  readFilterSyntax,
} from './filter-syntax.schema.ts'
import { type Comparison, EVERYTHING, type FilterNode } from './filter-tree.ts'
import { MACROS, macroValue } from './macros.ts'
import type { FilterScope } from './parse-json-filter.ts'
import { resolveFilterPath } from './filter-path.ts'
import { placeOf, syntaxError } from './tokens.ts'

export interface TextFilterScope extends FilterScope {
  params: Readonly<Record<string, unknown>>
  /** IANA name of the zone whose clock macros go by. */
  timeZone: string
}

interface Reader extends TextFilterScope {
  text: string
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '~': 'contains',
  isNull: 'null',
  isNotNull: 'notNull',
  in: 'in',
  notIn: 'nin',
}

/**
 * The text form (filter-syntax.schema.ts), checked against a model. On a list every item must match; with `?`
 * before the operator one does. Errors name the place in the text.
 *
 * @throws QUERY_SYNTAX, QUERY_FIELD_UNKNOWN and what compare() throws
 */
export function parseTextFilter(text: string, scope: TextFilterScope): FilterNode {
  return resolve(readFilterSyntax(text), { ...scope, text })
}

function resolve(tree: FilterSyntax, reader: Reader): FilterNode {
  if (tree.kind === 'not') return { kind: 'not', node: resolve(tree.node, reader) }
  if (tree.kind === 'condition') return resolveCondition(tree, reader)
  if (tree.nodes.length === 0) return EVERYTHING
  return { kind: tree.kind, nodes: tree.nodes.map((node) => resolve(node, reader)) }
}

function resolveCondition(condition: FilterCondition, reader: Reader): FilterNode {
  const { field, values, any, at, operatorAt } = condition
  const path = placed(reader, at, () => resolveFilterPath(field, reader.model, reader.models))
  const read = values.map((value) => valueOf(value, reader))
  const asked = { path, operator: `${any ? '?' : ''}${condition.operator}` }
  switch (condition.operator) {
    case 'isNull':
    case 'isNotNull':
      return compared(undefined, 'any')
    case 'in':
    case 'notIn':
      return compared(condition.isListParam ? read[0] : read, condition.operator === 'in' ? 'any' : 'every')
    case '!~':
      // Not: every item lacks it. With "?": one item lacks it.
      return { kind: 'not', node: compared(read[0], any ? 'every' : 'any', 'contains') }
    default:
      return compared(read[0], any ? 'any' : 'every')
  }

  function compared(
    value: unknown,
    quantifier: 'any' | 'every',
    comparison = COMPARISONS[condition.operator]!,
  ) {
    return placed(reader, values[0]?.at ?? operatorAt, () =>
      compare({ ...asked, comparison, value, quantifier }, reader),
    )
  }
}

/** What is wrong gets its place, so that an editor can mark it. */
function placed<T>(reader: Reader, at: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AppError) || error.position) throw error
    throw AppError.fromShape({ ...error.toShape(), position: placeOf(reader.text, at) }, error)
  }
}

function valueOf(value: FilterValue, reader: Reader): unknown {
  if (value.kind === 'literal') return value.value
  if (value.kind === 'placeholder') {
    if (Object.hasOwn(reader.params, value.name)) return reader.params[value.name]
    const problem = `there is no value for the placeholder "{:${value.name}}" in params`
    throw syntaxError(reader.text, value.at, problem)
  }
  const known = macroValue(value.name, reader.nowMs, reader.timeZone)
  if (known !== undefined) return known
  throw syntaxError(reader.text, value.at, `there is no "@${value.name}"; there are @${MACROS.join(', @')}`)
}
