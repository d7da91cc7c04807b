// Bodies in parts: iterables and server-sent events, held back by the reader's credit.
import { abortSignal, makeSignal, type AbortSignal } from '../../sandbox/web/abort.ts'
import { encodeUtf8 } from '../../sandbox/web/text.ts'
import { endBody, sendChunk, type PendingRequest } from '../../sandbox/requests.ts'
import { startTimer, stopTimer } from '../../sandbox/timers.ts'
import { Reply } from './reply.sandbox.ts'

type Log = (text: string, error: unknown) => void
const CHUNK_BYTES = 64 * 1024
/** A comment line keeps proxies and the idle limit of the agent from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000

/** One body being sent. */
export class Outlet {
  readonly #request: PendingRequest
  readonly signal = makeSignal()
  #waiting: (() => void)[] = []

  constructor(request: PendingRequest) {
    this.#request = request
    request.onAbort = () => {
      abortSignal(this.signal)
      this.#wake()
    }
    request.onCredit = () => this.#wake()
  }

  get open(): boolean {
    return this.#request.open
  }

  /** Resolves when the reader can take more; false when it is gone. */
  async write(data: unknown): Promise<boolean> {
    const bytes = chunkOf(data)
    for (let at = 0; at < bytes.length && this.open; at += CHUNK_BYTES) {
      sendChunk(this.#request, bytes.subarray(at, at + CHUNK_BYTES))
      while (this.open && this.#request.window <= 0)
        await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    return this.open
  }

  end(broken = false): void {
    if (this.open) endBody(this.#request, broken)
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function chunkOf(data: unknown): Uint8Array {
  if (typeof data === 'string') return encodeUtf8(data)
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  throw new TypeError('A stream carries strings and bytes only.')
}

/** Says which request the failed stream was for. */
export function logOf({ parts: { method, url } }: PendingRequest, log: Log): (error: unknown) => void {
  const mark = url.indexOf('?')
  const path = (mark < 0 ? url : url.slice(0, mark)).slice(0, 200)
  return (error) => log(`${method} ${path} was broken off: its stream failed`, error)
}

/** A reply whose body is what an iterable yields. */
export function streamReply(
  source: Iterable<unknown> | AsyncIterable<unknown>,
  options: { status?: number; headers?: Record<string, unknown> },
  log: Log,
): Reply {
  const reply = new Reply(options.status ?? 200, undefined, {
    'content-type': 'application/octet-stream',
    ...options.headers,
  })
  reply.stream = { run: (request) => void pump(new Outlet(request), source, logOf(request, log)) }
  return reply
}

async function pump(
  outlet: Outlet,
  source: Iterable<unknown> | AsyncIterable<unknown>,
  failed: (error: unknown) => void,
): Promise<void> {
  try {
    // Leaving the loop calls the iterator's `return`, so that a generator's `finally` runs.
    for await (const part of source) if (!(await outlet.write(part))) break
    outlet.end()
  } catch (error) {
    outlet.end(true)
    failed(error)
  }
}

export type Send = (
  data: unknown,
  options?: { event?: string; id?: string; retry?: number },
) => Promise<boolean>

/** A reply of server-sent events (WHATWG HTML, "Server-sent events"). */
export function sseReply(run: (send: Send, closed: AbortSignal) => unknown, log: Log): Reply {
  const reply = new Reply(200, undefined, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
  })
  reply.stream = { run: (request) => void runEvents(new Outlet(request), run, logOf(request, log)) }
  return reply
}

async function runEvents(
  outlet: Outlet,
  run: (send: Send, closed: AbortSignal) => unknown,
  failed: (error: unknown) => void,
): Promise<void> {
  const beat = startTimer(() => void outlet.write(':\n\n'), KEEP_ALIVE_MS, true)
  try {
    await run((data, options) => outlet.write(eventText(data, options)), outlet.signal)
    outlet.end()
  } catch (error) {
    outlet.end(true)
    failed(error)
  } finally {
    stopTimer(beat)
  }
}

function eventText(data: unknown, options: { event?: string; id?: string; retry?: number } = {}): string {
  const line = (name: string, value: unknown) =>
    value === undefined ? '' : `${name}: ${String(value).replace(/[\r\n]+/g, ' ')}\n`
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? 'null')
  const lines = text.split(/\r\n|\r|\n/).map((part) => `data: ${part}\n`)
  return `${line('event', options.event)}${line('id', options.id)}${line('retry', options.retry)}${lines.join('')}\n`
}
