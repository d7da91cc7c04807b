// Blob, File, FormData and what Request and Response share: WHATWG Fetch and File API, without streams.
import { bytesOf, decodeUtf8, encodeUtf8 } from '../../sandbox/bytes.ts'
import { parseQuery, stringifyQuery } from '../../sandbox/text/query.ts'
import { URLSearchParams } from '../../sandbox/web/url.ts'
import type { FormPart } from '../../outbound/http.contract.ts'

export class Blob {
  readonly #bytes: Uint8Array
  readonly type: string

  constructor(parts: Iterable<unknown> = [], options: { type?: string } = {}) {
    const pieces = Array.from(parts, (part) =>
      part instanceof Blob ? part.#bytes : (bytesOf(part) ?? encodeUtf8(String(part))),
    )
    this.#bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
      this.#bytes.set(piece, at)
      at += piece.length
    }
    this.type = String(options.type ?? '').toLowerCase()
  }
  get size(): number {
    return this.#bytes.length
  }
  bytes(): Promise<Uint8Array> {
    return Promise.resolve(this.#bytes.slice())
  }
  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.#bytes.slice().buffer)
  }
  text(): Promise<string> {
    return Promise.resolve(decodeUtf8(this.#bytes))
  }
  slice(start?: number, end?: number, type = ''): Blob {
    return new Blob([this.#bytes.slice(start, end)], { type })
  }
  /** Not of the web: what the wire takes, without waiting. */
  static bytesOf(blob: Blob): Uint8Array {
    return blob.#bytes
  }
}

export class File extends Blob {
  readonly name: string
  readonly lastModified: number

  constructor(
    parts: Iterable<unknown>,
    name: string,
    options: { type?: string; lastModified?: number } = {},
  ) {
    super(parts, options)
    this.name = String(name)
    this.lastModified = options.lastModified ?? Date.now()
  }
}

type FormValue = string | File

export class FormData {
  #entries: [string, FormValue][] = []

  append(name: unknown, value: unknown, filename?: string): void {
    this.#entries.push([String(name), formValue(value, filename)])
  }
  set(name: unknown, value: unknown, filename?: string): void {
    this.delete(name)
    this.append(name, value, filename)
  }
  get(name: unknown): FormValue | null {
    return this.#entries.find(([key]) => key === String(name))?.[1] ?? null
  }
  getAll(name: unknown): FormValue[] {
    return this.#entries.filter(([key]) => key === String(name)).map(([, value]) => value)
  }
  has(name: unknown): boolean {
    return this.#entries.some(([key]) => key === String(name))
  }
  delete(name: unknown): void {
    this.#entries = this.#entries.filter(([key]) => key !== String(name))
  }
  forEach(fn: (value: FormValue, name: string, form: FormData) => void): void {
    for (const [name, value] of this) fn(value, name, this)
  }
  entries(): IterableIterator<[string, FormValue]> {
    return [...this.#entries][Symbol.iterator]()
  }
  keys(): IterableIterator<string> {
    return this.#entries.map(([name]) => name)[Symbol.iterator]()
  }
  values(): IterableIterator<FormValue> {
    return this.#entries.map(([, value]) => value)[Symbol.iterator]()
  }
  [Symbol.iterator](): IterableIterator<[string, FormValue]> {
    return this.entries()
  }
}

function formValue(value: unknown, filename?: string): FormValue {
  if (!(value instanceof Blob)) return String(value)
  return value instanceof File && filename === undefined
    ? value
    : new File([value], filename ?? 'blob', { type: value.type })
}

/** A body as it was given: what the wire takes, and the type it has by itself. */
export interface Content {
  body: string | Uint8Array | FormPart[]
  type: string | null
}

export function contentOf(value: unknown): Content | null {
  if (value === undefined || value === null) return null
  if (value instanceof Blob) return { body: Blob.bytesOf(value), type: value.type || null }
  if (value instanceof FormData) {
    const parts = [...value].map(([name, item]): FormPart => {
      if (typeof item === 'string') return { name, value: item }
      return { name, value: Blob.bytesOf(item), filename: item.name, ...(item.type && { type: item.type }) }
    })
    return { body: parts, type: null }
  }
  if (value instanceof URLSearchParams)
    return { body: value.toString(), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
  if (typeof value === 'string') return { body: value, type: 'text/plain;charset=UTF-8' }
  return { body: bytesOf(value)?.slice() ?? String(value), type: null }
}

/** The reading half of Request and Response. A body is read once. */
export class Body {
  readonly #content: Content | null
  readonly #type: () => string
  #used = false

  constructor(content: Content | null, type: () => string) {
    this.#content = content
    this.#type = type
  }
  get bodyUsed(): boolean {
    return this.#used
  }
  // Methods of classes that share a realm with hostile code: what is read is taken at once, the promise comes after.
  async bytes(): Promise<Uint8Array> {
    return this.#take()
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#take().slice().buffer
  }
  async text(): Promise<string> {
    return decodeUtf8(this.#take())
  }
  async json(): Promise<unknown> {
    return JSON.parse(decodeUtf8(this.#take())) as unknown
  }
  async blob(): Promise<Blob> {
    return new Blob([this.#take()], { type: this.#type() })
  }
  async formData(): Promise<FormData> {
    if (!this.#type().startsWith('application/x-www-form-urlencoded'))
      throw new TypeError('The body is no URL-encoded form.')
    const form = new FormData()
    for (const [name, value] of Object.entries(parseQuery(decodeUtf8(this.#take())))) {
      for (const item of [value].flat()) form.append(name, item)
    }
    return form
  }
  /** The content for another body; refused when this one was read. */
  static contentOf(body: Body): Content | null {
    if (body.#used) throw new TypeError('The body was read already.')
    return body.#content
  }
  #take(): Uint8Array {
    if (this.#used) throw new TypeError('The body was read already.')
    this.#used = this.#content !== null
    const body = this.#content?.body ?? ''
    if (body instanceof Uint8Array) return body
    return encodeUtf8(
      typeof body === 'string'
        ? body
        : stringifyQuery(Object.fromEntries(body.map(({ name, value }) => [name, value]))),
    )
  }
}
