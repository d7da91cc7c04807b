/** A response somebody made on purpose; made by `router.response` and its kin. */
interface RouterResponse {
  status: number
  body: unknown
  headers?: Record<string, string | number | string[]>
}

/** A file of a multipart body. */
interface UploadedFile {
  /** Name of the form field. */
  field: string
  /** File name as the sender gave it. */
  name: string
  type: string
  /** Bytes. */
  size: number
  bytes: Uint8Array
}

interface CookieOptions {
  /** Seconds. */
  maxAge?: number
  /** Default `/`. */
  path?: string
  domain?: string
  secure?: boolean
  httpOnly?: boolean
  sameSite?: 'strict' | 'lax' | 'none'
}

/** One request. */
interface RequestContext {
  readonly method: string
  /** Path inside the service, without the query. */
  readonly path: string
  /** Path and query. */
  readonly url: string
  /** Values of `:name` and `*rest`, percent-decoded. */
  readonly params: Record<string, string>
  /** First value of each name. */
  readonly query: Record<string, string>
  /** All values of each name. */
  readonly queries: Record<string, string[]>
  /** Names in any case. */
  readonly headers: Record<string, string>
  readonly cookies: Record<string, string>
  readonly ip: string
  readonly userAgent: string
  /** Parsed by content type: JSON, form, multipart (files in `files`), text, else bytes. Malformed JSON answers 400. */
  readonly body: any
  readonly rawBody: Uint8Array
  readonly files: UploadedFile[]
  /** For middleware and handler to share. */
  readonly state: Record<string, any>
  /** Aborted when the client is gone or the time is up. */
  readonly signal: AbortSignal
  /** The request as the web has it, for code that knows `Request`. Its URL has the path inside the service. */
  readonly request: Request
  response(
    status: number,
    body?: unknown,
    headers?: Record<string, string | number | string[]>,
  ): RouterResponse
  json(value: unknown, status?: number): RouterResponse
  text(text: string, status?: number): RouterResponse
  html(html: string, status?: number): RouterResponse
  redirect(url: string, status?: number): RouterResponse
  /** A file of the project's storage. */
  file(storagePath: string, options?: { download?: boolean | string; maxAge?: number }): RouterResponse
  setCookie(name: string, value: string, options?: CookieOptions): this
  /** Adds a header to the answer. */
  header(name: string, value: string): this
  /** In middleware: runs what comes after it. */
  next(): Promise<unknown>
}

/**
 * Returns the answer: a value is the body (object → JSON, string → text, bytes → octet-stream, nothing → 204), or a response: `router.response`'s or the web's `Response`.
 * What it throws is logged with its position and answered `{ error, requestId }`: 500, in a release without the message; an
 * error with `expose: true` by its own `status` and message; `RECORD_INVALID` and its kin of `database` by 400, 404, 409.
 */
type RouteHandler = (ctx: RequestContext) => unknown

/** An open socket. */
interface RouterSocket {
  readonly ctx: RequestContext
  /** For you. */
  readonly state: Record<string, any>
  readonly isOpen: boolean
  /** Text, bytes, or anything else as JSON. `false` when the socket is closed. */
  send(data: unknown): boolean
  /** `code` 1000 or 3000 to 4999. */
  close(code?: number, reason?: string): void
}

interface SocketHandlers {
  open?(socket: RouterSocket, ctx: RequestContext): unknown
  message?(socket: RouterSocket, data: string | Uint8Array): unknown
  close?(socket: RouterSocket, code: number, reason: string): unknown
}

/** Routes of the router or of a group. Patterns: `:name`, `:name?` at the end, `*rest` at the end; static beats parameter beats wildcard. */
interface RouteGroup {
  /** Answers GET, and HEAD where no route of its own does. @throws ROUTER_PATTERN_INVALID, SERVICE_LIMIT_REACHED */
  get(path: string, handler: RouteHandler): void
  /** Answers POST. */
  post(path: string, handler: RouteHandler): void
  /** Answers PUT. */
  put(path: string, handler: RouteHandler): void
  /** Answers PATCH. */
  patch(path: string, handler: RouteHandler): void
  /** Answers DELETE. */
  delete(path: string, handler: RouteHandler): void
  /** Answers HEAD. */
  head(path: string, handler: RouteHandler): void
  /** Answers OPTIONS. */
  options(path: string, handler: RouteHandler): void
  /** Answers every method that has no route of its own. */
  all(path: string, handler: RouteHandler): void
  /** Runs before the handlers of routes below `prefix`; `false` or a response stops; `await ctx.next()` runs the rest. */
  use(handler: RouteHandler): void
  use(prefix: string, handler: RouteHandler): void
  /** Routes with a common prefix and middleware of their own. */
  group(prefix: string, build: (group: RouteGroup) => void): void
  /** Accepts WebSockets. Messages have at most 1 MB. */
  websocket(path: string, handlers: SocketHandlers): void
}

/** A handler as services for workers have it (WinterTC). */
type FetchHandler = (
  request: Request,
  env: Record<string, any>,
  ctx: { waitUntil(promise: Promise<any>): void; passThroughOnException(): void },
) => Response | Promise<Response>

/** The service's routes, and what handlers return. */
interface RouterModule extends RouteGroup {
  /** Answers preflights and adds the headers of CORS. */
  cors(options?: {
    origins?: string[] | '*'
    methods?: string[]
    headers?: string[]
    exposeHeaders?: string[]
    credentials?: boolean
    /** Seconds. */
    maxAge?: number
  }): void
  /**
   * Answers what no route answers by a handler in the form of `fetch`: what `export default { fetch }` does by itself. `env`
   * has the project's variables.
   */
  serve(service: FetchHandler | { fetch: FetchHandler }): void
  /** A response with a status. @throws SERVICE_ARGUMENT_INVALID for a status that is none. */
  response(
    status: number,
    body?: unknown,
    headers?: Record<string, string | number | string[]>,
  ): RouterResponse
  /** Sends the client elsewhere. */
  redirect(url: string, status?: number): RouterResponse
  /** A file of the project's storage, with ranges and caching. `maxAge` in seconds. */
  file(storagePath: string, options?: { download?: boolean | string; maxAge?: number }): RouterResponse
  /** A body sent as it comes, texts and bytes. */
  stream(
    source: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
    options?: { status?: number; headers?: Record<string, string> },
  ): RouterResponse
  /** Server-sent events. `send` resolves when the client can take more, with `false` when it is gone. */
  sse(
    run: (
      send: (data: unknown, options?: { event?: string; id?: string; retry?: number }) => Promise<boolean>,
      closed: AbortSignal,
    ) => unknown,
  ): RouterResponse
}
