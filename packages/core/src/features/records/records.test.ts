import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeAll(async () => {
  test = await openTestCore('data_features')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  await root.models.create({
    projectId,
    name: 'Users',
    slug: 'users',
    fields: [
      { key: 'name', type: 'string', required: true },
      { key: 'age', type: 'number', min: 0 },
    ],
  })
})
afterAll(() => test[Symbol.asyncDispose]())

const target = () => ({ projectId, model: 'users' })
const audited = async (action: string) =>
  (await root.projects.audit({ projectId })).filter((e) => e.action === action)

describe('models', () => {
  it('are listed, read by slug or id, changed and removed, and all of it is written down', async () => {
    const [users] = await root.models.list({ projectId })
    expect(await root.models.get({ projectId, model: users!.id })).toEqual(users)
    const fields = [...users!.fields, { key: 'mail', type: 'email' as const }]
    const tried = await root.models.update({ ...target(), fields, dryRun: true })
    expect(tried).toMatchObject({ applied: false })
    expect(await audited('models.update')).toHaveLength(0)
    const done = await root.models.update({ ...target(), fields })
    expect(done).toMatchObject({ applied: true, model: { version: users!.version + 1 } })
    expect((await audited('models.update'))[0]?.after).toMatchObject({ slug: 'users' })
    await root.models.create({ projectId, name: 'Old', slug: 'old', fields: [{ key: 'a', type: 'bool' }] })
    await root.models.remove({ projectId, model: 'old' })
    expect((await audited('models.remove'))[0]).toMatchObject({ target: 'old' })
  })

  it('name the fields that are refused', async () => {
    const attempt = root.models.create({
      projectId,
      name: 'X',
      slug: 'x',
      fields: [{ key: 'id', type: 'string' }],
    })
    await expect(attempt).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})

describe('records', () => {
  it('are created, listed, read, changed and removed', async () => {
    const ann = await root.records.create({ ...target(), data: { name: 'Ann', age: 30 } })
    await root.records.create({ ...target(), data: { name: 'Ben', age: 40 } })
    const page = await root.records.list({ ...target(), filter: 'age > 35', sort: '-name' })
    expect(page).toMatchObject({ total: 1, page: 1, items: [{ name: 'Ben' }] })
    expect(await root.records.get({ ...target(), id: ann.id })).toMatchObject({ name: 'Ann', version: 1 })
    expect(
      await root.records.update({ ...target(), id: ann.id, data: { age: 31 }, version: 1 }),
    ).toMatchObject({
      age: 31,
      version: 2,
    })
    const stale = root.records.update({ ...target(), id: ann.id, data: { age: 32 }, version: 1 })
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT' })
    await root.records.remove({ ...target(), id: ann.id })
    await expect(root.records.get({ ...target(), id: ann.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await audited('records.remove'))[0]).toMatchObject({ target: `users/${ann.id}` })
  })

  it('name each field that is refused', async () => {
    const attempt = root.records.create({ ...target(), data: { age: -1 } })
    await expect(attempt).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      cause: { code: 'RECORD_INVALID', fields: { name: {}, age: {} } },
    })
  })

  it('cross the wire as plain JSON', async () => {
    const record = await root.records.create({ ...target(), data: { name: 'Cid' } })
    expect(JSON.parse(JSON.stringify(record))).toEqual(record)
  })
})

describe('variables', () => {
  it('are saved all at once on the revision that was read, and the audit has no values', async () => {
    const limit = { key: 'LIMIT', type: 'integer' as const, value: 5 }
    const saved = await root.env.save({ projectId, variables: [limit], revision: 0 })
    expect(saved).toEqual({ variables: [limit], revision: 1 })
    expect(await root.env.list({ projectId })).toEqual(saved)
    const stale = root.env.save({ projectId, variables: [], revision: 0 })
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT' })
    const wrong = root.env.save({ projectId, variables: [{ ...limit, value: 'five' }] })
    await expect(wrong).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect((await audited('env.save'))[0]).toMatchObject({ before: {}, after: { LIMIT: 'integer' } })
  })
})
