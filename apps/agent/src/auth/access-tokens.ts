import jwt from 'jsonwebtoken'
import { isId } from '@m3m/base'
import type { AccessTokens } from '@m3m/core'

const ALGORITHM = 'HS256'
const ISSUER = 'm3m'

/**
 * Access tokens as JWT, HS256 with the secret of this agent. One algorithm is accepted, so that a token cannot
 * choose its own (RFC 8725 §3.1).
 */
export function createAccessTokens(secret: string): AccessTokens {
  return {
    sign: ({ userId, sessionId }, expiresAt) =>
      jwt.sign({ sid: sessionId, exp: Math.floor(expiresAt.getTime() / 1000) }, secret, {
        algorithm: ALGORITHM,
        issuer: ISSUER,
        subject: userId,
      }),
    verify: (token) => {
      try {
        const claims = jwt.verify(token, secret, { algorithms: [ALGORITHM], issuer: ISSUER })
        if (typeof claims === 'string' || claims.exp === undefined) return null
        const { sub, sid } = claims as { sub?: unknown; sid?: unknown }
        return isId(sub) && isId(sid) ? { userId: sub, sessionId: sid } : null
      } catch {
        return null
      }
    },
  }
}
