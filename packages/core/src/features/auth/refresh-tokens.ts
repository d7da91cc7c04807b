import type { Clock } from '@m3m/base'
import { randomHex, sha256Hex } from '../../secrets.ts'
import type { SessionDoc, SessionsRepo } from './auth.repo.ts'
import type { SessionEnds } from './session-ends.ts'
import type { Origin } from './sessions.service.ts'

/** `{sessionId}.{family}.{current}`: a token of the right family that is not the current one was used before. */
interface RefreshToken {
  sessionId: string
  family: string
  current: string
}

const TOKEN = /^([0-9a-f]{24})\.([0-9a-f]{32})\.([0-9a-f]{64})$/

export type DocRotation =
  | { kind: 'rotated'; doc: SessionDoc; refreshToken: string }
  | { kind: 'reused'; doc: SessionDoc }
  | { kind: 'unknown' }

/** Refresh tokens are good once (RFC 9700, 4.14.2): a spent one ends its whole sign-in. */
export function createRefreshTokens(deps: { repo: SessionsRepo; clock: Clock; ends: SessionEnds }) {
  const { repo, clock, ends } = deps
  const rotating = new Map<string, Promise<DocRotation>>()

  async function docOf(token: RefreshToken | null): Promise<SessionDoc | null> {
    const doc = token && (await repo.find(token.sessionId))
    if (!doc || doc.expiresAt.getTime() <= clock.now()) return null
    return doc.familyHash === (await sha256Hex(token.family)) ? doc : null
  }

  async function rotate(token: RefreshToken, from: Origin): Promise<DocRotation> {
    const doc = await docOf(token)
    if (!doc) return { kind: 'unknown' }
    const currentHash = await sha256Hex(token.current)
    const next = { ...token, current: randomHex(32) }
    const rotated =
      currentHash === doc.currentHash &&
      (await repo.rotate(doc._id, currentHash, {
        currentHash: await sha256Hex(next.current),
        lastSeenAt: new Date(clock.now()),
        address: from.address,
        userAgent: from.userAgent.slice(0, 300),
      }))
    if (rotated) return { kind: 'rotated', doc, refreshToken: write(next) }
    await ends.end([doc._id])
    return { kind: 'reused', doc }
  }

  return {
    /** A token for a new session, and what is kept of it. */
    async issue(sessionId: string) {
      const token = { sessionId, family: randomHex(16), current: randomHex(32) }
      return {
        refreshToken: write(token),
        hashes: { familyHash: await sha256Hex(token.family), currentHash: await sha256Hex(token.current) },
      }
    },
    docOf: (text: string) => docOf(read(text)),
    rotate(text: string, from: Origin): Promise<DocRotation> {
      const token = read(text)
      if (!token) return Promise.resolve({ kind: 'unknown' })
      // Two tabs that wake up together send one token at one moment: they share one answer, which is no theft.
      const running = rotating.get(text)
      if (running) return running
      const rotation = rotate(token, from).finally(() => rotating.delete(text))
      rotating.set(text, rotation)
      return rotation
    },
  }
}

function read(text: string): RefreshToken | null {
  const match = TOKEN.exec(text)
  return match && { sessionId: match[1]!, family: match[2]!, current: match[3]! }
}

function write({ sessionId, family, current }: RefreshToken): string {
  return `${sessionId}.${family}.${current}`
}
