import { BlockList, isIP } from 'node:net'

/** Which project a URL names, and the service's own path. */
export interface Address {
  slug?: string
  projectId?: string
  /** Path and query as the service sees them; begins with `/`. */
  url: string
  /**
   * Set when the address ends with the name (`/r/shop?a=1`): the same with its slash, relative to itself. A page
   * answered there would have its own relative links one folder too high.
   */
  withSlash?: string
}

/** True for `/r/…` and `/bot-…`: the URLs the front answers. */
export function ownsUrl(url: string): boolean {
  return url.startsWith('/r/') || url.startsWith('/bot-')
}

/** Splits `/r/{slug}/…` or `/bot-{id}/…`; null when there is no name in it. */
export function parseAddress(url: string): Address | null {
  const from = url.charCodeAt(1) === 114 ? 3 : 5
  let end = from
  // The name ends at the first slash or question mark.
  for (; end < url.length; end++) {
    const code = url.charCodeAt(end)
    if (code === 47 || code === 63) break
  }
  if (end === from) return null
  const name = url.slice(from, end)
  const rest = url.slice(end)
  const project = from === 3 ? { slug: name } : { projectId: name }
  const isBare = rest === '' || rest.charCodeAt(0) === 63
  if (!isBare) return { ...project, url: rest }
  const last = from === 3 ? name : url.slice(1, end)
  // `./`: a name such as `https:example.com` must not be read as another server's address.
  return { ...project, url: `/${rest}`, withSlash: `./${last}/${rest}` }
}

/** Says whose word about the client's address is believed. Entries are addresses or `address/bits`. */
export function createClientAddress(
  trustedNow: () => readonly string[],
): (peer: string | undefined, forwarded: string | undefined) => string {
  let trusted: readonly string[] = []
  let list = new BlockList()
  const believes = (address: string) =>
    isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return (peer, forwarded) => {
    let address = plain(peer ?? '')
    if (forwarded === undefined) return address
    const now = trustedNow()
    if (now !== trusted) [trusted, list] = [now, listOf(now)]
    if (trusted.length === 0) return address
    // From the nearest hop outwards: the first one nobody trusts is the client.
    for (const hop of forwarded.split(',').toReversed()) {
      if (!believes(address)) break
      const next = plain(hop.trim())
      if (isIP(next) === 0) break
      address = next
    }
    return address
  }
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address, bits] = range.split('/')
    const family = isIP(address!) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address!, family)
    else list.addSubnet(address!, Number(bits), family)
  }
  return list
}

function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
