import type { Peer } from './peer.ts'

/** The desktop app's pages (design: wire.md). */
export const DESKTOP_ORIGIN = 'app://m3m'

/** Whose pages may ask this agent what. */
export interface Origins {
  /** True for the panel's own page: the only one whose requests may carry the refresh cookie. */
  isPanel(peer: Peer): boolean
  /**
   * True where the API may answer: the panel, the desktop app, `server.panelOrigins`, and programs, which
   * send no Origin. All of them need a bearer token.
   */
  mayCall(peer: Peer): boolean
  /** The value of Access-Control-Allow-Origin, or `null` for none. Never with credentials. */
  corsOrigin(peer: Peer): string | null
}

/**
 * The rules of origins. The panel's own origin is `server.uri` when that is set, and always the address the
 * request itself was sent to: a browser does not let a page forge `Origin` or `Host`, and a service's page
 * differs from the panel at least in its port.
 */
export function createOrigins(options: {
  /** Asked at each request: root may change it while the agent runs. */
  uri(): string | null
  panelOrigins: readonly string[]
}): Origins {
  const further = new Set([DESKTOP_ORIGIN, ...options.panelOrigins])
  const isPanel = ({ origin, protocol, host }: Peer) =>
    origin !== undefined && (origin === options.uri() || (host !== '' && origin === `${protocol}://${host}`))
  return {
    isPanel,
    mayCall: (peer) => peer.origin === undefined || further.has(peer.origin) || isPanel(peer),
    corsOrigin: ({ origin }) => (origin !== undefined && further.has(origin) ? origin : null),
  }
}
