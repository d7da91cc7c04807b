import { compilePattern, PatternError } from '@m3m/base'
import type { CheckContext } from '../fields/checked.ts'
import { type CompareNode, type Comparison, MAX_LIST } from './filter-tree.ts'
import { queryErrors } from './query.errors.ts'
import type { FilterPath } from './filter-path.ts'

/** One comparison as it was asked for. */
export interface Asked {
  path: FilterPath
  comparison: Comparison
  /** As the client wrote it, for messages: `$gt` or `>`. */
  operator: string
  value: unknown
  quantifier: 'any' | 'every'
  ignoreCase?: boolean
}

/** Longest pattern of a filter; longest text to look for. */
const MAX_PATTERN = 200
const MAX_TEXT = 1000
/** MongoDB takes patterns of 32 KiB; escaped, text has up to twice its characters, and each up to 4 bytes. */
const MAX_FOLDED = 4000

const TEXT: readonly Comparison[] = ['contains', 'startsWith', 'endsWith', 'regex']
const ORDER: readonly Comparison[] = ['gt', 'gte', 'lt', 'lte']
const EQUAL: readonly Comparison[] = ['eq', 'ne', 'in', 'nin']

/** Checks an operator against the field's type and its value against the field's. @throws QUERY_OPERATOR_MISFIT, QUERY_VALUE, QUERY_PATTERN, QUERY_TOO_COMPLEX */
export function compare(asked: Asked, context: CheckContext): CompareNode {
  const { path, comparison, value } = asked
  const quantifier = path.modifier === 'each' ? 'every' : asked.quantifier
  const node = (stored: unknown): CompareNode => ({
    kind: 'compare',
    path,
    comparison,
    value: stored,
    quantifier,
  })
  if (comparison === 'null' || comparison === 'notNull') return node(undefined)
  checkFit(asked)
  if (path.modifier === 'length') return node(checkLength(asked))
  if (path.modifier === 'lower' && EQUAL.includes(comparison))
    return { ...node(checkFolded(asked)), ignoreCase: true }
  if (TEXT.includes(comparison)) return { ...node(checkText(asked)), ignoreCase: asked.ignoreCase ?? true }
  if (comparison === 'in' || comparison === 'nin') return node(checkList(asked, context))
  if (value === null) {
    if (comparison === 'eq') return { ...node(undefined), comparison: 'null' }
    if (comparison === 'ne') return { ...node(undefined), comparison: 'notNull' }
    throw valueError(asked, `"${asked.operator}" cannot be used with null.`)
  }
  if (path.list && Array.isArray(value) && (comparison === 'eq' || comparison === 'ne')) {
    return node(checkList(asked, context))
  }
  return node(coerced(asked, value, context))
}

function checkFit({ path, comparison, operator, value }: Asked): void {
  const { compares } = path.kind
  const isOrder = ORDER.includes(comparison)
  const fits =
    path.modifier === 'length'
      ? isOrder || comparison === 'eq' || comparison === 'ne'
      : path.modifier === 'lower'
        ? !isOrder && value !== null
        : compares === 'text' || (isOrder && compares === 'order') || (!isOrder && !TEXT.includes(comparison))
  if (!fits) throw queryErrors.QUERY_OPERATOR_MISFIT({ operator, field: path.label, type: path.type })
}

/** Lists have at most a thousand items (compile-field.ts); a broken number of them is none. */
function checkLength(asked: Asked): number {
  const { value } = asked
  const items = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof items === 'number' && Number.isInteger(items) && items >= 0 && items <= MAX_LIST) return items
  throw valueError(asked, `the number of items is a whole number from 0 to ${MAX_LIST}.`)
}

/** Texts that are compared without case: one pattern for the server, so their characters are counted together. */
function checkFolded(asked: Asked): string | string[] {
  const { value, comparison } = asked
  if (comparison === 'eq' || comparison === 'ne') return checkText(asked)
  if (!Array.isArray(value)) throw valueError(asked, `"${asked.operator}" needs a list.`)
  const texts = value.map((item) => checkText({ ...asked, value: item as unknown }))
  if (texts.join('').length > MAX_FOLDED)
    throw queryErrors.QUERY_TOO_COMPLEX({ what: 'characters compared without case', limit: MAX_FOLDED })
  return texts
}

function checkText(asked: Asked): string {
  const { value, comparison } = asked
  if (typeof value !== 'string') throw valueError(asked, `"${asked.operator}" needs text.`)
  if (value.length > MAX_TEXT || !value.isWellFormed() || value.includes('\0')) {
    throw valueError(asked, `the text has more than ${MAX_TEXT} characters, or one that no text has.`)
  }
  if (comparison === 'regex') checkPattern(value)
  return value
}

/**
 * A pattern is parsed by our own grammar (no look-around, no back-references) and bounded before a server
 * sees it; the embedded datastore matches it in linear time, MongoDB's PCRE has its match limit and maxTimeMS.
 */
function checkPattern(pattern: string): void {
  const refusedFor = (problem: string) =>
    queryErrors.QUERY_PATTERN({ pattern: pattern.slice(0, 100), problem })
  if (pattern.length > MAX_PATTERN) throw refusedFor(`it has more than ${MAX_PATTERN} characters`)
  try {
    compilePattern(pattern)
  } catch (error) {
    if (error instanceof PatternError) throw refusedFor(error.message)
    throw error
  }
}

function checkList(asked: Asked, context: CheckContext): unknown[] {
  const { value } = asked
  if (!Array.isArray(value)) throw valueError(asked, `"${asked.operator}" needs a list.`)
  if (value.length > MAX_LIST)
    throw queryErrors.QUERY_TOO_COMPLEX({ what: 'values in one list', limit: MAX_LIST })
  return value.map((item) => (item === null ? null : coerced(asked, item, context)))
}

function coerced(asked: Asked, value: unknown, context: CheckContext): unknown {
  const checked = asked.path.kind.coerce(value, context)
  if ('errors' in checked) throw valueError(asked, Object.values(checked.errors)[0]!.message)
  return checked.value
}

function valueError(asked: Asked, problem: string) {
  return queryErrors.QUERY_VALUE({ field: asked.path.label, problem })
}
