// oxlint-disable typescript/no-explicit-any -- the web's own types
type HeadersInit = Headers | Iterable<readonly [string, string]> | Record<string, string>
declare class Headers implements Iterable<[string, string]> {
  constructor(init?: HeadersInit)
  append(name: string, value: string): void
  set(name: string, value: string): void
  get(name: string): string | null
  getSetCookie(): string[]
  has(name: string): boolean
  delete(name: string): void
  forEach(fn: (value: string, name: string, headers: Headers) => void, self?: any): void
  keys(): IterableIterator<string>
  values(): IterableIterator<string>
  entries(): IterableIterator<[string, string]>
  [Symbol.iterator](): IterableIterator<[string, string]>
}
type BodyInit =
  string | ArrayBuffer | ArrayBufferView | Blob | FormData | URLSearchParams | ReadableStream<Uint8Array>
interface RequestInit {
  method?: string
  headers?: HeadersInit
  body?: BodyInit | null
  redirect?: 'follow' | 'manual' | 'error'
  signal?: AbortSignal | null
  /** Taken for code that names it; a stream is sent when it has come whole. */
  duplex?: 'half'
  cache?: string
  credentials?: string
  mode?: string
  keepalive?: boolean
}
interface ResponseInit {
  status?: number
  statusText?: string
  headers?: HeadersInit
}
declare class Request {
  constructor(input: string | URL | Request, init?: RequestInit)
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly redirect: 'follow' | 'manual' | 'error'
  readonly signal: AbortSignal
  readonly body: ReadableStream<Uint8Array> | null
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
  readonly type: string
  readonly url: string
  readonly status: number
  readonly statusText: string
  readonly ok: boolean
  readonly redirected: boolean
  readonly headers: Headers
  readonly body: ReadableStream<Uint8Array> | null
  readonly bodyUsed: boolean
  bytes(): Promise<Uint8Array>
  arrayBuffer(): Promise<ArrayBuffer>
  text(): Promise<string>
  json(): Promise<any>
  blob(): Promise<Blob>
  formData(): Promise<FormData>
  clone(): Response
}
/** A socket to somebody else; `router.websocket` is for those who come to the service. Messages have at most 1 MB. */
declare class WebSocket extends EventTarget {
  /** `headers` is ours: for servers that want an `Authorization`. */
  constructor(
    url: string | URL,
    protocols?: string | string[] | { protocols?: string | string[]; headers?: Record<string, string> },
  )
  static readonly CONNECTING: 0
  static readonly OPEN: 1
  static readonly CLOSING: 2
  static readonly CLOSED: 3
  readonly url: string
  readonly readyState: number
  readonly bufferedAmount: number
  readonly protocol: string
  readonly extensions: string
  binaryType: 'blob' | 'arraybuffer'
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  send(data: string | ArrayBuffer | ArrayBufferView | Blob): void
  close(code?: number, reason?: string): void
}
/** Reads server-sent events and connects again when the connection breaks. */
declare class EventSource extends EventTarget {
  constructor(url: string | URL, init?: { withCredentials?: boolean })
  static readonly CONNECTING: 0
  static readonly OPEN: 1
  static readonly CLOSED: 2
  readonly url: string
  readonly readyState: number
  readonly withCredentials: boolean
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent<string>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  close(): void
}

/**
 * The web's fetch: the head within 30 seconds, the body as a stream; `text()` and its kin take at most 50 MB. Behind the
 * same guard as `http`.
 */
interface FetchModule {
  /**
   * @throws TypeError with the `code` that `http` would throw; the signal's reason when it aborts; FETCH_TOO_MANY_OPEN,
   * FETCH_BODY_GONE
   */
  (input: string | URL | Request, init?: RequestInit): Promise<Response>
}
