import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeAll(async () => {
  test = await openTestCore('views')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  await root.models.create({
    projectId,
    name: 'Things',
    slug: 'things',
    fields: [{ key: 'n', type: 'number' }],
  })
})
afterAll(() => test[Symbol.asyncDispose]())

const things = () => ({ projectId, model: 'things' })

describe('views of a table', () => {
  it('are saved under names, changed and deleted, for everyone in the project', async () => {
    const columns = [
      { key: 'n', width: 120 },
      { key: 'createdAt', hidden: true },
    ]
    const made = await root.views.save({ ...things(), name: 'Large', filter: 'n > 5', sort: '-n', columns })
    const { caller } = await test.operator('viewer', { projects: [{ projectId, role: 'viewer' }] })
    expect(await caller.views.list(things())).toEqual([made])
    await root.views.save({ ...things(), viewId: made.id, name: 'Larger', filter: 'n > 50' })
    expect(await root.views.list(things())).toMatchObject([
      { id: made.id, name: 'Larger', filter: 'n > 50', sort: null },
    ])
    await root.views.remove({ ...things(), viewId: made.id })
    expect(await root.views.list(things())).toEqual([])
    await expect(root.views.remove({ ...things(), viewId: made.id })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('have different names, and one of them is the default', async () => {
    const a = await root.views.save({ ...things(), name: 'A', isDefault: true })
    const b = await root.views.save({ ...things(), name: 'B', isDefault: true })
    await expect(root.views.save({ ...things(), name: 'A' })).rejects.toMatchObject({ code: 'CONFLICT' })
    const all = await root.views.list(things())
    expect(all.map(({ id, isDefault }) => [id, isDefault])).toEqual([
      [a.id, false],
      [b.id, true],
    ])
  })

  it('of another model are not there, and go with their model', async () => {
    await root.models.create({
      projectId,
      name: 'Others',
      slug: 'others',
      fields: [{ key: 'n', type: 'number' }],
    })
    const { id } = await root.views.save({ projectId, model: 'others', name: 'Theirs' })
    await expect(root.views.remove({ ...things(), viewId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await root.models.remove({ projectId, model: 'others' })
    await root.models.create({
      projectId,
      name: 'Others',
      slug: 'others',
      fields: [{ key: 'n', type: 'number' }],
    })
    expect(await root.views.list({ projectId, model: 'others' })).toEqual([])
  })
})
