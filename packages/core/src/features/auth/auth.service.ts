import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import type { Renewal, SessionView, SignIn, loginInput } from './auth.schema.ts'

/** Where a sign-in comes from. */
export interface Origin {
  address: string
  userAgent: string
}

/** Sign-ins: login, renewal, end. A sign-in lives as `jwt.expiration` says; an access token at most 15 minutes of it. */
export interface AuthService {
  /**
   * `refreshToken` and `refreshExpiresAt` are given for either kind of client; the router hands them on.
   * @throws AUTH_BAD_CREDENTIALS for whatever is wrong, in equal time; AUTH_TOO_MANY_ATTEMPTS
   */
  login(input: z.output<typeof loginInput>, from: Origin): Promise<Issued<SignIn>>
  /** Rotates the refresh token. A token used twice ends its sign-in. @throws AUTH_BAD_REFRESH */
  refresh(refreshToken: string, from: Origin): Promise<Issued<Renewal>>
  /** Ends the sign-in of a refresh token, or a session; unknown ones are fine. */
  logout(by: { refreshToken?: string | undefined; sessionId?: string | undefined }): Promise<void>
  /** Reads an access token; `null` when the sign-in or the operator is no more. */
  authenticate(token: string, from: Origin): Promise<SignedIn | null>
  /** Aborts when the session ends, by whatever hand. */
  ended(sessionId: string): AbortSignal
  sessions(actor: SignedIn): Promise<SessionView[]>
  /** @throws AUTH_NO_SESSION for a session of another operator as for an unknown one */
  revokeSession(actor: SignedIn, sessionId: string): Promise<void>
  /** "Sign out everywhere else". Gives back how many sessions ended. */
  revokeOtherSessions(actor: SignedIn): Promise<number>
  /** Ends all sessions of an operator, open sockets included. */
  endAll(userId: string, options?: { except?: string }): Promise<number>
}

/** An answer with the refresh token that goes with it. */
export type Issued<T> = T & { refreshToken: string; refreshExpiresAt: Date }
