import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let ops: { id: string; slug: string }

beforeEach(async () => {
  test = await openTestCore('goals')
  root = await test.root()
  ops = await root.projects.create({ name: 'Ops' })
})
afterEach(() => test[Symbol.asyncDispose]())

const goal = (slug: string, more: object = {}) => ({ name: slug, slug, type: 'counter' as const, ...more })

describe('a goal of a project', () => {
  it("has a slug that begins with the project's and follows it", async () => {
    const made = await root.goals.create({ projectId: ops.id, ...goal('hits') })
    expect(made).toMatchObject({ slug: 'ops-hits', projectId: ops.id, value: 0 })
    await root.projects.update({ projectId: ops.id, slug: 'operations' })
    const slug = async () => (await root.goals.list({ projectId: ops.id }))[0]?.slug
    await expect.poll(slug).toBe('operations-hits')
  })

  it('counts, is shown over a period, and is reset', async () => {
    const { id } = await root.goals.create({ projectId: ops.id, ...goal('hits') })
    await test.data.goals.increment(ops, 'hits', 3)
    expect(await root.goals.list({ projectId: ops.id })).toMatchObject([{ value: 3 }])
    const today = new Date(test.clock.now()).toISOString().slice(0, 10)
    const [stats] = await root.goals.stats({ goalIds: [id], from: today, to: today, step: 'day' })
    expect(stats).toMatchObject({ goalId: id, total: 3, points: [{ value: 3 }] })
    await root.goals.reset({ goalId: id })
    expect(await root.goals.list({ projectId: ops.id })).toMatchObject([{ value: 0 }])
    const [entry] = await root.projects.audit({ projectId: ops.id })
    expect(entry).toMatchObject({ action: 'goals.reset', target: 'ops-hits', before: { value: 3 } })
  })

  it('is changed and removed', async () => {
    const { id } = await root.goals.create({ projectId: ops.id, ...goal('hits') })
    expect(await root.goals.update({ goalId: id, name: 'All hits' })).toMatchObject({ name: 'All hits' })
    await root.goals.remove({ goalId: id })
    expect(await root.goals.list({ projectId: ops.id })).toEqual([])
  })
})

describe('a global goal', () => {
  it('keeps writers that a user manager does not see, when they edit the list', async () => {
    const shop = await root.projects.create({ name: 'Shop' })
    const lab = await root.projects.create({ name: 'Lab' })
    const { id: goalId } = await root.goals.create(goal('sales', { projects: [ops.id, shop.id] }))
    const { caller: manager } = await test.operator('seer', {
      manageUsers: true,
      projects: [
        { projectId: shop.id, role: 'viewer' },
        { projectId: lab.id, role: 'viewer' },
      ],
    })
    expect(await manager.goals.update({ goalId, projects: [lab.id] })).toMatchObject({ projects: [lab.id] })
    const [stored] = await root.goals.list({})
    expect(stored!.projects.toSorted()).toEqual([ops.id, lab.id].toSorted())
    await root.goals.update({ goalId, projects: [] })
    expect((await root.goals.list({}))[0]!.projects).toEqual([])
  })

  it('is made by user managers, for projects they know of', async () => {
    const { caller: manager } = await test.operator('manager', { manageUsers: true })
    const { caller: owner } = await test.operator('owner', {
      projects: [{ projectId: ops.id, role: 'owner' }],
    })
    await expect(owner.goals.create(goal('sales'))).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(manager.goals.create(goal('sales', { projects: [ops.id] }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(manager.goals.create(goal('sales'))).resolves.toMatchObject({
      projectId: null,
      slug: 'sales',
    })
  })

  it('is seen by those whose projects may write it, and by project only what they may see', async () => {
    const foreign = await root.projects.create({ name: 'Foreign' })
    const { id } = await root.goals.create(goal('sales', { projects: [ops.id, foreign.id] }))
    await test.data.goals.increment(ops, 'sales', 2)
    await test.data.goals.increment(foreign, 'sales', 40)
    const { caller } = await test.operator('ann', { projects: [{ projectId: ops.id, role: 'viewer' }] })
    expect(await caller.goals.list({})).toMatchObject([{ id, projects: [ops.id] }])
    const today = new Date(test.clock.now()).toISOString().slice(0, 10)
    const period = { goalIds: [id], from: today, to: today }
    expect(await caller.goals.stats({ ...period, projectIds: [ops.id] })).toMatchObject([{ total: 2 }])
    expect(await root.goals.stats(period)).toMatchObject([{ total: 42 }])
    const pry = caller.goals.stats({ ...period, projectIds: [foreign.id] })
    await expect(pry).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { caller: outsider } = await test.operator('ben')
    expect(await outsider.goals.list({})).toEqual([])
    await expect(outsider.goals.stats(period)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
