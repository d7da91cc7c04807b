import { ManualClock, silentLogger } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { newId } from '@m3m/base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DataEngine, ProjectData } from '../index.ts'
import { createDataEngine } from '../index.ts'
import type { ModelInput } from '../schema.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let project: ProjectData
const clock = new ManualClock(Date.UTC(2026, 10, 22, 12))

const articles: ModelInput = {
  name: 'Articles',
  slug: 'articles',
  fields: [
    { key: 'title', type: 'string', required: true, min: 2, max: 20 },
    { key: 'body', type: 'text', nullable: true },
    { key: 'stars', type: 'number', min: 0, max: 5, default: 0 },
    { key: 'price', type: 'float' },
    { key: 'open', type: 'bool', default: true },
    { key: 'meta', type: 'document' },
    { key: 'day', type: 'date' },
    { key: 'at', type: 'datetime' },
    { key: 'code', type: 'string', unique: true, pattern: '^[A-Z]{2}-\\d+$' },
  ],
}

beforeAll(async () => {
  store = await openTestDatabase('records')
  engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

async function fresh(...models: ModelInput[]): Promise<ProjectData> {
  const made = engine.project(newId(), ann)
  for (const model of models.length > 0 ? models : [articles]) await made.models.create(model)
  return made
}

describe('writing records', () => {
  it('gives defaults, keeps types and reads back what was written', async () => {
    project = await fresh()
    const made = await project.records.create('articles', {
      title: 'Hello',
      price: 1.5,
      meta: { tags: ['a', { deep: null }] },
      day: '2026-01-31',
      at: '2026-01-31T10:00:00+02:00',
    })
    expect(made).toEqual({
      id: made.id,
      _id: made.id,
      createdAt: '2026-11-22T12:00:00.000Z',
      updatedAt: '2026-11-22T12:00:00.000Z',
      version: 1,
      title: 'Hello',
      body: null,
      stars: 0,
      price: 1.5,
      open: true,
      meta: { tags: ['a', { deep: null }] },
      day: '2026-01-31',
      at: '2026-01-31T08:00:00.000Z',
      code: null,
    })
    expect(await project.records.get('articles', made.id)).toEqual(made)
    const dated = engine.project(project.projectId, ann, { dates: 'date' })
    expect(await dated.records.findById('articles', made.id)).toMatchObject({
      at: new Date('2026-01-31T08:00:00Z'),
      day: new Date('2026-01-31'),
      createdAt: new Date(clock.now()),
    })
  })

  it('names every field that is wrong, with a code, and writes nothing', async () => {
    project = await fresh()
    const failed = project.records.create('articles', {
      title: 'x',
      stars: 2.5,
      price: 'dear',
      open: 'yes',
      meta: 'text',
      day: '2026-02-30',
      at: 'yesterday',
      code: 'nope',
      colour: 'red',
      version: 7,
    })
    await expect(failed).rejects.toMatchObject({
      code: 'RECORD_INVALID',
      status: 400,
      fields: {
        title: { code: 'FIELD_MIN_LENGTH' },
        stars: { code: 'FIELD_TYPE' },
        price: { code: 'FIELD_TYPE' },
        open: { code: 'FIELD_TYPE' },
        meta: { code: 'FIELD_DOCUMENT' },
        day: { code: 'FIELD_DATE' },
        at: { code: 'FIELD_DATE' },
        code: { code: 'FIELD_PATTERN' },
        colour: { code: 'FIELD_UNKNOWN' },
        version: { code: 'FIELD_READ_ONLY' },
      },
    })
    expect(await project.records.count('articles')).toBe(0)
  })

  it('keeps required and nullable on update too', async () => {
    project = await fresh()
    const { id } = await project.records.create('articles', { title: 'Hello', body: 'text', stars: 3 })
    await expect(project.records.update('articles', id, { title: null })).rejects.toMatchObject({
      fields: { title: { code: 'FIELD_REQUIRED' } },
    })
    await expect(project.records.update('articles', id, { title: '' })).rejects.toMatchObject({
      fields: { title: { code: 'FIELD_REQUIRED' } },
    })
    await expect(project.records.update('articles', id, { stars: null })).rejects.toMatchObject({
      fields: { stars: { code: 'FIELD_NULL' } },
    })
    expect(await project.records.update('articles', id, { body: null })).toMatchObject({
      body: null,
      version: 2,
    })
  })

  it('takes a whole record back, as a form sends it', async () => {
    project = await fresh()
    const made = await project.records.create('articles', { title: 'Hello' })
    const changed = await project.records.update('articles', made.id, {
      ...made,
      body: 'new',
      price: 2,
      meta: {},
      day: '2026-01-01',
      at: clock.now(),
      code: 'AB-1',
    })
    expect(changed).toMatchObject({ body: 'new', version: 2, at: '2026-11-22T12:00:00.000Z' })
  })

  it('takes a record back as it was read, with null where there was nothing', async () => {
    project = await fresh()
    const made = await project.records.create('articles', { title: 'Hello' })
    expect(made['price']).toBeNull()
    const { records } = project
    expect(await records.update('articles', made.id, { ...made, title: 'One' })).toMatchObject({
      title: 'One',
      price: null,
    })
    const set = await records.findOneAndUpdate('articles', {}, { $set: { title: 'Two', price: null } })
    expect(set).toMatchObject({ title: 'One' })
    const { applied } = await records.bulk('articles', [
      { op: 'update', id: made.id, data: { title: 'Three', price: null } },
    ])
    expect(applied).toBe(1)
    await records.update('articles', made.id, { price: 5 })
    // There is a value now, which null would take away.
    await expect(records.update('articles', made.id, { price: null })).rejects.toMatchObject({
      fields: { price: { code: 'FIELD_NULL' } },
    })
    await expect(
      records.bulk('articles', [{ op: 'update', id: made.id, data: { price: null } }]),
    ).resolves.toMatchObject({ applied: 0 })
  })

  it('tells the second of two editors', async () => {
    project = await fresh()
    const { id } = await project.records.create('articles', { title: 'Hello' })
    await project.records.update('articles', id, { title: 'First' }, { version: 1 })
    await expect(
      project.records.update('articles', id, { title: 'Second' }, { version: 1 }),
    ).rejects.toMatchObject({ code: 'RECORD_CHANGED', status: 409 })
    await expect(project.records.remove('articles', id, { version: 1 })).rejects.toMatchObject({
      code: 'RECORD_CHANGED',
    })
    expect(await project.records.get('articles', id)).toMatchObject({ title: 'First', version: 2 })
  })

  it('refuses a second value where it must be unique, and allows many without one', async () => {
    project = await fresh()
    await project.records.insertMany('articles', [
      { title: 'One', code: 'AB-1' },
      { title: 'Two' },
      { title: 'Three' },
    ])
    await expect(project.records.create('articles', { title: 'Four', code: 'AB-1' })).rejects.toMatchObject({
      code: 'RECORD_NOT_UNIQUE',
      status: 409,
      fields: { code: { code: 'FIELD_NOT_UNIQUE' } },
    })
    const batch = project.records.insertMany('articles', [{ title: 'Five' }, { title: 'Six', code: 'AB-1' }])
    await expect(batch).rejects.toMatchObject({ code: 'RECORD_NOT_UNIQUE' })
    expect(await project.records.count('articles')).toBe(3)
  })

  it('counts exactly under a hundred concurrent increments', async () => {
    project = await fresh({ name: 'Hits', slug: 'hits', fields: [{ key: 'n', type: 'number', default: 0 }] })
    const { id } = await project.records.create('hits', {})
    await Promise.all(
      Array.from({ length: 100 }, () => project.records.findOneAndUpdate('hits', { id }, { $inc: { n: 1 } })),
    )
    expect(await project.records.get('hits', id)).toMatchObject({ n: 100, version: 101 })
  })

  it('gives each job to one claimant only', async () => {
    project = await fresh({
      name: 'Jobs',
      slug: 'jobs',
      fields: [
        { key: 'state', type: 'select', options: ['new', 'taken'], default: 'new' },
        { key: 'owner', type: 'number', nullable: true },
      ],
    })
    await project.records.insertMany('jobs', [{}, {}, {}])
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, owner) =>
        project.records.findOneAndUpdate(
          'jobs',
          { state: 'new' },
          { state: 'taken', owner },
          { returnNew: true },
        ),
      ),
    )
    expect(claims.filter((claim) => claim !== null)).toHaveLength(3)
    expect(new Set(claims.filter((claim) => claim !== null).map((claim) => claim.id)).size).toBe(3)
  })

  it('updates, upserts and removes what a filter finds', async () => {
    project = await fresh()
    await project.records.insertMany('articles', [
      { title: 'One', stars: 1 },
      { title: 'Two', stars: 2 },
      { title: 'Three', stars: 3 },
    ])
    expect(await project.records.updateMany('articles', { stars: { $gte: 2 } }, { open: false })).toBe(2)
    expect(await project.records.count('articles', { open: false })).toBe(2)
    expect(await project.records.upsert('articles', { title: 'Two' }, { stars: 5 })).toMatchObject({
      version: 3,
    })
    expect(await project.records.upsert('articles', { title: 'Four' }, { stars: 4 })).toMatchObject({
      title: 'Four',
      stars: 4,
      version: 1,
    })
    expect(await project.records.deleteMany('articles', { stars: { $lt: 4 } })).toBe(2)
    expect(await project.records.distinct('articles', 'title')).toEqual(['Four', 'Two'])
  })

  it('says so when a record or a model is not there', async () => {
    project = await fresh()
    await expect(project.records.get('articles', newId())).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' })
    await expect(project.records.get('articles', 'nonsense')).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    })
    await expect(project.records.update('articles', newId(), {})).rejects.toMatchObject({ status: 404 })
    await expect(project.records.list('nothing')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    expect(await project.records.findById('articles', newId())).toBeNull()
    expect(await project.records.findOne('articles', { title: 'x' })).toBeNull()
  })

  it('never reaches a record of another project', async () => {
    project = await fresh()
    const other = await fresh()
    const { id } = await project.records.create('articles', { title: 'Mine' })
    expect(await other.records.findById('articles', id)).toBeNull()
    const mine = await project.models.get('articles')
    await expect(other.records.get(mine.id, id)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })
})

describe('reading lists', () => {
  it('filters, sorts, pages and counts', async () => {
    project = await fresh()
    await project.records.insertMany(
      'articles',
      Array.from({ length: 25 }, (_, n) => ({
        title: `Title ${n}`,
        stars: n % 5,
        price: n / 2,
        day: '2026-01-01',
      })),
    )
    const page = await project.records.list('articles', {
      filter: { stars: { $in: [1, '2'] }, price: { $gte: 1 } },
      sort: '-price,title',
      page: 2,
      pageSize: 4,
      fields: 'title,price',
    })
    expect(page).toMatchObject({ total: 9, page: 2, pageSize: 4, pages: 3 })
    expect(page.items.map((item) => item.price)).toEqual([6, 5.5, 3.5, 3])
    expect(Object.keys(page.items[0]!).sort()).toEqual(
      ['_id', 'createdAt', 'id', 'price', 'title', 'updatedAt', 'version'].sort(),
    )
    expect((await project.records.list('articles', { skipTotal: true, pageSize: 1 })).total).toBe(-1)
    expect(await project.records.find('articles', { title: { $startsWith: 'TITLE 1' } })).toHaveLength(11)
    expect(await project.records.count('articles', { title: { $regex: '^Title 2[0-4]$' } })).toBe(5)
    expect(
      await project.records.count('articles', { $or: [{ stars: 0 }, { $not: { stars: { $gt: 1 } } }] }),
    ).toBe(10)
    expect(await project.records.count('articles', { body: null, day: '2026-01-01' })).toBe(25)
    expect(await project.records.count('articles', { id: page.items[0]!.id })).toBe(1)
  })

  it.each([
    [{ pageSize: 1001 }, 'QUERY_SHAPE'],
    [{ page: 0 }, 'QUERY_SHAPE'],
    [{ sort: 'nothing' }, 'QUERY_FIELD_UNKNOWN'],
    [{ sort: 'meta' }, 'QUERY_SORT'],
    [{ fields: 'secret' }, 'QUERY_FIELD_UNKNOWN'],
    [{ filter: { nothing: 1 } }, 'QUERY_FIELD_UNKNOWN'],
    [{ limit: 10 }, 'QUERY_SHAPE'],
  ])('refuses %j', async (query, code) => {
    project = await fresh()
    await expect(project.records.list('articles', query as never)).rejects.toMatchObject({
      code,
      status: 400,
    })
  })
})
