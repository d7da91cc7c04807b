// XML 1.0 without a document type (entities of one's own are how parsers are attacked, and nobody needs them here).
import { refuseAt, setMember } from './problem.ts'

const MAX_DEPTH = 200
const NAME = /[A-Za-z_:\u00c0-\uffff][\w:.\-\u00b7\u00c0-\uffff]*/y
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

type Element = Record<string, unknown>
interface Open {
  name: string
  value: Element
  text: string
  hasMembers: boolean
}

/**
 * An object with the root element's name as its one key. An element with text alone is that text; otherwise an
 * object with `@name` for attributes, `#text` for text between elements, and a list where elements repeat.
 */
export function parseXml(source: string): Element {
  return new Reader(source.charCodeAt(0) === 0xfeff ? source.slice(1) : source).document()
}

/** One pass over one text. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): Element {
    const top: Open = { name: '', value: {}, text: '', hasMembers: false }
    const open: Open[] = [top]
    while (this.#at < this.#text.length) {
      const inner = open[open.length - 1]!
      if (this.#text[this.#at] !== '<') this.#characters(inner, open.length === 1)
      else if (this.#text.startsWith('</', this.#at)) this.#close(open)
      else if (!this.#skipMarkup(inner)) this.#open(open)
    }
    if (open.length > 1) this.#refuse(`<${open[open.length - 1]!.name}> is never closed`)
    if (!top.hasMembers) this.#refuse('there is no element')
    return top.value
  }

  #characters(inner: Open, outside: boolean): void {
    const end = this.#text.indexOf('<', this.#at)
    const text = this.#text.slice(this.#at, end < 0 ? this.#text.length : end)
    if (outside && text.trim() !== '') this.#refuse('text outside of the root element')
    inner.text += this.#decode(text)
    this.#at += text.length
  }

  /** Comments, processing instructions, character data; false when an element begins. */
  #skipMarkup(inner: Open): boolean {
    if (this.#text.startsWith('<!--', this.#at)) this.#after('-->', 4)
    else if (this.#text.startsWith('<![CDATA[', this.#at)) inner.text += this.#after(']]>', 9)
    else if (this.#text.startsWith('<?', this.#at)) this.#after('?>', 2)
    else if (this.#text.startsWith('<!', this.#at))
      this.#refuse('document types are not read here; take it out')
    else return false
    return true
  }

  #after(end: string, skip: number): string {
    const at = this.#text.indexOf(end, this.#at + skip)
    if (at < 0) this.#refuse(`"${end}" is missing`)
    const text = this.#text.slice(this.#at + skip, at)
    this.#at = at + end.length
    return text
  }

  #open(open: Open[]): void {
    const outer = open[open.length - 1]!
    if (open.length === 1 && outer.hasMembers) this.#refuse('there is a second root element')
    if (open.length > MAX_DEPTH) this.#refuse(`more than ${MAX_DEPTH} elements are open`)
    this.#at += 1
    const element: Open = { name: this.#name(), value: {}, text: '', hasMembers: false }
    this.#attributes(element)
    if (this.#text[this.#at] === '/') {
      this.#at += 1
      this.#expect('>')
      put(outer, element.name, finished(element))
    } else {
      this.#expect('>')
      open.push(element)
    }
  }

  #attributes(element: Open): void {
    for (;;) {
      const blank = this.#blank()
      const char = this.#text[this.#at]
      if (char === '>' || char === '/') return
      if (!blank) this.#refuse('a blank is missing before this attribute')
      const name = `@${this.#name()}`
      this.#blank()
      this.#expect('=')
      this.#blank()
      const quote = this.#text[this.#at]
      if (quote !== '"' && quote !== "'") this.#refuse('the value of an attribute must be quoted')
      if (Object.hasOwn(element.value, name)) this.#refuse(`the attribute "${name.slice(1)}" is there twice`)
      setMember(element.value, name, this.#decode(this.#after(quote, 1)))
      element.hasMembers = true
    }
  }

  #close(open: Open[]): void {
    this.#at += 2
    const name = this.#name()
    const element = open[open.length - 1]!
    if (open.length === 1 || element.name !== name) {
      this.#refuse(open.length === 1 ? `</${name}> closes nothing` : `</${name}> closes <${element.name}>`)
    }
    this.#blank()
    this.#expect('>')
    open.pop()
    put(open[open.length - 1]!, name, finished(element))
  }

  #name(): string {
    NAME.lastIndex = this.#at
    const name = NAME.exec(this.#text)?.[0]
    if (name === undefined) this.#refuse('a name is missing')
    this.#at += name.length
    return name
  }

  #blank(): boolean {
    const from = this.#at
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1
    return this.#at > from
  }

  #expect(char: string): void {
    if (this.#text[this.#at] !== char) this.#refuse(`"${char}" is missing`)
    this.#at += 1
  }

  #decode(text: string): string {
    return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));|&/g, (all, decimal, hex, name) => {
      const code = decimal ? Number(decimal) : hex ? parseInt(hex as string, 16) : 0
      if (code > 0 && code <= 0x10ffff) return String.fromCodePoint(code)
      if (name && Object.hasOwn(ENTITIES, name as string)) return ENTITIES[name as string]!
      return this.#refuse(`"${all as string}" is no entity; write "&amp;" for an ampersand`)
    })
  }

  #refuse(reason: string): never {
    return refuseAt(this.#text, this.#at, reason)
  }
}

function finished(element: Open): unknown {
  if (!element.hasMembers) return element.text.trim() === '' ? '' : element.text
  if (element.text.trim() !== '') element.value['#text'] = element.text.trim()
  return element.value
}

function put(outer: Open, name: string, value: unknown): void {
  outer.hasMembers = true
  if (!Object.hasOwn(outer.value, name)) return setMember(outer.value, name, value)
  const there = outer.value[name]
  // Lists are made only here, so a list is always one of repeated elements.
  if (Array.isArray(there)) there.push(value)
  else setMember(outer.value, name, [there, value])
}
