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

  it('tell how far their conversions are, and carry values along a rename', async () => {
    const fields = [{ key: 'a', type: 'string' as const }]
    const made = await root.models.create({
      projectId,
      name: 'Moved',
      slug: 'moved',
      fields,
      table: { label: 'a' },
    })
    const record = await root.records.create({ projectId, model: 'moved', data: { a: '12' } })
    const retyped = [{ ...made.fields[0]!, key: 'b', type: 'number' as const }]
    const update = { projectId, model: 'moved', fields: retyped }
    const tried = await root.models.update({ ...update, dryRun: true })
    expect(tried.impact).toMatchObject([
      { change: 'renamed' },
      { field: 'b', change: 'retyped', converts: 1, breaks: 0 },
    ])
    const done = await root.models.update(update)
    expect(done.model.table).toEqual({ label: 'b' })
    expect(await root.records.get({ projectId, model: 'moved', id: record.id })).toMatchObject({ b: 12 })
    const progress = await root.models.progress({ projectId })
    // The second look is due some seconds later; by then the job is gone.
    expect(progress[made.id] ?? { done: 1, total: 1 }).toEqual({ done: 1, total: 1 })
    await root.models.remove({ projectId, model: 'moved' })
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

  it('are written many at once, counted, imported, exported, and brought back', async () => {
    const { results, applied } = await root.records.bulk({
      ...target(),
      operations: [
        { op: 'create', data: { name: 'Dot', age: 7 } },
        { op: 'create', data: { name: 'Eve', age: 7 } },
      ],
    })
    expect([applied, results.length]).toEqual([2, 2])
    const rows = await root.records.aggregate({ ...target(), filter: 'age = 7', groupBy: ['age'] })
    expect(rows).toEqual({ rows: [{ age: 7, count: 2 }] })
    const report = await root.records.import({ ...target(), format: 'csv', content: 'name,age\nFay,8\n' })
    expect(report).toMatchObject({ rows: 1, created: 1, refused: 0 })
    const { content } = await root.records.export({
      ...target(),
      format: 'csv',
      filter: 'age = 8',
      fields: 'name,age',
    })
    expect(content).toContain('Fay,8')
    expect((await audited('records.import'))[0]).toMatchObject({ after: { created: 1 } })

    await root.models.update({ ...target(), trash: { days: 7 } })
    const [fay] = (await root.records.list({ ...target(), filter: 'age = 8' })).items
    await root.records.remove({ ...target(), id: fay!.id })
    expect(await root.records.restore({ ...target(), id: fay!.id })).toMatchObject({ name: 'Fay' })
    await root.records.remove({ ...target(), id: fay!.id })
    expect(await root.records.emptyTrash(target())).toEqual({ removed: 1 })
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
