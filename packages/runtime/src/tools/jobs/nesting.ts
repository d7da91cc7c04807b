/** Where and why code was refused before any parser saw it. Line and column are 1-based. */
export interface NestingProblem {
  line: number
  column: number
  message: string
}

/**
 * Brackets open at once. Measured on Node 26: the type stripper breaks (its whole process with it) from
 * about 900 brackets on; hand-written code stays below 30.
 */
export const MAX_OPEN_BRACKETS = 400

/**
 * `x ? (y) : z =>` within each other. Each level doubles the type stripper's time, because `(y): z =>` is an
 * arrow function with a return type until it turns out not to be: 10 levels take 20 ms, 28 over a minute.
 */
export const MAX_AMBIGUOUS_ARROWS = 10

interface Open {
  /** A `(` that follows a `?`. */
  afterQuestion: boolean
  /** Seen since the last `,` or `;` at this depth: `? ( … ) :`. */
  pending: boolean
  ambiguous: number
  template: boolean
}

/**
 * Looks for nesting that would keep a parser busy or break it, in one pass over the text and without a
 * grammar: strings, comments, templates and regular expressions are skipped, brackets counted.
 * @returns the first place that goes beyond what is allowed, or null.
 */
export function findHostileNesting(code: string): NestingProblem | null {
  const scan = new Scan(code)
  const refused = scan.run()
  return refused && { ...positionAt(code, refused.offset), message: refused.message }
}

/** The 1-based position of an offset (UTF-16 units, as editors count). */
export function positionAt(code: string, offset: number): { line: number; column: number } {
  let line = 1
  let start = 0
  for (let at = code.indexOf('\n'); at >= 0 && at < offset; at = code.indexOf('\n', start)) {
    line += 1
    start = at + 1
  }
  return { line, column: offset - start + 1 }
}

const WORD = /[\w$\u0080-\uffff]/
// After these words a slash begins a regular expression, after other words it divides.
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'await',
  'yield',
])

// Authors who write no semicolons end their statements with these.
const BEGINS_STATEMENT = new Set([
  'const',
  'let',
  'var',
  'function',
  'class',
  'return',
  'if',
  'for',
  'while',
  'export',
  'import',
])

/** One pass over one text. A class, for it has a position and an end. */
class Scan {
  readonly #code: string
  readonly #open: Open[] = [frame(false, false)]
  #at = 0
  #ambiguous = 0
  /** The last significant character, and the last word when it ended one. */
  #last = ''
  #word = ''

  constructor(code: string) {
    this.#code = code
  }

  run(): { offset: number; message: string } | null {
    while (this.#at < this.#code.length) {
      const char = this.#code[this.#at]!
      if (!this.#skip(char)) this.#take(char)
      if (this.#open.length > MAX_OPEN_BRACKETS + 1) {
        return this.#refuse(`More than ${MAX_OPEN_BRACKETS} brackets are open here; nest less deeply.`)
      }
      if (this.#ambiguous > MAX_AMBIGUOUS_ARROWS) {
        return this.#refuse(
          `More than ${MAX_AMBIGUOUS_ARROWS} conditions with arrow functions are nested here; give some of them names.`,
        )
      }
    }
    return null
  }

  #refuse(message: string): { offset: number; message: string } {
    return { offset: Math.max(0, this.#at - 1), message }
  }

  /** Steps over what holds no brackets of the code; false when the character is code. */
  #skip(char: string): boolean {
    const next = this.#code[this.#at + 1]
    if (char === '/' && next === '/') return this.#jump(this.#indexOf('\n', this.#at))
    if (char === '/' && next === '*') return this.#jump(this.#indexOf('*/', this.#at + 2) + 2)
    if (char === '"' || char === "'") return this.#string(char)
    if (char === '`') return this.#template()
    if (char === '/' && this.#startsRegex()) return this.#regex()
    if (WORD.test(char)) return this.#takeWord()
    return /\s/.test(char) ? this.#jump(this.#at + 1) : false
  }

  #take(char: string): void {
    const top = this.#open[this.#open.length - 1]!
    if (char === '(' || char === '[' || char === '{') {
      this.#open.push(frame(char === '(' && this.#last === '?', false))
    } else if (char === ')' || char === ']' || char === '}') {
      if (this.#close(top)) return
    } else if (char === ',' || char === ';') {
      this.#endOfStatement(top)
    } else if (char === '>' && this.#last === '=' && top.pending) {
      top.pending = false
      top.ambiguous += 1
      this.#ambiguous += 1
    }
    this.#last = char
    this.#at += 1
  }

  /** True when it went on into the text of a template. */
  #close(top: Open): boolean {
    if (this.#open.length === 1) return false
    this.#open.pop()
    this.#ambiguous -= top.ambiguous
    if (top.afterQuestion) this.#open[this.#open.length - 1]!.pending = true
    return top.template && this.#templateText(this.#at + 1)
  }

  #endOfStatement(top: Open): void {
    this.#ambiguous -= top.ambiguous
    top.ambiguous = 0
    top.pending = false
  }

  #takeWord(): boolean {
    const start = this.#at
    while (this.#at < this.#code.length && WORD.test(this.#code[this.#at]!)) this.#at += 1
    this.#word = this.#code.slice(start, this.#at)
    if (BEGINS_STATEMENT.has(this.#word)) this.#endOfStatement(this.#open[this.#open.length - 1]!)
    this.#last = 'a'
    return true
  }

  #startsRegex(): boolean {
    if (this.#last === 'a') return BEFORE_REGEX.has(this.#word)
    return this.#last !== ')' && this.#last !== ']' && this.#last !== '}' && this.#last !== '"'
  }

  #regex(): boolean {
    let inClass = false
    for (let at = this.#at + 1; at < this.#code.length; at += 1) {
      const char = this.#code[at]!
      // No regular expression goes over the end of a line: it was a division.
      if (char === '\n') return false
      if (char === '\\') at += 1
      else if (char === '[') inClass = true
      else if (char === ']') inClass = false
      else if (char === '/' && !inClass) return this.#value(at + 1)
    }
    return false
  }

  #string(quote: string): boolean {
    for (let at = this.#at + 1; at < this.#code.length; at += 1) {
      const char = this.#code[at]!
      if (char === '\\') at += 1
      else if (char === quote || char === '\n') return this.#value(at + 1)
    }
    return this.#value(this.#code.length)
  }

  #template(): boolean {
    return this.#templateText(this.#at + 1)
  }

  /** From inside a template's text to its end, or into the code of its next `${`. */
  #templateText(from: number): boolean {
    for (let at = from; at < this.#code.length; at += 1) {
      const char = this.#code[at]!
      if (char === '\\') at += 1
      else if (char === '`') return this.#value(at + 1)
      else if (char === '$' && this.#code[at + 1] === '{') {
        this.#open.push(frame(false, true))
        this.#last = '{'
        return this.#jump(at + 2)
      }
    }
    return this.#value(this.#code.length)
  }

  #value(at: number): boolean {
    this.#last = '"'
    return this.#jump(at)
  }

  #indexOf(text: string, from: number): number {
    const at = this.#code.indexOf(text, from)
    return at < 0 ? this.#code.length : at
  }

  #jump(at: number): boolean {
    this.#at = at
    return true
  }
}

function frame(afterQuestion: boolean, template: boolean): Open {
  return { afterQuestion, pending: false, ambiguous: 0, template }
}
