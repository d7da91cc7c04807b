import { ManualClock, newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let agent: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('models')
  agent = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await agent.ensureIndexes()
})
afterAll(async () => {
  await agent[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const fresh = (): ProjectData => agent.project(newId(), ann)

describe('models', () => {
  it('are listed by name, found by slug or id, and changed by version', async () => {
    const project = fresh()
    const b = await project.models.create({ name: 'B', slug: 'b', fields: [{ key: 'x', type: 'string' }] })
    const a = await project.models.create({ name: 'A', slug: 'a', fields: [] })
    expect((await project.models.list()).map((model) => model.slug)).toEqual(['a', 'b'])
    expect(await project.models.get(b.id)).toEqual(b)
    expect(await project.models.get('a')).toEqual(a)
    const { model } = await project.models.update('a', { name: 'A2', version: 1 })
    expect(model).toMatchObject({ name: 'A2', version: 2 })
    await expect(project.models.update('a', { name: 'A3', version: 1 })).rejects.toMatchObject({
      code: 'MODEL_CHANGED',
    })
    await expect(project.models.create({ name: 'A', slug: 'a', fields: [] })).rejects.toMatchObject({
      code: 'MODEL_SLUG_TAKEN',
    })
    await expect(project.models.get('nothing')).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      status: 404,
    })
  })

  it('are refused with every problem by its path', async () => {
    const failed = fresh().models.create({
      name: 'Bad',
      slug: 'bad',
      fields: [
        { key: 'a', type: 'string', pattern: '(', default: 5 },
        { key: 'A', type: 'number', min: 5, max: 1 },
        { key: 'sel', type: 'select' },
        { key: 'ref', type: 'ref', refModel: 'nothing' },
        { key: 'flag', type: 'bool', minLength: 3 },
        { key: 'n', type: 'number', default: 'x' },
      ],
      indexes: [{ keys: ['a', '-nothing'] }, { keys: ['n', 'a', '-n'] }],
    })
    await expect(failed).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      fields: {
        'fields.a.pattern': {},
        'fields.A.key': {},
        'fields.A.min': {},
        'fields.sel.options': {},
        'fields.ref.refModel': {},
        'fields.flag.minLength': {},
        'fields.n.default': {},
        'indexes.0': {},
        'indexes.1': { message: '"n" stands in the index twice; name it once.' },
      },
    })
    for (const key of ['id', '_x', '9a', 'a-b', 'constructor', '__proto__', 'version']) {
      const bad = fresh().models.create({ name: 'Bad', slug: 'bad', fields: [{ key, type: 'string' }] })
      await expect(bad).rejects.toMatchObject({ code: 'MODEL_INVALID' })
    }
    const typed = fresh().models.create({
      name: 'Bad',
      slug: 'bad',
      fields: [{ key: 'a', type: 'String' as never }],
    })
    await expect(typed).rejects.toMatchObject({ fields: { 'fields.a.type': {} } })
  })

  it('are seen by another process at once after a message, and without one within half a second', async () => {
    const clock = new ManualClock(Date.now())
    const other = createDataEngine({ db: store.data, clock, logger: silentLogger })
    const panel = fresh()
    const service = other.project(panel.projectId, { kind: 'service', source: 'debug:develop' })
    await panel.models.create({ name: 'T', slug: 't', fields: [{ key: 'x', type: 'string' }] })
    await service.records.create('t', { x: 'a' })
    await panel.models.update('t', {
      fields: [
        { key: 'x', type: 'string', max: 3 },
        { key: 'y', type: 'number' },
      ],
    })
    other.invalidate(panel.projectId, 'models')
    await expect(service.records.create('t', { x: 'long', y: 1 })).rejects.toMatchObject({
      fields: { x: { code: 'FIELD_MAX_LENGTH' } },
    })
    await panel.models.update('t', { fields: [{ key: 'x', type: 'string' }] })
    clock.advance(500)
    expect(await service.records.create('t', { x: 'long' })).toMatchObject({ x: 'long' })
  })

  it('tell who listens that they changed', async () => {
    const project = fresh()
    const told: string[] = []
    const off = agent.onChange((projectId, what) => told.push(`${projectId === project.projectId}:${what}`))
    await project.models.create({ name: 'T', slug: 't', fields: [] })
    await project.environment.save({ variables: [] })
    off()
    await project.models.remove('t')
    expect(told).toEqual(['true:models', 'true:env'])
  })

  it('are removed with their records, but not while a ref points at them', async () => {
    const project = fresh()
    await project.models.create({ name: 'Owners', slug: 'owners', fields: [] })
    await project.models.create({
      name: 'Pets',
      slug: 'pets',
      fields: [{ key: 'owner', type: 'ref', refModel: 'owners' }],
    })
    await expect(project.models.remove('owners')).rejects.toMatchObject({ code: 'MODEL_IN_USE' })
    const { id } = await project.models.get('pets')
    await project.records.create('pets', {})
    expect(await project.models.counts()).toMatchObject({ [id]: 1 })
    const sizes = await project.models.sizes()
    expect(sizes[id]).toBeGreaterThan(20)
    expect(Object.values(sizes)).toContain(0)
    await project.models.remove('pets')
    expect(await store.data.collection(`records_${id}`).countDocuments()).toBe(0)
    await project.models.remove('owners')
    expect(await project.models.list()).toEqual([])
  })

  it('go with their project, and nothing of it stays', async () => {
    const project = fresh()
    const model = await project.models.create({ name: 'T', slug: 't', fields: [] })
    await project.records.create('t', {})
    await project.environment.save({ variables: [{ key: 'A', type: 'string', value: 'x' }] })
    await agent.removeProject(project.projectId)
    for (const { name } of await store.data.listCollections().toArray()) {
      const left = await store.data.collection(name).countDocuments({
        $or: [{ projectId: project.projectId }, { _id: project.projectId as never }],
      })
      expect([name, left]).toEqual([name, 0])
    }
    expect(await store.data.collection(`records_${model.id}`).countDocuments()).toBe(0)
  })
})

describe('changing a model that has records', () => {
  it('shows in a dry run what becomes of them, and then does it', async () => {
    const project = fresh()
    const made = await project.models.create({
      name: 'T',
      slug: 't',
      fields: [
        { key: 'name', type: 'string' },
        { key: 'amount', type: 'string' },
        { key: 'old', type: 'string' },
      ],
    })
    const [name, amount] = made.fields
    await project.records.insertMany('t', [
      { name: 'a', amount: '12', old: 'x' },
      { name: 'b', amount: 'many' },
      { name: 'c' },
    ])
    const fields = [
      { ...name!, key: 'title' },
      { ...amount!, type: 'number' as const },
      { key: 'fresh', type: 'bool' as const },
    ]
    const dry = await project.models.update('t', { fields }, { dryRun: true })
    expect(dry).toMatchObject({ applied: false, records: 3 })
    expect(dry.impact).toMatchObject([
      { field: 'fresh', change: 'added' },
      { field: 'old', change: 'removed', breaks: 1 },
      { field: 'title', change: 'renamed', converts: 3 },
      { field: 'amount', change: 'retyped', converts: 1, breaks: 1, samples: [{ value: 'many' }] },
    ])
    expect(await project.models.get('t')).toEqual(made)
    await expect(project.models.update('t', { fields })).rejects.toMatchObject({
      code: 'MODEL_WOULD_BREAK',
      status: 409,
    })
    await project.models.update('t', { fields }, { force: true })
    expect(await project.records.find('t', {}, { sort: 'title' })).toMatchObject([
      { title: 'a', amount: 12, fresh: null },
      { title: 'b', amount: null },
      { title: 'c', amount: null },
    ])
    const raw = await store.data.collection(`records_${made.id}`).find().toArray()
    expect(raw.some((record) => 'old' in record || 'name' in record)).toBe(false)
  })

  it('counts what a stricter rule and a unique index would break', async () => {
    const project = fresh()
    await project.models.create({ name: 'T', slug: 't', fields: [{ key: 'x', type: 'string' }] })
    await project.records.insertMany('t', [{ x: 'aa' }, { x: 'aa' }, { x: 'b' }, {}])
    const required = await project.models.update(
      't',
      { fields: [{ key: 'x', type: 'string', required: true, max: 1 }] },
      { dryRun: true },
    )
    expect(required.impact).toMatchObject([{ field: 'x', change: 'tightened', breaks: 3 }])
    const unique = { fields: [{ key: 'x', type: 'string' as const, unique: true }] }
    await expect(project.models.update('t', unique, { force: true })).rejects.toMatchObject({
      code: 'MODEL_WOULD_BREAK',
    })
    await project.records.deleteMany('t', { x: 'aa' })
    await project.models.update('t', unique)
    await expect(project.records.create('t', { x: 'b' })).rejects.toMatchObject({ code: 'RECORD_NOT_UNIQUE' })
    await project.models.update('t', { fields: [{ key: 'x', type: 'string' }] })
    await project.records.create('t', { x: 'b' })
  })

  it('follows a new slug in the refs of other models', async () => {
    const project = fresh()
    await project.models.create({ name: 'Owners', slug: 'owners', fields: [] })
    await project.models.create({
      name: 'Pets',
      slug: 'pets',
      fields: [{ key: 'owner', type: 'ref', refModel: 'owners' }],
    })
    await project.models.update('owners', { slug: 'people' })
    expect((await project.models.get('pets')).fields[0]).toMatchObject({ refModel: 'people' })
    const { id } = await project.records.create('people', {})
    expect(await project.records.create('pets', { owner: id })).toMatchObject({ owner: id })
    await expect(project.records.create('pets', { owner: newId() })).rejects.toMatchObject({
      fields: { owner: { code: 'FIELD_REF' } },
    })
  })
})
