/** JSON as it is typed. Pure. */

export interface JsonProblem {
  /** `object`: it is JSON, but neither an object nor a list. `syntax`: it is none. */
  kind: 'object' | 'syntax'
  /** Where it stops being JSON, counted from 1. */
  place: { line: number; column: number }
}

/** Why a text is no JSON object or list; `null` when it is one. */
export function jsonProblem(text: string): JsonProblem | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
      ? null
      : { kind: 'object', place: { line: 1, column: 1 } }
  } catch {
    return { kind: 'syntax', place: placeOf(text, breakOf(text)) }
  }
}

// RFC 8259: punctuation, text, number or word, each behind white space.
const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y

type Wanted = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end'

/** Where the first thing stands that cannot be there; engines differ in whether they tell. */
function breakOf(text: string): number {
  const open: ('{' | '[')[] = []
  let wanted: Wanted = 'value'
  let at = 0
  for (;;) {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    const start = at + /^[ \t\n\r]*/.exec(text.slice(at))![0].length
    if (!found || start >= text.length) return start
    const next = step(wanted, { sign: found[1], isText: found[2] !== undefined }, open)
    if (next === null) return start
    wanted = next
    at = TOKEN.lastIndex
  }
}

/** What is wanted after this token; `null` when it cannot stand here. */
function step(
  wanted: Wanted,
  { sign, isText }: { sign: string | undefined; isText: boolean },
  open: ('{' | '[')[],
): Wanted | null {
  if (wanted === 'colon') return sign === ':' ? 'value' : null
  if (wanted === 'comma or end') {
    if (sign === ',' && open.length > 0) return open.at(-1) === '{' ? 'key' : 'value'
    return closes(sign, open) ? 'comma or end' : null
  }
  if (wanted === 'key' || wanted === 'key or }') {
    if (wanted === 'key or }' && closes(sign, open)) return 'comma or end'
    return isText ? 'colon' : null
  }
  if (sign === '{' || sign === '[') {
    open.push(sign)
    return sign === '{' ? 'key or }' : 'value or ]'
  }
  if (wanted === 'value or ]' && closes(sign, open)) return 'comma or end'
  return sign === undefined ? 'comma or end' : null
}

function closes(sign: string | undefined, open: ('{' | '[')[]): boolean {
  const isEnd = (sign === '}' && open.at(-1) === '{') || (sign === ']' && open.at(-1) === '[')
  if (isEnd) open.pop()
  return isEnd
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

export const formatJson = (value: unknown): string => JSON.stringify(value, null, 2)

/** Keys of an object, items of a list: how much is in it. */
export function jsonSize(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0
}
