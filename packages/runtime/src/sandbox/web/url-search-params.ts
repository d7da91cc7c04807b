// URLSearchParams (WHATWG URL, "application/x-www-form-urlencoded").
import { demand, hiddenMember, webInterface } from './interface.ts'
import { pairIterator } from './pair-iterator.ts'
import { percentDecoded } from './percent.ts'
import { decodeUtf8, encodeUtf8 } from './text.ts'

/** Sets all pairs from a query; what the URL does. */
export const REPLACE = Symbol('replace')
/** Tells the URL of changes. */
export const WATCH = Symbol('watch')

function decodeForm(text: string): string {
  const plain = text.replace(/\+/g, ' ')
  if (!plain.includes('%')) return plain
  return decodeUtf8(percentDecoded(plain))
}

function encodeForm(text: string): string {
  let out = ''
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte)
    if (/[A-Za-z0-9*\-._]/.test(char)) out += char
    else out += char === ' ' ? '+' : `%${(byte < 16 ? '0' : '') + byte.toString(16).toUpperCase()}`
  }
  return out
}

function wellFormed(value: unknown): string {
  return String(value).toWellFormed()
}

/** Web IDL: a list of pairs, or a record. */
function pairsGiven(init: object): [string, string][] {
  const iterate: unknown = (init as { [Symbol.iterator]?: unknown })[Symbol.iterator]
  if (iterate !== undefined && iterate !== null) {
    if (typeof iterate !== 'function')
      throw new TypeError('URLSearchParams are made of a text, pairs or an object.')
    return Array.from(init as Iterable<unknown>, (item) => {
      const isList = typeof item === 'object' && item !== null && Symbol.iterator in item
      const pair = isList ? [...(item as Iterable<unknown>)] : []
      if (pair.length !== 2) throw new TypeError('Each parameter is a pair of a name and a value.')
      return [wellFormed(pair[0]), wellFormed(pair[1])]
    })
  }
  const record = new Map<string, string>()
  for (const key of Reflect.ownKeys(init)) {
    if (!Reflect.getOwnPropertyDescriptor(init, key)?.enumerable) continue
    if (typeof key === 'symbol') throw new TypeError('A symbol is no name of a parameter.')
    record.set(wellFormed(key), wellFormed((init as Record<string, unknown>)[key]))
  }
  return [...record]
}

export class URLSearchParams {
  #pairs: [string, string][] = []
  #changed: ((query: string) => void) | undefined

  constructor(init: unknown = '') {
    if ((typeof init === 'object' || typeof init === 'function') && init !== null)
      this.#pairs = pairsGiven(init)
    else this[REPLACE](String(init).replace(/^\?/, ''))
  }
  [REPLACE](query: string): void {
    this.#pairs = query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const at = pair.indexOf('=')
        return at < 0
          ? [decodeForm(pair), '']
          : [decodeForm(pair.slice(0, at)), decodeForm(pair.slice(at + 1))]
      })
  }
  [WATCH](changed: (query: string) => void): void {
    this.#changed = changed
  }
  #set(pairs: [string, string][]): void {
    this.#pairs = pairs
    this.#changed?.(this.toString())
  }
  get size(): number {
    return this.#pairs.length
  }
  append(name: unknown, value: unknown): void {
    demand(2, arguments.length, 'URLSearchParams.append')
    this.#set([...this.#pairs, [wellFormed(name), wellFormed(value)]])
  }
  delete(name: unknown, value?: unknown): void {
    demand(1, arguments.length, 'URLSearchParams.delete')
    const matches = (pair: [string, string]) =>
      pair[0] === String(name) && (value === undefined || pair[1] === String(value))
    this.#set(this.#pairs.filter((pair) => !matches(pair)))
  }
  get(name: unknown): string | null {
    demand(1, arguments.length, 'URLSearchParams.get')
    return this.#pairs.find((pair) => pair[0] === String(name))?.[1] ?? null
  }
  getAll(name: unknown): string[] {
    demand(1, arguments.length, 'URLSearchParams.getAll')
    return this.#pairs.filter((pair) => pair[0] === String(name)).map((pair) => pair[1])
  }
  has(name: unknown, value?: unknown): boolean {
    demand(1, arguments.length, 'URLSearchParams.has')
    return this.#pairs.some(
      (pair) => pair[0] === String(name) && (value === undefined || pair[1] === String(value)),
    )
  }
  set(name: unknown, value: unknown): void {
    demand(2, arguments.length, 'URLSearchParams.set')
    const at = this.#pairs.findIndex((pair) => pair[0] === String(name))
    if (at < 0) return this.append(name, value)
    const first: [string, string] = [wellFormed(name), wellFormed(value)]
    this.#set(this.#pairs.flatMap((pair, i) => (i === at ? [first] : pair[0] === String(name) ? [] : [pair])))
  }
  sort(): void {
    this.#set([...this.#pairs].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)))
  }
  forEach(fn: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void {
    if (typeof fn !== 'function') throw new TypeError('URLSearchParams.forEach needs a function.')
    for (const [name, value] of this) fn.call(self, value, name, this)
  }
  entries(): IterableIterator<[string, string]> {
    return pairIterator(
      'URLSearchParams',
      () => this.#pairs,
      ([name, value]): [string, string] => [name, value],
    )
  }
  keys(): IterableIterator<string> {
    return pairIterator(
      'URLSearchParams',
      () => this.#pairs,
      ([name]) => name,
    )
  }
  values(): IterableIterator<string> {
    return pairIterator(
      'URLSearchParams',
      () => this.#pairs,
      ([, value]) => value,
    )
  }
  declare [Symbol.iterator]: () => IterableIterator<[string, string]>
  toString(): string {
    return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join('&')
  }
}
hiddenMember(URLSearchParams.prototype, Symbol.iterator, URLSearchParams.prototype.entries)
webInterface(URLSearchParams, 'URLSearchParams')
