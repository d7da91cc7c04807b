// Why not a package: docs/adr/0011.
// YAML 1.2 as configuration files use it: block and flow collections, all kinds of scalars, comments, anchors and
// aliases, merge keys. Not read: several documents, complex keys (`? `), tags but those of the core schema.
import { setMember } from './problem.ts'
import { Cursor } from './yaml-cursor.ts'
import { folded, readEscape, resolvePlain } from './yaml-scalar.ts'

const MAX_DEPTH = 100
/** Aliases share what they name; a few lines of them could stand for more than fits anywhere. */
const MAX_ALIASES = 100

/** The value of a document. @throws TextProblem */
export function parseYaml(source: string): unknown {
  return new Reader(source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')).document()
}

/** One pass over one text. */
class Reader extends Cursor {
  readonly #anchors = new Map<string, unknown>()
  #depth = 0
  #aliases = 0

  document(): unknown {
    this.skipBlank()
    while (this.text[this.at] === '%') {
      this.at = this.lineEnd()
      this.skipBlank()
    }
    if (this.startsMarker('---')) {
      this.at += 3
      if (/[^\S\n]*(?:#|\n|$)/y.test(this.text.slice(this.at))) this.skipBlank()
      else this.skipSpaces()
    }
    const value = this.isEnd() ? null : this.#node(-1)
    this.skipBlank()
    if (this.startsMarker('...')) this.at = this.text.length
    if (this.startsMarker('---')) this.refuse('several documents in one text are not read here')
    if (this.at < this.text.length) this.refuse('this does not belong to what stands before it')
    return value
  }

  /** The node that begins here, in a collection indented by `parent` (-1 outside of any). */
  #node(parent: number): unknown {
    if (++this.#depth > MAX_DEPTH) this.refuse(`more than ${MAX_DEPTH} levels`)
    const value = this.#nodeInside(parent)
    this.#depth -= 1
    return value
  }

  #nodeInside(parent: number): unknown {
    const column = this.column()
    const properties = this.#properties()
    if (properties && this.atLineEnd()) return this.#keep(properties, this.#blockBelow(parent))
    const char = this.text[this.at]
    if (char === '*') return this.#maybeMapping(column, parent, this.#alias())
    if (char === '|' || char === '>') return this.#keep(properties, this.#blockScalar(parent))
    if (char === '-' && this.isBlankAt(this.at + 1))
      return this.#keep(properties, this.#sequence(column, parent))
    if (char === '?' && this.isBlankAt(this.at + 1)) this.refuse('complex keys ("? ") are not read here')
    if (char === '[' || char === '{') return this.#keep(properties, this.#flowThenEnd())
    const from = this.at
    const isText = char === '"' || char === "'"
    const scalar = isText ? this.#quoted(char) : this.#plainLine()
    if (this.isKey()) {
      this.at = from
      // Properties before a key belong to the key when they stand on its line: nobody means that.
      return this.#keep(properties, this.#mapping(properties ? this.column() : column, parent))
    }
    if (isText) this.expectLineEnd()
    const value = isText ? scalar : this.#plainRest(scalar, parent)
    return this.#keep(properties, this.#typed(properties?.tag, value, !isText))
  }

  #maybeMapping(column: number, parent: number, value: unknown): unknown {
    if (this.isKey()) this.refuse('an alias as a key is not read here')
    this.expectLineEnd()
    void column
    void parent
    return value
  }

  // Collections in block style

  #mapping(column: number, parent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    const merged = new Set<string>()
    if (column <= parent) this.refuse('this must be indented further')
    do {
      const key = this.#key()
      this.skipSpaces()
      const value = this.atLineEnd() ? this.#valueBelow(column) : this.#inlineValue(column)
      if (key === '<<') this.#merge(map, value, merged)
      else if (Object.hasOwn(map, key) && !merged.delete(key)) this.refuse(`the key "${key}" is there twice`)
      else setMember(map, key, value)
    } while (this.#nextAt(column))
    return map
  }

  #key(): string {
    const char = this.text[this.at]
    const text = char === '"' || char === "'" ? this.#quoted(char) : this.#plainLine()
    if (!this.isKey()) this.refuse('a key followed by ":" is missing')
    this.skipSpaces()
    this.at += 1
    return text
  }

  #inlineValue(column: number): unknown {
    const line = this.lineOf(this.at)
    const start = this.at
    const value = this.#node(column)
    const isBlock = typeof value === 'object' && value !== null && !/^[&!*[{|>]/.test(this.text[start]!)
    if (isBlock && line === this.lineOf(start)) {
      this.at = start
      this.refuse('a collection cannot begin on the line of its key')
    }
    return value
  }

  /** The value of a key whose line is over: indented further, or a sequence at the key's own column. */
  #valueBelow(column: number): unknown {
    this.skipBlank()
    const indent = this.column()
    if (this.isEnd() || indent < column) return null
    const isSequence = this.text[this.at] === '-' && this.isBlankAt(this.at + 1)
    if (indent > column) return this.#node(column)
    return isSequence ? this.#node(column - 1) : null
  }

  #blockBelow(parent: number): unknown {
    this.skipBlank()
    if (this.isEnd()) return null
    const isSequence = this.text[this.at] === '-' && this.isBlankAt(this.at + 1)
    if (this.column() > parent) return this.#node(parent)
    return isSequence && this.column() === parent ? this.#node(parent - 1) : null
  }

  #sequence(column: number, parent: number): unknown[] {
    const list: unknown[] = []
    if (column <= parent) this.refuse('this must be indented further')
    do {
      if (!(this.text[this.at] === '-' && this.isBlankAt(this.at + 1))) this.refuse('"- " is missing')
      this.at += 1
      this.skipSpaces()
      if (!this.atLineEnd()) list.push(this.#node(column))
      else {
        this.skipBlank()
        list.push(!this.isEnd() && this.column() > column ? this.#node(column) : null)
      }
    } while (this.#nextAt(column, true))
    return list
  }

  /** Goes to the next line with content; true when the collection at `column` goes on there. */
  #nextAt(column: number, sequence = false): boolean {
    this.skipBlank()
    if (this.isEnd() || this.column() < column) return false
    if (this.column() > column) this.refuse('this is indented further than what it follows')
    return !sequence || (this.text[this.at] === '-' && this.isBlankAt(this.at + 1))
  }

  /** What is merged in gives way to the mapping's own keys, before and after it. */
  #merge(map: Record<string, unknown>, value: unknown, merged: Set<string>): void {
    for (const source of Array.isArray(value) ? value : [value]) {
      if (typeof source !== 'object' || source === null) this.refuse('"<<" needs a mapping')
      for (const [key, member] of Object.entries(source)) {
        if (Object.hasOwn(map, key)) continue
        setMember(map, key, member)
        merged.add(key)
      }
    }
  }

  // Collections in flow style

  #flowThenEnd(): unknown {
    const value = this.#flow()
    if (this.isKey()) this.refuse('a collection as a key is not read here')
    this.expectLineEnd()
    return value
  }

  #flow(): unknown {
    if (++this.#depth > MAX_DEPTH) this.refuse(`more than ${MAX_DEPTH} levels`)
    const value = this.#flowInside()
    this.#depth -= 1
    return value
  }

  #flowInside(): unknown {
    const properties = this.#properties()
    const char = this.text[this.at]
    if (char === '*') return this.#alias()
    if (char === '[') return this.#keep(properties, this.#flowList())
    if (char === '{') return this.#keep(properties, this.#flowMap())
    if (char === '"' || char === "'") return this.#keep(properties, this.#quoted(char))
    return this.#keep(properties, this.#typed(properties?.tag, this.#flowPlain(), true))
  }

  #flowList(): unknown[] {
    const list: unknown[] = []
    this.at += 1
    for (;;) {
      this.skipBlank()
      if (this.take(']')) return list
      const from = this.at
      const value = this.#flow()
      this.skipBlank()
      if (this.text[this.at] === ':') {
        // `[a: 1]` is a list of a mapping with one key.
        this.at = from
        const map: Record<string, unknown> = {}
        this.#flowPair(map)
        list.push(map)
      } else list.push(value)
      this.skipBlank()
      if (!this.take(',') && this.text[this.at] !== ']') this.refuse('"," or "]" is missing')
    }
  }

  #flowMap(): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    this.at += 1
    for (;;) {
      this.skipBlank()
      if (this.take('}')) return map
      this.#flowPair(map)
      this.skipBlank()
      if (!this.take(',') && this.text[this.at] !== '}') this.refuse('"," or "}" is missing')
    }
  }

  #flowPair(map: Record<string, unknown>): void {
    const char = this.text[this.at]
    const key = char === '"' || char === "'" ? this.#quoted(char) : this.#flowPlain()
    this.skipBlank()
    let value: unknown = null
    if (this.take(':')) {
      this.skipBlank()
      const next = this.text[this.at]
      if (next !== ',' && next !== '}' && next !== ']') value = this.#flow()
    }
    if (Object.hasOwn(map, key)) this.refuse(`the key "${key}" is there twice`)
    setMember(map, key, value)
  }

  #flowPlain(): string {
    const match =
      /(?:[^\s,[\]{}:#&*!|>'"%@`]|[-?:](?=[^\s,[\]{}]))(?:[^\s,[\]{}:#]|:(?=[^\s,[\]{}])|(?<=\S)#|\s+(?=[^\s,[\]{}:#]|:[^\s,[\]{}]))*/y
    match.lastIndex = this.at
    const text = match.exec(this.text)?.[0]
    if (text === undefined) this.refuse('a value is missing')
    this.at += text.length
    return text.replace(
      /[^\S\n]*(\n\s*)/g,
      (_all, gap: string) => '\n'.repeat(gap.split('\n').length - 2) || ' ',
    )
  }

  // Scalars

  /** A quoted scalar, over several lines if need be; line breaks inside fold to blanks. */
  #quoted(quote: string): string {
    const from = this.at
    this.at += 1
    let value = ''
    for (;;) {
      const char = this.text[this.at]
      if (char === undefined) {
        this.at = from
        this.refuse('this quote is never closed')
      }
      if (char === quote) {
        this.at += 1
        if (quote === '"' || this.text[this.at] !== "'") return value
        value += "'"
        this.at += 1
      } else if (char === '\\' && quote === '"') value += this.#escape()
      else if (char === '\n') value = value.replace(/[^\S\n]+$/, '') + this.#fold()
      else {
        value += char
        this.at += 1
      }
    }
  }

  #escape(): string {
    if (this.text[this.at + 1] === '\n') {
      this.at += 2
      this.skipSpaces()
      return ''
    }
    const escape = readEscape(this.text, this.at + 1)
    if (!escape) this.refuse('this escape is not known')
    this.at += 1 + escape.length
    return escape.char
  }

  /** One line break is a blank, each further one stays. */
  #fold(): string {
    const match = /\n[^\S\n]*((?:\n[^\S\n]*)*)/y
    match.lastIndex = this.at
    const [all, further] = match.exec(this.text)!
    this.at += all.length
    const breaks = further!.split('\n').length - 1
    return breaks === 0 ? ' ' : '\n'.repeat(breaks)
  }

  /** A plain scalar up to the end of its line, a comment or `: `. */
  #plainLine(): string {
    const match =
      /(?:[^\s\-?:,[\]{}#&*!|>'"%@`]|[-?:](?=\S))(?:[^\s:#]|:(?=\S)|(?<=\S)#|[^\S\n]+(?=[^\s:#]|:\S))*/y
    match.lastIndex = this.at
    const text = match.exec(this.text)?.[0]
    if (text === undefined) this.refuse(`"${this.text[this.at] ?? ''}" cannot begin a text here; quote it`)
    this.at += text.length
    return text
  }

  /** Further lines of a plain scalar: those indented more than the collection it is in. */
  #plainRest(first: string, parent: number): string {
    let value = first
    for (;;) {
      this.expectLineEnd()
      const hasComment = this.text[this.at] === '#'
      const before = this.at
      const breaks = this.countBreaks()
      this.refuseTab()
      const goesOn =
        !hasComment && breaks > 0 && !this.isEnd() && this.column() > parent && this.text[this.at] !== '#'
      if (!goesOn || this.startsMarker('---') || this.startsMarker('...')) {
        this.at = before
        return value
      }
      value += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + this.#plainMore()
      if (this.isKey())
        this.refuse('a key cannot be part of a text over several lines; is the indentation right?')
    }
  }

  #plainMore(): string {
    const match = /(?:[^\s:#]|:(?=\S)|(?<=\S)#|[^\S\n]+(?=[^\s:#]|:\S))+/y
    match.lastIndex = this.at
    const text = match.exec(this.text)?.[0]
    if (text === undefined) this.refuse('this does not belong to the text before it')
    this.at += text.length
    return text
  }

  /** `|` keeps line breaks, `>` folds them; `-` and `+` say what becomes of those at the end, a digit the indentation. */
  #blockScalar(parent: number): string {
    const match = /([|>])(?:([-+])([1-9])?|([1-9])([-+])?)?[^\S\n]*(?:#[^\n]*)?(?=\n|$)/y
    match.lastIndex = this.at
    const [all, style, chompA, digitA, digitB, chompB] = match.exec(this.text) ?? []
    if (all === undefined) this.refuse('after "|" or ">" only "-", "+" and a digit may follow')
    this.at += all.length + 1
    const chomp = chompA ?? chompB ?? ''
    const digit = digitA ?? digitB
    const lines = this.#blockLines(parent, digit ? Math.max(parent, 0) + Number(digit) : undefined)
    const body = style === '|' ? lines.join('\n') : folded(lines)
    const end = /\n*$/.exec(body)![0].length
    const content = body.slice(0, body.length - end)
    if (chomp === '-') return content
    if (chomp === '+') return lines.length > 0 ? `${body}\n` : ''
    return content === '' ? '' : `${content}\n`
  }

  #blockLines(parent: number, given: number | undefined): string[] {
    const lines: string[] = []
    let indent = given
    while (this.at < this.text.length) {
      const end = this.lineEnd()
      const line = this.text.slice(this.at, end)
      const own = /^ */.exec(line)![0].length
      const isBlank = line.trim() === '' && own === line.length
      if (!isBlank) {
        indent ??= own
        if (own < indent || own <= parent) break
      }
      lines.push(isBlank && (indent === undefined || own <= indent) ? '' : line.slice(indent ?? own))
      this.at = end + 1
    }
    this.at = Math.min(this.at, this.text.length)
    // A text that goes on ends where the next line begins: step back, so that "the line is over" holds.
    if (this.at > 0 && this.text[this.at - 1] === '\n') this.at -= 1
    return lines
  }

  // Anchors, aliases, tags

  #properties(): { anchor?: string; tag?: string } | null {
    let found: { anchor?: string; tag?: string } | null = null
    for (;;) {
      const match = /&([^\s,[\]{}]+)|!(?:<([^>\s]*)>|([^\s,[\]{}]*))/y
      match.lastIndex = this.at
      const [all, anchor, uri, tag] = match.exec(this.text) ?? []
      if (all === undefined) return found
      found ??= {}
      if (anchor !== undefined) found.anchor = anchor
      else found.tag = uri ?? tag ?? ''
      this.at += all.length
      this.skipSpaces()
    }
  }

  #keep<T>(properties: { anchor?: string } | null, value: T): T {
    if (properties?.anchor !== undefined) this.#anchors.set(properties.anchor, value)
    return value
  }

  #alias(): unknown {
    const match = /\*([^\s,[\]{}]+)/y
    match.lastIndex = this.at
    const [all, name] = match.exec(this.text) ?? []
    if (all === undefined || !this.#anchors.has(name!))
      this.refuse(`there is no anchor "${name ?? ''}" before this`)
    if (++this.#aliases > MAX_ALIASES) this.refuse(`more than ${MAX_ALIASES} aliases`)
    this.at += all.length
    return this.#anchors.get(name!)
  }

  #typed(tag: string | undefined, text: string, plain: boolean): unknown {
    if (tag === '!str' || tag === 'tag:yaml.org,2002:str' || tag === '') return text
    return plain || tag?.startsWith('!') ? resolvePlain(text) : text
  }
}
