// CompressionStream and DecompressionStream: WHATWG Compression, by fflate. The work counts as the service's own.
import { Deflate, Gunzip, Gzip, Inflate, Unzlib, Zlib } from 'fflate'
import { bytesOf } from '../bytes.ts'
import { demand, webInterface } from './interface.ts'
import { TransformStream, type ReadableStream, type WritableStream } from './streams.ts'

interface Coder {
  ondata: (bytes: Uint8Array<ArrayBuffer>, final: boolean) => void
  push(bytes: Uint8Array<ArrayBuffer>, final?: boolean): void
}

const coders: Record<string, { compress: () => Coder; decompress: () => Coder }> = {
  gzip: { compress: () => new Gzip(), decompress: () => new Gunzip() },
  deflate: { compress: () => new Zlib(), decompress: () => new Unzlib() },
  'deflate-raw': { compress: () => new Deflate(), decompress: () => new Inflate() },
}

/** What is decompressed at once before the reader is asked: a small input may grow a thousandfold. */
const PIECE_BYTES = 16 * 1024

function coderOf(format: unknown, way: 'compress' | 'decompress'): Coder {
  const name = String(format)
  const found = Object.hasOwn(coders, name) ? coders[name] : undefined
  if (found) return found[way]()
  throw new TypeError(`The format "${name}" is unknown; use gzip, deflate or deflate-raw.`)
}

function through(coder: Coder): TransformStream<unknown, Uint8Array> {
  let enqueue: (bytes: Uint8Array) => void = () => {}
  coder.ondata = (bytes) => {
    if (bytes.length > 0) enqueue(bytes)
  }
  const push = (bytes: Uint8Array<ArrayBuffer>, final: boolean) => {
    try {
      coder.push(bytes, final)
    } catch (error) {
      throw new TypeError(`The data is not what the format says: ${(error as Error).message}.`)
    }
  }
  return new TransformStream<unknown, Uint8Array>({
    start(controller) {
      enqueue = (bytes) => controller.enqueue(bytes)
    },
    transform(chunk) {
      const bytes = typeof chunk === 'string' ? null : bytesOf(chunk)
      if (!bytes) throw new TypeError('A compression stream takes bytes.')
      for (let at = 0; at < bytes.length; at += PIECE_BYTES)
        push(bytes.slice(at, at + PIECE_BYTES) as Uint8Array<ArrayBuffer>, false)
    },
    flush() {
      push(new Uint8Array(0), true)
    },
  })
}

export class CompressionStream {
  readonly #stream: TransformStream<unknown, Uint8Array>
  constructor(format: unknown) {
    demand(1, arguments.length, 'CompressionStream')
    this.#stream = through(coderOf(format, 'compress'))
  }
  get readable(): ReadableStream<Uint8Array> {
    return this.#stream.readable
  }
  get writable(): WritableStream<unknown> {
    return this.#stream.writable
  }
}
webInterface(CompressionStream, 'CompressionStream')

export class DecompressionStream {
  readonly #stream: TransformStream<unknown, Uint8Array>
  constructor(format: unknown) {
    demand(1, arguments.length, 'DecompressionStream')
    this.#stream = through(coderOf(format, 'decompress'))
  }
  get readable(): ReadableStream<Uint8Array> {
    return this.#stream.readable
  }
  get writable(): WritableStream<unknown> {
    return this.#stream.writable
  }
}
webInterface(DecompressionStream, 'DecompressionStream')
