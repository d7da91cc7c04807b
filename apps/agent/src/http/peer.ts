import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Where a request comes from and how its sender wrote our address. */
export interface Peer {
  /** The nearest address that is no trusted proxy. */
  address: string
  protocol: 'http' | 'https'
  /** `Host`, or `X-Forwarded-Host` of a trusted proxy. */
  host: string
  origin: string | undefined
}

/**
 * Reads the peer of a request. `X-Forwarded-For`, `-Proto` and `-Host` count only when the socket's other
 * end is one of `trustedProxies` (addresses and CIDR ranges, asked at each request); the chain is walked from its near end, because
 * what a client wrote itself stands at the far one.
 */
export function createPeerReader(
  trustedProxies: () => readonly string[],
): (request: IncomingMessage) => Peer {
  let known: readonly string[] | undefined
  let trusted = new BlockList()
  const isTrusted = (address: string) => {
    const now = trustedProxies()
    if (now !== known) [known, trusted] = [now, listOf(now)]
    return isIP(address) !== 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }

  return (request) => {
    const socket = plain(request.socket.remoteAddress ?? '')
    const { headers } = request
    const viaProxy = isTrusted(socket)
    const chain = viaProxy
      ? String(headers['x-forwarded-for'] ?? '')
          .split(',')
          .map((hop) => plain(hop.trim()))
      : []
    const forwarded = (name: string) =>
      viaProxy
        ? String(headers[name] ?? '')
            .split(',')
            .at(-1)!
            .trim()
        : ''
    const encrypted = forwarded('x-forwarded-proto') === 'https' || 'encrypted' in request.socket
    return {
      address: chain.filter(Boolean).findLast((hop) => !isTrusted(hop)) ?? socket,
      protocol: encrypted ? 'https' : 'http',
      host: forwarded('x-forwarded-host') || (headers.host ?? ''),
      origin: headers.origin,
    }
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** `::ffff:127.0.0.1` is 127.0.0.1 (RFC 4291 §2.5.5.2). */
function plain(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
}
