import type { Clock } from '@m3m/base'
import { newId } from '@m3m/base'
import type { SessionDoc, SessionsRepo } from './auth.repo.ts'
import type { ClientKind } from './auth.schema.ts'
import { createRefreshTokens } from './refresh-tokens.ts'
import { createSessionEnds } from './session-ends.ts'

/** Where a sign-in comes from. */
export interface Origin {
  address: string
  userAgent: string
}

/** A live sign-in. */
export interface Session {
  id: string
  userId: string
  client: ClientKind
  userAgent: string
  address: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** Sign-ins and their ends. Whoever holds a socket of a session listens to {@link SessionsService.ended}. */
export interface SessionsService {
  open(userId: string, client: ClientKind, from: Origin): Promise<{ session: Session; refreshToken: string }>
  /** A new token for a good one. `reused`: the token was good once, so one of two holders is a thief; the session is over. */
  rotate(refreshToken: string, from: Origin): Promise<Rotation>
  /** `null` once it has ended. */
  find(sessionId: string): Promise<Session | null>
  /** The session of a refresh token, good or spent; `null` for anything else. */
  ofToken(refreshToken: string): Promise<Session | null>
  ofUser(userId: string): Promise<Session[]>
  end(sessionId: string): Promise<void>
  /** Ends all sessions of an operator; gives back how many. */
  endAll(userId: string, options?: { except?: string }): Promise<number>
  /** Aborts when the session ends, by whatever hand. */
  ended(sessionId: string): AbortSignal
  /** Notes that the session is in use, at most once a minute; true when it was noted now. */
  touch(session: Session, address: string): Promise<boolean>
  /** Ends what has expired. Called by the clock. */
  sweep(): Promise<void>
}

export type Rotation =
  | { kind: 'rotated'; session: Session; refreshToken: string }
  | { kind: 'reused'; session: Session }
  | { kind: 'unknown' }

const TOUCH_EVERY_MS = 60_000

export function createSessions(deps: {
  repo: SessionsRepo
  clock: Clock
  /** Life of a sign-in; asked at each: a change holds for those that follow. */
  signInMs(): number
}): SessionsService {
  const { repo, clock } = deps
  const ends = createSessionEnds(repo)
  const tokens = createRefreshTokens({ repo, clock, ends })
  const isLive = (doc: SessionDoc | null) => doc !== null && doc.expiresAt.getTime() > clock.now()

  return {
    async open(userId, client, from) {
      const now = clock.now()
      const id = newId(now)
      const { refreshToken, hashes } = await tokens.issue(id)
      const doc: SessionDoc = {
        _id: id,
        userId,
        client,
        userAgent: from.userAgent.slice(0, 300),
        address: from.address,
        ...hashes,
        createdAt: new Date(now),
        lastSeenAt: new Date(now),
        expiresAt: new Date(now + deps.signInMs()),
      }
      await repo.add(doc)
      return { session: toSession(doc), refreshToken }
    },
    async rotate(refreshToken, from) {
      const rotation = await tokens.rotate(refreshToken, from)
      if (rotation.kind === 'unknown') return rotation
      const { doc, ...rest } = rotation
      return { ...rest, session: toSession(doc) } as Rotation
    },
    async find(sessionId) {
      const doc = await repo.find(sessionId)
      return isLive(doc) ? toSession(doc!) : null
    },
    async ofToken(refreshToken) {
      const doc = await tokens.docOf(refreshToken)
      return doc && toSession(doc)
    },
    ofUser: async (userId) => (await repo.ofUser(userId)).filter(isLive).map(toSession),
    end: (sessionId) => ends.end([sessionId]),
    async endAll(userId, { except } = {}) {
      const ids = (await repo.ofUser(userId)).map(({ _id }) => _id).filter((id) => id !== except)
      await ends.end(ids)
      return ids.length
    },
    ended: (sessionId) => ends.ended(sessionId),
    async touch(session, address) {
      if (clock.now() - session.lastSeenAt.getTime() < TOUCH_EVERY_MS) return false
      await repo.touch(session.id, { lastSeenAt: new Date(clock.now()), address })
      return true
    },
    async sweep() {
      const expired = await repo.expired(new Date(clock.now()))
      await ends.end(expired.map(({ _id }) => _id))
    },
  }
}

function toSession(doc: SessionDoc): Session {
  const { _id: id, userId, client, userAgent, address, createdAt, lastSeenAt, expiresAt } = doc
  return { id, userId, client, userAgent, address, createdAt, lastSeenAt, expiresAt }
}
