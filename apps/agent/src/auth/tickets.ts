import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { isId, type Clock } from '@m3m/base'
import type { AccessClaims } from '@m3m/core'

/** Long enough to open a download, too short to be worth stealing from a proxy's log (design: wire.md, `storage.ticket`). */
const LIFE_MS = 5 * 60_000

/**
 * Signed addresses for what a browser fetches by itself (`<img>`, a download) and so without a bearer token.
 * A ticket holds for one path and one sign-in; whether that sign-in still lives and may see the path is
 * checked when it is used.
 */
export interface Tickets {
  /** `path` with a ticket as its query, good for 5 minutes. */
  sign(path: string, claims: AccessClaims): string
  /** Whose ticket it is; `null` when it is of another path, has ended or was not made here. */
  verify(path: string, ticket: string): AccessClaims | null
}

export function createTickets(secret: string, clock: Clock): Tickets {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'm3m tickets', 32))
  const mac = (path: string, payload: string) =>
    createHmac('sha256', key).update(`${payload}\n${path}`).digest()
  return {
    sign(path, { userId, sessionId }) {
      const payload = `${userId}.${sessionId}.${(clock.now() + LIFE_MS).toString(36)}`
      return `${path}?ticket=${payload}.${mac(path, payload).toString('base64url')}`
    },
    verify(path, ticket) {
      const end = ticket.lastIndexOf('.')
      const payload = ticket.slice(0, end)
      const given = Buffer.from(ticket.slice(end + 1), 'base64url')
      const right = mac(path, payload)
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null
      const [userId, sessionId, until = ''] = payload.split('.')
      if (!isId(userId) || !isId(sessionId) || Number.parseInt(until, 36) < clock.now()) return null
      return { userId, sessionId }
    },
  }
}
