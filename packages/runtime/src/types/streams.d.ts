// The web's streams (WHATWG Streams, Compression, Encoding) and what is made of bytes.

interface QueuingStrategy<T = any> {
  highWaterMark?: number
  size?(chunk: T): number
}
declare class CountQueuingStrategy implements QueuingStrategy {
  constructor(init: { highWaterMark: number })
  readonly highWaterMark: number
  readonly size: (chunk: any) => number
}
declare class ByteLengthQueuingStrategy implements QueuingStrategy<ArrayBufferView> {
  constructor(init: { highWaterMark: number })
  readonly highWaterMark: number
  readonly size: (chunk: ArrayBufferView) => number
}
type StreamRead<T> = { done: false; value: T } | { done: true; value: T | undefined }
interface StreamPipeOptions {
  preventClose?: boolean
  preventAbort?: boolean
  preventCancel?: boolean
  signal?: AbortSignal
}
declare class ReadableStreamDefaultController<R = any> {
  private constructor()
  readonly desiredSize: number | null
  enqueue(chunk?: R): void
  close(): void
  error(reason?: any): void
}
declare class ReadableStreamBYOBRequest {
  private constructor()
  readonly view: Uint8Array | null
  respond(bytesWritten: number): void
  respondWithNewView(view: ArrayBufferView): void
}
declare class ReadableByteStreamController {
  private constructor()
  readonly byobRequest: ReadableStreamBYOBRequest | null
  readonly desiredSize: number | null
  enqueue(chunk: ArrayBufferView): void
  close(): void
  error(reason?: any): void
}
declare class ReadableStreamDefaultReader<R = any> {
  constructor(stream: ReadableStream<R>)
  readonly closed: Promise<undefined>
  read(): Promise<StreamRead<R>>
  cancel(reason?: any): Promise<void>
  releaseLock(): void
}
declare class ReadableStreamBYOBReader {
  constructor(stream: ReadableStream<Uint8Array>)
  readonly closed: Promise<undefined>
  read<T extends ArrayBufferView>(view: T, options?: { min?: number }): Promise<StreamRead<T>>
  cancel(reason?: any): Promise<void>
  releaseLock(): void
}
declare class ReadableStream<R = any> implements AsyncIterable<R> {
  constructor(
    source: {
      type: 'bytes'
      autoAllocateChunkSize?: number
      start?(controller: ReadableByteStreamController): any
      pull?(controller: ReadableByteStreamController): any
      cancel?(reason?: any): any
    },
    strategy?: { highWaterMark?: number },
  )
  constructor(
    source?: {
      start?(controller: ReadableStreamDefaultController<R>): any
      pull?(controller: ReadableStreamDefaultController<R>): any
      cancel?(reason?: any): any
    },
    strategy?: QueuingStrategy<R>,
  )
  static from<T>(source: Iterable<T> | AsyncIterable<T>): ReadableStream<T>
  readonly locked: boolean
  cancel(reason?: any): Promise<void>
  getReader(options: { mode: 'byob' }): ReadableStreamBYOBReader
  getReader(): ReadableStreamDefaultReader<R>
  pipeThrough<T>(
    pair: { readable: ReadableStream<T>; writable: WritableStream<any> },
    options?: StreamPipeOptions,
  ): ReadableStream<T>
  pipeTo(destination: WritableStream<R>, options?: StreamPipeOptions): Promise<void>
  tee(): [ReadableStream<R>, ReadableStream<R>]
  values(options?: { preventCancel?: boolean }): AsyncIterableIterator<R>
  [Symbol.asyncIterator](): AsyncIterableIterator<R>
}
declare class WritableStreamDefaultController {
  private constructor()
  readonly signal: AbortSignal
  error(reason?: any): void
}
declare class WritableStreamDefaultWriter<W = any> {
  constructor(stream: WritableStream<W>)
  readonly closed: Promise<undefined>
  readonly desiredSize: number | null
  readonly ready: Promise<undefined>
  write(chunk?: W): Promise<void>
  close(): Promise<void>
  abort(reason?: any): Promise<void>
  releaseLock(): void
}
declare class WritableStream<W = any> {
  constructor(
    sink?: {
      start?(controller: WritableStreamDefaultController): any
      write?(chunk: W, controller: WritableStreamDefaultController): any
      close?(): any
      abort?(reason?: any): any
    },
    strategy?: QueuingStrategy<W>,
  )
  readonly locked: boolean
  getWriter(): WritableStreamDefaultWriter<W>
  close(): Promise<void>
  abort(reason?: any): Promise<void>
}
declare class TransformStreamDefaultController<O = any> {
  private constructor()
  readonly desiredSize: number | null
  enqueue(chunk?: O): void
  error(reason?: any): void
  terminate(): void
}
declare class TransformStream<I = any, O = any> {
  constructor(
    transformer?: {
      start?(controller: TransformStreamDefaultController<O>): any
      transform?(chunk: I, controller: TransformStreamDefaultController<O>): any
      flush?(controller: TransformStreamDefaultController<O>): any
      cancel?(reason?: any): any
    },
    writableStrategy?: QueuingStrategy<I>,
    readableStrategy?: QueuingStrategy<O>,
  )
  readonly readable: ReadableStream<O>
  readonly writable: WritableStream<I>
}
declare class TextEncoderStream {
  readonly encoding: string
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<string>
}
declare class TextDecoderStream {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean })
  readonly encoding: string
  readonly fatal: boolean
  readonly ignoreBOM: boolean
  readonly readable: ReadableStream<string>
  readonly writable: WritableStream<ArrayBuffer | ArrayBufferView>
}
declare class CompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw')
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<ArrayBuffer | ArrayBufferView>
}
declare class DecompressionStream {
  constructor(format: 'gzip' | 'deflate' | 'deflate-raw')
  readonly readable: ReadableStream<Uint8Array>
  readonly writable: WritableStream<ArrayBuffer | ArrayBufferView>
}

type BlobPart = string | ArrayBuffer | ArrayBufferView | Blob
declare class Blob {
  constructor(parts?: Iterable<BlobPart>, options?: { type?: string; endings?: 'transparent' | 'native' })
  readonly size: number
  readonly type: string
  bytes(): Promise<Uint8Array>
  arrayBuffer(): Promise<ArrayBuffer>
  text(): Promise<string>
  stream(): ReadableStream<Uint8Array>
  slice(start?: number, end?: number, type?: string): Blob
}
declare class File extends Blob {
  constructor(
    parts: Iterable<BlobPart>,
    name: string,
    options?: { type?: string; lastModified?: number; endings?: 'transparent' | 'native' },
  )
  readonly name: string
  readonly lastModified: number
}
declare class FormData implements Iterable<[string, string | File]> {
  append(name: string, value: string | Blob, filename?: string): void
  set(name: string, value: string | Blob, filename?: string): void
  get(name: string): string | File | null
  getAll(name: string): (string | File)[]
  has(name: string): boolean
  delete(name: string): void
  forEach(fn: (value: string | File, name: string, form: FormData) => void, self?: any): void
  entries(): IterableIterator<[string, string | File]>
  keys(): IterableIterator<string>
  values(): IterableIterator<string | File>
  [Symbol.iterator](): IterableIterator<[string, string | File]>
}

type URLPatternInit = Partial<
  Record<
    'protocol' | 'username' | 'password' | 'hostname' | 'port' | 'pathname' | 'search' | 'hash' | 'baseURL',
    string
  >
>
interface URLPatternComponentResult {
  input: string
  groups: Record<string, string | undefined>
}
interface URLPatternResult {
  inputs: [string | URLPatternInit] | [string | URLPatternInit, string]
  protocol: URLPatternComponentResult
  username: URLPatternComponentResult
  password: URLPatternComponentResult
  hostname: URLPatternComponentResult
  port: URLPatternComponentResult
  pathname: URLPatternComponentResult
  search: URLPatternComponentResult
  hash: URLPatternComponentResult
}
declare class URLPattern {
  constructor(pattern?: string | URLPatternInit, base?: string | { ignoreCase?: boolean })
  test(input?: string | URLPatternInit, base?: string): boolean
  exec(input?: string | URLPatternInit, base?: string): URLPatternResult | null
  readonly protocol: string
  readonly username: string
  readonly password: string
  readonly hostname: string
  readonly port: string
  readonly pathname: string
  readonly search: string
  readonly hash: string
}
