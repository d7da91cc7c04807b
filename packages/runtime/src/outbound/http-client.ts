import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { AppError } from '@m3m/base'
import type { Dispatcher } from 'undici'
import type { OutboundGuard } from './guard.ts'
import { createConnections } from './http-connections.ts'
import { httpErrors } from './http.errors.ts'
import {
  DEFAULT_REDIRECTS,
  DEFAULT_TIMEOUT_MS,
  MAX_ANSWER_BYTES,
  MAX_REDIRECTS,
  MAX_RETRIES,
  type FormPart,
  type OutboundAnswer,
  type OutboundRequest,
} from './http.contract.ts'

/** An answer whose body is still to come. */
export interface OpenAnswer extends Omit<OutboundAnswer, 'body'> {
  body: Readable
}

export interface HttpClient extends AsyncDisposable {
  /** The whole answer, at most 50 MB. @throws HTTP_*, OUTBOUND_* */
  send(request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer>
  /** The answer's head and its body as it comes, for `consume`; both within the request's time. @throws HTTP_*, OUTBOUND_* */
  open<T>(
    request: OutboundRequest,
    signal: AbortSignal,
    consume: (answer: OpenAnswer) => Promise<T>,
  ): Promise<T>
  /**
   * The answer as soon as its head is there, within the request's time. The body goes on until it ends, is destroyed, or
   * `life` aborts. @throws HTTP_*, OUTBOUND_*
   */
  begin(request: OutboundRequest, signal: AbortSignal, life: AbortSignal): Promise<OpenAnswer>
}

/** Makes a client whose every connection goes through the guard. */
export function createHttpClient({ guard }: { guard: OutboundGuard }): HttpClient {
  const connections = createConnections(guard)

  const open: HttpClient['open'] = async (request, outer, consume) => {
    const timer = AbortSignal.timeout(timeOf(request))
    const signal = AbortSignal.any([timer, outer])
    try {
      return await consume(await withRetries(connections, prepared(request), signal))
    } catch (error) {
      throw failureOf(error, request, timer.aborted || outer.aborted)
    }
  }
  const begin: HttpClient['begin'] = async (request, outer, life) => {
    const late = new AbortController()
    const stop = () => late.abort()
    const timer = setTimeout(stop, timeOf(request))
    outer.addEventListener('abort', stop, { once: true })
    try {
      return await withRetries(connections, prepared(request), AbortSignal.any([late.signal, life]))
    } catch (error) {
      throw failureOf(error, request, late.signal.aborted)
    } finally {
      clearTimeout(timer)
      outer.removeEventListener('abort', stop)
    }
  }
  return {
    open,
    begin,
    send: (request, signal) =>
      open(request, signal, async ({ body, ...head }) => ({
        ...head,
        body: await collect(body, shown(request.url)),
      })),
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  }
}

function timeOf({ timeoutMs = DEFAULT_TIMEOUT_MS }: OutboundRequest): number {
  return Math.max(1, Math.ceil(timeoutMs))
}

function failureOf(error: unknown, request: OutboundRequest, isLate: boolean): AppError {
  if (error instanceof AppError) return error
  const url = shown(request.url)
  if (isLate) return httpErrors.HTTP_TIMEOUT({ url, timeoutMs: timeOf(request) }, { cause: error })
  return httpErrors.HTTP_FAILED({ url, reason: reasonOf(error) }, { cause: error })
}

interface Prepared extends OutboundRequest {
  target: URL
  /** The answer's compression is ours to undo. */
  decode: boolean
  content: string | Uint8Array | null
}

function prepared(request: OutboundRequest): Prepared {
  const target = URL.parse(request.url)
  if (!target || (target.protocol !== 'http:' && target.protocol !== 'https:') || target.hostname === '') {
    throw httpErrors.HTTP_URL_INVALID({ url: shown(request.url) })
  }
  const headers = request.headers.filter(([name]) => !FORBIDDEN.has(name.toLowerCase()))
  if ((target.username || target.password) && !has(headers, 'authorization')) {
    const pair = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`
    headers.push(['authorization', `Basic ${Buffer.from(pair).toString('base64')}`])
  }
  if (!has(headers, 'user-agent')) headers.push(['user-agent', 'm3m'])
  const decode = !has(headers, 'accept-encoding')
  if (decode) headers.push(['accept-encoding', 'gzip, br'])
  if (!Array.isArray(request.body))
    return { ...request, target, decode, headers, content: request.body ?? null }
  const boundary = `m3m-${randomBytes(12).toString('hex')}`
  headers.push(['content-type', `multipart/form-data; boundary=${boundary}`])
  return { ...request, target, decode, headers, content: formBody(request.body, boundary) }
}

// They belong to the connection, which is not the service's.
const FORBIDDEN = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'expect',
  'te',
  'trailer',
  'proxy-authorization',
])

function has(headers: readonly [string, string][], name: string): boolean {
  return headers.some(([other]) => other.toLowerCase() === name)
}

const RETRY_STATUSES = new Set([502, 503, 504])
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

type Connections = ReturnType<typeof createConnections>

async function withRetries(
  connections: Connections,
  request: Prepared,
  signal: AbortSignal,
): Promise<OpenAnswer> {
  const retries = IDEMPOTENT.has(request.method)
    ? Math.min(Math.max(0, request.retries ?? 0), MAX_RETRIES)
    : 0
  for (let left = retries; ; left -= 1) {
    try {
      const answer = await withRedirects(connections, request, signal)
      if (left === 0 || !RETRY_STATUSES.has(answer.status)) return answer
      answer.body.destroy()
    } catch (error) {
      if (left === 0 || signal.aborted || error instanceof AppError) throw error
    }
    await pause(200 * 2 ** (retries - left), signal)
  }
}

async function withRedirects(
  connections: Connections,
  first: Prepared,
  signal: AbortSignal,
): Promise<OpenAnswer> {
  const limit = Math.min(Math.max(0, first.maxRedirects ?? DEFAULT_REDIRECTS), MAX_REDIRECTS)
  let request = first
  for (let count = 0; ; count += 1) {
    const answer = await once(connections, request, signal)
    const location = answer.headers.find(([name]) => name === 'location')?.[1]
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined
    if (!isRedirect || request.redirect === 'manual') return { ...answer, redirected: count > 0 }
    answer.body.destroy()
    const url = shown(first.url)
    if (request.redirect === 'error') throw httpErrors.HTTP_FAILED({ url, reason: 'it redirects' })
    if (count >= limit) throw httpErrors.HTTP_TOO_MANY_REDIRECTS({ url, limit })
    request = redirected(request, location, answer.status)
  }
}

/** The next request (WHATWG Fetch, "HTTP-redirect fetch"): other methods become GET, credentials stay at their origin. */
function redirected(request: Prepared, location: string, status: number): Prepared {
  const target = URL.parse(location, request.target)
  if (!target || (target.protocol !== 'http:' && target.protocol !== 'https:')) {
    throw httpErrors.HTTP_URL_INVALID({ url: shown(location) })
  }
  const becomesGet =
    (status === 303 && request.method !== 'HEAD') || (status < 303 && request.method === 'POST')
  const isForeign = target.origin !== request.target.origin
  const headers = request.headers.filter(([name]) => {
    const lower = name.toLowerCase()
    if (isForeign && ['authorization', 'cookie', 'x-api-key'].includes(lower)) return false
    return !(becomesGet && lower.startsWith('content-'))
  })
  return { ...request, target, headers, ...(becomesGet && { method: 'GET', content: null }) }
}

async function once(connections: Connections, request: Prepared, signal: AbortSignal): Promise<OpenAnswer> {
  if (request.proxy !== undefined) await connections.check(request.target)
  const dispatcher = await connections.for(request)
  const answer = await connections.request(request.target, {
    method: request.method as Dispatcher.HttpMethod,
    headers: request.headers.flat(),
    body: request.content,
    dispatcher,
    signal,
  })
  // A body that is given up ends with an error, which is nobody's business then; who reads it is told all the same.
  answer.body.on('error', () => {})
  const head = {
    status: answer.statusCode,
    statusText: answer.statusText,
    url: bare(request.target),
    redirected: false,
  }
  return { ...head, ...decoded(pairsOf(answer.headers), answer.body, request.decode) }
}

/** Undoes the compression that we asked for; what the service asked for itself it gets as it came. */
function decoded(
  headers: [string, string][],
  body: Readable,
  decode: boolean,
): Pick<OpenAnswer, 'headers' | 'body'> {
  const coding = headers.find(([name]) => name === 'content-encoding')?.[1].toLowerCase()
  const plain = coding === 'gzip' ? createGunzip() : coding === 'br' ? createBrotliDecompress() : null
  if (!decode || !plain) return { headers, body }
  body.on('error', (error) => plain.destroy(error))
  plain.on('close', () => body.destroy())
  plain.on('error', () => {})
  const left = headers.filter(([name]) => name !== 'content-encoding' && name !== 'content-length')
  return { headers: left, body: body.pipe(plain) }
}

function pairsOf(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): [string, string] => [name, each]),
  )
}

async function collect(body: Readable, url: string): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += (chunk as Buffer).length
    if (size > MAX_ANSWER_BYTES) {
      body.destroy()
      throw httpErrors.HTTP_TOO_LARGE({ url, limitBytes: MAX_ANSWER_BYTES })
    }
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

/** RFC 7578. Names and file names are escaped as browsers do (WHATWG HTML, "multipart/form-data encoding algorithm"). */
function formBody(parts: readonly FormPart[], boundary: string): Uint8Array {
  const escaped = (text: string) =>
    text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22')
  const pieces: Uint8Array[] = []
  for (const { name, value, filename, type } of parts) {
    const file = filename === undefined ? '' : `; filename="${escaped(filename)}"`
    const kind =
      filename === undefined && type === undefined
        ? ''
        : `\r\nContent-Type: ${(type ?? 'application/octet-stream').replaceAll(/[\r\n]/g, '')}`
    pieces.push(
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"${file}${kind}\r\n\r\n`,
      ),
    )
    pieces.push(typeof value === 'string' ? Buffer.from(value) : value, Buffer.from('\r\n'))
  }
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)])
}

function reasonOf(error: unknown): string {
  const { message, code, cause } = error as NodeJS.ErrnoException & { cause?: unknown }
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  if (cause instanceof Error && !code) return reasonOf(cause)
  return code && !message.includes(code) ? `${message} (${code})` : message || String(error)
}

/** A URL without its password, for messages. */
function shown(url: string): string {
  return url.slice(0, 300).replace(/\/\/[^/@]*@/, '//')
}

function bare(url: URL): string {
  const copy = new URL(url)
  copy.username = ''
  copy.password = ''
  return copy.href
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal.addEventListener('abort', stop, { once: true })
  })
}
