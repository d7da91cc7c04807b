import { afterEach, beforeEach, expect, it } from 'vitest'
import { ROOT, openTestCore } from '../../testing/open-test-core.ts'
import type { TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
beforeEach(async () => {
  test = await openTestCore('set-up')
})
afterEach(() => test[Symbol.asyncDispose]())

const anyone = () => test.caller(null, { address: '192.0.2.1' })

it('makes the root by the link of this start, once', async () => {
  const token = await test.core.services.setUp.token()
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  expect(await test.core.services.setUp.token()).toBe(token)
  expect(await anyone().auth.setUpNeeded()).toEqual({ needed: true })

  await anyone().auth.setUp({ token: token!, ...ROOT })
  const { user, accessToken } = await anyone().auth.login(ROOT)
  expect(user).toMatchObject({ email: ROOT.email, root: true })
  expect(await anyone().auth.setUpNeeded()).toEqual({ needed: false })
  expect(await test.core.services.setUp.token()).toBeNull()
  expect(await test.caller(accessToken).audit.list({})).toContainEqual(
    expect.objectContaining({ action: 'users.createRoot', target: ROOT.email, address: '192.0.2.1' }),
  )
  await expect(
    anyone().auth.setUp({ token: token!, ...ROOT, email: 'other@example.com' }),
  ).rejects.toMatchObject({
    cause: { code: 'USERS_ROOT_EXISTS' },
  })
})

it('refuses every other secret, and what is no address or password, and is then still open', async () => {
  const token = (await test.core.services.setUp.token())!
  for (const wrong of ['0'.repeat(64), token.slice(1), `${token}0`, 'x'])
    await expect(anyone().auth.setUp({ ...ROOT, token: wrong })).rejects.toMatchObject({
      cause: { code: 'AUTH_SET_UP_REFUSED' },
    })
  for (const bad of [{ email: 'nobody' }, { password: 'short' }, { token: '' }])
    await expect(anyone().auth.setUp({ token, ...ROOT, ...bad })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  expect(await anyone().auth.setUpNeeded()).toEqual({ needed: true })
})

it('lets one of two who press at once become the root', async () => {
  const token = (await test.core.services.setUp.token())!
  const [one, other] = await Promise.allSettled(
    ['one@example.com', 'other@example.com'].map((email) => anyone().auth.setUp({ token, ...ROOT, email })),
  )
  expect(one!.status).toBe('fulfilled')
  expect(other).toMatchObject({ status: 'rejected', reason: { cause: { code: 'USERS_ROOT_EXISTS' } } })
})
