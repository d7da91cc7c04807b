import type { CharTest } from './chars.ts'
import { PatternError } from './cursor.ts'
import { parsePattern, type PatternNode } from './parse.ts'

/** A regular expression that is matched in time linear in the text, whatever the text. */
export interface Pattern {
  readonly source: string
  /** True when the pattern occurs in the text. */
  test(text: string): boolean
}

export interface PatternOptions {
  ignoreCase?: boolean
}

/** Longest pattern and largest program; what one code point of a text costs is at most this many steps. */
const MAX_SOURCE = 1000
const MAX_PROGRAM = 2000

type Step =
  | { op: 'char'; test: CharTest }
  | { op: 'assert'; at: 'start' | 'end' | 'word' | 'no-word' }
  | { op: 'split'; to: number[] }
  | { op: 'match' }

/**
 * Compiles a pattern for {@link Pattern.test}: a Thompson machine that follows all ways at once (R. Cox,
 * "Regular Expression Matching Can Be Simple And Fast"), because V8's own engine goes back and can be made to
 * take minutes (`(a+)+$`), or seconds for `a.*b` on 100 KB.
 *
 * @throws PatternError for what is no pattern, look-around, back-references, more than 1,000 characters or
 *   2,000 steps.
 */
export function compilePattern(source: string, options: PatternOptions = {}): Pattern {
  if (source.length > MAX_SOURCE) throw new PatternError(`more than ${MAX_SOURCE} characters`)
  const program: Step[] = []
  emit(parsePattern(source), program)
  program.push({ op: 'match' })
  const fold = options.ignoreCase ? folded : exact
  return { source, test: (text) => run(program, text, fold) }
}

function emit(node: PatternNode, program: Step[]): void {
  if (program.length > MAX_PROGRAM)
    throw new PatternError(`more than ${MAX_PROGRAM} steps: make its counts smaller`)
  if (node.kind === 'char') program.push({ op: 'char', test: node.test })
  else if (node.kind === 'assert') program.push({ op: 'assert', at: node.at })
  else if (node.kind === 'all') for (const child of node.nodes) emit(child, program)
  else if (node.kind === 'any') emitAny(node.nodes, program)
  else emitRepeat(node, program)
}

function emitAny(nodes: readonly PatternNode[], program: Step[]): void {
  const split = { op: 'split' as const, to: [] as number[] }
  program.push(split)
  const ends: { to: number[] }[] = []
  for (const node of nodes) {
    split.to.push(program.length)
    emit(node, program)
    const end = { op: 'split' as const, to: [] as number[] }
    program.push(end)
    ends.push(end)
  }
  for (const end of ends) end.to.push(program.length)
}

function emitRepeat(node: PatternNode & { kind: 'repeat' }, program: Step[]): void {
  for (let i = 0; i < node.min; i += 1) emit(node.node, program)
  if (node.max === undefined) {
    const split = { op: 'split' as const, to: [] as number[] }
    const start = program.push(split)
    split.to.push(start)
    emit(node.node, program)
    program.push({ op: 'split', to: [start - 1] })
    split.to.push(program.length)
    return
  }
  const splits: { to: number[] }[] = []
  for (let i = node.min; i < node.max; i += 1) {
    const split = { op: 'split' as const, to: [program.length + 1] }
    program.push(split)
    splits.push(split)
    emit(node.node, program)
  }
  for (const split of splits) split.to.push(program.length)
}

type Fold = (test: CharTest, char: string) => boolean

const exact: Fold = (test, char) => (typeof test === 'string' ? test === char : test(char))

const folded: Fold = (test, char) => {
  const lower = char.toLowerCase()
  if (typeof test === 'string') return test.toLowerCase() === lower
  return test(char) || test(lower) || test(char.toUpperCase())
}

function run(program: readonly Step[], text: string, fold: Fold): boolean {
  const seen = new Int32Array(program.length).fill(-1)
  const stack: number[] = []
  let current: number[] = []
  let before = ''
  let index = 0
  for (const char of text) {
    stack.push(0)
    if (follow(program, { stack, into: current, seen, index, before, after: char })) return true
    const next: number[] = []
    for (const at of current) {
      const step = program[at] as Step & { op: 'char' }
      if (fold(step.test, char)) next.push(at + 1)
    }
    before = char
    index += 1
    current = []
    // Ways forward are followed with the next code point known, for the assertions.
    for (const at of next) stack.push(at)
  }
  stack.push(0)
  return follow(program, { stack, into: current, seen, index, before, after: '' })
}

interface Moment {
  stack: number[]
  into: number[]
  seen: Int32Array
  index: number
  before: string
  after: string
}

/** Follows all splits and assertions; true when the end of the program is reached. */
function follow(program: readonly Step[], moment: Moment): boolean {
  const { stack, into, seen, index } = moment
  let matched = false
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (seen[at] === index) continue
    seen[at] = index
    const step = program[at]!
    if (step.op === 'match') matched = true
    else if (step.op === 'char') into.push(at)
    else if (step.op === 'split') stack.push(...step.to)
    else if (holds(step.at, moment)) stack.push(at + 1)
  }
  return matched
}

function holds(at: 'start' | 'end' | 'word' | 'no-word', { before, after }: Moment): boolean {
  if (at === 'start') return before === ''
  if (at === 'end') return after === ''
  const edge = /^\w$/.test(before) !== /^\w$/.test(after)
  return (at === 'word') === edge
}
