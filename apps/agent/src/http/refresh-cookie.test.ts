import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { createRefreshCookie } from './refresh-cookie.ts'

const cookie = createRefreshCookie('one secret')
const withCookies = (text: string) => ({ headers: { cookie: text } }) as IncomingMessage

it('is out of reach of scripts, other sites and other paths', () => {
  const text = cookie.write('abc', { expiresAt: new Date(Date.UTC(2026, 0, 1)), secure: true })
  expect(text).toBe(
    `${cookie.name}=abc; Path=/auth; HttpOnly; SameSite=Strict; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Secure`,
  )
  expect(cookie.write(null, { expiresAt: new Date(), secure: false })).toContain('Max-Age=0')
})

it('has a name of its own for each agent of a host', () => {
  expect(createRefreshCookie('another secret').name).not.toBe(cookie.name)
})

it('is read among others', () => {
  expect(cookie.read(withCookies(`a=1; ${cookie.name}=abc; b=2`))).toBe('abc')
  expect(cookie.read(withCookies('a=1'))).toBeNull()
  expect(cookie.read({ headers: {} } as IncomingMessage)).toBeNull()
})

it('counts as absent when a page of another port planted a second one', () => {
  expect(cookie.read(withCookies(`${cookie.name}=planted; ${cookie.name}=abc`))).toBeNull()
})
