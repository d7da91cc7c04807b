// oxlint-disable typescript/no-explicit-any -- the web's own types
declare class Headers implements Iterable<[string, string]> {
  constructor(init?: Headers | Iterable<readonly [string, string]> | Record<string, string> | null)
  append(name: string, value: string): void
  set(name: string, value: string): void
  get(name: string): string | null
  getSetCookie(): string[]
  has(name: string): boolean
  delete(name: string): void
  forEach(fn: (value: string, name: string, headers: Headers) => void): void
  keys(): IterableIterator<string>
  values(): IterableIterator<string>
  entries(): IterableIterator<[string, string]>
  [Symbol.iterator](): IterableIterator<[string, string]>
}
declare class Blob {
  constructor(parts?: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>, options?: { type?: string })
  readonly size: number
  readonly type: string
  bytes(): Promise<Uint8Array>
  arrayBuffer(): Promise<ArrayBuffer>
  text(): Promise<string>
  slice(start?: number, end?: number, type?: string): Blob
}
declare class File extends Blob {
  constructor(
    parts: Iterable<string | ArrayBuffer | ArrayBufferView | Blob>,
    name: string,
    options?: { type?: string; lastModified?: number },
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
  forEach(fn: (value: string | File, name: string, form: FormData) => void): void
  entries(): IterableIterator<[string, string | File]>
  keys(): IterableIterator<string>
  values(): IterableIterator<string | File>
  [Symbol.iterator](): IterableIterator<[string, string | File]>
}
type BodyInit = string | ArrayBuffer | ArrayBufferView | Blob | FormData | URLSearchParams
interface RequestInit {
  method?: string
  headers?: Headers | Iterable<readonly [string, string]> | Record<string, string>
  body?: BodyInit | null
  redirect?: 'follow' | 'manual' | 'error'
  signal?: AbortSignal | null
}
interface ResponseInit {
  status?: number
  statusText?: string
  headers?: Headers | Iterable<readonly [string, string]> | Record<string, string>
}
declare class Request {
  constructor(input: string | URL | Request, init?: RequestInit)
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly redirect: 'follow' | 'manual' | 'error'
  readonly signal: AbortSignal
  readonly bodyUsed: boolean
  bytes(): Promise<Uint8Array>
  arrayBuffer(): Promise<ArrayBuffer>
  text(): Promise<string>
  json(): Promise<any>
  blob(): Promise<Blob>
  formData(): Promise<FormData>
  clone(): Request
}
declare class Response {
  constructor(body?: BodyInit | null, init?: ResponseInit)
  static json(value: any, init?: ResponseInit): Response
  static error(): Response
  static redirect(url: string | URL, status?: number): Response
  readonly url: string
  readonly status: number
  readonly statusText: string
  readonly ok: boolean
  readonly redirected: boolean
  readonly headers: Headers
  readonly bodyUsed: boolean
  bytes(): Promise<Uint8Array>
  arrayBuffer(): Promise<ArrayBuffer>
  text(): Promise<string>
  json(): Promise<any>
  blob(): Promise<Blob>
  formData(): Promise<FormData>
  clone(): Response
}

/** The web's fetch: bodies come whole (at most 50 MB), within 30 seconds, behind the same guard as `http`. */
interface FetchModule {
  /** @throws what `http` throws; the signal's reason when it aborts. */
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
}
