import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { testCertificates } from './certificates.ts'

/** A real server on a free port of loopback, ended by disposal together with its connections. */
export interface LoopbackServer extends AsyncDisposable {
  url: string
}

/** Serves `listener` over http, or over https with that certificate. */
export async function serveOnLoopback(
  listener: RequestListener,
  certificate?: (typeof testCertificates)['first' | 'second'],
): Promise<LoopbackServer> {
  const server: Server = certificate ? createTlsServer(certificate, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers as an agent that is healthy and tells its version. */
export const healthyAgent: RequestListener = (request, response) => {
  response.setHeader('content-type', 'application/json')
  if (request.url === '/health') response.end('{"status":"ok"}')
  else if (request.url === '/trpc/agent.info') response.end('{"result":{"data":{"version":"1.2.3"}}}')
  else response.writeHead(404).end('{}')
}
