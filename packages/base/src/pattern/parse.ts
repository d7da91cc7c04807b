import { readClass, readEscape, type CharTest } from './chars.ts'
import { type Cursor, fail } from './cursor.ts'

/** A pattern as a tree. `repeat` without `max` is unbounded. */
export type PatternNode =
  | { kind: 'char'; test: CharTest }
  | { kind: 'assert'; at: 'start' | 'end' | 'word' | 'no-word' }
  | { kind: 'all'; nodes: PatternNode[] }
  | { kind: 'any'; nodes: PatternNode[] }
  | { kind: 'repeat'; node: PatternNode; min: number; max: number | undefined }

const MAX_DEPTH = 50

/** The syntax of ECMAScript without look-around and back-references, over code points. */
export function parsePattern(source: string): PatternNode {
  const cursor: Cursor = { chars: Array.from(source), at: 0, depth: 0 }
  const node = alternatives(cursor)
  if (cursor.at < cursor.chars.length) fail(cursor, 'a ")" without its "("')
  return node
}

function alternatives(cursor: Cursor): PatternNode {
  cursor.depth += 1
  if (cursor.depth > MAX_DEPTH) fail(cursor, `groups nested deeper than ${MAX_DEPTH}`)
  const nodes = [sequence(cursor)]
  while (cursor.chars[cursor.at] === '|') {
    cursor.at += 1
    nodes.push(sequence(cursor))
  }
  cursor.depth -= 1
  return nodes.length === 1 ? nodes[0]! : { kind: 'any', nodes }
}

function sequence(cursor: Cursor): PatternNode {
  const nodes: PatternNode[] = []
  for (;;) {
    const next = cursor.chars[cursor.at]
    if (next === undefined || next === '|' || next === ')') return { kind: 'all', nodes }
    nodes.push(quantified(cursor, atom(cursor)))
  }
}

function atom(cursor: Cursor): PatternNode {
  const char = cursor.chars[cursor.at]!
  if (char === '*' || char === '+' || char === '?') fail(cursor, `a "${char}" with nothing to repeat`)
  cursor.at += 1
  if (char === '(') return group(cursor)
  if (char === '[') return { kind: 'char', test: readClass(cursor) }
  if (char === '^') return { kind: 'assert', at: 'start' }
  if (char === '$') return { kind: 'assert', at: 'end' }
  if (char === '.') return { kind: 'char', test: (c) => !/[\n\r\u2028\u2029]/.test(c) }
  if (char !== '\\') return { kind: 'char', test: char }
  const escaped = cursor.chars[cursor.at]
  if (escaped === 'b' || escaped === 'B') {
    cursor.at += 1
    return { kind: 'assert', at: escaped === 'b' ? 'word' : 'no-word' }
  }
  if (escaped === 'k' || (escaped !== undefined && escaped >= '1' && escaped <= '9')) {
    fail(cursor, 'a back-reference')
  }
  return { kind: 'char', test: readEscape(cursor) }
}

function group(cursor: Cursor): PatternNode {
  if (cursor.chars[cursor.at] === '?') {
    cursor.at += 1
    const kind = cursor.chars[cursor.at]
    const next = cursor.chars[cursor.at + 1]
    if (kind === '=' || kind === '!' || (kind === '<' && (next === '=' || next === '!'))) {
      fail(cursor, 'a look-around')
    }
    if (kind === '<') {
      while (cursor.at < cursor.chars.length && cursor.chars[cursor.at] !== '>') cursor.at += 1
    } else if (kind !== ':') fail(cursor, `an unknown group "(?${kind ?? ''}"`)
    cursor.at += 1
  }
  const node = alternatives(cursor)
  if (cursor.chars[cursor.at] !== ')') fail(cursor, 'a "(" without its ")"')
  cursor.at += 1
  return node
}

function quantified(cursor: Cursor, node: PatternNode): PatternNode {
  const range = quantifier(cursor)
  if (!range) return node
  if (node.kind === 'assert') fail(cursor, 'an anchor that is repeated')
  // Lazy or greedy is the same to a test.
  if (cursor.chars[cursor.at] === '?') cursor.at += 1
  if (quantifier(cursor)) fail(cursor, 'nothing to repeat')
  return { kind: 'repeat', node, ...range }
}

function quantifier(cursor: Cursor): { min: number; max: number | undefined } | undefined {
  const char = cursor.chars[cursor.at]
  const simple = { '*': [0, undefined], '+': [1, undefined], '?': [0, 1] } as const
  if (char === '*' || char === '+' || char === '?') {
    cursor.at += 1
    return { min: simple[char][0], max: simple[char][1] }
  }
  if (char !== '{') return undefined
  const counted = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(
    cursor.chars.slice(cursor.at, cursor.at + 12).join(''),
  )
  if (!counted) return fail(cursor, 'a "{" that is no count; write "\\{"')
  cursor.at += counted[0].length
  const min = Number(counted[1])
  const max = counted[2] ? (counted[3] === undefined ? undefined : Number(counted[3])) : min
  if (max !== undefined && max < min) fail(cursor, 'a count whose end is before its start')
  return { min, max }
}
