import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { WebSocketServer, type WebSocket } from 'ws'
import type { AppRouter } from '@m3m/core'
import type { PanelDeps } from './panel-deps.ts'
import { requestInput } from './request-input.ts'

/** The largest message a page sends by the socket (big ones go by HTTP). */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
/** A reader this far behind is cut off: it reconnects and resumes where it was. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024
/** For a page to say goodbye; a sleeping laptop does not. */
const CLOSE_MS = 1000
const KEEP_ALIVE = { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 }

/** The WebSocket door of the API: subscriptions, with the token in `connectionParams` and never in the URL. */
export interface TrpcSocket {
  owns(url: string): boolean
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every page to come again later, then ends the sockets. */
  close(): void
}

export function createTrpcSocket({ core, origins, peerOf, ready, logger }: PanelDeps): TrpcSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES })
  server.on('connection', (client) => {
    client.on('error', (error) => logger.debug('socket error', { error }))
    cutSlowReader(client)
  })
  const handler = applyWSSHandler<AppRouter>({
    wss: server,
    router: core.router,
    keepAlive: KEEP_ALIVE,
    createContext: ({ req, info }) => {
      const token = info.connectionParams?.['token']
      return core.createContext({
        ...requestInput(req, peerOf(req)),
        token: typeof token === 'string' ? token : null,
      })
    },
  })
  return {
    owns: (url) => url === '/trpc' || url.startsWith('/trpc?'),
    upgrade(request, socket, head) {
      const peer = peerOf(request)
      if (!origins.mayCall(peer)) return refuse(socket, '403 Forbidden')
      void ready.then(() =>
        server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
      )
    },
    close() {
      handler.broadcastReconnectNotification()
      // 1012: service restart (IANA WebSocket close codes).
      for (const client of server.clients) client.close(1012)
      setTimeout(() => server.clients.forEach((client) => client.terminate()), CLOSE_MS).unref()
      server.close()
    },
  }
}

/** Answers an upgrade that is not taken, in plain HTTP. */
export function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {})
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function cutSlowReader(client: WebSocket): void {
  const send = client.send.bind(client) as (...args: unknown[]) => void
  client.send = (...args: unknown[]) => {
    if (client.bufferedAmount > MAX_UNSENT_BYTES) client.terminate()
    else send(...args)
  }
}
