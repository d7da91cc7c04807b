import { messageOf } from '@m3m/base'
import { WebSocket } from 'ws'
import type { OutboundGuard } from '../../outbound/guard.ts'
import { isPlainObject } from '../../sandbox/codec.ts'
import { MAX_MESSAGE_BYTES, MAX_SOCKETS, SOCKET_EVENT } from './fetch.contract.ts'
import { fetchErrors } from './fetch.errors.ts'

const HANDSHAKE_MS = 10_000
/** What waits for a slow peer; beyond it the socket is cut. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024

export interface SocketsOptions {
  guard: OutboundGuard
  /** What happens to a socket, told to the service in order. */
  enter(event: string, args: readonly unknown[]): Promise<unknown>
}

/** Sockets a service opens to others; it numbers them. */
export interface Sockets {
  /** Settles when the socket is open, with what was agreed. @throws FETCH_SOCKET_REFUSED, FETCH_TOO_MANY_OPEN, OUTBOUND_* */
  connect(id: unknown, options: unknown): Promise<{ protocol: string; extensions: string }>
  /** Settles when the data has left. */
  send(id: unknown, data: unknown): Promise<void>
  close(id: unknown, code: unknown, reason: unknown): void
  closeAll(): void
}

export function createSockets({ guard, enter }: SocketsOptions): Sockets {
  const open = new Map<number, WebSocket>()

  const tell = (socket: WebSocket, args: readonly unknown[]): void => {
    // One message at a time: a peer that floods waits for the service.
    socket.pause()
    enter(SOCKET_EVENT, args).then(
      () => socket.resume(),
      () => socket.terminate(),
    )
  }
  return {
    async connect(id, options) {
      const { url, protocols, headers } = checked(id, options)
      if (open.size >= MAX_SOCKETS)
        throw fetchErrors.FETCH_TOO_MANY_OPEN({ what: 'sockets', limit: MAX_SOCKETS })
      const target = new URL(url)
      const port = Number(target.port) || (target.protocol === 'wss:' ? 443 : 80)
      const addresses = await guard.resolve(target.hostname, port)
      const socket = new WebSocket(url, protocols, {
        headers,
        handshakeTimeout: HANDSHAKE_MS,
        maxPayload: MAX_MESSAGE_BYTES,
        followRedirects: false,
        // To the checked addresses and nowhere else.
        lookup: (_host, { all }, done) =>
          all
            ? (done as unknown as (error: null, found: typeof addresses) => void)(null, addresses)
            : done(null, addresses[0]!.address, addresses[0]!.family),
      })
      open.set(id as number, socket)
      await opened(socket, url).catch((error: unknown) => {
        open.delete(id as number)
        socket.terminate()
        throw error
      })
      socket.on('message', (data, isBinary) =>
        tell(socket, [
          id,
          'message',
          isBinary ? new Uint8Array(data as Buffer) : (data as Buffer).toString(),
        ]),
      )
      socket.on('close', (code, reason) => {
        open.delete(id as number)
        void enter(SOCKET_EVENT, [id, 'close', code, reason.toString()]).catch(() => {})
      })
      // What came with the handshake follows the answer.
      setImmediate(() => socket.resume())
      return { protocol: socket.protocol, extensions: socket.extensions }
    },
    send(id, data) {
      const socket = open.get(id as number)
      if (!socket || socket.readyState !== WebSocket.OPEN) return Promise.resolve()
      if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate()
      return new Promise((resolve) =>
        socket.send(data instanceof Uint8Array ? data : String(data), () => resolve()),
      )
    },
    close(id, code, reason) {
      const socket = open.get(id as number)
      if (typeof code === 'number') socket?.close(code, String(reason ?? '').slice(0, 123))
      else socket?.close()
    },
    closeAll() {
      for (const socket of open.values()) socket.terminate()
      open.clear()
    },
  }
}

/** Settles at the first word of the other side. */
function opened(socket: WebSocket, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.pause()
      resolve()
    })
    // Later errors end in `close`.
    socket.on('error', (error) =>
      reject(fetchErrors.FETCH_SOCKET_REFUSED({ url: url.split('?')[0]!, reason: messageOf(error) })),
    )
  })
}

function checked(id: unknown, options: unknown) {
  const refuse = (reason: string) => fetchErrors.FETCH_SOCKET_REFUSED({ url: 'a socket', reason })
  if (!Number.isInteger(id) || !isPlainObject(options)) throw refuse('it is not asked for as WebSocket does')
  const { url, protocols, headers } = options
  const target = typeof url === 'string' ? URL.parse(url) : null
  if (!target || !/^wss?:$/.test(target.protocol))
    throw refuse('its URL begins neither with ws:// nor wss://')
  const list = Array.isArray(protocols) ? protocols.filter((each) => typeof each === 'string') : []
  const pairs = isPlainObject(headers) ? Object.entries(headers).slice(0, 100) : []
  return {
    url: target.href,
    protocols: list,
    headers: Object.fromEntries(
      pairs
        .filter(([name]) => !/^(?:host|connection|upgrade|sec-websocket-.*)$/i.test(name))
        .map(([name, value]) => [name, String(value)]),
    ),
  }
}
