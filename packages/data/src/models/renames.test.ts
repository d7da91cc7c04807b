import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('renames')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const fresh = (): ProjectData => engine.project(newId(), ann)

describe('a renamed field', () => {
  it('keeps its place in indexes, columns, search, label and form', async () => {
    const project = fresh()
    const made = await project.models.create({
      name: 'Books',
      slug: 'books',
      fields: [
        { key: 'title', type: 'string' },
        { key: 'year', type: 'number' },
      ],
      indexes: [{ keys: ['-title', 'year'] }],
      table: { columns: [{ key: 'title', width: 200 }], searchable: ['title'], label: 'title' },
      form: { fields: [{ key: 'title', widget: 'textarea', group: 'Main', width: 'half' }] },
    })
    await project.records.create('books', { title: 'Emma', year: 1815 })
    const [title, year] = made.fields
    const { model } = await project.models.update('books', { fields: [{ ...title!, key: 'name' }, year!] })
    expect(model).toMatchObject({
      indexes: [{ keys: ['-name', 'year'] }],
      table: { columns: [{ key: 'name', width: 200 }], searchable: ['name'], label: 'name' },
      form: { fields: [{ key: 'name', widget: 'textarea', group: 'Main', width: 'half' }] },
    })
    expect(await project.records.find('books', { name: 'Emma' })).toHaveLength(1)
  })

  it('leaves alone what the same change brings', async () => {
    const project = fresh()
    const made = await project.models.create({ name: 'A', slug: 'a', fields: [{ key: 'x', type: 'string' }] })
    const fields = [{ ...made.fields[0]!, key: 'y' }]
    const { model } = await project.models.update('a', {
      fields,
      form: { fields: [{ key: 'y', hidden: true }] },
    })
    expect(model.form).toEqual({ fields: [{ key: 'y', hidden: true }] })
  })
})

describe('a text that becomes rich text', () => {
  it('is sanitised in every record', async () => {
    const project = fresh()
    const made = await project.models.create({
      name: 'P',
      slug: 'p',
      fields: [{ key: 'body', type: 'text' }],
    })
    const record = await project.records.create('p', { body: '<p onclick=x()>hi</p><script>1</script>' })
    const fields = [{ ...made.fields[0]!, format: 'html' as const }]
    expect((await project.models.update('p', { fields }, { dryRun: true })).impact).toMatchObject([
      { field: 'body', change: 'retyped', converts: 1, breaks: 0 },
    ])
    await project.models.update('p', { fields })
    expect(await project.records.get('p', record.id)).toMatchObject({ body: '<p>hi</p>' })
  })

  it('comes sanitised out of every way to write it', async () => {
    const project = fresh()
    const body = { key: 'body', type: 'text', format: 'html' } as const
    await project.models.create({ name: 'P', slug: 'p', fields: [{ key: 'n', type: 'number' }, body] })
    const bad = '<p>ok</p><img src=x onerror=alert(1)>'
    const { id } = await project.records.create('p', { n: 1, body: bad })
    await project.records.insertMany('p', [{ n: 2, body: bad }])
    await project.records.upsert('p', { n: 3 }, { n: 3, body: bad })
    await project.records.bulk('p', [{ op: 'create', data: { n: 4, body: bad } }])
    await project.records.findOneAndUpdate('p', { n: 2 }, { $set: { body: `${bad}<script>2</script>` } })
    await project.records.update('p', id, { body: `${bad}<iframe></iframe>` })
    const bodies = (await project.records.find('p')).map((record) => record['body'])
    expect(bodies).toEqual(['<p>ok</p>', '<p>ok</p>', '<p>ok</p>', '<p>ok</p>'])
  })
})
