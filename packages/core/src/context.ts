import type { Logger } from '@m3m/base'
import type { SignedIn } from './features/access/actor.schema.ts'
import type { Need } from './procedure-rights.ts'

/** What a request brings to the API, whatever it came by. */
export interface RequestInput {
  /** The bearer access token, without `Bearer `. */
  token: string | null
  /** The peer's address, after trusted proxies. */
  address: string
  userAgent: string
  /**
   * Gives a browser its refresh token as a cookie (`token: null` takes it away). Absent where there is no
   * response to set it on (a socket): then a browser's login gets no refresh token.
   */
  setRefreshCookie?: ((token: string | null, expiresAt: Date) => void) | undefined
}

/** Who was let in. */
export interface Admission {
  /** `null` in public procedures only. */
  actor: SignedIn | null
  /** Aborts when the sign-in ends: every subscription ends with it. */
  ended: AbortSignal
}

/** What every procedure gets. Made once for each HTTP request or socket; admission is looked up at every call. */
export interface RequestContext extends RequestInput {
  requestId: string
  logger: Logger
  /** The authorisation layer. @throws ACCESS_SIGN_IN, ACCESS_DENIED, ACCESS_NO_PROJECT */
  admit(need: Need, rawInput: unknown): Promise<Admission>
}
