// What Request and Response share: WHATWG Fetch, "Body". What is there already is read without a stream.
import { bytesOf, decodeUtf8, encodeUtf8 } from '../../sandbox/bytes.ts'
import { uuid } from '../../sandbox/random.ts'
import { Blob, blobBytes, File } from '../../sandbox/web/blob.ts'
import { FormData } from '../../sandbox/web/form-data.ts'
import { MultipartError, readMultipart, writeMultipart, type Part } from '../../sandbox/web/multipart.ts'
import { ReadableStream, streamOfBytes, type ReadableStreamDefaultReader } from '../../sandbox/web/streams.ts'
import { URLSearchParams } from '../../sandbox/web/url.ts'
import { MAX_ANSWER_BYTES } from '../../outbound/http.contract.ts'

const CHUNK_BYTES = 64 * 1024

/** A body as it was given, and the type it has by itself. */
export interface Content {
  source: Uint8Array | ReadableStream<Uint8Array>
  type: string | null
}

export function contentOf(value: unknown): Content | null {
  if (value === undefined || value === null) return null
  if (value instanceof ReadableStream) {
    if (value.locked || isDisturbed(value)) throw new TypeError('The stream is locked or was read already.')
    return { source: value as ReadableStream<Uint8Array>, type: null }
  }
  if (value instanceof Blob) return { source: blobBytes(value), type: value.type || null }
  if (value instanceof FormData) return contentOfForm(value)
  if (value instanceof URLSearchParams)
    return { source: encodeUtf8(value.toString()), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
  const bytes = typeof value === 'string' ? null : bytesOf(value)
  if (bytes) return { source: bytes.slice(), type: null }
  return { source: encodeUtf8(String(value)), type: 'text/plain;charset=UTF-8' }
}

function contentOfForm(form: FormData): Content {
  const boundary = `----m3m${uuid().replaceAll('-', '')}`
  const parts = [...form].map(([name, item]): Part => {
    if (typeof item !== 'string')
      return { name, filename: item.name, type: item.type, bytes: blobBytes(item) }
    return { name, filename: null, type: null, bytes: encodeUtf8(item.replace(/\r\n|\r|\n/g, '\r\n')) }
  })
  return { source: writeMultipart(parts, boundary), type: `multipart/form-data; boundary=${boundary}` }
}

const disturbed = new WeakSet<object>()

/** Whether somebody has read of a stream. The polyfill keeps it in a field of its own. */
function isDisturbed(stream: ReadableStream): boolean {
  return disturbed.has(stream) || (stream as unknown as { _disturbed?: boolean })._disturbed === true
}

let stateOf: (body: Body) => Content | null
let cloneOf: (body: Body) => Content | null

/** The reading half of Request and Response. A body is read once. */
export class Body {
  #content: Content | null
  readonly #type: () => string
  #used = false

  static {
    stateOf = (body) => {
      if (body.bodyUsed || body.#locked) throw alreadyRead()
      const content = body.#content
      if (content) body.#used = true
      return content
    }
    cloneOf = (body) => {
      if (body.bodyUsed || body.#locked) throw alreadyRead()
      const content = body.#content
      if (!content || content.source instanceof Uint8Array) return content
      const [mine, other] = content.source.tee()
      body.#content = { ...content, source: mine }
      return { ...content, source: other }
    }
  }
  constructor(content: Content | null, type: () => string) {
    this.#content = content
    this.#type = type
  }
  get body(): ReadableStream<Uint8Array> | null {
    const content = this.#content
    if (!content) return null
    if (content.source instanceof Uint8Array) {
      const stream = streamOfBytes(this.#used ? new Uint8Array(0) : content.source, CHUNK_BYTES)
      this.#content = { ...content, source: stream as ReadableStream<Uint8Array> }
    }
    return this.#content!.source as ReadableStream<Uint8Array>
  }
  get bodyUsed(): boolean {
    const source = this.#content?.source
    return this.#used || (source instanceof ReadableStream && isDisturbed(source))
  }
  get #locked(): boolean {
    const source = this.#content?.source
    return source instanceof ReadableStream && source.locked
  }
  // What is read is taken at once; the promise comes after.
  async bytes(): Promise<Uint8Array> {
    return (await this.#take()).slice()
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.#take()).slice().buffer
  }
  async text(): Promise<string> {
    return withoutMark(decodeUtf8(await this.#take()))
  }
  async json(): Promise<unknown> {
    return JSON.parse(withoutMark(decodeUtf8(await this.#take()))) as unknown
  }
  async blob(): Promise<Blob> {
    const type = this.#type()
    return new Blob([await this.#take()], { type })
  }
  async formData(): Promise<FormData> {
    const type = this.#type()
    const kind = type.split(';')[0]!.trim().toLowerCase()
    if (kind !== 'application/x-www-form-urlencoded' && kind !== 'multipart/form-data')
      throw new TypeError(`The body is no form: its type is "${type}".`)
    return formOf(await this.#take(), kind, type)
  }
  async #take(): Promise<Uint8Array> {
    if (this.bodyUsed || this.#locked) throw alreadyRead()
    const source = this.#content?.source
    if (!source) return new Uint8Array(0)
    this.#used = true
    return source instanceof Uint8Array ? source : await collect(source)
  }
}

function alreadyRead(): TypeError {
  return new TypeError('The body was read already.')
}

/** Takes the content away from a body: it counts as read from now on. @throws TypeError when it was read */
export function takeContent(body: Body): Content | null {
  return stateOf(body)
}

/** The content once more; both bodies can be read. @throws TypeError when it was read */
export function cloneContent(body: Body): Content | null {
  return cloneOf(body)
}

/** All bytes of a stream. @throws TypeError for chunks that are no bytes; RangeError beyond 50 MB */
export async function collect(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader: ReadableStreamDefaultReader<Uint8Array> = stream.getReader()
  disturbed.add(stream)
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const bytes = typeof value === 'string' ? null : bytesOf(value)
    if (!bytes) {
      const error = new TypeError('A body is a stream of bytes; encode texts by TextEncoderStream.')
      void reader.cancel(error).catch(() => {})
      throw error
    }
    size += bytes.length
    if (size > MAX_ANSWER_BYTES) {
      const error = new RangeError(`The body has more than ${MAX_ANSWER_BYTES} bytes; read it by its stream.`)
      void reader.cancel(error).catch(() => {})
      throw error
    }
    chunks.push(bytes)
  }
  if (chunks.length === 1) return chunks[0]!
  const all = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.length
  }
  return all
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function formOf(bytes: Uint8Array, kind: string, type: string): FormData {
  const form = new FormData()
  if (kind !== 'multipart/form-data') {
    for (const [name, value] of new URLSearchParams(decodeUtf8(bytes))) form.append(name, value)
    return form
  }
  try {
    for (const { name, filename, type: own, bytes: content } of readMultipart(bytes, type)) {
      if (filename === null) form.append(name, withoutMark(decodeUtf8(content)))
      else form.append(name, new File([content], filename, { type: own ?? 'text/plain' }))
    }
  } catch (error) {
    if (error instanceof MultipartError) throw new TypeError(error.message)
    throw error
  }
  return form
}
