import { MAX_DEPTH, MAX_NODES } from './filter-bounds.schema.ts'
import { queryErrors } from './query.errors.ts'
import { placeOf, syntaxError, type Token, tokenize } from './tokens.ts'

/** What compares one field; each also with `?` before it where it is a symbol (any item of a list). */
export const FILTER_SYMBOLS = ['=', '!=', '>', '>=', '<', '<=', '~', '!~'] as const
export type FilterSymbol = (typeof FILTER_SYMBOLS)[number]
export const FILTER_WORDS = ['in', 'notIn', 'isNull', 'isNotNull'] as const
export type FilterWord = (typeof FILTER_WORDS)[number]

/** A value as it is written. `at` is its 0-based place in the text. */
export type FilterValue = { at: number } & (
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'macro'; name: string }
  | { kind: 'placeholder'; name: string }
)

/** `price >= 10`, `status in ("a", "b")`, `paidAt isNull`: not yet looked up in any model. */
export interface FilterCondition {
  kind: 'condition'
  /** 0-based places of the field and of the operator in the text. */
  at: number
  operatorAt: number
  field: string
  operator: FilterSymbol | FilterWord
  /** `?` stood before the operator. */
  any: boolean
  /** One for a symbol, those of the list for `in` and `notIn`, none for the others. */
  values: FilterValue[]
  /** The list of `in` is one placeholder. */
  isListParam?: boolean
}

/** A text filter as it is written: groups, negations and conditions. Empty text is an `and` of nothing. */
export type FilterSyntax =
  { kind: 'and' | 'or'; nodes: FilterSyntax[] } | { kind: 'not'; node: FilterSyntax } | FilterCondition

interface Reader {
  text: string
  tokens: readonly Token[]
  at: number
  nodes: number
}

/**
 * Reads the text form: `status = "open" && (price > 10 || owner.name ~ "ann")`.
 *
 * `&&`, `||`, `!(…)`, also as `and`, `or`, `not`; `= != > >= < <=`, `~` and `!~` for "contains"; `in (…)`,
 * `notIn (…)`, `isNull`, `isNotNull`; text in quotes, numbers, `true`, `false`, `null`, `@now` and its kin,
 * `{:name}` for a placeholder. The one reader of this grammar: the agent resolves its tree against a model, the
 * panel builds its filter builder from it.
 *
 * @throws QUERY_SYNTAX, QUERY_OPERATOR_UNKNOWN, QUERY_TOO_COMPLEX, with the place in the text
 */
export function readFilterSyntax(text: string): FilterSyntax {
  const reader: Reader = { text, tokens: tokenize(text), at: 0, nodes: 0 }
  if (peek(reader).kind === 'end') return { kind: 'and', nodes: [] }
  const tree = readOr(reader, 0)
  if (peek(reader).kind !== 'end') throw expected(reader, '"&&", "||" or the end')
  return tree
}

function readOr(reader: Reader, depth: number): FilterSyntax {
  const nodes = [readAnd(reader, depth)]
  while (takes(reader, '||', 'or')) nodes.push(readAnd(reader, depth))
  return nodes.length === 1 ? nodes[0]! : { kind: 'or', nodes }
}

function readAnd(reader: Reader, depth: number): FilterSyntax {
  const nodes = [readUnit(reader, depth)]
  while (takes(reader, '&&', 'and')) nodes.push(readUnit(reader, depth))
  return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes }
}

function readUnit(reader: Reader, depth: number): FilterSyntax {
  if (depth > MAX_DEPTH) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'levels of groups', limit: MAX_DEPTH })
  if (takes(reader, '!', 'not')) return { kind: 'not', node: readUnit(reader, depth + 1) }
  if (takes(reader, '(')) {
    const node = readOr(reader, depth + 1)
    if (!takes(reader, ')')) throw expected(reader, '")"')
    return node
  }
  return readCondition(reader)
}

function readCondition(reader: Reader): FilterCondition {
  reader.nodes += 1
  if (reader.nodes > MAX_NODES) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'conditions', limit: MAX_NODES })
  const name = next(reader)
  if (name.kind !== 'name') throw expected(reader, 'the name of a field', name)
  const operator = next(reader)
  const base = { kind: 'condition' as const, at: name.at, operatorAt: operator.at, field: name.text }
  if (operator.kind === 'name') return { ...base, any: false, ...readWord(reader, operator) }
  if (operator.kind !== 'operator') throw expected(reader, 'an operator, such as "="', operator)
  const any = operator.text.startsWith('?')
  const symbol = FILTER_SYMBOLS.find((one) => one === (any ? operator.text.slice(1) : operator.text))
  if (!symbol) throw expected(reader, 'an operator, such as "="', operator)
  return { ...base, any, operator: symbol, values: [readValue(reader)] }
}

function readWord(
  reader: Reader,
  { text, at }: Token,
): Pick<FilterCondition, 'operator' | 'values' | 'isListParam'> {
  const operator = FILTER_WORDS.find((one) => one === text)
  if (!operator) {
    const position = placeOf(reader.text, at)
    throw queryErrors.QUERY_OPERATOR_UNKNOWN({ operator: text.slice(0, 100) }, { position })
  }
  if (operator === 'isNull' || operator === 'isNotNull') return { operator, values: [] }
  if (peek(reader).kind === 'placeholder') return { operator, values: [readValue(reader)], isListParam: true }
  return { operator, values: readList(reader) }
}

function readList(reader: Reader): FilterValue[] {
  const close = takes(reader, '(') ? ')' : takes(reader, '[') ? ']' : undefined
  if (close === undefined) throw expected(reader, 'a list, such as ("a", "b")')
  const values: FilterValue[] = []
  if (takes(reader, close)) return values
  for (;;) {
    values.push(readValue(reader))
    if (takes(reader, close)) return values
    if (!takes(reader, ',')) throw expected(reader, `"," or "${close}"`)
  }
}

function readValue(reader: Reader): FilterValue {
  const token = next(reader)
  const { at } = token
  if (token.kind === 'literal') return { kind: 'literal', value: token.value, at }
  if (token.kind === 'placeholder' || token.kind === 'macro')
    return { kind: token.kind, name: token.name, at }
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
