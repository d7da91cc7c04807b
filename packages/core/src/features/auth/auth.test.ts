import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT, openTestCore } from '../../testing/open-test-core.ts'
import type { TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
beforeEach(async () => {
  test = await openTestCore('auth')
  await test.root()
})
afterEach(() => test[Symbol.asyncDispose]())

const anyone = (address = '192.0.2.1') => test.caller(null, { address })
const desktop = async () => {
  const { refreshToken, accessToken } = await anyone().auth.login({ ...ROOT, client: 'desktop' })
  return { refreshToken: refreshToken!, accessToken }
}

describe('login', () => {
  it('gives an access token of 15 minutes and who it is', async () => {
    const answer = await anyone().auth.login(ROOT)
    expect(Date.parse(answer.expiresAt)).toBe(test.clock.now() + 15 * 60_000)
    expect(answer.user).toMatchObject({ email: ROOT.email, root: true, rights: { createProjects: true } })
    expect(await test.caller(answer.accessToken).auth.me()).toEqual(answer.user)
  })

  it('keeps the refresh token of a browser out of the body', async () => {
    const cookies: (string | null)[] = []
    const context = test.core.createContext({
      token: null,
      address: '192.0.2.1',
      userAgent: 'browser',
      setRefreshCookie: (token) => cookies.push(token),
    })
    const answer = await test.core.router.createCaller(context).auth.login(ROOT)
    expect(answer).not.toHaveProperty('refreshToken')
    expect(cookies).toHaveLength(1)
    const from = { address: '192.0.2.1', userAgent: 'browser' }
    await expect(test.core.services.auth.refresh(cookies[0]!, from)).resolves.toHaveProperty('refreshToken')
  })

  it('says the same for an unknown operator and a wrong password', async () => {
    const unknown = anyone().auth.login({ email: 'nobody@example.com', password: 'x' })
    const wrong = anyone().auth.login({ email: ROOT.email, password: 'x' })
    const errors = await Promise.all(
      [unknown, wrong].map((login) => login.catch((error: Error) => error.message)),
    )
    expect(errors[0]).toBe('E-mail address or password is wrong.')
    expect(errors[1]).toBe(errors[0])
  })

  it('reads the address in whatever case it is typed', async () => {
    await expect(anyone().auth.login({ ...ROOT, email: ' ROOT@Example.com' })).resolves.toBeDefined()
  })

  it('tells somebody who is blocked, and only who knows the password', async () => {
    const root = await test.root()
    const { id } = await test.operator('ann')
    await root.users.block({ userId: id })
    await expect(test.as('ann@example.com')).rejects.toMatchObject({ cause: { code: 'AUTH_BLOCKED' } })
    await expect(test.as('ann@example.com', 'wrong')).rejects.toMatchObject({
      cause: { code: 'AUTH_BAD_CREDENTIALS' },
    })
  })
})

describe('guessing', () => {
  const guess = (email: string, address: string) =>
    anyone(address)
      .auth.login({ email, password: 'guess' })
      .catch((error: { cause: { code: string } }) => error.cause.code)

  it('of one account is slowed from wherever it comes', async () => {
    for (let n = 0; n < 5; n++) expect(await guess(ROOT.email, `192.0.2.${n}`)).toBe('AUTH_BAD_CREDENTIALS')
    expect(await guess(ROOT.email, '192.0.2.99')).toBe('AUTH_TOO_MANY_ATTEMPTS')
    await expect(anyone().auth.login(ROOT)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
    test.clock.advance(1_000)
    await expect(anyone().auth.login(ROOT)).resolves.toBeDefined()
  })

  it('doubles the wait with each failure, to a quarter of an hour', async () => {
    for (let n = 0; n < 5; n++) await guess(ROOT.email, '192.0.2.1')
    test.clock.advance(1_000)
    await guess(ROOT.email, '192.0.2.1')
    test.clock.advance(1_999)
    expect(await guess(ROOT.email, '192.0.2.1')).toBe('AUTH_TOO_MANY_ATTEMPTS')
    test.clock.advance(1)
    expect(await guess(ROOT.email, '192.0.2.1')).toBe('AUTH_BAD_CREDENTIALS')
    for (let n = 0; n < 20; n++) {
      test.clock.advance(15 * 60_000)
      expect(await guess(ROOT.email, '192.0.2.1')).toBe('AUTH_BAD_CREDENTIALS')
    }
  })

  it('of many accounts from one address is slowed', async () => {
    for (let n = 0; n < 20; n++) await guess(`nobody${n}@example.com`, '192.0.2.7')
    expect(await guess('somebody@example.com', '192.0.2.7')).toBe('AUTH_TOO_MANY_ATTEMPTS')
    expect(await guess('somebody@example.com', '192.0.2.8')).toBe('AUTH_BAD_CREDENTIALS')
  })

  it('gains nothing by doing it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => guess(ROOT.email, '192.0.2.1')))
    expect(answers.filter((code) => code === 'AUTH_BAD_CREDENTIALS')).toHaveLength(5)
  })
})

describe('renewal', () => {
  it('rotates the refresh token', async () => {
    const { refreshToken } = await desktop()
    const renewed = await anyone().auth.refresh({ refreshToken })
    expect(renewed.refreshToken).not.toBe(refreshToken)
    await expect(test.caller(renewed.accessToken).auth.me()).resolves.toMatchObject({ email: ROOT.email })
  })

  it('by a token used before ends the whole sign-in', async () => {
    const { refreshToken } = await desktop()
    const renewed = await anyone().auth.refresh({ refreshToken })
    await expect(anyone().auth.refresh({ refreshToken })).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await expect(anyone().auth.refresh({ refreshToken: renewed.refreshToken! })).rejects.toThrow('has ended')
    await expect(test.caller(renewed.accessToken).auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    const root = await test.root()
    expect((await root.audit.list({})).map(({ action }) => action)).toContain('auth.refreshReused')
  })

  it('by two tabs at one moment is no theft', async () => {
    const { refreshToken } = await desktop()
    const [one, two] = await Promise.all([
      anyone().auth.refresh({ refreshToken }),
      anyone().auth.refresh({ refreshToken }),
    ])
    expect(two.refreshToken).toBe(one.refreshToken)
    await expect(anyone().auth.refresh({ refreshToken: one.refreshToken! })).resolves.toBeDefined()
  })

  it('by an invented token ends nothing', async () => {
    const { refreshToken, accessToken } = await desktop()
    const [sessionId, , current] = refreshToken.split('.')
    const invented = [sessionId, '0'.repeat(32), current].join('.')
    await expect(anyone().auth.refresh({ refreshToken: invented })).rejects.toThrow('has ended')
    await expect(test.caller(accessToken).auth.me()).resolves.toBeDefined()
  })

  it('ends with the life of the sign-in, and the access token not later', async () => {
    const { refreshToken } = await desktop()
    test.clock.advance(7 * 24 * 60 * 60_000 - 60_000)
    const renewed = await anyone().auth.refresh({ refreshToken })
    expect(Date.parse(renewed.expiresAt)).toBe(test.clock.now() + 60_000)
    test.clock.advance(60_000)
    await expect(anyone().auth.refresh({ refreshToken: renewed.refreshToken! })).rejects.toThrow('has ended')
  })
})

describe('a socket', () => {
  it('outlives the access token it came with, but not its sign-in', async () => {
    const { accessToken, refreshToken } = await desktop()
    const socket = test.caller(accessToken)
    await socket.auth.me()
    test.clock.advance(16 * 60_000)
    await expect(socket.auth.me()).resolves.toBeDefined()
    await expect(test.caller(accessToken).auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await anyone().auth.logout({ refreshToken })
    await expect(socket.auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('keeps the operator seen', async () => {
    const { accessToken } = await desktop()
    const socket = test.caller(accessToken)
    test.clock.advance(10 * 60_000)
    await socket.auth.me()
    expect((await (await test.root()).users.list())[0]?.lastSeenAt).toBe(
      new Date(test.clock.now()).toISOString(),
    )
  })
})

describe('sessions', () => {
  it('are listed, with the one that asks marked', async () => {
    const { accessToken } = await desktop()
    const sessions = await test.caller(accessToken).auth.sessions()
    expect(sessions.map(({ client, current }) => [client, current]).sort()).toEqual([
      ['browser', false],
      ['desktop', true],
    ])
  })

  it("are revoked one by one, and only one's own", async () => {
    const { accessToken } = await desktop()
    const root = await test.root()
    const theirs = (await root.auth.sessions()).find(({ client }) => client === 'desktop')!
    const { caller } = await test.operator('ann')
    await expect(caller.auth.revokeSession({ sessionId: theirs.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await root.auth.revokeSession({ sessionId: theirs.id })
    await expect(test.caller(accessToken).auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('of all other places end at once, sockets too', async () => {
    const { accessToken } = await desktop()
    const watch = (await test.caller(accessToken).runs.watchAll())[Symbol.asyncIterator]()
    const told = expect(watch.next()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    const { ended } = await (await test.root()).auth.revokeOtherSessions()
    expect(ended).toBe(2)
    await told
  })

  it('of others end when the password is changed, this one stays', async () => {
    const { accessToken } = await desktop()
    const root = await test.root()
    await root.profile.changePassword({ current: ROOT.password, next: 'another password' })
    await expect(root.auth.me()).resolves.toBeDefined()
    await expect(test.caller(accessToken).auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await expect(anyone().auth.login(ROOT)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await expect(test.as(ROOT.email, 'another password')).resolves.toBeDefined()
  })

  it('whose old password is wrong change nothing, and the field is named', async () => {
    const root = await test.root()
    await expect(
      root.profile.changePassword({ current: 'wrong', next: 'another password' }),
    ).rejects.toMatchObject({
      cause: { fields: { current: { code: 'USERS_WRONG_PASSWORD' } } },
    })
  })

  it('that have expired are removed by the clock', async () => {
    await desktop()
    test.clock.advance(8 * 24 * 60 * 60_000)
    const left = async () => {
      test.clock.advance(60_000)
      return test.store.control.collection('sessions').countDocuments()
    }
    await expect.poll(left).toBe(0)
  })

  it('end with a logout, by the token of the desktop app too', async () => {
    const { accessToken, refreshToken } = await desktop()
    await anyone().auth.logout({ refreshToken })
    await expect(test.caller(accessToken).auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })
})
