import type { RequestListener, Server } from 'node:http'
import type { Front } from '@m3m/runtime'
import { refuse } from './trpc-socket.ts'

/**
 * The services' own port and so their own origin: their pages are ordinary web pages here, and nothing of the
 * panel answers.
 */
export function createServicesServer(
  front: Front,
  createServer: (listener: RequestListener) => Server,
): Server {
  const server = createServer((request, response) => {
    if (front.owns(request.url!)) return front.request(request, response, 'services')
    const isHealth = request.url === '/health'
    response.writeHead(isHealth ? 200 : 404, {
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
    })
    response.end(
      JSON.stringify(isHealth ? { status: 'ok' } : { error: 'Services answer under /r/{project}/ here.' }),
    )
  })
  server.on('upgrade', (request, socket, head) => {
    if (front.owns(request.url!)) front.upgrade(request, socket, head, 'services')
    else refuse(socket, '404 Not Found')
  })
  return server
}
