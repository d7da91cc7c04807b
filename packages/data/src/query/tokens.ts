import type { SourcePosition } from '@m3m/base'
import { queryErrors } from './query.errors.ts'

/** A piece of a text filter. `at` is its 0-based place. */
export type Token = { at: number; text: string } & (
  | { kind: 'name' }
  | { kind: 'operator' }
  | { kind: 'punctuation' }
  | { kind: 'macro'; name: string }
  | { kind: 'placeholder'; name: string }
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'end' }
)

const MAX_LENGTH = 10_000

const SPACE = /\s+/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)*(?::[A-Za-z]+)?/y
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y
const OPERATOR = /\?!=|\?>=|\?<=|\?!~|\?=|\?>|\?<|\?~|&&|\|\||!=|>=|<=|!~|=|>|<|~|!/y
const PUNCTUATION = /[()[\],]/y
const MACRO = /@([A-Za-z]+)/y
const PLACEHOLDER = /\{:([A-Za-z0-9_]{1,64})\}/y
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/sy

const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null }

/** Cuts a text filter into tokens. @throws QUERY_SYNTAX, QUERY_TOO_COMPLEX */
export function tokenize(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw queryErrors.QUERY_TOO_COMPLEX({ what: 'characters', limit: MAX_LENGTH })
  const tokens: Token[] = []
  let at = 0
  const take = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at
    return form.exec(text)
  }
  while (at < text.length) {
    const space = take(SPACE)
    if (space) {
      at += space[0].length
      continue
    }
    const token = readToken(take, at)
    if (!token) throw syntaxError(text, at, 'this character means nothing here')
    tokens.push(token)
    at += token.text.length
  }
  tokens.push({ kind: 'end', at, text: '' })
  return tokens
}

function readToken(take: (form: RegExp) => RegExpExecArray | null, at: number): Token | undefined {
  let found = take(STRING)
  if (found) return { kind: 'literal', at, text: found[0], value: unquoted(found[0]) }
  found = take(NUMBER)
  if (found) return { kind: 'literal', at, text: found[0], value: Number(found[0]) }
  found = take(NAME)
  if (found) {
    const text = found[0]
    return Object.hasOwn(WORDS, text)
      ? { kind: 'literal', at, text, value: WORDS[text]! }
      : { kind: 'name', at, text }
  }
  found = take(PLACEHOLDER)
  if (found) return { kind: 'placeholder', at, text: found[0], name: found[1]! }
  found = take(MACRO)
  if (found) return { kind: 'macro', at, text: found[0], name: found[1]! }
  found = take(OPERATOR)
  if (found) return { kind: 'operator', at, text: found[0] }
  found = take(PUNCTUATION)
  return found ? { kind: 'punctuation', at, text: found[0] } : undefined
}

/** `\n`, `\t` and `\u0041` as in JSON; any other character after a backslash is itself. */
function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, escape: string) => {
    if (escape === 'n') return '\n'
    if (escape === 't') return '\t'
    return escape.length === 5 ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : escape
  })
}

export function syntaxError(text: string, at: number, problem: string) {
  const params = { problem, at: at + 1, near: text.slice(at, at + 20) }
  return queryErrors.QUERY_SYNTAX(params, { position: placeOf(text, at) })
}

/** A 0-based place in a filter as the wire tells it. */
export function placeOf(text: string, at: number): SourcePosition {
  const before = text.slice(0, at).split('\n')
  return { file: 'filter', line: before.length, column: before.at(-1)!.length + 1 }
}
