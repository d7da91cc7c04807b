import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * The cookie that keeps a browser signed in. Its name tells agents of one host apart (cookies know no ports),
 * its path keeps it away from everything but `/auth`.
 */
export interface RefreshCookie {
  readonly name: string
  /** The value of a Set-Cookie header; `null` takes the cookie away. */
  write(token: string | null, options: { expiresAt: Date; secure: boolean }): string
  /**
   * `null` when there is none, and when there are two: a page of another port of this host can plant a second
   * one, and which of them is ours cannot be told.
   */
  read(request: IncomingMessage): string | null
}

export function createRefreshCookie(secret: string): RefreshCookie {
  const suffix = createHash('sha256').update(`m3m cookie\n${secret}`).digest('hex').slice(0, 8)
  const name = `m3m_refresh_${suffix}`
  return {
    name,
    write(token, { expiresAt, secure }) {
      const life = token === null ? 'Max-Age=0' : `Expires=${expiresAt.toUTCString()}`
      return `${name}=${token ?? ''}; Path=/auth; HttpOnly; SameSite=Strict; ${life}${secure ? '; Secure' : ''}`
    },
    read(request) {
      const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
      const found = pairs.filter((pair) => pair.startsWith(`${name}=`))
      return found.length === 1 ? found[0]!.slice(name.length + 1) : null
    },
  }
}
