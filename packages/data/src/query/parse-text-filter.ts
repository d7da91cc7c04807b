import { compare } from './compare.ts'
import { type Comparison, EVERYTHING, type FilterNode, MAX_DEPTH, MAX_NODES } from './filter-tree.ts'
import { macroValue, MACROS } from './macros.ts'
import type { FilterScope } from './parse-json-filter.ts'
import { queryErrors } from './query.errors.ts'
import { type ResolvedPath, resolvePath } from './resolve-path.ts'
import { syntaxError, type Token, tokenize } from './tokens.ts'

export interface TextFilterScope extends FilterScope {
  params: Readonly<Record<string, unknown>>
}

interface Reader extends TextFilterScope {
  text: string
  tokens: readonly Token[]
  at: number
  nodes: number
}

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': 'eq',
  '!=': 'ne',
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '~': 'contains',
}

/**
 * Reads the text form: `status = "open" && (price > 10 || owner.name ~ "ann")`.
 *
 * `&&`, `||`, `!(…)`, also as `and`, `or`, `not`; `= != > >= < <=`, `~` and `!~` for "contains"; `in (…)`,
 * `notIn (…)`, `isNull`, `isNotNull`; text in quotes, numbers, `true`, `false`, `null`, `@now` and its kin,
 * `{:name}` for a value from `params`. On a list every item must match; with `?` before the operator one does.
 *
 * @throws QUERY_SYNTAX, QUERY_FIELD_UNKNOWN and what compare() throws
 */
export function parseTextFilter(text: string, scope: TextFilterScope): FilterNode {
  const reader: Reader = { ...scope, text, tokens: tokenize(text), at: 0, nodes: 0 }
  if (peek(reader).kind === 'end') return EVERYTHING
  const tree = readOr(reader, 0)
  if (peek(reader).kind !== 'end') throw expected(reader, '"&&", "||" or the end')
  return tree
}

function readOr(reader: Reader, depth: number): FilterNode {
  const nodes = [readAnd(reader, depth)]
  while (takes(reader, '||', 'or')) nodes.push(readAnd(reader, depth))
  return nodes.length === 1 ? nodes[0]! : { kind: 'or', nodes }
}

function readAnd(reader: Reader, depth: number): FilterNode {
  const nodes = [readUnit(reader, depth)]
  while (takes(reader, '&&', 'and')) nodes.push(readUnit(reader, depth))
  return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes }
}

function readUnit(reader: Reader, depth: number): FilterNode {
  if (depth > MAX_DEPTH) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'levels of groups', limit: MAX_DEPTH })
  if (takes(reader, '!', 'not')) return { kind: 'not', node: readUnit(reader, depth + 1) }
  if (takes(reader, '(')) {
    const node = readOr(reader, depth + 1)
    if (!takes(reader, ')')) throw expected(reader, '")"')
    return node
  }
  return readComparison(reader)
}

function readComparison(reader: Reader): FilterNode {
  reader.nodes += 1
  if (reader.nodes > MAX_NODES) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'conditions', limit: MAX_NODES })
  const name = next(reader)
  if (name.kind !== 'name') throw expected(reader, 'the name of a field', name)
  const path = resolvePath(name.text, reader.model, reader.models)
  const operator = next(reader)
  if (operator.kind === 'name') return readWord(reader, path, operator)
  if (operator.kind !== 'operator') throw expected(reader, 'an operator, such as "="', operator)
  const any = operator.text.startsWith('?')
  const symbol = any ? operator.text.slice(1) : operator.text
  if (symbol === '!~') {
    const asked = { path, comparison: 'contains' as const, operator: operator.text, value: readValue(reader) }
    // Not: every item lacks it. With "?": one item lacks it.
    return { kind: 'not', node: compare({ ...asked, quantifier: any ? 'every' : 'any' }, reader) }
  }
  const comparison = Object.hasOwn(COMPARISONS, symbol) ? COMPARISONS[symbol] : undefined
  if (!comparison) throw expected(reader, 'an operator, such as "="', operator)
  const asked = { path, comparison, operator: operator.text, value: readValue(reader) }
  return compare({ ...asked, quantifier: any ? 'any' : 'every' }, reader)
}

function readWord(reader: Reader, path: ResolvedPath, word: Token): FilterNode {
  const operator = word.text
  if (operator === 'isNull' || operator === 'isNotNull') {
    const comparison = operator === 'isNull' ? 'null' : 'notNull'
    return compare({ path, comparison, operator, value: undefined, quantifier: 'any' }, reader)
  }
  if (operator === 'in' || operator === 'notIn') {
    const comparison = operator === 'in' ? 'in' : 'nin'
    const quantifier = operator === 'in' ? 'any' : 'every'
    return compare({ path, comparison, operator, value: readList(reader), quantifier }, reader)
  }
  throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: operator.slice(0, 100) })
}

function readList(reader: Reader): unknown {
  if (peek(reader).kind === 'placeholder') return readValue(reader)
  const close = takes(reader, '(') ? ')' : takes(reader, '[') ? ']' : undefined
  if (close === undefined) throw expected(reader, 'a list, such as ("a", "b")')
  const values: unknown[] = []
  if (takes(reader, close)) return values
  for (;;) {
    values.push(readValue(reader))
    if (takes(reader, close)) return values
    if (!takes(reader, ',')) throw expected(reader, `"," or "${close}"`)
  }
}

function readValue(reader: Reader): unknown {
  const token = next(reader)
  if (token.kind === 'literal') return token.value
  if (token.kind === 'placeholder') {
    if (Object.hasOwn(reader.params, token.name)) return reader.params[token.name]
    throw syntaxError(
      reader.text,
      token.at,
      `there is no value for the placeholder "${token.text}" in params`,
    )
  }
  if (token.kind === 'macro') {
    const value = macroValue(token.name, reader.nowMs)
    if (value) return value
    throw syntaxError(reader.text, token.at, `there is no "${token.text}"; there are @${MACROS.join(', @')}`)
  }
  const problem =
    token.kind === 'name' ? 'a value in quotes (a field cannot be compared with a field)' : 'a value'
  throw expected(reader, problem, token)
}

function peek(reader: Reader): Token {
  return reader.tokens[reader.at]!
}

function next(reader: Reader): Token {
  const token = peek(reader)
  if (token.kind !== 'end') reader.at += 1
  return token
}

/** Steps over the next token when it is one of these. Quoted text never is. */
function takes(reader: Reader, ...texts: string[]): boolean {
  const token = peek(reader)
  if (token.kind === 'literal' || token.kind === 'end' || !texts.includes(token.text)) return false
  reader.at += 1
  return true
}

function expected(reader: Reader, what: string, token: Token = peek(reader)) {
  return syntaxError(reader.text, token.at, `${what} is expected`)
}
