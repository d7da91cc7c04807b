import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'
import { asStandalone } from '../testing/standalone.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let other: DataEngine
let standalone: DataEngine
const removed: string[] = []
const files = {
  stat: () => Promise.resolve({ sizeBytes: 1, mimeType: 'text/plain' }),
  remove: (_projectId: string, path: string) => {
    removed.push(path)
    return Promise.resolve()
  },
}

beforeAll(async () => {
  store = await openTestDatabase('atomic')
  const deps = { clock: systemClock, logger: silentLogger, files }
  engine = createDataEngine({ ...deps, db: store.data })
  other = createDataEngine({ ...deps, db: store.data })
  standalone = createDataEngine({ ...deps, db: asStandalone(store.data) })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await Promise.all([engine, other, standalone].map((one) => one[Symbol.asyncDispose]()))
  await store[Symbol.asyncDispose]()
})

async function notes(of: DataEngine): Promise<ProjectData> {
  const project = of.project(newId(), ann)
  await project.models.create({
    name: 'Notes',
    slug: 'notes',
    fields: [
      { key: 'text', type: 'string', unique: true },
      { key: 'n', type: 'number' },
      { key: 'file', type: 'file', nullable: true },
    ],
    revisions: false,
  })
  return project
}

/** The log of a project: numbers, and what came true in their order. */
async function log(projectId: string): Promise<{ seqs: number[]; told: string[] }> {
  const events = await store.data.collection('recordEvents').find({ projectId }).sort({ seq: 1 }).toArray()
  return {
    seqs: events.map((event) => event['seq'] as number),
    told: events
      .filter((event) => !event['void'] && !event['pending'])
      .map((event) => `${String(event['type'])} ${String((event['record'] as { text: string }).text)}`),
  }
}

const dense = (seqs: readonly number[]) => seqs.map((_, n) => n + 1)

describe('a batch where the server has transactions', () => {
  it('makes all its writes and tells them in their order', async () => {
    const project = await notes(engine)
    const [a, b] = await project.records.insertMany('notes', [{ text: 'a' }, { text: 'b' }])
    const report = await project.records.bulk('notes', [
      { op: 'update', id: a!.id, data: { $inc: { n: 5 } } },
      { op: 'create', data: { text: 'c' } },
      { op: 'remove', id: b!.id },
      // A value is free again within the batch, and a record may be changed twice.
      { op: 'create', data: { text: 'b' } },
      { op: 'update', id: a!.id, data: { text: 'A' } },
    ])
    expect(report).toMatchObject({
      atomic: true,
      applied: 5,
      complete: true,
      results: [
        { record: { n: 5, version: 2 } },
        { record: { text: 'c' } },
        { record: null },
        { record: { text: 'b' } },
        { record: { text: 'A', version: 3 } },
      ],
    })
    const { seqs, told } = await log(project.projectId)
    expect(seqs).toEqual(dense(seqs))
    const batch = ['update a', 'insert c', 'delete b', 'insert b', 'update A']
    expect(told).toEqual(['insert a', 'insert b', ...batch])
  })

  it('keeps nothing when a write is refused after others, and says so of each', async () => {
    const project = await notes(engine)
    removed.length = 0
    const [a] = await project.records.insertMany('notes', [
      { text: 'a', file: 'records/x.txt' },
      { text: 'b' },
    ])
    const report = await project.records.bulk('notes', [
      { op: 'create', data: { text: 'c' } },
      { op: 'update', id: a!.id, data: { text: 'A', file: null } },
      { op: 'create', data: { text: 'b' } },
      { op: 'remove', id: a!.id },
    ])
    expect(report).toMatchObject({
      atomic: true,
      applied: 0,
      complete: false,
      results: [
        {
          ok: false,
          error: { code: 'RECORD_UNDONE', message: expect.stringContaining('write 3') as string },
        },
        { ok: false, error: { code: 'RECORD_UNDONE' } },
        { ok: false, error: { code: 'RECORD_NOT_UNIQUE', fields: { text: { code: 'FIELD_NOT_UNIQUE' } } } },
      ],
    })
    expect(await project.records.count('notes')).toBe(2)
    expect(await project.records.get('notes', a!.id)).toMatchObject({ text: 'a', version: 1 })
    expect(removed).toEqual([])
    // Nor is there a gap in the log that a reader would wait at.
    expect(await log(project.projectId)).toEqual({ seqs: [1, 2], told: ['insert a', 'insert b'] })
  })

  it('that changes nothing leaves no event', async () => {
    const project = await notes(engine)
    const { id } = await project.records.create('notes', { text: 'a' })
    const report = await project.records.bulk('notes', [{ op: 'update', id, data: { text: 'a' } }])
    expect(report).toMatchObject({ applied: 1, complete: true })
    expect((await log(project.projectId)).seqs).toEqual([1])
  })

  it('lets files go when it is kept', async () => {
    const project = await notes(engine)
    removed.length = 0
    const { id } = await project.records.create('notes', { text: 'a', file: 'records/gone.txt' })
    await project.records.bulk('notes', [
      { op: 'update', id, data: { file: null } },
      { op: 'create', data: { text: 'b' } },
    ])
    expect(removed).toEqual(['records/gone.txt'])
  })

  it('stands its ground among writers of this and another process, and the log has no gap', async () => {
    const project = await notes(engine)
    const far = other.project(project.projectId, ann)
    const { id } = await project.records.create('notes', { text: 'counter', n: 0 })
    const count = (by: ProjectData) => by.records.findOneAndUpdate('notes', { id }, { $inc: { n: 1 } })
    const batch = (by: ProjectData, name: string) =>
      by.records.bulk('notes', [
        { op: 'create', data: { text: `${name} 1` } },
        { op: 'update', id, data: { $inc: { n: 1 } } },
        { op: 'create', data: { text: `${name} 2` } },
      ])
    await Promise.all(
      Array.from({ length: 8 }, (_, n) => [
        count(project),
        count(far),
        batch(project, `near ${n}`),
        batch(far, `far ${n}`),
        project.records.create('notes', { text: `single ${n}` }),
      ]).flat(),
    )
    expect(await project.records.get('notes', id)).toMatchObject({ n: 32, version: 33 })
    await engine.repair()
    const { seqs, told } = await log(project.projectId)
    expect(seqs).toEqual(dense(seqs))
    expect(told.filter((one) => one === 'update counter')).toHaveLength(32)
    // What one batch told stands together.
    for (let n = 0; n < 8; n += 1) {
      const at = told.indexOf(`insert near ${n} 1`)
      expect(told.slice(at, at + 3)).toEqual([`insert near ${n} 1`, 'update counter', `insert near ${n} 2`])
    }
  }, 60_000)

  it('inserts all of a list or none, telling none', async () => {
    const project = await notes(engine)
    await project.records.create('notes', { text: 'taken' })
    const refused = project.records.insertMany('notes', [{ text: 'a' }, { text: 'taken' }, { text: 'b' }])
    await expect(refused).rejects.toMatchObject({ code: 'RECORD_NOT_UNIQUE' })
    expect(await project.records.count('notes')).toBe(1)
    expect((await log(project.projectId)).seqs).toEqual([1])
  })
})

describe('a batch on a standalone MongoDB', () => {
  it('is made in order; what was done before a refusal stays and is told', async () => {
    const project = await notes(standalone)
    const [a] = await project.records.insertMany('notes', [{ text: 'a' }, { text: 'b' }])
    const report = await project.records.bulk('notes', [
      { op: 'update', id: a!.id, data: { text: 'A' } },
      { op: 'update', id: a!.id, data: { text: 'AA' }, version: 1 },
      { op: 'remove', id: a!.id },
    ])
    expect(report).toMatchObject({
      atomic: false,
      applied: 1,
      complete: false,
      results: [{ ok: true }, { ok: false, error: { code: 'RECORD_CHANGED' } }],
    })
    expect(await project.records.get('notes', a!.id)).toMatchObject({ text: 'A' })
    await expect(project.records.insertMany('notes', [{ text: 'c' }, { text: 'b' }])).rejects.toMatchObject({
      code: 'RECORD_NOT_UNIQUE',
    })
    expect(await project.records.count('notes')).toBe(2)
    await standalone.repair()
    expect((await log(project.projectId)).told).toEqual(['insert a', 'insert b', 'update A'])
  })
})

describe('a removal that takes others along', () => {
  async function chain(of: DataEngine): Promise<{ project: ProjectData; root: string }> {
    const project = of.project(newId(), ann)
    const ref = (key: string, refModel: string, onDelete: 'restrict' | 'cascade' | 'null') =>
      ({ key, type: 'ref', refModel, onDelete, nullable: true }) as const
    const text = { key: 'text', type: 'string' } as const
    await project.models.create({ name: 'Roots', slug: 'roots', fields: [text] })
    await project.models.create({
      name: 'Leaves',
      slug: 'leaves',
      fields: [text, ref('root', 'roots', 'cascade'), { ...ref('also', 'roots', 'null'), multiple: true }],
    })
    const root = await project.records.create('roots', { text: 'root' })
    const far = await project.records.create('roots', { text: 'far' })
    await project.records.insertMany('leaves', [
      { text: 'goes', root: root.id },
      { text: 'goes too', root: root.id, also: [root.id] },
      { text: 'stays', also: [root.id, far.id] },
    ])
    return { project, root: root.id }
  }

  it.each([['with'], ['without']])('does so %s transactions', async (kind) => {
    const { project, root } = await chain(kind === 'with' ? engine : standalone)
    await project.records.remove('roots', root)
    const left = await project.records.find('leaves')
    expect(left.map(({ text, also }) => [text, (also as string[]).length])).toEqual([['stays', 1]])
    const { seqs } = await log(project.projectId)
    expect(seqs).toEqual(dense(seqs))
  })
})
