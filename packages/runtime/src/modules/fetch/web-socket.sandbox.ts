// WebSocket as a client: WHATWG WebSockets. The host speaks the protocol.
import { callHost, onEnter } from '../../sandbox/calls.ts'
import { bytesOf, encodeUtf8 } from '../../sandbox/bytes.ts'
import { Blob, blobBytes } from '../../sandbox/web/blob.ts'
import { DOMException, Event, EventTarget, handlerAttributes } from '../../sandbox/web/events.ts'
import { demand, webInterface } from '../../sandbox/web/interface.ts'
import { CloseEvent, ErrorEvent, MessageEvent } from '../../sandbox/web/message-events.ts'
import { URL } from '../../sandbox/web/url.ts'
import { SOCKET_EVENT } from './fetch.contract.ts'

const CONNECTING = 0
const OPEN = 1
const CLOSING = 2
const CLOSED = 3

const sockets = new Map<number, (kind: string, first: unknown, second: unknown) => void>()
let lastId = 0

interface SocketOptions {
  protocols?: string | string[]
  /** Not of the web: for servers that want an Authorization header. */
  headers?: Record<string, string>
}

export class WebSocket extends EventTarget {
  readonly #id = ++lastId
  readonly #url: string
  #state = CONNECTING
  #protocol = ''
  #extensions = ''
  #binaryType = 'blob'
  #buffered = 0
  #isEarly = true
  readonly #early: [kind: string, first: unknown, second: unknown][] = []
  /** Sends keep their order, blobs included. */
  #sending: Promise<unknown> = Promise.resolve()

  declare onopen: ((event: Event) => unknown) | null
  declare onmessage: ((event: MessageEvent) => unknown) | null
  declare onerror: ((event: Event) => unknown) | null
  declare onclose: ((event: CloseEvent) => unknown) | null

  constructor(url: unknown, given: string | string[] | SocketOptions = []) {
    super()
    demand(1, arguments.length, 'WebSocket')
    const options = typeof given === 'string' || Array.isArray(given) ? { protocols: given } : given
    const protocols = [options.protocols ?? []].flat().map(String)
    this.#url = addressOf(url)
    checkProtocols(protocols)
    onEnter(SOCKET_EVENT, (id, kind, first, second) =>
      sockets.get(id as number)?.(kind as string, first, second),
    )
    sockets.set(this.#id, (kind, first, second) => this.#told(kind, first, second))
    const { headers } = options as SocketOptions
    void callHost('fetch.connect', [
      this.#id,
      { url: this.#url, protocols, ...(headers && { headers }) },
    ]).then(
      (agreed) => this.#opened(agreed as { protocol: string; extensions: string }),
      (error: unknown) => this.#failed(error),
    )
  }
  get url(): string {
    return this.#url
  }
  get readyState(): number {
    return this.#state
  }
  get bufferedAmount(): number {
    return this.#buffered
  }
  get extensions(): string {
    return this.#extensions
  }
  get protocol(): string {
    return this.#protocol
  }
  get binaryType(): string {
    return this.#binaryType
  }
  set binaryType(value: string) {
    if (value === 'blob' || value === 'arraybuffer') this.#binaryType = value
  }
  send(data: unknown): void {
    demand(1, arguments.length, 'WebSocket.send')
    if (this.#state === CONNECTING)
      throw new DOMException('The socket is not open yet; send in its "open" event.', 'InvalidStateError')
    const bytes = data instanceof Blob ? blobBytes(data) : typeof data === 'string' ? null : bytesOf(data)
    const size = bytes ? bytes.length : encodeUtf8(String(data)).length
    this.#buffered += size
    if (this.#state !== OPEN) return
    const payload = bytes ? bytes.slice() : String(data)
    const left = () => {
      this.#buffered -= size
    }
    this.#sending = callHost('fetch.send', [this.#id, payload]).then(left, left)
  }
  close(code?: number, reason?: string): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999))
      throw new DOMException(
        `${code} is no code to close with; use 1000, or 3000 to 4999.`,
        'InvalidAccessError',
      )
    if (reason !== undefined && encodeUtf8(String(reason)).length > 123)
      throw new DOMException('The reason to close has more than 123 bytes.', 'SyntaxError')
    if (this.#state >= CLOSING) return
    const wasOpen = this.#state === OPEN
    this.#state = CLOSING
    // Before it is open there is nobody to say it to: `#opened` does.
    if (wasOpen) this.#sayClose(code, reason)
  }
  #sayClose(code?: number, reason?: string): void {
    const say = () => callHost('fetch.close', [this.#id, code ?? null, reason ?? ''])
    void this.#sending.then(say).catch(() => {})
  }
  #opened({ protocol, extensions }: { protocol: string; extensions: string }): void {
    if (this.#state === CLOSING) {
      this.#isEarly = false
      this.#sayClose()
      return this.#failed(new Error('closed before it was open'))
    }
    this.#isEarly = false
    this.#protocol = protocol
    this.#extensions = extensions
    this.#state = OPEN
    this.dispatchEvent(new Event('open'))
    for (const [kind, first, second] of this.#early.splice(0)) this.#told(kind, first, second)
  }
  #failed(error: unknown): void {
    this.#state = CLOSED
    const message = error instanceof Error ? error.message : String(error)
    this.dispatchEvent(new ErrorEvent('error', { message, error }))
    this.#closed(1006, '')
  }
  #told(kind: string, first: unknown, second: unknown): void {
    // Entries are handled at once, the answer to `connect` a moment later.
    if (this.#isEarly) return void this.#early.push([kind, first, second])
    if (kind === 'close') return this.#closed(first as number, second as string)
    if (this.#state !== OPEN) return
    const data =
      typeof first === 'string'
        ? first
        : this.#binaryType === 'blob'
          ? new Blob([first])
          : (first as Uint8Array).slice().buffer
    this.dispatchEvent(new MessageEvent('message', { data, origin: new URL(this.#url).origin }))
  }
  #closed(code: number, reason: string): void {
    if (!sockets.delete(this.#id)) return
    this.#state = CLOSED
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean: code !== 1006 }))
  }
}
handlerAttributes(WebSocket, ['open', 'message', 'error', 'close'])
webInterface(WebSocket, 'WebSocket', { CONNECTING, OPEN, CLOSING, CLOSED })

function addressOf(input: unknown): string {
  const url = URL.parse(String(input))
  if (!url) throw new DOMException(`"${String(input)}" is no URL.`, 'SyntaxError')
  if (url.protocol === 'http:') url.protocol = 'ws:'
  if (url.protocol === 'https:') url.protocol = 'wss:'
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:')
    throw new DOMException(`A socket has a URL of ws:// or wss://, not "${url.protocol}".`, 'SyntaxError')
  if (url.href.includes('#')) throw new DOMException('The URL of a socket has no fragment.', 'SyntaxError')
  return url.href
}

function checkProtocols(protocols: readonly string[]): void {
  const names = protocols.map((each) => each.toLowerCase())
  for (const name of names)
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
      throw new DOMException(`"${name}" is no protocol.`, 'SyntaxError')
  if (new Set(names).size < names.length) throw new DOMException('A protocol is named twice.', 'SyntaxError')
}
