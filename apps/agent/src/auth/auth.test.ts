import jwt from 'jsonwebtoken'
import { describe, expect, it } from 'vitest'
import { ManualClock, newId } from '@m3m/base'
import { createAccessTokens } from './access-tokens.ts'
import { createPasswords } from './passwords.ts'
import { createTickets } from './tickets.ts'

const secret = 'k3hV0t8mQz1xYb7LrWc5Ns9dFg2Jp4Ae'
const claims = { userId: newId(), sessionId: newId() }
const soon = () => new Date(Date.now() + 60_000)

describe('access tokens', () => {
  const tokens = createAccessTokens(secret)

  it('say whose sign-in they are', () => {
    expect(tokens.verify(tokens.sign(claims, soon()))).toEqual(claims)
  })

  it('are refused when ended, tampered with, of another secret, another algorithm or no token at all', () => {
    const good = tokens.sign(claims, soon())
    const [head, , mac] = good.split('.')
    const other = Buffer.from(JSON.stringify({ sub: newId(), sid: newId(), exp: 9e9, iss: 'm3m' })).toString(
      'base64url',
    )
    const bad = [
      tokens.sign(claims, new Date(Date.now() - 1000)),
      `${head}.${other}.${mac}`,
      createAccessTokens(`${secret}x`).sign(claims, soon()),
      jwt.sign({ sid: claims.sessionId, sub: claims.userId, iss: 'm3m' }, secret),
      jwt.sign({ sid: claims.sessionId, exp: 9e9 }, secret, {
        algorithm: 'HS512',
        subject: claims.userId,
        issuer: 'm3m',
      }),
      jwt.sign({ sid: claims.sessionId, exp: 9e9 }, '', {
        algorithm: 'none',
        subject: claims.userId,
        issuer: 'm3m',
      }),
      jwt.sign({ sid: { $ne: 1 }, exp: 9e9 }, secret, { subject: claims.userId, issuer: 'm3m' }),
      '',
      'a.b.c',
    ]
    for (const token of bad) expect(tokens.verify(token)).toBeNull()
  })
})

describe('passwords', () => {
  it('are hashed by Argon2id with a salt of their own', async () => {
    const passwords = createPasswords()
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(two)
    expect(await passwords.verify(one, 'correct horse')).toBe(true)
    expect(await passwords.verify(one, 'wrong horse')).toBe(false)
    expect(await passwords.verify('no hash', 'correct horse')).toBe(false)
  })
})

describe('tickets', () => {
  const clock = new ManualClock()
  const tickets = createTickets(secret, clock)
  const ticketOf = (url: string) => url.split('?ticket=')[1]!

  it('hold for their path and five minutes', () => {
    const url = tickets.sign('/files/logs/a/b', claims)
    expect(url).toMatch(/^\/files\/logs\/a\/b\?ticket=/)
    expect(tickets.verify('/files/logs/a/b', ticketOf(url))).toEqual(claims)
    expect(tickets.verify('/files/logs/a/c', ticketOf(url))).toBeNull()
    clock.advance(5 * 60_000 + 1)
    expect(tickets.verify('/files/logs/a/b', ticketOf(url))).toBeNull()
  })

  it('cannot be made or stretched without the secret', () => {
    const ticket = ticketOf(tickets.sign('/files/x', claims))
    const [user, session, , mac] = ticket.split('.')
    for (const bad of [
      '',
      '.',
      ticket.slice(0, -2),
      `${user}.${session}.zzzzzzzzz.${mac}`,
      createTickets('x', clock).sign('/files/x', claims),
    ])
      expect(tickets.verify('/files/x', bad)).toBeNull()
  })
})
