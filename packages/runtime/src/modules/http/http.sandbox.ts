import { decodeUtf8, encodeUtf8, fromBase64, toBase64 } from '../../sandbox/bytes.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import { parseDuration } from '../../sandbox/duration.ts'
import { headerBag } from '../../sandbox/header-bag.ts'
import type { Kernel } from '../../sandbox/kernel.port.ts'
import type { Awaitable, Lane, SandboxRoom } from '../../sandbox/lane.ts'
import { promisedAll, rethrow } from '../../sandbox/lanes.ts'
import { stringifyQuery } from '../../sandbox/text/query.ts'
import type { FormPart, OutboundAnswer, OutboundRequest } from '../../outbound/http.contract.ts'

type Options = Record<string, unknown>

const OPTION_NAMES = new Set([
  'headers',
  'query',
  'body',
  'json',
  'form',
  'multipart',
  'timeout',
  'redirect',
  'followRedirects',
  'maxRedirects',
  'retries',
  'proxy',
  'basicAuth',
  'bearerToken',
  'skipTLSVerify',
  'as',
  'method',
])

/** What other clients call it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  __proto__: null as never,
  params: 'use query',
  searchParams: 'use query',
  qs: 'use query',
  data: 'use json, form or body',
  auth: 'use basicAuth or bearerToken',
  responseType: 'use as',
  signal: 'use timeout, or fetch, which takes a signal',
  retry: 'use retries',
}

export const room: SandboxRoom = (lane, kernel) => {
  const ask = (method: string, url: unknown, options: Options, given?: Content) =>
    send(lane, kernel, { method, url, given }, options)
  const withoutBody = (method: string) => (url: unknown, options?: unknown) =>
    ask(method, url, optionsOf(options))
  const withBody = (method: string) =>
    function (url: unknown, ...rest: unknown[]) {
      const [first, second] = rest
      // `post(url, { json: … })` has options only; `post(url, body, options)` is the original's form.
      if (lane.kind === 'bare' && rest.length === 1 && isOptions(first)) return ask(method, url, first)
      const body = lane.kind === 'dollar' ? jsonBody(first) : contentOf(first)
      return ask(method, url, optionsOf(second), rest.length === 0 ? undefined : body)
    }
  const members = {
    get: withoutBody('GET'),
    delete: withoutBody('DELETE'),
    head: withoutBody('HEAD'),
    options: withoutBody('OPTIONS'),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    request: (url: unknown, options?: unknown) => {
      const chosen = optionsOf(options)
      return ask(typeof chosen['method'] === 'string' ? chosen['method'].toUpperCase() : 'GET', url, chosen)
    },
    postForm: (url: unknown, fields: unknown, options?: unknown) =>
      ask('POST', url, optionsOf(options), { body: formParts(fields), type: null }),
    postFormURLEncoded: (url: unknown, fields: unknown, options?: unknown) =>
      ask('POST', url, optionsOf(options), urlencoded(fields)),
    download: (url: unknown, path: unknown, options?: unknown) =>
      download(lane, kernel, url, { path, options: optionsOf(options) }),
  }
  return promisedAll(lane, members)
}

/** A body with the type it has unless the author names another. */
interface Content {
  body: string | Uint8Array | FormPart[]
  type: string | null
}

const optionsOf = (value: unknown): Options =>
  typeof value === 'object' && value !== null ? (value as Options) : {}

function isOptions(value: unknown): value is Options {
  if (!isPlainObject(value)) return false
  const names = Object.keys(value)
  return names.length > 0 && names.every((name) => OPTION_NAMES.has(name))
}

const textOf = (value: unknown): string => (value === undefined || value === null ? '' : String(value))

function jsonBody(value: unknown): Content {
  return { body: (JSON.stringify(value) as string | undefined) ?? 'null', type: 'application/json' }
}

function urlencoded(fields: unknown): Content {
  return { body: stringifyQuery(optionsOf(fields)), type: 'application/x-www-form-urlencoded' }
}

function contentOf(value: unknown): Content | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return { body: value, type: 'text/plain;charset=UTF-8' }
  if (value instanceof ArrayBuffer) return { body: new Uint8Array(value), type: 'application/octet-stream' }
  if (ArrayBuffer.isView(value)) {
    return {
      body: new Uint8Array(value.buffer, value.byteOffset, value.byteLength),
      type: 'application/octet-stream',
    }
  }
  return jsonBody(value)
}

function chosenContent(options: Options): Content | undefined {
  if (options['json'] !== undefined) return jsonBody(options['json'])
  if (options['form'] !== undefined) return urlencoded(options['form'])
  if (options['multipart'] !== undefined) return { body: formParts(options['multipart']), type: null }
  return contentOf(options['body'])
}

/** `{ name: 'text' | { value } | { filename, content: base64 or bytes, type } }`; lists repeat their name. */
function formParts(fields: unknown): FormPart[] {
  return Object.entries(optionsOf(fields)).flatMap(([name, given]) =>
    (Array.isArray(given) ? (given as unknown[]) : [given]).map((item) => formPart(name, item)),
  )
}

function formPart(name: string, item: unknown): FormPart {
  if (item instanceof Uint8Array) return { name, value: item, filename: name }
  if (!isPlainObject(item)) return { name, value: textOf(item) }
  const { value, filename, content, type } = item
  const bytes = typeof content === 'string' ? (fromBase64(content) ?? encodeUtf8(content)) : content
  return {
    name,
    value: bytes instanceof Uint8Array ? bytes : textOf(value),
    ...(filename !== undefined && { filename: textOf(filename) }),
    ...(type !== undefined && { type: textOf(type) }),
  }
}

interface Asked {
  method: string
  url: unknown
  given?: Content | undefined
}

function requestOf(
  kernel: Kernel,
  { method, url, given }: Asked,
  options: Options,
  lane: Lane,
): OutboundRequest {
  if (lane.kind === 'bare') checkNames(kernel, options)
  const content = given ?? chosenContent(options)
  const headers = headersOf(options)
  if (content?.type && !headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['Content-Type', content.type])
  return {
    method,
    url: withQuery(textOf(url), options['query']),
    headers,
    ...(content && { body: content.body }),
    ...limitsOf(kernel, options),
    ...(options['proxy'] !== undefined && { proxy: textOf(options['proxy']) }),
    ...(options['skipTLSVerify'] === true && { insecure: true }),
  }
}

/** What would be left out without a word otherwise. The original took any object for options. */
function checkNames(kernel: Kernel, options: Options): void {
  const unknown = Object.keys(options).find((name) => !OPTION_NAMES.has(name) && options[name] !== undefined)
  if (unknown === undefined) return
  const cure = ELSEWHERE[unknown] ?? `there are ${[...OPTION_NAMES].join(', ')}`
  throw kernel.error('HTTP_OPTION_INVALID', `There is no option "${unknown}"; ${cure}.`)
}

function limitsOf(kernel: Kernel, options: Options): Partial<OutboundRequest> {
  const timeoutMs =
    options['timeout'] === undefined || options['timeout'] === 0
      ? undefined
      : parseDuration(options['timeout'])
  if (timeoutMs === null)
    throw kernel.error(
      'HTTP_OPTION_INVALID',
      'The option "timeout" must be milliseconds or a text such as \'5s\'.',
    )
  const redirect = options['followRedirects'] === false ? 'manual' : options['redirect']
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(redirect !== undefined && { redirect: redirect as 'follow' }),
    ...(options['maxRedirects'] !== undefined && { maxRedirects: Number(options['maxRedirects']) }),
    ...(options['retries'] !== undefined && { retries: Number(options['retries']) }),
  }
}

function headersOf(options: Options): [string, string][] {
  const given = options['headers']
  const pairs = Array.isArray(given) ? (given as [unknown, unknown][]) : Object.entries(optionsOf(given))
  const headers = pairs.flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[textOf(name), textOf(value)]],
  )
  const basic = options['basicAuth'] as
    { user?: unknown; pass?: unknown; username?: unknown; password?: unknown } | undefined
  if (basic) {
    const pair = `${textOf(basic.user ?? basic.username)}:${textOf(basic.pass ?? basic.password)}`
    headers.push(['Authorization', `Basic ${toBase64(encodeUtf8(pair))}`])
  }
  if (options['bearerToken'] !== undefined)
    headers.push(['Authorization', `Bearer ${textOf(options['bearerToken'])}`])
  return headers
}

function withQuery(url: string, query: unknown): string {
  const text = typeof query === 'string' ? query.replace(/^\?/, '') : stringifyQuery(optionsOf(query))
  if (text === '') return url
  const [before = '', hash] = url.split('#')
  return `${before}${before.includes('?') ? '&' : '?'}${text}${hash === undefined ? '' : `#${hash}`}`
}

function send(lane: Lane, kernel: Kernel, asked: Asked, options: Options): Awaitable<object> {
  const call = () =>
    lane.map(lane.call<OutboundAnswer>('http.send', [requestOf(kernel, asked, options, lane)]), (answer) =>
      responseOf(lane, kernel, answer, options['as']),
    )
  return lane.recover(call, lane.kind === 'bare' ? rethrow : failed)
}

function download(
  lane: Lane,
  kernel: Kernel,
  url: unknown,
  { path, options }: { path: unknown; options: Options },
): Awaitable<object> {
  const isDollar = lane.kind === 'dollar'
  const call = () => {
    const request = requestOf(kernel, { method: 'GET', url }, options, lane)
    return lane.map(
      lane.call<OutboundAnswer>('http.download', [request, textOf(path), isDollar]),
      (answer) => ({ ...responseOf(lane, kernel, answer, undefined), body: textOf(path) }),
    )
  }
  return lane.recover(call, isDollar ? failed : rethrow)
}

/** What `$http` gives instead of throwing. */
function failed(error: unknown): object {
  const reason = error instanceof Error ? error.message : String(error)
  const empty = {
    status: 0,
    statusText: reason,
    url: '',
    redirected: false,
    headers: [],
    body: new Uint8Array(0),
  }
  return dollarResponse(empty)
}

function responseOf(lane: Lane, kernel: Kernel, answer: OutboundAnswer, as: unknown): object {
  return lane.kind === 'dollar' ? dollarResponse(answer) : bareResponse(kernel, answer, as)
}

function dollarResponse(answer: OutboundAnswer): object {
  const text = decodeUtf8(answer.body)
  return {
    status: answer.status,
    ok: answer.status >= 200 && answer.status < 300,
    statusText: answer.statusText,
    headers: headerBag(answer.headers, { canonical: true, first: true }),
    body: text,
    json: () => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        return null
      }
    },
    text: () => text,
    buffer: () => toBase64(answer.body),
    bytes: () => answer.body,
  }
}

function bareResponse(kernel: Kernel, answer: OutboundAnswer, as: unknown): object {
  const text = () => decodeUtf8(answer.body)
  const json = (): unknown => {
    try {
      return JSON.parse(text()) as unknown
    } catch (error) {
      throw kernel.error(
        'HTTP_JSON_INVALID',
        `The answer of "${answer.url}" is no valid JSON: ${(error as Error).message}.`,
      )
    }
  }
  return {
    status: answer.status,
    ok: answer.status >= 200 && answer.status < 300,
    statusText: answer.statusText,
    headers: headerBag(answer.headers, { canonical: false, first: false }),
    url: answer.url,
    redirected: answer.redirected,
    body: as === 'json' ? json() : as === 'bytes' ? answer.body : text(),
    json,
    text,
    bytes: () => answer.body,
  }
}
