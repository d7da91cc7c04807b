/** Who is signed in, as far as the page must know: a token for each request. It never leaves memory. */
export interface SessionSource {
  /** @throws an error with the agent's code (AUTH_…), or a network error */
  signIn(credentials: { email: string; password: string }): Promise<void>
  /**
   * A token that is good for at least half a minute; null when nobody is signed in. `renew` asks for another
   * one although the time of the present one is not over (the agent answered 401).
   * @throws when the agent cannot be reached: the sign-in stands
   */
  accessToken(options?: { renew?: boolean }): Promise<string | null>
  signOut(): Promise<void>
  /** Signed in or out, here or in another window. Returns the function that ends it. */
  onChange(listener: (signedIn: boolean) => void): () => void
}

/**
 * How this page reaches its agent. Browsers and Electron differ in this one object and nowhere else:
 * connection/browser.ts and connection/desktop.ts make it.
 */
export interface Connection {
  readonly kind: 'browser' | 'desktop'
  /** `https://host:port` without a slash at the end; empty for the page's own origin. */
  readonly baseUrl: string
  /** Name and colour of the agent where several are known (desktop); null in browsers. */
  readonly agent: { id: string; name: string; color: string | null } | null
  readonly session: SessionSource
}

/** `/health` below the agent's address. */
export function urlOf(connection: Connection, path: string): string {
  return connection.baseUrl + path
}

/** The socket's address, `ws://` or `wss://`. */
export function socketUrlOf(connection: Connection, path: string): string {
  const base = connection.baseUrl || location.origin
  return base.replace(/^http/, 'ws') + path
}
