// The `ctx` of a handler. Nothing of a request is parsed before it is asked for.
import { hostError } from '../../sandbox/calls.ts'
import { abortSignal, makeSignal, type AbortSignal } from '../../sandbox/web/abort.ts'
import { provided } from '../../sandbox/globals.ts'
import type { PendingRequest } from '../../sandbox/requests.ts'
import { bytesOf, parseBody, type ParsedBody, type UploadedFile } from './body.sandbox.ts'
import { cookieHeader, parseCookies, type CookieOptions } from './cookies.sandbox.ts'
import { checkHeader } from './reply-headers.sandbox.ts'
import { Reply } from './reply.sandbox.ts'
import { decodeUtf8 } from '../../sandbox/web/text.ts'
import { URLSearchParams } from '../../sandbox/web/url.ts'

export class Context {
  readonly #request: PendingRequest
  readonly path: string
  readonly params: Record<string, string>
  /** For middleware and handler to share. */
  readonly state: Record<string, unknown> = {}
  #body: ParsedBody | undefined
  #headers: Record<string, string> | undefined
  #queries: Record<string, string[]> | undefined
  #query: Record<string, string> | undefined
  #signal: AbortSignal | undefined
  #web: object | undefined
  /** Headers set by `header` and `setCookie`. */
  gathered: string[] | null = null
  /** The route was registered by `$router`: scripts of the original read the body as text. */
  isOriginal = false
  /** The last reply made by this context: what answers when the handler returns nothing. */
  made: Reply | null = null
  /** Set by the chain: runs what comes after a middleware. */
  next: () => Promise<unknown> = () => Promise.resolve(undefined)

  constructor(request: PendingRequest, path: string, params: Record<string, string>) {
    this.#request = request
    this.path = path
    this.params = params
  }

  get method(): string {
    return this.#request.parts.method
  }
  get url(): string {
    return this.#request.parts.url
  }
  get ip(): string {
    return this.#request.parts.ip
  }
  get userAgent(): string {
    return this.headers['user-agent'] ?? ''
  }
  get headers(): Record<string, string> {
    return (this.#headers ??= readHeaders(this.#request.parts.rawHeaders))
  }
  get cookies(): Record<string, string> {
    return parseCookies(this.headers['cookie'] ?? '')
  }
  get queries(): Record<string, string[]> {
    return (this.#queries ??= readQueries(this.url))
  }
  get query(): Record<string, string> {
    if (!this.#query) {
      this.#query = {}
      for (const [name, values] of Object.entries(this.queries)) define(this.#query, name, values[0]!)
    }
    return this.#query
  }
  get #parsed(): ParsedBody {
    return (this.#body ??= parseBody(this.#request.parts.body, this.headers['content-type'] ?? ''))
  }
  get body(): unknown {
    return this.isOriginal ? this.#asOriginal(this.#parsed.body) : this.#parsed.body
  }
  /** Without a body a text, as there; with one `JSON.parse(ctx.body)` works on what is parsed already. */
  #asOriginal(body: unknown): unknown {
    if (body === undefined) return ''
    if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return body
    if (!Object.hasOwn(body, 'toString')) {
      const value = () => decodeUtf8(this.rawBody)
      Object.defineProperty(body, 'toString', {
        value,
        enumerable: false,
        configurable: true,
        writable: true,
      })
    }
    return body
  }
  get files(): UploadedFile[] {
    return this.#parsed.files
  }
  get rawBody(): Uint8Array {
    return bytesOf(this.#request.parts.body)
  }
  /** Aborted when the client is gone or the request's time is up. */
  get signal(): AbortSignal {
    if (!this.#signal) {
      const signal = (this.#signal = makeSignal())
      this.#request.onAbort = () => abortSignal(signal)
    }
    return this.#signal
  }

  /** The request as the web has it; its URL has the path inside the service. */
  get request(): object {
    return (this.#web ??= this.#asWeb())
  }
  #asWeb(): object {
    const WebRequest = provided('Request') as new (url: string, init: object) => object
    const { method, rawHeaders, secure } = this.#request.parts
    const headers: [string, string][] = []
    for (let i = 0; i < rawHeaders.length; i += 2) headers.push([rawHeaders[i]!, rawHeaders[i + 1]!])
    const url = `${secure ? 'https' : 'http'}://${this.headers['host'] ?? 'localhost'}${this.url}`
    const body = method === 'GET' || method === 'HEAD' ? null : this.rawBody
    return new WebRequest(url, {
      method,
      headers,
      signal: this.signal,
      ...(body && body.length > 0 && { body }),
    })
  }

  response(status: number, body?: unknown, headers?: Record<string, unknown>): Reply {
    return (this.made = new Reply(status, body, headers))
  }
  json(value: unknown, status = 200): Reply {
    return this.response(status, JSON.stringify(value) ?? '', {
      'content-type': 'application/json; charset=utf-8',
    })
  }
  text(text: unknown, status = 200): Reply {
    return this.response(status, String(text))
  }
  html(html: unknown, status = 200): Reply {
    return this.response(status, String(html), { 'content-type': 'text/html; charset=utf-8' })
  }
  redirect(url: string, status = 302): Reply {
    return (this.made = redirect(url, status))
  }
  file(path: string, options?: { download?: boolean | string; maxAge?: number }): Reply {
    return (this.made = fileReply(path, options))
  }
  get hasContentType(): boolean {
    return this.gathered?.some((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-type') ?? false
  }
  header(name: string, value: unknown): this {
    const [key, text] = [String(name), String(value)]
    checkHeader(key, text)
    ;(this.gathered ??= []).push(key, text)
    return this
  }
  setCookie(name: string, value: string, options: CookieOptions = {}): this {
    return this.header('set-cookie', cookieHeader(name, value, options))
  }
}

/** @throws SERVICE_ARGUMENT_INVALID for no address, or a status that sends nobody elsewhere */
export function redirect(url: string, status = 302): Reply {
  const isAddress = (typeof url === 'string' && url !== '') || (typeof url === 'object' && url !== null)
  if (!isAddress || !Number.isInteger(status) || status < 300 || status > 399)
    throw hostError(
      'SERVICE_ARGUMENT_INVALID',
      isAddress
        ? `A redirect has a status of 300 to 399, not ${String(status)}.`
        : `A redirect needs an address, not "${String(url)}".`,
    )
  return new Reply(status, undefined, { location: encodeLocation(String(url)) })
}

// A header may carry ASCII only (RFC 9110); what is encoded already stays.
function encodeLocation(url: string): string {
  return encodeURI(url).replace(/%25([0-9A-Fa-f]{2})/g, '%$1')
}

export function fileReply(
  path: string,
  options: { download?: boolean | string; maxAge?: number } = {},
): Reply {
  const reply = new Reply(200)
  const name = options.download === true ? (String(path).split('/').at(-1) ?? 'file') : options.download
  reply.file = {
    path: String(path),
    ...(name ? { download: String(name) } : {}),
    ...(options.maxAge === undefined ? {} : { maxAge: Number(options.maxAge) }),
  }
  return reply
}

function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase()
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined
    const joint = name === 'cookie' ? '; ' : ', '
    define(headers, name, before === undefined ? raw[i + 1]! : before + joint + raw[i + 1]!)
  }
  return new Proxy(headers, anyCase)
}

const anyCase: ProxyHandler<Record<string, string>> = {
  get: (headers, name) => {
    if (typeof name !== 'string') return undefined
    const key = name.toLowerCase()
    return Object.hasOwn(headers, key)
      ? headers[key]
      : (Object.prototype as unknown as Record<string, string>)[name]
  },
  has: (headers, name) => typeof name === 'string' && Object.hasOwn(headers, name.toLowerCase()),
}

function readQueries(url: string): Record<string, string[]> {
  const queries: Record<string, string[]> = {}
  const at = url.indexOf('?')
  if (at < 0) return queries
  for (const [name, value] of new URLSearchParams(url.slice(at + 1))) {
    if (Object.hasOwn(queries, name)) queries[name]!.push(value)
    else define(queries, name, [value])
  }
  return queries
}

function define<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  else target[name] = value
}
