import { createServer } from 'node:http'
import type { Session } from './session.ts'

/** Chromium cannot be taught a scheme from outside, so `app://m3m` is this origin (see README.md). */
const PORT = Number(process.env['M3M_STANDIN_PORT'] ?? 0)
const HOST = /^([a-z0-9-]+)[.]([a-z0-9-]+)[.]localhost(?::\d+)?$/
/** Tells whose request it is: each session is a browser context of its own and has its own cookies. */
export const SESSION_COOKIE = 'standin-session'

export type ProtocolHandler = (request: Request) => Response | Promise<Response>

const sessions = new Map<string, Session>()
let port = PORT

export function registerSession(session: Session): void {
  sessions.set(session.key, session)
}

/** `app://m3m/x` as the address under which Chromium gets it; other addresses stay. */
export function toBrowser(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url)
  return protocol === 'app:' ? `http://${host}.app.localhost:${port}${pathname}${search}${hash}` : url
}

/** The way back: what the app is told. */
export function toApp(url: string): string {
  return url.replace(new RegExp(`^http://([a-z0-9-]+)[.]app[.]localhost:${port}`), 'app://$1')
}

/** Where the pages are served from, without a path. */
export function standinOrigin(): string {
  return new URL(toBrowser('app://m3m/')).origin
}

export async function startProtocolServer(): Promise<void> {
  const server = createServer(async (request, response) => {
    const [, host, scheme] = HOST.exec(request.headers.host ?? '') ?? []
    const cookie = new RegExp(`${SESSION_COOKIE}=([^;]+)`).exec(request.headers.cookie ?? '')?.[1]
    const handler = sessions.get(cookie ?? '')?.handlers.get(scheme ?? '')
    if (!handler) {
      response.writeHead(404).end()
      return
    }
    try {
      const { method = 'GET' } = request
      const answer = await handler(new Request(`${scheme}://${host}${request.url}`, { method }))
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(Buffer.from(await answer.arrayBuffer()))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve))
  server.unref()
  port = (server.address() as { port: number }).port
}
