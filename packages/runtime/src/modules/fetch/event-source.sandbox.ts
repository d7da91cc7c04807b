// EventSource: WHATWG HTML, "Server-sent events", over a streamed fetch.
import { bareLane } from '../../sandbox/lanes.ts'
import { startTimer } from '../../sandbox/timers.ts'
import { AbortController } from '../../sandbox/web/abort.ts'
import { DOMException, Event, EventTarget, handlerAttributes } from '../../sandbox/web/events.ts'
import { demand, webInterface } from '../../sandbox/web/interface.ts'
import { ErrorEvent, MessageEvent } from '../../sandbox/web/message-events.ts'
import { TextDecoder } from '../../sandbox/web/text-coders.ts'
import { URL } from '../../sandbox/web/url.ts'
import { ask } from './ask.sandbox.ts'

const CONNECTING = 0
const OPEN = 1
const CLOSED = 2
const RECONNECT_MS = 3000
/** Text of one event; more ends the connection. */
const MAX_EVENT_CHARS = 1024 * 1024

export class EventSource extends EventTarget {
  readonly #url: string
  readonly #withCredentials: boolean
  readonly #stop = new AbortController()
  #state = CONNECTING
  #retryMs = RECONNECT_MS
  #lastId = ''

  declare onopen: ((event: Event) => unknown) | null
  declare onmessage: ((event: MessageEvent) => unknown) | null
  declare onerror: ((event: Event) => unknown) | null

  constructor(url: unknown, init: { withCredentials?: boolean } = {}) {
    super()
    demand(1, arguments.length, 'EventSource')
    const parsed = URL.parse(String(url))
    if (!parsed) throw new DOMException(`"${String(url)}" is no URL.`, 'SyntaxError')
    this.#url = parsed.href
    this.#withCredentials = Boolean(init.withCredentials)
    void this.#connect()
  }
  get url(): string {
    return this.#url
  }
  get withCredentials(): boolean {
    return this.#withCredentials
  }
  get readyState(): number {
    return this.#state
  }
  close(): void {
    this.#state = CLOSED
    this.#stop.abort()
  }
  async #connect(): Promise<void> {
    try {
      const response = await ask(bareLane, this.#url, {
        headers: {
          accept: 'text/event-stream',
          'cache-control': 'no-store',
          // Bytes of its UTF-8, as a header carries Latin-1.
          ...(this.#lastId && { 'last-event-id': unescape(encodeURIComponent(this.#lastId)) }),
        },
        signal: this.#stop.signal,
      })
      const type = response.headers.get('content-type') ?? ''
      if (response.status !== 200 || !/^text\/event-stream(?:;|$)/i.test(type)) {
        void response.body?.cancel().catch(() => {})
        const message = `${this.#url} answered ${response.status} "${type}", which is no stream of events.`
        return this.#fail(message)
      }
      this.#state = OPEN
      this.dispatchEvent(new Event('open'))
      await this.#read(response.body)
    } catch (error) {
      if (this.#stop.signal.aborted) return
      this.#again(error)
      return
    }
    if (this.#state !== CLOSED) this.#again(null)
  }
  #fail(message: string): void {
    this.#state = CLOSED
    this.dispatchEvent(new ErrorEvent('error', { message }))
  }
  #again(error: unknown): void {
    this.#state = CONNECTING
    const message = error instanceof Error ? error.message : 'the connection ended'
    this.dispatchEvent(new ErrorEvent('error', { message, error }))
    if ((this.#state as number) === CLOSED) return
    startTimer(
      () => {
        if (this.#state === CONNECTING) void this.#connect()
      },
      this.#retryMs,
      false,
    )
  }
  async #read(
    body: { getReader(): { read(): Promise<{ done: boolean; value?: unknown }> } } | null,
  ): Promise<void> {
    if (!body) return
    const reader = body.getReader()
    const decoder = new TextDecoder()
    const parse = this.#parser()
    for (;;) {
      const { done, value } = await reader.read()
      if (done || this.#state === CLOSED) return
      parse(decoder.decode(value, { stream: true }))
    }
  }
  /** Takes text as it comes and dispatches what is whole. */
  #parser(): (text: string) => void {
    let rest = ''
    let event = ''
    let data: string[] = []
    let id = this.#lastId
    const dispatch = () => {
      this.#lastId = id
      const type = event || 'message'
      if (data.length > 0 && this.#state !== CLOSED)
        this.dispatchEvent(
          new MessageEvent(type, {
            data: data.join('\n'),
            lastEventId: id,
            origin: new URL(this.#url).origin,
          }),
        )
      event = ''
      data = []
    }
    const line = (text: string) => {
      if (text === '') return dispatch()
      const colon = text.indexOf(':')
      if (colon === 0) return
      const field = colon < 0 ? text : text.slice(0, colon)
      const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') event = value
      else if (field === 'data') data.push(value)
      else if (field === 'id' && !value.includes('\0')) id = value
      else if (field === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value)
    }
    return (text) => {
      rest += text
      if (rest.length > MAX_EVENT_CHARS) throw new RangeError('An event has more than a million characters.')
      for (;;) {
        const found = /\r\n|\n|\r(?!$)/.exec(rest)
        if (!found) return
        line(rest.slice(0, found.index))
        rest = rest.slice(found.index + found[0].length)
      }
    }
  }
}
handlerAttributes(EventSource, ['open', 'message', 'error'])
webInterface(EventSource, 'EventSource', { CONNECTING, OPEN, CLOSED })
