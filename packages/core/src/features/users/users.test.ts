import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT, openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
beforeEach(async () => {
  test = await openTestCore('users')
  root = await test.root()
})
afterEach(() => test[Symbol.asyncDispose]())

const person = (name: string) => ({ email: `${name}@example.com`, name, password: 'long enough' })
const codeOf = (error: { cause?: { code?: string } }) => error.cause?.code

describe('the first operator', () => {
  it('is made once', async () => {
    const { users } = test.core.services
    await expect(users.createRoot({ email: 'two@example.com', password: 'x' })).rejects.toMatchObject({
      code: 'USERS_ROOT_EXISTS',
    })
  })

  it('is not blocked, removed, demoted or edited by others', async () => {
    const { caller } = await test.operator('manager', { manageUsers: true, createProjects: true })
    const userId = (await root.auth.me()).id
    for (const attempt of [
      () => caller.users.block({ userId }),
      () => caller.users.remove({ userId }),
      () => caller.users.update({ userId, name: 'mine' }),
      () => caller.users.resetPassword({ userId, password: 'long enough' }),
      () => root.users.update({ userId, rights: {} }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ cause: { code: 'USERS_ROOT_STAYS' } })
    }
  })

  it('gets a new password by the command line, which ends every session', async () => {
    await test.core.services.users.resetPasswordOf(ROOT.email, 'from the command line')
    await expect(root.auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await expect(test.as(ROOT.email, 'from the command line')).resolves.toBeDefined()
  })
})

describe('operators', () => {
  it('are created with rights and sign in', async () => {
    const project = await root.projects.create({ name: 'Ops' })
    const rights = { createProjects: true, projects: [{ projectId: project.id, role: 'editor' as const }] }
    const user = await root.users.create({ ...person('ann'), rights })
    expect(user).toMatchObject({
      root: false,
      blocked: false,
      manageable: true,
      rights: { ...rights, manageUsers: false },
    })
    const ann = await test.as('ann@example.com', 'long enough')
    expect((await ann.projects.list()).map(({ role }) => role)).toEqual(['editor'])
  })

  it('have one account for one address', async () => {
    await root.users.create(person('ann'))
    await expect(root.users.create({ ...person('ann'), email: 'ANN@example.com' })).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { fields: { email: { code: 'USERS_EMAIL_TAKEN' } } },
    })
  })

  it('lose their sessions when their rights change', async () => {
    const { id, caller } = await test.operator('ann', { createProjects: true })
    await root.users.update({ userId: id, rights: { createProjects: false } })
    await expect(caller.auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await expect((await test.as('ann@example.com')).projects.create({ name: 'x' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  it('are blocked at once and let in again', async () => {
    const { id, caller } = await test.operator('ann')
    await root.users.block({ userId: id })
    await expect(caller.auth.me()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    await root.users.unblock({ userId: id })
    await expect(test.as('ann@example.com')).resolves.toBeDefined()
  })

  it('do not block, remove or reset themselves', async () => {
    const { id, caller } = await test.operator('ann', { manageUsers: true })
    for (const attempt of [
      () => caller.users.block({ userId: id }),
      () => caller.users.remove({ userId: id }),
      () => caller.users.resetPassword({ userId: id, password: 'long enough' }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ cause: { code: 'USERS_NOT_YOURSELF' } })
    }
  })

  it('hand over what they alone own before they go', async () => {
    const { id, caller } = await test.operator('ann', { createProjects: true })
    const { id: heir } = await test.operator('ben')
    const project = await caller.projects.create({ name: 'Ops' })
    await expect(root.users.remove({ userId: id })).rejects.toMatchObject({
      cause: {
        code: 'USERS_OWNS_PROJECTS',
        message: expect.stringContaining('only owner of Ops. ') as string,
      },
    })
    await root.users.remove({ userId: id, handOverTo: heir })
    const members = await root.projects.members.list({ projectId: project.id })
    expect(members.map(({ userId, role }) => [userId, role])).toEqual([[heir, 'owner']])
    await expect(test.as('ann@example.com')).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
  })

  it('keep their own profile', async () => {
    const { caller } = await test.operator('ann')
    const me = await caller.profile.update({ name: 'Ann Other', language: 'ru', theme: 'dark' })
    expect(me).toMatchObject({ name: 'Ann Other', language: 'ru', theme: 'dark' })
    expect(await caller.auth.me()).toEqual(me)
  })
})

describe('a user manager', () => {
  it('gives no right that is not their own', async () => {
    const own = await root.projects.create({ name: 'Own' })
    const foreign = await root.projects.create({ name: 'Foreign' })
    const { caller } = await test.operator('manager', {
      manageUsers: true,
      projects: [{ projectId: own.id, role: 'editor' }],
    })
    const give = (rights: object) =>
      caller.users.create({ ...person(`u${Math.random()}`), rights }).then(() => 'given', codeOf)
    expect(await give({ createProjects: true })).toBe('USERS_BEYOND_RIGHTS')
    expect(await give({ projects: [{ projectId: own.id, role: 'owner' }] })).toBe('USERS_BEYOND_RIGHTS')
    expect(await give({ projects: [{ projectId: foreign.id, role: 'viewer' }] })).toBe('ACCESS_NO_PROJECT')
    expect(await give({ manageUsers: true, projects: [{ projectId: own.id, role: 'editor' }] })).toBe('given')
  })

  it('does not touch who holds more, and does not see which projects', async () => {
    const foreign = await root.projects.create({ name: 'Foreign' })
    const { id: strong } = await test.operator('strong', {
      projects: [{ projectId: foreign.id, role: 'viewer' }],
    })
    const { caller } = await test.operator('manager', { manageUsers: true })
    for (const attempt of [
      () => caller.users.resetPassword({ userId: strong, password: 'long enough' }),
      () => caller.users.update({ userId: strong, email: 'mine@example.com' }),
      () => caller.users.block({ userId: strong }),
      () => caller.users.remove({ userId: strong }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ cause: { code: 'USERS_OUTRANKED' } })
    }
    const seen = (await caller.users.list()).find(({ id }) => id === strong)
    expect(seen).toMatchObject({ manageable: false, rights: { projects: [] } })
  })

  it('does not raise themselves', async () => {
    const { id, caller } = await test.operator('manager', { manageUsers: true })
    const attempt = caller.users.update({ userId: id, rights: { manageUsers: true, createProjects: true } })
    await expect(attempt).rejects.toMatchObject({ cause: { code: 'USERS_BEYOND_RIGHTS' } })
  })
})

describe('the audit', () => {
  it('tells who did what to whom, from where, and never a password', async () => {
    const { id } = await test.operator('ann')
    await root.users.resetPassword({ userId: id, password: 'a very secret one' })
    const [entry] = await root.audit.list({})
    expect(entry).toMatchObject({
      action: 'users.resetPassword',
      target: 'ann@example.com',
      actor: { name: 'root' },
      address: '192.0.2.1',
    })
    expect(JSON.stringify(await root.audit.list({ limit: 500 }))).not.toContain('a very secret one')
  })

  it('is paged and filtered', async () => {
    for (const name of ['a', 'b', 'c']) await root.projects.create({ name })
    const created = await root.audit.list({ action: 'projects.', limit: 2 })
    expect(created).toHaveLength(2)
    const rest = await root.audit.list({ action: 'projects.', before: created[1]!.id })
    expect([...created, ...rest].map(({ target }) => target).sort()).toEqual(['a', 'b', 'c'])
  })

  it('shows a manager nothing of projects that are not theirs', async () => {
    await root.projects.create({ name: 'Foreign' })
    const { caller } = await test.operator('manager', { manageUsers: true })
    const entries = await caller.audit.list({})
    expect(entries.every(({ projectId }) => projectId === null)).toBe(true)
    expect(entries.length).toBeGreaterThan(0)
  })
})
