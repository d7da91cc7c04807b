// Blob and File: W3C File API.
import { bytesOf, decodeUtf8, encodeUtf8 } from '../bytes.ts'
import { CLONE_HANDLERS } from './clone.ts'
import { dictionary } from './events.ts'
import { demand, webInterface } from './interface.ts'
import { streamOfBytes, type ReadableStream } from './streams.ts'

const CHUNK_BYTES = 64 * 1024

let partsOf: (blob: Blob) => Uint8Array

interface BlobOptions {
  type?: unknown
  endings?: unknown
}

export class Blob {
  readonly #bytes: Uint8Array
  readonly #type: string

  static {
    partsOf = (blob) => blob.#bytes
  }
  constructor(parts?: Iterable<unknown>, options: BlobOptions | null = {}) {
    dictionary(options, 'Blob')
    if (parts !== undefined && (typeof parts !== 'object' || parts === null || !(Symbol.iterator in parts)))
      throw new TypeError('The parts of a Blob must be a list.')
    const endings = options?.endings === undefined ? 'transparent' : String(options.endings)
    if (endings !== 'transparent' && endings !== 'native')
      throw new TypeError(`The option "endings" is transparent or native, not "${endings}".`)
    const type = options?.type === undefined ? '' : String(options.type)
    this.#bytes = joined(Array.from(parts ?? [], (part) => pieceOf(part, endings === 'native')))
    this.#type = /[^\x20-\x7e]/.test(type) ? '' : type.toLowerCase()
  }
  get size(): number {
    return this.#bytes.length
  }
  get type(): string {
    return this.#type
  }
  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.slice().buffer
  }
  async bytes(): Promise<Uint8Array> {
    return this.#bytes.slice()
  }
  async text(): Promise<string> {
    const text = decodeUtf8(this.#bytes)
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  }
  stream(): ReadableStream {
    return streamOfBytes(this.#bytes, CHUNK_BYTES)
  }
  slice(start: unknown = 0, end: unknown = this.size, type: unknown = ''): Blob {
    const blob = new Blob([], { type })
    return withBytes(blob, this.#bytes.subarray(clamped(start, this.size), clamped(end, this.size)))
  }
}
webInterface(Blob, 'Blob')

// A slice shares the bytes: nobody can change them.
function withBytes(like: Blob, bytes: Uint8Array): Blob {
  return new Blob([bytes], { type: like.type })
}

function clamped(value: unknown, size: number): number {
  const at = Math.trunc(Number(value)) || 0
  return at < 0 ? Math.max(0, size + at) : Math.min(at, size)
}

function pieceOf(part: unknown, native: boolean): Uint8Array {
  if (part instanceof Blob) return partsOf(part)
  if (typeof part !== 'string') {
    const bytes = bytesOf(part)
    if (bytes) return bytes
  }
  const text = String(part)
  return encodeUtf8(native ? text.replace(/\r\n?/g, '\n') : text)
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** The bytes of a blob, not to be changed: what the wire takes, without waiting. */
export function blobBytes(blob: Blob): Uint8Array {
  return partsOf(blob)
}

export class File extends Blob {
  readonly #name: string
  readonly #lastModified: number

  constructor(
    parts: Iterable<unknown>,
    name: unknown,
    options: (BlobOptions & { lastModified?: unknown }) | null = {},
  ) {
    demand(2, arguments.length, 'File')
    super(parts ?? null, options)
    this.#name = String(name)
    this.#lastModified =
      options?.lastModified === undefined ? Date.now() : Math.trunc(Number(options.lastModified)) || 0
  }
  get name(): string {
    return this.#name
  }
  get lastModified(): number {
    return this.#lastModified
  }
  get webkitRelativePath(): string {
    return ''
  }
}
webInterface(File, 'File')

CLONE_HANDLERS.add((value) => {
  if (value instanceof File)
    return new File([value], value.name, { type: value.type, lastModified: value.lastModified })
  return value instanceof Blob ? new Blob([value], { type: value.type }) : undefined
})
