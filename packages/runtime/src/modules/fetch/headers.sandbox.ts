// Headers: WHATWG Fetch, without the guards of browsers.

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

export type HeadersInit = Headers | Iterable<readonly [string, string]> | Record<string, string>

export class Headers {
  readonly #values = new Map<string, string[]>()

  constructor(init?: HeadersInit | null) {
    if (init === undefined || init === null) return
    const pairs = isIterable(init) ? init : Object.entries(init)
    for (const [name, value] of pairs) this.append(name, value)
  }

  append(name: unknown, value: unknown): void {
    const key = keyOf(name)
    const list = this.#values.get(key)
    if (list) list.push(textOf(value))
    else this.#values.set(key, [textOf(value)])
  }
  set(name: unknown, value: unknown): void {
    this.#values.set(keyOf(name), [textOf(value)])
  }
  get(name: unknown): string | null {
    return this.#values.get(keyOf(name))?.join(', ') ?? null
  }
  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])]
  }
  has(name: unknown): boolean {
    return this.#values.has(keyOf(name))
  }
  delete(name: unknown): void {
    this.#values.delete(keyOf(name))
  }
  forEach(fn: (value: string, name: string, headers: Headers) => void): void {
    for (const [name, value] of this) fn(value, name, this)
  }
  keys(): IterableIterator<string> {
    return pairsOf(this.#values)
      .map(([name]) => name)
      .values()
  }
  values(): IterableIterator<string> {
    return pairsOf(this.#values)
      .map(([, value]) => value)
      .values()
  }
  entries(): IterableIterator<[string, string]> {
    return pairsOf(this.#values).values()
  }
  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }
}

/** Sorted by name; cookies stay apart (Fetch, "sort and combine"). */
function pairsOf(values: Map<string, string[]>): [string, string][] {
  return [...values.keys()].sort().flatMap((name): [string, string][] => {
    const list = values.get(name)!
    return name === 'set-cookie' ? list.map((value) => [name, value]) : [[name, list.join(', ')]]
  })
}

function keyOf(name: unknown): string {
  const text = String(name)
  if (!NAME.test(text)) throw new TypeError(`"${text}" is no name of a header.`)
  return text.toLowerCase()
}

function textOf(value: unknown): string {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
  if (/[\0\r\n]/.test(text)) throw new TypeError('The value of a header holds no line breaks.')
  return text
}

function isIterable(value: object): value is Iterable<readonly [string, string]> {
  return Symbol.iterator in value
}
