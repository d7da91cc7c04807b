// Response: WHATWG Fetch.
import { encodeUtf8 } from '../../sandbox/bytes.ts'
import { dictionary } from '../../sandbox/web/events.ts'
import { demand, webInterface } from '../../sandbox/web/interface.ts'
import { URL } from '../../sandbox/web/url.ts'
import { readWebReplies } from '../../sandbox/web/web-replies.ts'
import { Body, cloneContent, contentOf, takeContent, type Content } from './body.sandbox.ts'
import { freezeHeaders, Headers, type HeadersInit } from './headers.sandbox.ts'

export interface ResponseInit {
  status?: unknown
  statusText?: unknown
  headers?: HeadersInit
}

/** What only a response has that came over the net. */
interface Origin {
  url: string
  redirected: boolean
  type: 'basic' | 'error' | 'default'
  status: number
}

const MADE = Symbol('made')
const NO_BODY = [101, 103, 204, 205, 304]

export class Response extends Body {
  readonly #status: number
  readonly #statusText: string
  readonly #headers: Headers
  readonly #origin: Partial<Origin>

  constructor(body?: unknown, init: ResponseInit | null = {}) {
    dictionary(init, 'Response')
    const given = init ?? {}
    const origin = (given as { [MADE]?: Partial<Origin> })[MADE] ?? {}
    const status = origin.status ?? statusOf(given.status)
    const statusText = given.statusText === undefined ? '' : String(given.statusText)
    if (/[^\t\x20-\x7e\x80-\xff]/.test(statusText))
      throw new TypeError('The statusText holds no such characters.')
    const headers = new Headers(given.headers)
    const content = origin.type === undefined ? contentOf(body) : (body as Content | null)
    if (content && NO_BODY.includes(status))
      throw new TypeError(`A response with the status ${status} has no body.`)
    if (content?.type && !headers.has('content-type')) headers.set('content-type', content.type)
    super(content, () => headers.get('content-type') ?? '')
    this.#status = status
    this.#statusText = statusText
    this.#headers = headers
    this.#origin = origin
  }
  get type(): string {
    return this.#origin.type ?? 'default'
  }
  get url(): string {
    return this.#origin.url ?? ''
  }
  get redirected(): boolean {
    return this.#origin.redirected ?? false
  }
  get status(): number {
    return this.#status
  }
  get ok(): boolean {
    return this.#status >= 200 && this.#status < 300
  }
  get statusText(): string {
    return this.#statusText
  }
  get headers(): Headers {
    return this.#headers
  }
  clone(): Response {
    const { status, statusText, headers, type } = this
    const origin = { ...this.#origin, status, type: type as Origin['type'] }
    return makeResponse(cloneContent(this), { statusText, headers }, origin)
  }
  static json(value: unknown, init: ResponseInit = {}): Response {
    demand(1, arguments.length, 'Response.json')
    const text = JSON.stringify(value)
    if (text === undefined) throw new TypeError('The value has no JSON.')
    const headers = new Headers(init?.headers)
    if (!headers.has('content-type')) headers.set('content-type', 'application/json')
    return new Response(encodeUtf8(text), { ...init, headers })
  }
  static error(): Response {
    const response = makeResponse(null, {}, { type: 'error', status: 0 })
    freezeHeaders(response.headers)
    return response
  }
  static redirect(url: unknown, status: unknown = 302): Response {
    demand(1, arguments.length, 'Response.redirect')
    const target = URL.parse(String(url))
    if (!target) throw new TypeError(`"${String(url)}" is no absolute URL; router.redirect takes paths, too.`)
    const code = Math.trunc(Number(status))
    if (![301, 302, 303, 307, 308].includes(code)) throw new RangeError(`${String(status)} is no redirect.`)
    const response = new Response(null, { status: code, headers: { location: target.href } })
    freezeHeaders(response.headers)
    return response
  }
}
webInterface(Response, 'Response')

function statusOf(value: unknown): number {
  const status = value === undefined ? 200 : Math.trunc(Number(value))
  if (status >= 200 && status <= 599) return status
  throw new RangeError(`The status must be from 200 to 599, not ${String(value)}.`)
}

/** A response that was received. */
export function makeResponse(
  content: Content | null,
  init: ResponseInit,
  origin: Partial<Origin> & { status: number },
): Response {
  return new Response(content, { ...init, [MADE]: { type: 'basic', ...origin } } as ResponseInit)
}

readWebReplies((value) => {
  if (!(value instanceof Response)) return null
  if (value.type === 'error') throw new TypeError('Response.error() cannot answer a request.')
  const content = takeContent(value)
  return { status: value.status, headers: [...value.headers], body: content ? content.source : null }
})
