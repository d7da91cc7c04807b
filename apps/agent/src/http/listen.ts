import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { messageOf } from '@m3m/base'
import { httpErrors } from './http.errors.ts'
import type { TlsMaterial } from './tls.ts'

/** A slow header is a held socket: node's own default, said here because both servers depend on it. */
const HEADERS_TIMEOUT_MS = 60_000
/** Longer than what proxies in front usually keep (nginx: 75 s), so that they never reuse a socket we just closed. */
const KEEP_ALIVE_MS = 80_000

/** An HTTP/1.1 server, with TLS where there is material. Not listening yet. */
export function createHttp(listener: RequestListener, tls: TlsMaterial | null): Server {
  const options = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Uploads and live streams last; the front has deadlines of its own for services.
    requestTimeout: 0,
  }
  if (tls)
    return createHttpsServer({ ...options, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' }, listener)
  return createHttpServer(options, listener)
}

interface Listening {
  host: string
  port: number
  /** The key of config.yaml that holds the port, for the message when it is taken. */
  key: 'server.port' | 'server.servicesPort'
}

/**
 * Listens and gives the port, which the system chose when 0 was asked for.
 *
 * @throws HTTP_PORT_TAKEN, HTTP_CANNOT_LISTEN
 */
export function listen(server: Server, { host, port, key }: Listening): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        taken
          ? httpErrors.HTTP_PORT_TAKEN({ host, port, key }, { cause: error })
          : httpErrors.HTTP_CANNOT_LISTEN({ host, port, key, reason: messageOf(error) }, { cause: error }),
      )
    }
    server.once('error', refused)
    server.listen({ host, port }, () => {
      server.off('error', refused)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** How often a connection is looked for that has given its answer and is kept alive by its client. */
const IDLE_LOOK_MS = 50

/** Takes no new connection, lets answers under way finish for `graceMs`, then cuts what is left. */
export async function closeHttp(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS)
  const last = setTimeout(() => {
    server.closeAllConnections()
    // An upgraded socket is no connection of the server's any more; whoever took it ends it.
    resolve()
  }, graceMs)
  await closed
  clearInterval(idle)
  clearTimeout(last)
}
