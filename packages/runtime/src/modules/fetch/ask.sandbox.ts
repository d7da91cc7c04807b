// One request by `fetch`: WHATWG Fetch. Answers come as streams; what is small comes whole with its head.
import { tellHost } from '../../sandbox/calls.ts'
import type { Lane } from '../../sandbox/lane.ts'
import { whenAborted, type AbortSignal } from '../../sandbox/web/abort.ts'
import { DOMException } from '../../sandbox/web/dom-exception.ts'
import { streamOfPulls, type ReadableStream } from '../../sandbox/web/streams.ts'
import { collect, takeContent, type Content } from './body.sandbox.ts'
import { dataResponse } from './data-url.sandbox.ts'
import type { OpenedAnswer, PulledBytes } from './fetch.contract.ts'
import { freezeHeaders, type Headers } from './headers.sandbox.ts'
import { Request, type RequestInit } from './request.sandbox.ts'
import { makeResponse, type Response } from './response.sandbox.ts'

/** @throws TypeError with the code of what the net failed at; the signal's reason */
export async function ask(lane: Lane, input: unknown, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  const { signal } = request
  signal.throwIfAborted()
  if (request.url.startsWith('data:')) return dataResponse(request.url)
  const content = takeContent(request)
  const body =
    content && (content.source instanceof Uint8Array ? content.source : await collect(content.source))
  signal.throwIfAborted()
  const call = lane.call<OpenedAnswer>('fetch.open', [
    {
      method: request.method,
      url: request.url,
      headers: withDefaults(request.headers),
      redirect: request.redirect,
      ...(body && { body }),
    },
  ]) as Promise<OpenedAnswer>
  return responseOf(lane, await unlessAborted(call, signal), signal)
}

function withDefaults(headers: Headers): [string, string][] {
  const pairs = [...headers]
  if (!headers.has('accept')) pairs.push(['accept', '*/*'])
  return pairs
}

/** The answer, or the signal's reason if that comes first. What the net fails at is a TypeError, as on the web. */
function unlessAborted(call: Promise<OpenedAnswer>, signal: AbortSignal): Promise<OpenedAnswer> {
  return new Promise((resolve, reject) => {
    const forget = whenAborted(signal, () => {
      reject(signal.reason as Error)
      // An answer that comes all the same is not read.
      call.then(
        ({ body }) => giveUp(body),
        () => {},
      )
    })
    // A signal may outlive the request by far, and keeps what waits for it.
    call.finally(forget).then(resolve, (error: unknown) => reject(networkError(error)))
  })
}

function networkError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code } = error as { code?: string }
  if (code === 'HTTP_TIMEOUT') {
    const late = new DOMException(error.message, 'TimeoutError')
    return Object.defineProperty(late, 'code', { value: code, configurable: true })
  }
  return Object.assign(new TypeError(error.message), { code, stack: error.stack })
}

function giveUp(body: OpenedAnswer['body']): void {
  if (typeof body === 'number') tellHost('fetch.cancel', [body])
}

function responseOf(lane: Lane, answer: OpenedAnswer, signal: AbortSignal): Response {
  const { status, statusText, headers, url, redirected, body } = answer
  const response = makeResponse(
    contentOf(lane, body, signal, answer.first),
    { statusText, headers },
    { status, url, redirected },
  )
  freezeHeaders(response.headers)
  return response
}

function contentOf(
  lane: Lane,
  body: OpenedAnswer['body'],
  signal: AbortSignal,
  first: Uint8Array | null,
): Content | null {
  if (typeof body !== 'number') return body && { source: body, type: null }
  return { source: pulled(lane, body, signal, first), type: null }
}

/** The rest of an answer, asked for as it is read. */
function pulled(
  lane: Lane,
  id: number,
  signal: AbortSignal,
  first: Uint8Array | null,
): ReadableStream<Uint8Array> {
  let ready = first
  // The pull that waits now. A race of each pull with one promise of the abort would keep something of every pull for as
  // long as the body lasts, and a stream of events lasts for weeks.
  let failWaiting: (reason: unknown) => void = () => {}
  const forget = whenAborted(signal, () => {
    giveUp(id)
    failWaiting(signal.reason)
  })
  const unlessAbortedMeanwhile = <T>(bytes: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      failWaiting = reject
      bytes.then(resolve, reject)
    })
  const next = async (): Promise<Uint8Array | null> => {
    for (;;) {
      const { done, bytes } = await (lane.call<PulledBytes>('fetch.pull', [id]) as Promise<PulledBytes>)
      if (bytes.length > 0) return bytes
      if (done) return null
    }
  }
  const pull = async (): Promise<Uint8Array | null> => {
    if (signal.aborted) throw signal.reason
    if (ready) {
      const bytes = ready
      ready = null
      return bytes
    }
    try {
      const bytes = await unlessAbortedMeanwhile(next())
      if (bytes === null) forget()
      return bytes
    } catch (error) {
      forget()
      throw error === signal.reason ? error : networkError(error)
    }
  }
  const cancel = () => {
    forget()
    giveUp(id)
  }
  return streamOfPulls(pull, cancel) as ReadableStream<Uint8Array>
}
