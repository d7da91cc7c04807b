// One WebSocket: the agent speaks RFC 6455 (by `ws`), messages pass as chunk frames.
import { Buffer } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { STATUS_CODES } from 'node:http'
import type { Logger } from '@m3m/base'
import { WebSocketServer, type WebSocket } from 'ws'
import { CHUNK_BYTES, FLAG, KIND } from '../frames/frame.ts'
import { ITEM, WINDOW_BYTES } from '../sandbox/wire.contract.ts'
import type { AgentRun } from '../supervisor/agent-run.ts'
import type { CheckedAnswer, StreamOwner } from '../supervisor/stream-owner.ts'
import { isSecure } from './http-exchange.ts'
import { headersForService } from './request-headers.ts'
import { responseHeaders, type HeaderRules } from './response-headers.ts'

export interface Upgrade {
  request: IncomingMessage
  socket: Duplex
  head: Buffer
  run: AgentRun
  url: string
  rules: HeaderRules
}

export interface SocketUpgradeOptions {
  panelCookies: ReadonlySet<string>
  clientAddress(peer: string | undefined, forwarded: string | undefined): string
  logger: Logger
}

/** Longest message a client may send. */
const MAX_MESSAGE_BYTES = 1024 * 1024
/** A quiet socket is asked for a sign of life so often, and ended when none comes. */
const PING_MS = 30_000
/** What may wait for a slow client. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024

/** Makes the handler of upgrades for runs. */
export function createSocketUpgrade(options: SocketUpgradeOptions): (upgrade: Upgrade) => void {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, clientTracking: false })
  return (upgrade) => new SocketExchange(upgrade, server, options).begin()
}

/** Owner of one stream that is a socket. */
class SocketExchange implements StreamOwner {
  readonly #upgrade: Upgrade
  readonly #server: WebSocketServer
  readonly #options: SocketUpgradeOptions
  deadlineMs: number
  #stream = 0
  #socket: WebSocket | null = null
  #over = false
  #credit = WINDOW_BYTES
  #parts: Buffer[] = []
  #alive = true
  #pinger: NodeJS.Timeout | undefined
  readonly #startedMs = performance.now()

  constructor(upgrade: Upgrade, server: WebSocketServer, options: SocketUpgradeOptions) {
    this.#upgrade = upgrade
    this.#server = server
    this.#options = options
    this.deadlineMs = Date.now() + upgrade.run.spec.limits.requestWallMs
  }

  begin(): void {
    const { request, run, url, socket } = this.#upgrade
    const stream = run.runner.link.open(run.handle, this)
    if (stream === null) return this.#refuse(503)
    this.#stream = stream
    socket.once('close', () => this.#left(1006, ''))
    const raw = headersForService(request.rawHeaders, this.#options.panelCookies)
    const forwarded = request.headers['x-forwarded-for'] as string | undefined
    const ip = this.#options.clientAddress(request.socket.remoteAddress, forwarded)
    const secure = isSecure(request) ? 1 : 0
    run.runner.link.request(
      run.handle,
      `[${ITEM.request},${stream},"WEBSOCKET",${JSON.stringify(url)},${JSON.stringify(raw)},"${ip}",null,${run.spec.limits.requestWallMs},${secure}]`,
    )
  }

  answered(answer: CheckedAnswer): void {
    const { request, socket, head, rules, run } = this.#upgrade
    if (answer.more !== 2) {
      if (answer.more === 1) run.runner.link.close(run.handle, this.#stream, true)
      this.#over = true
      this.#count(answer.status, answer.route)
      return this.#refuse(
        answer.status,
        responseHeaders(answer.headers, Buffer.byteLength(answer.body), rules),
        answer.body,
      )
    }
    this.deadlineMs = Infinity
    this.#count(101, answer.route)
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#opened(webSocket))
  }

  chunk(bytes: Buffer, text: boolean, more: boolean): void {
    const { run } = this.#upgrade
    const socket = this.#socket
    const credit = () => run.runner.link.credit(run.handle, this.#stream, bytes.length)
    if (more) {
      this.#parts.push(bytes)
      return credit()
    }
    const whole = this.#parts.length > 0 ? Buffer.concat([...this.#parts, bytes]) : bytes
    this.#parts = []
    if (!socket || this.#over) return
    run.counters.transferred(0, whole.length)
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return this.#close(1013, 'The client reads too slowly.')
    socket.send(whole, { binary: !text }, credit)
  }

  ended(head: string): void {
    this.#over = true
    const { code, reason } = closingOf(head)
    this.#socket?.close(code, reason)
    this.#tell(code, reason)
    this.#stop()
  }

  broken(): void {
    this.#over = true
    this.#socket?.terminate()
    this.#stop()
  }

  credit(bytes: number): void {
    this.#credit += bytes
    if (this.#credit > 0) this.#socket?.resume()
  }

  expired(): void {
    this.#over = true
    const { run } = this.#upgrade
    run.runner.link.send(KIND.abort, run.handle, this.#stream)
    this.#count(504, -1)
    this.#refuse(504)
  }

  lost(): void {
    this.#over = true
    if (this.#socket) this.#socket.close(1012, 'The service restarts.')
    else this.#refuse(503)
    this.#stop()
  }

  drain(): void {
    // RFC 6455, section 7.4 (registry): 1012 is "service restart"; clients connect again.
    if (this.#socket) this.#close(1012, 'The service restarts.')
  }

  /** The upgrade is a request as others; what comes after it is not one. */
  #count(status: number, route: number): void {
    const { run, url } = this.#upgrade
    const known = route >= 0 ? route : run.counters.routeOf('WEBSOCKET', url.split('?', 1)[0]!)
    run.counters.count(known, status, performance.now() - this.#startedMs)
  }

  #opened(socket: WebSocket): void {
    this.#socket = socket
    socket.on('message', (data, binary) => this.#received(data as Buffer, binary))
    socket.on('pong', () => (this.#alive = true))
    socket.on('close', (code, reason) => this.#left(code, reason.toString()))
    socket.on('error', () => {})
    this.#pinger = setInterval(() => {
      if (!this.#alive) return socket.terminate()
      this.#alive = false
      socket.ping()
    }, PING_MS)
    this.#pinger.unref()
    if (this.#over) socket.close(1012, 'The service restarts.')
  }

  #received(data: Buffer, binary: boolean): void {
    if (this.#over) return
    this.#alive = true
    const { run } = this.#upgrade
    run.counters.transferred(data.length, 0)
    const text = binary ? 0 : FLAG.text
    let at = 0
    do {
      const bytes = data.subarray(at, at + CHUNK_BYTES)
      at += CHUNK_BYTES
      run.runner.link.send(KIND.chunk, run.handle, this.#stream, {
        bytes,
        flags: text | (at < data.length ? FLAG.more : 0),
      })
    } while (at < data.length)
    this.#credit -= data.length
    if (this.#credit <= 0) this.#socket?.pause()
  }

  #close(code: number, reason: string): void {
    this.#socket?.close(code, reason)
    this.#left(code, reason)
  }

  /** The client's side is over. */
  #left(code: number, reason: string): void {
    if (this.#over) return
    this.#over = true
    const { run } = this.#upgrade
    this.#tell(code, reason)
    run.runner.link.close(run.handle, this.#stream, this.#socket === null)
    this.#stop()
  }

  #tell(code: number, reason: string): void {
    const { run } = this.#upgrade
    run.runner.link.send(KIND.end, run.handle, this.#stream, { head: JSON.stringify([code, reason]) })
  }

  #stop(): void {
    clearInterval(this.#pinger)
  }

  #refuse(status: number, headers: readonly string[] = ['content-length', '0'], body = ''): void {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n`
    for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`
    this.#upgrade.socket.end(`${head}\r\n${body}`)
  }
}

function closingOf(head: string): { code: number; reason: string } {
  try {
    const [code, reason] = JSON.parse(head) as unknown[]
    const valid =
      code === 1000 ||
      code === 1013 ||
      (Number.isInteger(code) && (code as number) >= 3000 && (code as number) <= 4999)
    return {
      code: valid ? (code as number) : 1011,
      reason: typeof reason === 'string' ? reason.slice(0, 120) : '',
    }
  } catch {
    return { code: 1000, reason: '' }
  }
}
