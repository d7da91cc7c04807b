import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBrowserConnection } from '../src/renderer/app/connection/browser.ts'

const MINUTE_MS = 60_000
let aheadMs = 0
let asked: string[] = []

/** An agent whose clock is {@link aheadMs} off this one's. */
function agent(path: string): Response {
  asked.push(path)
  const now = Date.now() + aheadMs
  const expiresAt = new Date(now + 15 * MINUTE_MS).toISOString()
  const granted = { accessToken: `token ${asked.length}`, expiresAt }
  const body = path.startsWith('/trpc/') ? { result: { data: granted } } : granted
  return Response.json(body, { headers: { date: new Date(now).toUTCString() } })
}

beforeEach(() => {
  asked = []
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.stubGlobal('fetch', async (path: string) => agent(path))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test.each([-60, -16, 0, 16, 60])('a browser clock that is %i minutes off', async (minutes) => {
  aheadMs = minutes * MINUTE_MS
  const { session } = createBrowserConnection()
  await session.signIn({ email: 'me@example.com', password: 'right' })
  for (let call = 0; call < 5; call += 1) expect(await session.accessToken()).toBe('token 1')
  vi.setSystemTime(Date.now() + 14 * MINUTE_MS)
  expect(await session.accessToken()).toBe('token 1')
  vi.setSystemTime(Date.now() + MINUTE_MS)
  expect(await session.accessToken()).toBe('token 2')
  expect(asked).toEqual(['/trpc/auth.login', '/auth/refresh'])
})
