// WebSockets: the agent speaks the protocol, messages pass here.
import { encodeOut, operate, operateText } from '../../sandbox/outbox.ts'
import { answer, dropRequest, type PendingRequest } from '../../sandbox/requests.ts'
import { HEADERS, OP } from '../../sandbox/wire.contract.ts'
import type { Context } from './context.sandbox.ts'

/** What `router.websocket` takes; each may be async. */
export interface SocketHandlers {
  open?(socket: Socket, ctx: Context): unknown
  message?(socket: Socket, data: string | Uint8Array): unknown
  close?(socket: Socket, code: number, reason: string): unknown
}

type Guard = (what: string, fn: () => unknown) => void

/** One open socket. */
export class Socket {
  readonly #request: PendingRequest
  /** For the author. */
  readonly state: Record<string, unknown> = {}
  readonly ctx: Context

  constructor(request: PendingRequest, ctx: Context) {
    this.#request = request
    this.ctx = ctx
  }
  get isOpen(): boolean {
    return this.#request.open
  }
  /** False when the socket is closed. Objects are sent as JSON. */
  send(data: unknown): boolean {
    if (!this.#request.open) return false
    if (data instanceof ArrayBuffer || ArrayBuffer.isView(data))
      operateText(`["${OP.message}",${this.#request.stream},${encodeOut(data)}]`)
    else
      operate(
        OP.message,
        this.#request.stream,
        typeof data === 'string' ? data : (JSON.stringify(data) ?? 'null'),
      )
    return true
  }
  /** `code` 1000, or 3000 to 4999 (RFC 6455, section 7.4). */
  close(code = 1000, reason = ''): void {
    if (!this.#request.open) return
    const valid = code === 1000 || (Number.isInteger(code) && code >= 3000 && code <= 4999)
    if (!valid) throw new RangeError(`${code} is no code to close a socket with; use 1000 or 3000 to 4999.`)
    operate(OP.close, this.#request.stream, code, String(reason).slice(0, 120))
    // RFC 6455: after the close frame nothing is sent; the close handler runs when the other side has answered.
    this.#request.open = false
  }
}

/** Accepts the upgrade and connects the handlers. */
export function openSocket(
  request: PendingRequest,
  ctx: Context,
  handlers: SocketHandlers,
  guard: Guard,
): void {
  const socket = new Socket(request, ctx)
  const run = (handler: keyof SocketHandlers, call: () => unknown) =>
    guard(`The handler "${handler}" of the socket ${ctx.path} failed`, call)
  request.onMessage = (data) => {
    if (request.open) run('message', () => handlers.message?.(socket, data))
  }
  request.onClosed = (code, reason) => {
    request.open = false
    run('close', () => handlers.close?.(socket, code, reason))
  }
  request.onAbort = () => {
    dropRequest(request.stream)
    run('close', () => handlers.close?.(socket, 1006, ''))
  }
  answer(request, { status: 101, headers: HEADERS.none, body: '', more: 2 })
  run('open', () => handlers.open?.(socket, ctx))
}
