// One HTTP request and its answer, between node:http and a runner.
import { Buffer } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AgentRun } from '../supervisor/agent-run.ts'
import type { CheckedAnswer, StreamOwner } from '../supervisor/stream-owner.ts'
import { CHUNK_BYTES, FLAG, KIND, type RequestHead } from '../frames/frame.ts'
import { ITEM, WINDOW_BYTES } from '../sandbox/wire.contract.ts'
import type { Recording } from './request-recorder.ts'
import { responseHeaders, type HeaderRules } from './response-headers.ts'

export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  run: AgentRun
  url: string
  ip: string
  rawHeaders: string[]
  rules: HeaderRules
  /** What is kept of it to be looked at; null: nothing. */
  recording: Recording | null
  /** `performance.now()` of its arrival. */
  startedMs: number
  /** Gives the request to the run that comes after this one; null: it has been given once, or may not be. */
  again: (() => void) | null
  /** Serves a file of the project's storage. */
  serveFile(file: NonNullable<CheckedAnswer['file']>, answer: CheckedAnswer): void
}

/** A stream whose body goes on has no deadline but this: no byte for so long ends it. */
const IDLE_MS = 120_000

/** Owner of one stream. */
export class HttpExchange implements StreamOwner {
  readonly #exchange: Exchange
  #stream = 0
  /** -1: the service says that there is none; null: it has not answered. */
  #route: number | null = null
  #status = 0
  #open = true
  #streaming = false
  #credit = WINDOW_BYTES
  #sent = 0
  /** Bytes the head promised. */
  #promised: number | null = null
  #received = 0
  deadlineMs: number

  constructor(exchange: Exchange) {
    this.#exchange = exchange
    this.deadlineMs = Date.now() + exchange.run.spec.limits.requestWallMs
  }

  /** Sends the request to the runner; the rest happens by frames. */
  begin(): void {
    const { run, response, request } = this.#exchange
    const stream = run.runner.link.open(run.handle, this)
    if (stream === null)
      return this.#refuse(503, 'Too many requests are under way; try again.', { 'retry-after': '1' })
    this.#stream = stream
    response.once('close', () => this.#left())
    if (hasBody(request)) this.#upload()
    else this.#item('null')
  }

  answered(answer: CheckedAnswer): void {
    const { response, run } = this.#exchange
    this.#route = answer.route
    this.#status = answer.status
    if (answer.more === 0) this.#open = false
    if (answer.more === 2) {
      this.#abort()
      return this.#refuse(500, 'The service opened a socket where none was asked for.')
    }
    if (answer.file) {
      this.#abort()
      this.#count()
      return this.#exchange.serveFile(answer.file, answer)
    }
    if (response.destroyed) return this.#count()
    if (answer.more === 1) {
      this.#streaming = true
      this.deadlineMs = Date.now() + IDLE_MS
      this.#promised = answer.length
      this.#writeHead(answer, answer.length)
      response.flushHeaders()
      return
    }
    const bare = answer.status === 204 || answer.status === 304
    const length = bare ? null : Buffer.byteLength(answer.body)
    const limit = run.spec.limits.responseBodyBytes
    if (length !== null && length > limit) return this.#answerTooLarge(limit)
    this.#writeHead(answer, length)
    response.end(bare ? undefined : answer.body)
    if (!bare) this.#exchange.recording?.sent(answer.body)
    this.#sent = length ?? 0
    this.#count()
  }

  chunk(bytes: Buffer): void {
    const { response, run } = this.#exchange
    if (!this.#open || response.destroyed) return
    this.#sent += bytes.length
    this.#exchange.recording?.sent(bytes)
    if (this.#sent > run.spec.limits.responseBodyBytes && !this.#isEndless()) {
      this.#limited('responseBodyBytes', `was broken off after ${this.#sent} bytes`)
      return this.#breakOff()
    }
    // More than was promised would be read as the next answer on this connection.
    if (this.#promised !== null && this.#sent > this.#promised) return this.#breakOff()
    this.deadlineMs = Date.now() + IDLE_MS
    // The view lies in a buffer that is reused by nobody: node:net hands out a fresh one each read.
    response.write(bytes, () => {
      if (this.#open) run.runner.link.credit(run.handle, this.#stream, bytes.length)
    })
  }

  ended(): void {
    if (this.#promised !== null && this.#sent !== this.#promised) return this.broken()
    this.#open = false
    this.#exchange.response.end()
    this.#count()
  }

  broken(): void {
    this.#open = false
    // A body that ends without its last chunk is how HTTP says "broken".
    this.#exchange.response.destroy()
    this.#count()
  }

  credit(bytes: number): void {
    this.#credit += bytes
    if (this.#credit > 0) this.#exchange.request.resume()
  }

  expired(): void {
    this.#open = false
    this.#tellGone()
    this.#status = 504
    if (!this.#streaming) {
      const { requestWallMs } = this.#exchange.run.spec.limits
      this.#limited('requestWallMs', `had no answer after ${requestWallMs} ms`)
    }
    if (this.#streaming) this.#exchange.response.destroy()
    else this.#refuse(504, 'The service did not answer in time.')
    this.#count()
  }

  lost(): void {
    if (!this.#open) return
    this.#open = false
    const { run, again } = this.#exchange
    if (!again || this.#streaming) return this.#lost()
    // Why it was lost is known in a moment. Only a service that a neighbour brought down is asked twice: another request
    // like the one that ends its service would end the next one.
    void run.ended.then((end) => (end.kind === 'displaced' && !end.suspect ? again() : this.#lost()))
  }

  drain(): void {
    // Server-sent events never end by themselves.
    if (this.#streaming && this.#isEndless()) this.#breakOff()
  }

  #lost(): void {
    this.#status = 503
    if (this.#streaming) this.#exchange.response.destroy()
    else this.#refuse(503, 'The service ended while it worked on this request.', { 'retry-after': '1' })
    this.#count()
  }

  #writeHead({ status, headers }: CheckedAnswer, length: number | null): void {
    const { response, rules, recording } = this.#exchange
    const sent = responseHeaders(headers, length, rules)
    // RFC 9110, section 15.5.22: it says to what; there is nothing else here.
    if (status === 426) sent.push('upgrade', 'websocket')
    response.writeHead(status, sent)
    recording?.head(sent)
  }

  #isEndless(): boolean {
    return String(this.#exchange.response.getHeader('content-type') ?? this.#type()).startsWith(
      'text/event-stream',
    )
  }

  #type(): string {
    return (
      /content-type: ([^\r\n]*)/i.exec(
        (this.#exchange.response as { _header?: string })._header ?? '',
      )?.[1] ?? ''
    )
  }

  #item(body: string): void {
    const { request, url, rawHeaders, ip, run } = this.#exchange
    const { requestWallMs } = run.spec.limits
    const secure = isSecure(request) ? 1 : 0
    run.runner.link.request(
      run.handle,
      `[${ITEM.request},${this.#stream},"${request.method}",${JSON.stringify(url)},${JSON.stringify(rawHeaders)},"${ip}",${body},${requestWallMs},${secure}]`,
    )
  }

  // Small bodies travel with their request, large ones in chunks as the runner has credit for.
  #upload(): void {
    const { request, run } = this.#exchange
    const limit = run.spec.limits.requestBodyBytes
    if (Number(request.headers['content-length'] ?? 0) > limit) return this.#tooLarge(limit)
    let held: Buffer[] | null = []
    let size = 0
    request.on('data', (bytes: Buffer) => {
      size += bytes.length
      this.#received = size
      this.#exchange.recording?.received(bytes)
      if (!this.#open) return
      if (size > limit) return this.#tooLarge(limit)
      if (held && size <= CHUNK_BYTES) return void held.push(bytes)
      if (held) {
        this.#beginBody(Buffer.concat(held), true)
        held = null
      }
      this.#sendChunks(bytes)
    })
    request.once('end', () => {
      if (!this.#open) return
      if (held) this.#beginBody(Buffer.concat(held), false)
      else run.runner.link.send(KIND.end, run.handle, this.#stream)
    })
    request.once('error', () => this.#left())
  }

  #beginBody(bytes: Buffer, more: boolean): void {
    const { request, url, rawHeaders, ip, run } = this.#exchange
    const { requestWallMs, requestBodyBytes } = run.spec.limits
    const secure = isSecure(request) ? 1 : 0
    const head: RequestHead = [request.method!, url, rawHeaders, ip, requestWallMs, secure, requestBodyBytes]
    this.#credit -= bytes.length
    run.runner.link.send(KIND.request, run.handle, this.#stream, {
      head: JSON.stringify(head),
      bytes,
      flags: more ? FLAG.more : 0,
    })
  }

  #sendChunks(bytes: Buffer): void {
    const { request, run } = this.#exchange
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const part = bytes.subarray(at, at + CHUNK_BYTES)
      this.#credit -= part.length
      run.runner.link.send(KIND.chunk, run.handle, this.#stream, { bytes: part })
    }
    if (this.#credit <= 0) request.pause()
  }

  #tooLarge(limit: number): void {
    this.#abort()
    this.#status = 413
    this.#limited('requestBodyBytes', `was refused: its body is larger than ${limit} bytes`)
    // What is still coming is not read: the connection ends with the answer.
    this.#refuse(413, `The body is larger than the limit of ${limit} bytes.`, { connection: 'close' })
    this.#exchange.request.resume()
    this.#count()
  }

  #answerTooLarge(limit: number): void {
    this.#status = 500
    this.#limited('responseBodyBytes', `was answered with more than ${limit} bytes`)
    this.#refuse(500, `The response is larger than the limit of ${limit} bytes.`)
    this.#count()
  }

  #limited(limit: 'requestWallMs' | 'requestBodyBytes' | 'responseBodyBytes', what: string): void {
    const { request, run, url } = this.#exchange
    const mark = url.indexOf('?')
    // Without the query: what stands in it is nobody's business but the service's.
    const path = (mark < 0 ? url : url.slice(0, mark)).slice(0, 200)
    run.limited(limit, `${request.method} ${path} ${what}.`)
  }

  #breakOff(): void {
    this.#abort()
    this.#exchange.response.destroy()
    this.#count()
  }

  /** The client went away before the answer was whole. */
  #left(): void {
    if (!this.#open) return
    this.#abort()
    this.#status ||= 499
    this.#count()
  }

  #abort(): void {
    this.#open = false
    const { run } = this.#exchange
    run.runner.link.close(run.handle, this.#stream, true)
  }

  #tellGone(): void {
    const { run } = this.#exchange
    run.runner.link.send(KIND.abort, run.handle, this.#stream)
  }

  #refuse(status: number, error: string, headers: Record<string, string> = {}): void {
    const { response, rules, recording } = this.#exchange
    refuse(response, rules, { status, error, headers })
    recording?.sent(JSON.stringify({ error }))
  }

  #count(): void {
    if (this.#status === 0) return
    const { run, request, url, recording, startedMs } = this.#exchange
    const { counters } = run
    const ms = performance.now() - startedMs
    const route = this.#route ?? counters.routeOf(request.method!, url.split('?', 1)[0]!)
    counters.count(route, this.#status, ms)
    counters.transferred(this.#received, this.#sent)
    recording?.end({ route, status: this.#status, ms })
    this.#status = 0
  }
}

/** Answers in place of a service. */
export function refuse(
  response: ServerResponse,
  rules: HeaderRules,
  { status, error, headers = {} }: { status: number; error: string; headers?: Record<string, string> },
): void {
  if (response.headersSent || response.destroyed) return
  const body = JSON.stringify({ error })
  response.writeHead(status, [
    ...responseHeaders(0, Buffer.byteLength(body), rules),
    ...Object.entries(headers).flat(),
  ])
  response.end(body)
}

/**
 * Whether a request may be given to a service twice without harm: the safe methods, without a body (RFC 9110, 9.2.1 and
 * 9.2.2: what proxies repeat by themselves).
 */
export function isRepeatable(request: IncomingMessage): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(request.method!) && !hasBody(request)
}

function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length']
  return (length !== undefined && length !== '0') || request.headers['transfer-encoding'] !== undefined
}

export function isSecure(request: IncomingMessage): boolean {
  return (request.socket as { encrypted?: boolean }).encrypted === true
}
