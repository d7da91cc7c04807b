import type { Clock } from '@m3m/base'
import type { z } from 'zod'
import type { SignedIn } from '../access/actor.schema.ts'
import { AGENT_ACTOR } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { UsersService } from '../users/users.service.ts'
import type { AccessClaims, AccessTokens } from './access-tokens.port.ts'
import { authErrors } from './auth.errors.ts'
import type { Renewal, SessionView, SignIn, loginInput } from './auth.schema.ts'
import type { LoginLimits } from './login-limits.service.ts'
import type { Passwords } from './passwords.port.ts'
import type { Origin, Session, SessionsService } from './sessions.service.ts'

/** An answer with the refresh token that goes with it. */
export type Issued<T> = T & { refreshToken: string; refreshExpiresAt: Date }

/** Sign-ins: login, renewal, end. A sign-in lives as the agent's settings say; an access token at most 15 minutes of it. */
export interface AuthService {
  /**
   * The refresh token is given for either kind of client; the border hands it on as cookie or in the body.
   * @throws AUTH_BAD_CREDENTIALS for whatever is wrong, in equal time; AUTH_TOO_MANY_ATTEMPTS; AUTH_BLOCKED
   *   for somebody who knows the password
   */
  login(input: z.output<typeof loginInput>, from: Origin): Promise<Issued<SignIn>>
  /** Rotates the refresh token. A token used twice ends its sign-in. @throws AUTH_BAD_REFRESH */
  refresh(refreshToken: string, from: Origin): Promise<Issued<Renewal>>
  /** Ends the sign-in of a refresh token, or a session; unknown ones are fine. */
  logout(by: { refreshToken?: string | undefined; sessionId?: string | undefined }): Promise<void>
  /** Reads an access token; `null` when the sign-in or the operator is no more. */
  authenticate(token: string, from: Origin): Promise<SignedIn | null>
  /** The same for a sign-in that was authenticated before: a socket outlives the access token it came with. */
  resume(signIn: AccessClaims, from: Origin): Promise<SignedIn | null>
  sessions(actor: SignedIn): Promise<SessionView[]>
  /** @throws AUTH_NO_SESSION for a session of another operator as for an unknown one */
  revokeSession(actor: SignedIn, sessionId: string): Promise<void>
  /** "Sign out everywhere else". Gives back how many sessions ended. */
  revokeOtherSessions(actor: SignedIn): Promise<number>
}

export interface AuthDeps {
  users: UsersService
  sessions: SessionsService
  limits: LoginLimits
  passwords: Passwords
  tokens: AccessTokens
  audit: AuditService
  clock: Clock
  /** Life of an access token, at most 15 minutes (wire.md). */
  accessMs(): number
}

export function createAuth(deps: AuthDeps): AuthService {
  const { users, sessions, limits, passwords, tokens, audit, clock } = deps
  let decoy: Promise<string> | undefined

  function accessToken(session: Session): Pick<SignIn, 'accessToken' | 'expiresAt'> {
    const expiresAt = new Date(Math.min(clock.now() + deps.accessMs(), session.expiresAt.getTime()))
    const accessToken = tokens.sign({ userId: session.userId, sessionId: session.id }, expiresAt)
    return { accessToken, expiresAt: expiresAt.toISOString() }
  }

  /** An unknown address costs the same hash as a known one. */
  async function checkPassword(email: string, password: string) {
    const found = await users.credentials(email)
    decoy ??= passwords.hash('a password that nobody has')
    const good = await passwords.verify(found?.passwordHash ?? (await decoy), password)
    return found && good ? found.user : null
  }

  return {
    async login(input, from) {
      const attempt = limits.begin(input.email, from.address)
      const user = await checkPassword(input.email, input.password)
      if (!user) throw authErrors.AUTH_BAD_CREDENTIALS({})
      attempt.succeeded()
      if (user.blocked) throw authErrors.AUTH_BLOCKED({})
      const { session, refreshToken } = await sessions.open(user.id, input.client, from)
      const actor = { userId: user.id, name: user.name, address: from.address }
      await audit.add(actor, { action: 'auth.login', target: user.email })
      await users.touch(user.id)
      return {
        ...accessToken(session),
        user: await users.me(user),
        refreshToken,
        refreshExpiresAt: session.expiresAt,
      }
    },

    async refresh(refreshToken, from) {
      const rotation = await sessions.rotate(refreshToken, from)
      if (rotation.kind === 'reused') {
        await audit.add(
          { ...AGENT_ACTOR, address: from.address },
          {
            action: 'auth.refreshReused',
            target: (await users.byId(rotation.session.userId))?.email ?? null,
          },
        )
      }
      if (rotation.kind !== 'rotated') throw authErrors.AUTH_BAD_REFRESH({})
      const user = await users.byId(rotation.session.userId)
      if (!user || user.blocked) {
        await sessions.end(rotation.session.id)
        throw authErrors.AUTH_BAD_REFRESH({})
      }
      return {
        ...accessToken(rotation.session),
        refreshToken: rotation.refreshToken,
        refreshExpiresAt: rotation.session.expiresAt,
      }
    },

    async logout({ refreshToken, sessionId }) {
      const session = refreshToken ? await sessions.ofToken(refreshToken) : null
      for (const id of new Set([session?.id, sessionId])) if (id) await sessions.end(id)
    },

    async authenticate(token, from) {
      const claims = tokens.verify(token)
      return claims && (await resume(deps, claims, from))
    },

    resume: (signIn, from) => resume(deps, signIn, from),

    ...createSessionList(deps),
  }
}

/** One round trip to the database: it is asked at every call. */
async function resume(
  { users, sessions }: AuthDeps,
  { sessionId, userId }: AccessClaims,
  from: Origin,
): Promise<SignedIn | null> {
  const [session, user] = await Promise.all([sessions.find(sessionId), users.byId(userId)])
  if (session?.userId !== userId || !user || user.blocked) return null
  if (await sessions.touch(session, from.address)) await users.touch(user.id)
  return { userId: user.id, name: user.name, address: from.address, user, sessionId }
}

/** What operators see and end of their own sign-ins. */
function createSessionList({
  sessions,
  audit,
}: AuthDeps): Pick<AuthService, 'sessions' | 'revokeSession' | 'revokeOtherSessions'> {
  return {
    async sessions(actor) {
      return (await sessions.ofUser(actor.userId)).map((session) => toView(session, actor.sessionId))
    },
    async revokeSession(actor, sessionId) {
      const session = await sessions.find(sessionId)
      if (session?.userId !== actor.userId) throw authErrors.AUTH_NO_SESSION({ sessionId })
      await sessions.end(sessionId)
      await audit.add(actor, { action: 'auth.revokeSession', target: session.userAgent })
    },
    async revokeOtherSessions(actor) {
      const ended = await sessions.endAll(actor.userId, { except: actor.sessionId })
      await audit.add(actor, { action: 'auth.revokeOtherSessions', after: { ended } })
      return ended
    },
  }
}

function toView(session: Session, currentId: string): SessionView {
  return {
    id: session.id,
    client: session.client,
    userAgent: session.userAgent,
    address: session.address,
    createdAt: session.createdAt.toISOString(),
    lastSeenAt: session.lastSeenAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    current: session.id === currentId,
  }
}
