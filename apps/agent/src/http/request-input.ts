import type { IncomingMessage } from 'node:http'
import type { RequestInput } from '@m3m/core'
import type { Peer } from './peer.ts'

/** What core wants to know of a request, whatever door it came by. */
export function requestInput(
  request: IncomingMessage,
  peer: Peer,
): Required<Omit<RequestInput, 'setRefreshCookie'>> {
  return {
    token: bearerOf(request.headers.authorization),
    address: peer.address,
    userAgent: String(request.headers['user-agent'] ?? '').slice(0, 500),
  }
}

/** RFC 6750 §2.1; the scheme's name is case-insensitive (RFC 9110 §11.1). */
function bearerOf(header: string | undefined): string | null {
  return /^bearer\s+(\S+)$/i.exec(header ?? '')?.[1] ?? null
}
