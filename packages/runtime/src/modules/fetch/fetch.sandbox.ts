// fetch, Request, Response: WHATWG Fetch, the parts of it that make sense on a server. Bodies come whole, not as streams.
import type { Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { AbortSignal } from '../../sandbox/web/events.ts'
import { URL } from '../../sandbox/web/url.ts'
import type { OutboundAnswer } from '../../outbound/http.contract.ts'
import { Blob, Body, contentOf, File, FormData, type Content } from './body.sandbox.ts'
import { Headers, type HeadersInit } from './headers.sandbox.ts'

interface RequestInit {
  method?: string
  headers?: HeadersInit
  body?: unknown
  redirect?: 'follow' | 'manual' | 'error'
  signal?: AbortSignal | null
}

class Request extends Body {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly redirect: 'follow' | 'manual' | 'error'
  readonly signal: AbortSignal

  constructor(input: unknown, init: RequestInit = {}) {
    const from = input instanceof Request ? input : null
    const headers = new Headers(init.headers ?? from?.headers)
    const method = String(init.method ?? from?.method ?? 'GET')
    const content = init.body === undefined ? (from ? Body.contentOf(from) : null) : contentOf(init.body)
    if (content && /^(?:get|head)$/i.test(method))
      throw new TypeError('A request with GET or HEAD has no body.')
    if (content?.type && !headers.has('content-type')) headers.set('content-type', content.type)
    super(content, () => headers.get('content-type') ?? '')
    this.url = from ? from.url : new URL(String(input)).href
    this.method = /^(?:get|head|post|put|delete|options)$/i.test(method) ? method.toUpperCase() : method
    this.headers = headers
    this.redirect = init.redirect ?? from?.redirect ?? 'follow'
    this.signal = init.signal ?? from?.signal ?? AbortSignal.make()
  }
  clone(): Request {
    return new Request(this)
  }
}

interface ResponseInit {
  status?: number
  statusText?: string
  headers?: HeadersInit
}

class Response extends Body {
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  readonly type: string = 'basic'
  url = ''
  redirected = false
  readonly #content: Content | null

  constructor(body?: unknown, init: ResponseInit = {}) {
    const { status = 200, statusText = '' } = init
    if (!Number.isInteger(status) || status < 200 || status > 599)
      throw new RangeError('The status must be from 200 to 599.')
    const headers = new Headers(init.headers)
    const content = contentOf(body)
    if (content?.type && !headers.has('content-type')) headers.set('content-type', content.type)
    super(content, () => headers.get('content-type') ?? '')
    this.#content = content
    this.status = status
    this.statusText = statusText
    this.headers = headers
  }
  get ok(): boolean {
    return this.status >= 200 && this.status < 300
  }
  clone(): Response {
    if (this.bodyUsed) throw new TypeError('The body was read already.')
    const copy = new Response(
      this.#content?.body instanceof Uint8Array ? this.#content.body : (this.#content?.body as string),
      this,
    )
    copy.url = this.url
    copy.redirected = this.redirected
    return copy
  }
  static json(value: unknown, init: ResponseInit = {}): Response {
    const response = new Response(JSON.stringify(value), init)
    if (!new Headers(init.headers).has('content-type'))
      response.headers.set('content-type', 'application/json')
    return response
  }
  static error(): Response {
    return new Response(null, { status: 599 })
  }
  static redirect(url: unknown, status = 302): Response {
    return new Response(null, { status, headers: { location: new URL(String(url)).href } })
  }
}

export { Blob, File, FormData, Headers, Request, Response }

export const room: SandboxRoom = (lane) => (input: unknown, init?: RequestInit) => ask(lane, input, init)

async function ask(lane: Lane, input: unknown, init: RequestInit = {}): Promise<Response> {
  const request = new Request(input, init)
  request.signal.throwIfAborted()
  const content = Body.contentOf(request)
  const call = lane.call<OutboundAnswer>('fetch.send', [
    {
      method: request.method,
      url: request.url,
      headers: [...request.headers],
      redirect: request.redirect,
      ...(content && { body: content.body }),
    },
  ])
  return responseOf(await unlessAborted(call, request.signal))
}

/** The answer, or the signal's reason if that comes first. */
function unlessAborted<T>(call: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
    Promise.resolve(call)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
  })
}

function responseOf(answer: OutboundAnswer): Response {
  const isEmpty = answer.status === 204 || answer.status === 304 || answer.body.length === 0
  const { status, statusText, headers } = answer
  const response = new Response(isEmpty ? null : answer.body, { status, statusText, headers })
  response.url = answer.url
  response.redirected = answer.redirected
  return response
}
