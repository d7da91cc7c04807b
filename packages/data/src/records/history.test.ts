import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'
import type { Field } from '../schema.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
const stored = new Map<string, { sizeBytes: number; mimeType: string }>()

beforeAll(async () => {
  store = await openTestDatabase('history')
  const files = {
    stat: (_: string, path: string) => Promise.resolve(stored.get(path) ?? null),
    remove: (_: string, path: string) => Promise.resolve(void stored.delete(path)),
  }
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger, files })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const fresh = (): ProjectData => engine.project(newId(), ann)

async function family(onDelete: Field['onDelete'], multiple = false) {
  const project = fresh()
  await project.models.create({ name: 'Parents', slug: 'parents', fields: [{ key: 'name', type: 'string' }] })
  await project.models.create({
    name: 'Children',
    slug: 'children',
    fields: [
      { key: 'name', type: 'string' },
      { key: 'parent', type: 'ref', refModel: 'parents', ...(onDelete && { onDelete }), multiple },
    ],
  })
  const [a, b] = await project.records.insertMany('parents', [{ name: 'a' }, { name: 'b' }])
  const to = (ids: string[]) => (multiple ? ids : ids[0])
  await project.records.insertMany('children', [
    { name: 'one', parent: to([a!.id, b!.id]) },
    { name: 'two', parent: to([b!.id]) },
  ])
  return { project, a: a!, b: b! }
}

describe('removing a record that others point at', () => {
  it.each([undefined, 'restrict'] as const)('is refused with %s, and says by whom', async (onDelete) => {
    const { project, a } = await family(onDelete)
    const refused = expect(project.records.remove('parents', a.id)).rejects
    await refused.toMatchObject({
      code: 'RECORD_IN_USE',
      status: 409,
      message: expect.stringContaining('children.parent (1)') as string,
    })
    expect(await project.records.count('parents')).toBe(2)
  })

  it('takes them with it, and those that point at them, with cascade', async () => {
    const { project, a } = await family('cascade')
    await project.models.create({
      name: 'Toys',
      slug: 'toys',
      fields: [
        { key: 'child', type: 'ref', refModel: 'children', onDelete: 'cascade' },
        { key: 'giver', type: 'ref', refModel: 'parents' },
      ],
    })
    const [one] = await project.records.find('children', { name: 'one' })
    // The toy would hold back its giver, but it goes with the child.
    await project.records.create('toys', { child: one!.id, giver: a.id })
    await project.records.remove('parents', a.id)
    expect(await project.records.count('toys')).toBe(0)
    expect((await project.records.find('children')).map((child) => child['name'])).toEqual(['two'])
  })

  it('empties their refs with null, one or many', async () => {
    const single = await family('null')
    await single.project.records.remove('parents', single.a.id)
    expect(await single.project.records.find('children', {}, { sort: 'name' })).toMatchObject([
      { name: 'one', parent: null, version: 2 },
      { name: 'two', parent: single.b.id, version: 1 },
    ])
    const list = await family('null', true)
    await list.project.records.remove('parents', list.b.id)
    expect(await list.project.records.find('children', {}, { sort: 'name' })).toMatchObject([
      { name: 'one', parent: [list.a.id] },
      { name: 'two', parent: [] },
    ])
  })

  it('ends when two point at each other', async () => {
    const project = fresh()
    await project.models.create({
      name: 'Nodes',
      slug: 'nodes',
      fields: [{ key: 'next', type: 'ref', refModel: 'nodes', onDelete: 'cascade' }],
    })
    const [a, b] = await project.records.insertMany('nodes', [{}, {}])
    await project.records.update('nodes', a!.id, { next: b!.id })
    await project.records.update('nodes', b!.id, { next: a!.id })
    await Promise.allSettled([project.records.remove('nodes', a!.id), project.records.remove('nodes', b!.id)])
    expect(await project.records.count('nodes')).toBe(0)
  })
})

const kept = (more: object): Parameters<ProjectData['models']['create']>[0] => ({
  name: 'Notes',
  slug: 'notes',
  fields: [
    { key: 'text', type: 'string', required: true },
    { key: 'n', type: 'number', nullable: true },
  ],
  ...more,
})

describe('revisions', () => {
  it('tell who changed what, and bring an earlier state back', async () => {
    const project = fresh()
    await project.models.create(kept({ revisions: true }))
    const { id } = await project.records.create('notes', { text: 'one', n: 1 })
    const service = engine.project(project.projectId, { kind: 'service', source: 'release:1.2' })
    await service.records.update('notes', id, { text: 'two', n: null })
    expect(await project.records.revisions('notes', id)).toMatchObject([
      {
        version: 2,
        type: 'update',
        actor: { kind: 'service', source: 'release:1.2' },
        changed: ['text', 'n'],
        record: { text: 'two', n: null },
      },
      { version: 1, type: 'insert', actor: ann, record: { text: 'one', n: 1 } },
    ])
    expect(await project.records.restore('notes', id, { version: 1 })).toMatchObject({
      version: 3,
      text: 'one',
      n: 1,
    })
    expect(await project.records.restore('notes', id, { version: 2 })).toMatchObject({
      version: 4,
      text: 'two',
      n: null,
    })
    await project.records.remove('notes', id)
    expect(await project.records.restore('notes', id, { version: 1 })).toMatchObject({
      id,
      version: 6,
      text: 'one',
    })
    expect((await project.records.revisions('notes', id)).map((revision) => revision.type)).toEqual([
      'insert',
      'delete',
      'update',
      'update',
      'update',
      'insert',
    ])
    await expect(project.records.restore('notes', id, { version: 99 })).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    })
  })
})

describe('the trash', () => {
  it('keeps what was removed, lists it, and gives it back', async () => {
    const project = fresh()
    await project.models.create(kept({ trash: { days: 30 } }))
    const [a, b] = await project.records.insertMany('notes', [{ text: 'a', n: 1 }, { text: 'b' }])
    await project.records.remove('notes', a!.id)
    await project.records.remove('notes', b!.id)
    expect(await project.records.count('notes')).toBe(0)
    const trash = await project.records.list('notes', { trashed: true, sort: 'text', filter: 'n = 1' })
    const told = { _trashedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string, _trashedBy: ann }
    expect(trash).toMatchObject({ total: 1, items: [{ id: a!.id, text: 'a', ...told }] })
    expect((await project.records.list('notes', { trashed: true, sort: '-_trashedAt' })).items).toHaveLength(
      2,
    )
    expect(await project.records.restore('notes', a!.id)).toMatchObject({
      id: a!.id,
      text: 'a',
      n: 1,
      version: 3,
      createdAt: a!.createdAt,
    })
    await expect(project.records.restore('notes', a!.id)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' })
    expect(await project.records.emptyTrash('notes')).toBe(1)
    await expect(project.records.restore('notes', b!.id)).rejects.toMatchObject({ code: 'RECORD_NOT_FOUND' })
    expect(await project.records.count('notes')).toBe(1)
  })
})

describe('files of records', () => {
  it('must be there, of the right type and size', async () => {
    const project = fresh()
    stored.set('records/big.png', { sizeBytes: 5000, mimeType: 'image/png' })
    stored.set('records/ok.png', { sizeBytes: 50, mimeType: 'image/png' })
    stored.set('records/page.png', { sizeBytes: 50, mimeType: 'text/html' })
    await project.models.create({
      name: 'Photos',
      slug: 'photos',
      fields: [{ key: 'image', type: 'file', mimeTypes: ['image/*'], maxSizeBytes: 1000 }],
    })
    const code = async (image: string) =>
      project.records.create('photos', { image }).then(
        () => 'taken',
        (error: { fields: Record<string, { code: string }> }) => error.fields['image']!.code,
      )
    expect(await code('records/ok.png')).toBe('taken')
    expect(await code('records/big.png')).toBe('FIELD_FILE_SIZE')
    expect(await code('records/page.png')).toBe('FIELD_FILE_TYPE')
    expect(await code('records/none.png')).toBe('FIELD_FILE')
    expect(await code('../x')).toBe('FIELD_FILE')
  })

  it('go with the last record that names them, when they were uploaded for records', async () => {
    const project = fresh()
    for (const path of ['records/a', 'records/b', 'mine/c'])
      stored.set(path, { sizeBytes: 1, mimeType: 'text/plain' })
    await project.models.create({
      name: 'Docs',
      slug: 'docs',
      fields: [{ key: 'files', type: 'file', multiple: true }],
    })
    const one = await project.records.create('docs', { files: ['records/a', 'records/b', 'mine/c'] })
    const two = await project.records.create('docs', { files: ['records/a'] })
    await project.records.update('docs', one.id, { files: ['records/a', 'mine/c'] })
    expect(stored.has('records/b')).toBe(false)
    await project.records.remove('docs', one.id)
    expect([stored.has('records/a'), stored.has('mine/c')]).toEqual([true, true])
    await project.records.remove('docs', two.id)
    expect([stored.has('records/a'), stored.has('mine/c')]).toEqual([false, true])
  })

  it('stay while the trash names them, and go when it is emptied', async () => {
    const project = fresh()
    for (const path of ['records/a', 'records/b', 'records/c'])
      stored.set(path, { sizeBytes: 1, mimeType: 'text/plain' })
    const fields = [{ key: 'file', type: 'file' as const }]
    await project.models.create({ name: 'Docs', slug: 'docs', fields, trash: { days: 5 } })
    const one = await project.records.create('docs', { file: 'records/a' })
    const two = await project.records.create('docs', { file: 'records/b' })
    await project.records.update('docs', two.id, { file: 'records/c' })
    expect(stored.has('records/b')).toBe(false)
    await project.records.remove('docs', one.id)
    await project.records.remove('docs', two.id)
    expect([stored.has('records/a'), stored.has('records/c')]).toEqual([true, true])
    await project.records.restore('docs', two.id)
    expect(await project.records.emptyTrash('docs')).toBe(1)
    expect([stored.has('records/a'), stored.has('records/c')]).toEqual([false, true])
  })

  it('stay for the revisions of a model that keeps them', async () => {
    const project = fresh()
    stored.set('records/kept', { sizeBytes: 1, mimeType: 'text/plain' })
    const fields = [{ key: 'file', type: 'file' as const }]
    await project.models.create({ name: 'Docs', slug: 'docs', fields, trash: { days: 5 }, revisions: true })
    const one = await project.records.create('docs', { file: 'records/kept' })
    await project.records.remove('docs', one.id)
    await project.records.emptyTrash('docs')
    expect(stored.has('records/kept')).toBe(true)
    expect(await project.records.restore('docs', one.id, { version: 1 })).toMatchObject({
      file: 'records/kept',
    })
  })
})

describe('a batch', () => {
  it('begins nothing when one write is refused', async () => {
    const project = fresh()
    await project.models.create(kept({}))
    const refused = project.records.bulk('notes', [
      { op: 'create', data: { text: 'a' } },
      { op: 'create', data: { text: '' } },
    ])
    await expect(refused).rejects.toMatchObject({ code: 'RECORD_INVALID' })
    expect(await project.records.count('notes')).toBe(0)
    const many = Array.from({ length: 101 }, () => ({ op: 'create' as const, data: { text: 'a' } }))
    await expect(project.records.bulk('notes', many)).rejects.toMatchObject({
      code: 'RECORD_LIMIT',
      status: 413,
    })
  })
})
