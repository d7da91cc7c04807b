import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { ManualClock, silentLogger } from '@m3m/base'
import { expect, test } from 'vitest'
import { serveOnLoopback } from '../testing/servers.ts'
import { createAgentSession } from './agent-session.ts'
import { createAuthCalls } from './auth-calls.ts'
import { openTokenVault } from './token-vault.ts'

const MINUTE_MS = 60_000

/** The wire form of an agent's `auth` router: rotating refresh tokens, a used one ends the sign-in. */
async function open() {
  const clock = new ManualClock()
  const agent = { valid: '', calls: [] as string[], down: false, aheadMs: 0 }
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const procedure = request.url!.replace('/trpc/auth.', '')
    const input = JSON.parse(await text(request)) as Record<string, string>
    agent.calls.push(procedure)
    const refused =
      procedure === 'login' ? input['password'] !== 'right' : input['refreshToken'] !== agent.valid
    const now = clock.now() + agent.aheadMs
    response.setHeader('content-type', 'application/json')
    response.setHeader('date', new Date(now).toUTCString())
    if (refused) {
      const app = { code: 'AUTH_REFUSED', blame: 'user' }
      const error = { message: 'Wrong.', code: -32001, data: { code: 'UNAUTHORIZED', httpStatus: 401, app } }
      response.writeHead(401).end(JSON.stringify({ error }))
      return
    }
    agent.valid = `refresh-${agent.calls.length}`
    const expiresAt = new Date(now + 15 * MINUTE_MS).toISOString()
    const data = { accessToken: `access-${agent.calls.length}`, expiresAt, refreshToken: agent.valid }
    response.end(JSON.stringify({ result: { data } }))
  }
  const server = await serveOnLoopback((request, response) => {
    if (agent.down) response.socket?.destroy()
    else void answer(request, response)
  })
  const weak = { isStrong: async () => false } as never
  const vault = await openTokenVault({ path: '', cipher: weak, logger: silentLogger })
  const changes: boolean[] = []
  const session = createAgentSession({
    agentId: 'a'.repeat(24),
    calls: createAuthCalls({ url: server.url, fetch, clock }),
    vault,
    clock,
    onChange: (signedIn) => changes.push(signedIn),
  })
  return { clock, agent, vault, session, changes, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('one token serves until its time is nearly over, then one refresh serves all who ask', async () => {
  await using env = await open()
  expect(await env.session.accessToken({})).toBeNull()
  const { token } = await env.session.signIn('me@example.com', 'right')
  expect((await env.session.accessToken({}))?.token).toBe(token)
  env.clock.advance(14.6 * MINUTE_MS)
  const tokens = await Promise.all([1, 2, 3].map(() => env.session.accessToken({})))
  expect(new Set(tokens.map((one) => one?.token))).toEqual(new Set(['access-2']))
  expect(env.agent.calls).toEqual(['login', 'refresh'])
  expect(env.changes).toEqual([true])
})

test.each([-60, -16, 16, 60])(
  'a clock that is %i minutes off the agent neither renews at each call nor trusts a dead token',
  async (minutes) => {
    await using env = await open()
    env.agent.aheadMs = minutes * MINUTE_MS
    await env.session.signIn('me@example.com', 'right')
    for (let call = 0; call < 5; call += 1) await env.session.accessToken({})
    env.clock.advance(14 * MINUTE_MS)
    await env.session.accessToken({})
    expect(env.agent.calls).toEqual(['login'])
    env.clock.advance(MINUTE_MS)
    await env.session.accessToken({})
    expect(env.agent.calls).toEqual(['login', 'refresh'])
  },
)

test('a wrong password keeps the code and text of the agent', async () => {
  await using env = await open()
  await expect(env.session.signIn('me@example.com', 'wrong')).rejects.toMatchObject({
    code: 'AUTH_REFUSED',
    status: 401,
    message: 'Wrong.',
  })
  expect(env.session.signedIn()).toBe(false)
})

test('an agent that is away does not end the sign-in', async () => {
  await using env = await open()
  await env.session.signIn('me@example.com', 'right')
  env.agent.down = true
  await expect(env.session.accessToken({ renew: true })).rejects.toMatchObject({
    code: 'DESKTOP_AGENT_UNREACHABLE',
  })
  env.agent.down = false
  expect((await env.session.accessToken({ renew: true }))?.token).toBe('access-2')
})

test('a sign-in that the agent ended is forgotten and told', async () => {
  await using env = await open()
  await env.session.signIn('me@example.com', 'right')
  env.agent.valid = 'another'
  expect(await env.session.accessToken({ renew: true })).toBeNull()
  expect(env.session.signedIn()).toBe(false)
  expect(env.changes).toEqual([true, false])
})

test('signing out tells the agent and forgets, also when the agent is away', async () => {
  await using env = await open()
  await env.session.signIn('me@example.com', 'right')
  await env.session.signOut()
  expect(env.agent.calls).toEqual(['login', 'logout'])
  await env.session.signIn('me@example.com', 'right')
  env.agent.down = true
  await env.session.signOut()
  expect(env.session.signedIn()).toBe(false)
  expect(await env.session.accessToken({})).toBeNull()
})
