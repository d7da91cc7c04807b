// CompressionStream and DecompressionStream: WHATWG Compression, by fflate. The work counts as the service's own.
import { Deflate, Gunzip, Gzip, Inflate, Unzlib, Zlib } from 'fflate'
import { bytesOf } from '../bytes.ts'
import { gzipTrailer, zlibTrailer, type Trailer } from './checksums.ts'
import { demand, webInterface } from './interface.ts'
import { TransformStream, type ReadableStream, type WritableStream } from './streams.ts'

interface Coder {
  ondata: (bytes: Uint8Array<ArrayBuffer>, final: boolean) => void
  push(bytes: Uint8Array<ArrayBuffer>, final?: boolean): void
}

interface Format {
  compress: () => Coder
  decompress: () => Coder
  /** fflate checks no checksum. */
  trailer?: () => Trailer
}

const formats: Record<string, Format> = {
  gzip: { compress: () => new Gzip(), decompress: () => new Gunzip(), trailer: gzipTrailer },
  deflate: { compress: () => new Zlib(), decompress: () => new Unzlib(), trailer: zlibTrailer },
  'deflate-raw': { compress: () => new Deflate(), decompress: () => new Inflate() },
}

/** What is decompressed at once before the reader is asked: a small input may grow a thousandfold. */
const PIECE_BYTES = 16 * 1024

function formatOf(format: unknown): Format {
  const name = String(format)
  const found = Object.hasOwn(formats, name) ? formats[name] : undefined
  if (found) return found
  throw new TypeError(`The format "${name}" is unknown; use gzip, deflate or deflate-raw.`)
}

function through(coder: Coder, check?: TrailerCheck): TransformStream<unknown, Uint8Array> {
  let enqueue: (bytes: Uint8Array) => void = () => {}
  coder.ondata = (bytes) => {
    if (bytes.length === 0) return
    check?.counted(bytes)
    enqueue(bytes)
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
      check?.read(bytes)
      for (let at = 0; at < bytes.length; at += PIECE_BYTES)
        push(bytes.slice(at, at + PIECE_BYTES) as Uint8Array<ArrayBuffer>, false)
    },
    flush() {
      push(new Uint8Array(0), true)
      check?.end()
    },
  })
}

/** One member and nothing behind it (WHATWG Compression): so its trailer is the end of the input. */
class TrailerCheck {
  readonly #trailer: Trailer
  #last = new Uint8Array(0)
  constructor(trailer: Trailer) {
    this.#trailer = trailer
  }
  read(input: Uint8Array): void {
    const { length } = this.#trailer
    if (input.length >= length) this.#last = input.slice(-length)
    else {
      const joined = new Uint8Array(this.#last.length + input.length)
      joined.set(this.#last)
      joined.set(input, this.#last.length)
      this.#last = joined.slice(-length)
    }
  }
  counted(output: Uint8Array): void {
    this.#trailer.add(output)
  }
  /** @throws TypeError when the data was cut off, changed on its way, or is followed by something. */
  end(): void {
    if (this.#last.length === this.#trailer.length && this.#trailer.matches(this.#last)) return
    throw new TypeError('The data is damaged: its checksum is another, or something follows it.')
  }
}

export class CompressionStream {
  readonly #stream: TransformStream<unknown, Uint8Array>
  constructor(format: unknown) {
    demand(1, arguments.length, 'CompressionStream')
    this.#stream = through(formatOf(format).compress())
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
    const { decompress, trailer } = formatOf(format)
    this.#stream = through(decompress(), trailer && new TrailerCheck(trailer()))
  }
  get readable(): ReadableStream<Uint8Array> {
    return this.#stream.readable
  }
  get writable(): WritableStream<unknown> {
    return this.#stream.writable
  }
}
webInterface(DecompressionStream, 'DecompressionStream')
