import { agentUrlSchema, fingerprintSchema } from '../shared/desktop-port.schema.ts'

/** What a link asks for; it is shown for confirmation and never acted upon by itself. */
export interface ConnectLink {
  url: string
  fingerprint: string | null
}

/**
 * Reads `m3m://connect?url=https://host:3000&fingerprint=<sha256>`. Null for anything else: another action,
 * a wrong address, a wrong fingerprint (a pin that was mangled must not become "no pin"), or a link with
 * parameters this version does not know, credentials among them.
 */
export function parseConnectLink(text: string): ConnectLink | null {
  if (!URL.canParse(text)) return null
  const link = new URL(text)
  if (link.protocol !== 'm3m:' || link.hostname !== 'connect' || link.username || link.password) return null
  const names = [...link.searchParams.keys()]
  if (names.some((name) => name !== 'url' && name !== 'fingerprint') || new Set(names).size < names.length)
    return null
  const url = agentUrlSchema.safeParse(link.searchParams.get('url') ?? '')
  if (!url.success) return null
  const given = link.searchParams.get('fingerprint')
  if (given === null) return { url: url.data, fingerprint: null }
  const fingerprint = fingerprintSchema.safeParse(given)
  return fingerprint.success ? { url: url.data, fingerprint: fingerprint.data } : null
}

/** The first connect link among the arguments of a process (Windows and Linux pass links so). */
export function connectLinkIn(argv: readonly string[]): ConnectLink | null {
  for (const argument of argv) {
    const link = parseConnectLink(argument)
    if (link) return link
  }
  return null
}
