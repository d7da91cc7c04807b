import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
beforeEach(async () => {
  test = await openTestCore('projects')
  root = await test.root()
})
afterEach(() => test[Symbol.asyncDispose]())

describe('a project', () => {
  it('gets a slug from its name, and the next free one', async () => {
    const one = await root.projects.create({ name: 'Мой бот' })
    const two = await root.projects.create({ name: 'Мой бот' })
    expect([one.slug, two.slug]).toEqual(['moi-bot', 'moi-bot-2'])
    expect(await root.projects.suggestSlug({ name: 'Мой бот' })).toEqual({ slug: 'moi-bot-3' })
  })

  it('gets different slugs when two are made of one name at one moment', async () => {
    const made = await Promise.all([1, 2, 3].map(() => root.projects.create({ name: 'Twin' })))
    expect(new Set(made.map(({ slug }) => slug)).size).toBe(3)
  })

  it('refuses a taken slug and names the field', async () => {
    await root.projects.create({ name: 'One', slug: 'ops' })
    const again = root.projects.create({ name: 'Two', slug: 'ops' })
    await expect(again).rejects.toMatchObject({
      code: 'CONFLICT',
      cause: { fields: { slug: { code: 'PROJECT_SLUG_TAKEN' } } },
    })
  })

  it.each(['Ops', 'a--b', '-a', 'a-', 'a_b', '../x', '', 'x'.repeat(64)])(
    'refuses %j as a slug',
    async (slug) => {
      await expect(root.projects.create({ name: 'x', slug })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    },
  )

  it('has a name that looks like what it is, and so have operators and keys', async () => {
    const name = 'Ops \u202egpj.exe'
    const { id: projectId } = await root.projects.create({ name: 'Ops' })
    const operator = { email: 'ann@example.com', password: 'long enough', rights: {} }
    for (const attempt of [
      () => root.projects.create({ name }),
      () => root.projects.update({ projectId, name }),
      () => root.users.create({ ...operator, name }),
      () => root.profile.update({ name }),
      () => root.projects.apiKeys.create({ projectId, name, scopes: ['records:read'] }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('has one of 16 colours, or none', async () => {
    expect(await root.projects.create({ name: 'a' })).toMatchObject({ color: null })
    expect(await root.projects.create({ name: 'b', color: 'none' })).toMatchObject({ color: null })
    expect(await root.projects.create({ name: 'c', color: 'teal' })).toMatchObject({ color: 'teal' })
    await expect(root.projects.create({ name: 'd', color: '#fff' as never })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  it('is found by id and by slug, with the role of who asks', async () => {
    const { id, slug } = await root.projects.create({ name: 'Ops' })
    const { caller } = await test.operator('ann', { projects: [{ projectId: id, role: 'viewer' }] })
    expect(await caller.projects.get({ projectId: id })).toMatchObject({ slug, role: 'viewer' })
    expect(await caller.projects.get({ slug })).toMatchObject({ id, createdBy: { name: 'root' } })
    await expect(caller.projects.get({ slug: 'other' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('changes what is given and keeps the rest', async () => {
    const { id } = await root.projects.create({ name: 'Ops', color: 'red' })
    await root.projects.update({ projectId: id, settings: { rollback: true, limits: { memoryMb: 256 } } })
    const changed = await root.projects.update({ projectId: id, name: 'Operations' })
    expect(changed).toMatchObject({
      name: 'Operations',
      slug: 'ops',
      color: 'red',
      settings: { autoStart: true, rollback: true, limits: { memoryMb: 256 } },
    })
    const [entry] = await root.projects.audit({ projectId: id })
    expect(entry).toMatchObject({ before: { name: 'Ops' }, after: { name: 'Operations' } })
  })

  it("gives its own limits to its runs, and the agent's where it has none", async () => {
    const { id: projectId } = await root.projects.create({ name: 'Ops' })
    await root.projects.update({ projectId, settings: { limits: { memoryMb: 256 } } })
    await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
    await root.runs.start({ projectId, source: { branch: 'develop' } })
    expect(test.supervisor.latest.spec.limits).toMatchObject({ memoryMb: 256, cpuStretchMs: 5_000 })
  })

  it('is not removed without its name', async () => {
    const { id } = await root.projects.create({ name: 'Ops' })
    const attempt = root.projects.remove({ projectId: id, confirmName: 'ops' })
    await expect(attempt).rejects.toMatchObject({ cause: { fields: { confirmName: {} } } })
    await expect(root.projects.get({ projectId: id })).resolves.toBeDefined()
  })
})

describe('members', () => {
  it('are added by address, changed and removed, and lose their sessions with their role', async () => {
    const { id: projectId } = await root.projects.create({ name: 'Ops' })
    const { id: userId, caller } = await test.operator('ann')
    await root.projects.members.add({ projectId, email: 'ann@example.com', role: 'editor' })
    expect((await caller.projects.list()).map(({ role }) => role)).toEqual(['editor'])
    await root.projects.members.update({ projectId, userId, role: 'viewer' })
    await expect(caller.projects.list()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    const again = await test.as('ann@example.com')
    await root.projects.members.remove({ projectId, userId })
    await expect(again.projects.list()).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    expect(await (await test.as('ann@example.com')).projects.list()).toEqual([])
  })

  it('keep one owner', async () => {
    const { id: userId, caller } = await test.operator('ann', { createProjects: true })
    const { id: projectId } = await caller.projects.create({ name: 'Ops' })
    const attempt = caller.projects.members.update({ projectId, userId, role: 'viewer' })
    await expect(attempt).rejects.toMatchObject({ cause: { code: 'PROJECT_LAST_OWNER' } })
  })

  it('are operators of this agent, once', async () => {
    const { id: projectId } = await root.projects.create({ name: 'Ops' })
    const add = (email: string) => root.projects.members.add({ projectId, email, role: 'viewer' })
    await expect(add('nobody@example.com')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await test.operator('ann')
    await add('ann@example.com')
    await expect(add('ann@example.com')).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('an API key', () => {
  const authenticate = (token: string) => test.core.services.apiKeys.authenticate(token)

  it('is shown once and kept as a hash', async () => {
    const { id: projectId } = await root.projects.create({ name: 'Ops' })
    const { key, token } = await root.projects.apiKeys.create({
      projectId,
      name: 'ci',
      scopes: ['records:read'],
    })
    expect(token).toMatch(/^m3m_[0-9a-f]{48}$/)
    expect(key).toMatchObject({ name: 'ci', scopes: ['records:read'], expiresAt: null, lastUsedAt: null })
    const kept = JSON.stringify(await test.store.control.collection('api_keys').find().toArray())
    expect(kept).not.toContain(token)
    expect(JSON.stringify(await root.projects.apiKeys.list({ projectId }))).not.toContain(token)
    expect(await authenticate(token)).toMatchObject({ projectId, scopes: ['records:read'] })
  })

  it('notes when it was used', async () => {
    const { id: projectId } = await root.projects.create({ name: 'Ops' })
    const { token } = await root.projects.apiKeys.create({ projectId, name: 'ci', scopes: ['mcp'] })
    await authenticate(token)
    const [key] = await root.projects.apiKeys.list({ projectId })
    expect(key?.lastUsedAt).toBe(new Date(test.clock.now()).toISOString())
  })

  it('is dead when it is revoked, regenerated or expired', async () => {
    const { id: projectId } = await root.projects.create({ name: 'Ops' })
    const expiresAt = new Date(test.clock.now() + 1_000).toISOString()
    const made = await root.projects.apiKeys.create({ projectId, name: 'ci', scopes: ['mcp'], expiresAt })
    const again = await root.projects.apiKeys.regenerate({ projectId, keyId: made.key.id })
    expect(await authenticate(made.token)).toBeNull()
    expect(await authenticate(again.token)).toMatchObject({ keyId: made.key.id })
    test.clock.advance(1_000)
    expect(await authenticate(again.token)).toBeNull()
    const lasting = await root.projects.apiKeys.create({ projectId, name: 'ci', scopes: ['mcp'] })
    await root.projects.apiKeys.revoke({ projectId, keyId: lasting.key.id })
    expect(await authenticate(lasting.token)).toBeNull()
    expect(await authenticate('m3m_')).toBeNull()
  })
})
