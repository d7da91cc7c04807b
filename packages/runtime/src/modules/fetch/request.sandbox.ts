// Request: WHATWG Fetch, the parts of it that make sense on a server; the others have their defaults.
import { makeSignal, AbortSignal } from '../../sandbox/web/abort.ts'
import { dictionary } from '../../sandbox/web/events.ts'
import { demand, webInterface } from '../../sandbox/web/interface.ts'
import { URL } from '../../sandbox/web/url.ts'
import { Body, cloneContent, contentOf, takeContent, type Content } from './body.sandbox.ts'
import { Headers, type HeadersInit } from './headers.sandbox.ts'

export interface RequestInit {
  method?: unknown
  headers?: HeadersInit
  body?: unknown
  redirect?: unknown
  signal?: AbortSignal | null
  cache?: unknown
  credentials?: unknown
  mode?: unknown
  referrer?: unknown
  referrerPolicy?: unknown
  integrity?: unknown
  keepalive?: unknown
  duplex?: unknown
}

const CHOICES: Record<string, readonly string[]> = {
  redirect: ['follow', 'manual', 'error'],
  cache: ['default', 'no-store', 'reload', 'no-cache', 'force-cache', 'only-if-cached'],
  credentials: ['same-origin', 'omit', 'include'],
  mode: ['cors', 'no-cors', 'same-origin'],
  referrerPolicy: [
    '',
    'no-referrer',
    'no-referrer-when-downgrade',
    'same-origin',
    'origin',
    'strict-origin',
    'origin-when-cross-origin',
    'strict-origin-when-cross-origin',
    'unsafe-url',
  ],
}
type Choice = 'redirect' | 'cache' | 'credentials' | 'mode' | 'referrerPolicy'

const CONTENT = Symbol('content')

export class Request extends Body {
  readonly #url: string
  readonly #method: string
  readonly #headers: Headers
  readonly #signal: AbortSignal
  readonly #init: RequestInit

  constructor(input: unknown, init: RequestInit | null = {}) {
    demand(1, arguments.length, 'Request')
    dictionary(init, 'Request')
    const given = init ?? {}
    const from = input instanceof Request ? input : null
    const url = from ? from.url : addressOf(input)
    const method = methodOf(given.method ?? from?.method ?? 'GET')
    const chosen = choices(given, from)
    const signal = given.signal === undefined ? from?.signal : given.signal
    if (signal && !(signal instanceof AbortSignal)) throw new TypeError('The signal must be an AbortSignal.')
    const headers = new Headers(given.headers === undefined ? from?.headers : given.headers)
    const content = bodyOf(given, from, method)
    if (content?.type && !headers.has('content-type')) headers.set('content-type', content.type)
    super(content, () => headers.get('content-type') ?? '')
    this.#url = url
    this.#method = method
    this.#headers = headers
    this.#signal = signal ? AbortSignal.any([signal]) : makeSignal()
    this.#init = { ...(from && from.#init), ...given, ...chosen }
  }
  get method(): string {
    return this.#method
  }
  get url(): string {
    return this.#url
  }
  get headers(): Headers {
    return this.#headers
  }
  get destination(): string {
    return ''
  }
  get referrer(): string {
    return this.#init.referrer === undefined ? 'about:client' : String(this.#init.referrer)
  }
  get referrerPolicy(): string {
    return this.#choice('referrerPolicy', '')
  }
  get mode(): string {
    return this.#choice('mode', 'cors')
  }
  get credentials(): string {
    return this.#choice('credentials', 'same-origin')
  }
  get cache(): string {
    return this.#choice('cache', 'default')
  }
  get redirect(): 'follow' | 'manual' | 'error' {
    return this.#choice('redirect', 'follow') as 'follow'
  }
  get integrity(): string {
    return this.#init.integrity === undefined ? '' : String(this.#init.integrity)
  }
  get keepalive(): boolean {
    return Boolean(this.#init.keepalive)
  }
  get isReloadNavigation(): boolean {
    return false
  }
  get isHistoryNavigation(): boolean {
    return false
  }
  get signal(): AbortSignal {
    return this.#signal
  }
  get duplex(): string {
    return 'half'
  }
  clone(): Request {
    const content = cloneContent(this)
    return new Request(this.#url, {
      ...this.#init,
      method: this.#method,
      headers: this.#headers,
      signal: this.#signal,
      [CONTENT]: content,
    } as RequestInit)
  }
  #choice(name: Choice, otherwise: string): string {
    return this.#init[name] === undefined ? otherwise : String(this.#init[name])
  }
}
webInterface(Request, 'Request')

function addressOf(input: unknown): string {
  const url = URL.parse(String(input))
  if (!url)
    throw Object.assign(
      new TypeError(
        `"${String(input)}" is no absolute URL; a service has no address that others are relative to.`,
      ),
      { code: 'ERR_INVALID_URL' },
    )
  if (url.username || url.password)
    throw new TypeError('A URL with a user and password is refused; send them in the header Authorization.')
  return url.href
}

/** Fetch, "methods": six are written in capitals, three are forbidden. */
function methodOf(value: unknown): string {
  const method = String(value)
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) throw new TypeError(`"${method}" is no method.`)
  if (/^(?:connect|trace|track)$/i.test(method)) throw new TypeError(`The method ${method} is not allowed.`)
  return /^(?:get|head|post|put|delete|options)$/i.test(method) ? method.toUpperCase() : method
}

function choices(given: RequestInit, from: Request | null): RequestInit {
  const chosen: Record<string, unknown> = {}
  for (const name of Object.keys(CHOICES)) {
    const value = given[name as Choice]
    if (value === undefined) continue
    const text = String(value)
    if (!CHOICES[name]!.includes(text))
      throw new TypeError(
        `The option "${name}" is ${CHOICES[name]!.filter(Boolean).join(', ')}, not "${text}".`,
      )
    chosen[name] = text
  }
  const mode = chosen['mode'] ?? from?.mode
  if (chosen['cache'] === 'only-if-cached' && mode !== 'same-origin')
    throw new TypeError('The option "cache" may be only-if-cached with the mode same-origin only.')
  return chosen
}

function bodyOf(given: RequestInit, from: Request | null, method: string): Content | null {
  const isBare = method === 'GET' || method === 'HEAD'
  const made = (given as { [CONTENT]?: Content | null })[CONTENT]
  if (made !== undefined) return made
  const own = given.body !== undefined && given.body !== null
  if (isBare && (own || (from && from.body !== null)))
    throw new TypeError('A request with GET or HEAD has no body.')
  if (own) return contentOf(given.body)
  return from ? takeContent(from) : null
}
