// Headers: WHATWG Fetch. The names a browser guards are not guarded here; those of a received response cannot be changed.
import { demand, hiddenMember, webInterface } from '../../sandbox/web/interface.ts'
import { pairIterator } from '../../sandbox/web/pair-iterator.ts'

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

export type HeadersInit = Headers | Iterable<readonly [string, string]> | Record<string, string>

let freezeOf: (headers: Headers) => void

export class Headers {
  readonly #values = new Map<string, string[]>()
  #immutable = false

  static {
    freezeOf = (headers) => {
      headers.#immutable = true
    }
  }
  constructor(init?: HeadersInit) {
    if (init === undefined) return
    if (typeof init !== 'object' || init === null)
      throw new TypeError('Headers are made of an object, a list of pairs, or other Headers.')
    for (const [name, value] of pairsGiven(init)) this.append(name, value)
  }

  append(name: unknown, value: unknown): void {
    demand(2, arguments.length, 'Headers.append')
    const key = keyOf(name)
    const text = textOf(value)
    this.#change()
    const list = this.#values.get(key)
    if (list) list.push(text)
    else this.#values.set(key, [text])
  }
  set(name: unknown, value: unknown): void {
    demand(2, arguments.length, 'Headers.set')
    const key = keyOf(name)
    const text = textOf(value)
    this.#change()
    this.#values.set(key, [text])
  }
  get(name: unknown): string | null {
    demand(1, arguments.length, 'Headers.get')
    return this.#values.get(keyOf(name))?.join(', ') ?? null
  }
  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])]
  }
  has(name: unknown): boolean {
    demand(1, arguments.length, 'Headers.has')
    return this.#values.has(keyOf(name))
  }
  delete(name: unknown): void {
    demand(1, arguments.length, 'Headers.delete')
    const key = keyOf(name)
    this.#change()
    this.#values.delete(key)
  }
  forEach(fn: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    if (typeof fn !== 'function') throw new TypeError('Headers.forEach needs a function.')
    for (const [name, value] of this) fn.call(self, value, name, this)
  }
  keys(): IterableIterator<string> {
    return pairIterator(
      'Headers',
      () => pairsOf(this.#values),
      ([name]) => name,
    )
  }
  values(): IterableIterator<string> {
    return pairIterator(
      'Headers',
      () => pairsOf(this.#values),
      ([, value]) => value,
    )
  }
  entries(): IterableIterator<[string, string]> {
    return pairIterator(
      'Headers',
      () => pairsOf(this.#values),
      (pair) => pair,
    )
  }
  declare [Symbol.iterator]: () => IterableIterator<[string, string]>

  #change(): void {
    if (this.#immutable)
      throw new TypeError(
        'The headers of a received response cannot be changed; copy it: new Response(response.body, response).',
      )
  }
}
hiddenMember(Headers.prototype, Symbol.iterator, Headers.prototype.entries)
webInterface(Headers, 'Headers')

/** From now on they cannot be changed. */
export function freezeHeaders(headers: Headers): void {
  freezeOf(headers)
}

function pairsGiven(init: object): Iterable<readonly [unknown, unknown]> {
  const iterate: unknown = (init as { [Symbol.iterator]?: unknown })[Symbol.iterator]
  if (iterate === undefined || iterate === null) return ownPairs(init)
  if (typeof iterate !== 'function') throw new TypeError('Headers are made of an object or a list of pairs.')
  return Array.from(init as Iterable<unknown>, (item) => {
    const pair =
      typeof item === 'object' && item !== null && Symbol.iterator in item
        ? [...(item as Iterable<unknown>)]
        : []
    if (pair.length !== 2) throw new TypeError('Each header is a pair of a name and a value.')
    return pair as unknown as readonly [unknown, unknown]
  })
}

function ownPairs(init: object): [unknown, unknown][] {
  const pairs: [unknown, unknown][] = []
  for (const key of Reflect.ownKeys(init)) {
    if (!Object.getOwnPropertyDescriptor(init, key)?.enumerable) continue
    if (typeof key === 'symbol') throw new TypeError('A symbol is no name of a header.')
    pairs.push([key, (init as Record<string, unknown>)[key]])
  }
  return pairs
}

/** Sorted by name; cookies stay apart (Fetch, "sort and combine"). */
function pairsOf(values: ReadonlyMap<string, string[]>): [string, string][] {
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
  if (/[^\0-\xff]/.test(text))
    throw new TypeError(
      'The value of a header holds a character beyond Latin-1; encode it, as by encodeURIComponent.',
    )
  return text
}
