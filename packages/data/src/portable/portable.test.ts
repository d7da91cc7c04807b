import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'
import type { ImportOptions } from '../schema.ts'
import { csvCell, parseCsv } from './csv.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('portable')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

async function* pieces(text: string, size = 7): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function fresh(): Promise<ProjectData> {
  const project = engine.project(newId(), ann)
  await project.models.create({
    name: 'Items',
    slug: 'items',
    fields: [
      { key: 'name', type: 'string', required: true },
      { key: 'code', type: 'string', unique: true },
      { key: 'count', type: 'number' },
      { key: 'on', type: 'bool' },
      { key: 'tags', type: 'multiselect', options: ['a', 'b'] },
      { key: 'day', type: 'date' },
      { key: 'meta', type: 'document' },
    ],
  })
  return project
}

const take = (project: ProjectData, text: string, options: Partial<ImportOptions> = {}) =>
  project.records.import('items', pieces(text), { format: 'csv', ...options })

async function whole(source: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of source) text += piece
  return text
}

describe('CSV', () => {
  it.each([
    [
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a;b\n"x;\ny";"say ""hi"""',
      [
        ['a', 'b'],
        ['x;\ny', 'say "hi"'],
      ],
    ],
    [
      '\uFEFFa,b\n,\n\n"",x',
      [
        ['a', 'b'],
        ['', ''],
        ['', 'x'],
      ],
    ],
    ['only', [['only']]],
    ['', []],
  ])('%j is read in pieces of any size', async (text, rows) => {
    for (const size of [1, 2, 3, 100]) {
      const read: string[][] = []
      for await (const row of parseCsv(pieces(text, size))) read.push(row)
      expect(read).toEqual(rows)
    }
  })

  it('keeps spreadsheets from running text as formulas, and reads it back as it was', async () => {
    const nasty = ['=1+1', '+x', '-x', '@x', "'=x", "''", 'a,b', '"q"', ' padded ', 'two\nlines', '\t=x']
    expect(csvCell('=HYPERLINK("x")')).toBe(`"'=HYPERLINK(""x"")"`)
    const project = await fresh()
    await project.records.insertMany(
      'items',
      nasty.map((name) => ({ name })),
    )
    const text = await whole(project.records.export('items', { format: 'csv', fields: 'name' }))
    const other = await fresh()
    await take(other, text)
    expect((await other.records.find('items')).map((record) => record['name'])).toEqual(nasty)
  })
})

describe('an export', () => {
  it('has each column once, also one that every record has anyway', async () => {
    const project = await fresh()
    await project.records.create('items', { name: 'one' })
    const text = await whole(project.records.export('items', { format: 'csv', fields: 'createdAt,name,id' }))
    expect(text.split('\r\n')[0]).toBe('id,createdAt,name,updatedAt')
  })

  it.each(['csv', 'json', 'ndjson'] as const)(
    'as %s, imported elsewhere, gives the same records',
    async (format) => {
      const project = await fresh()
      await project.records.insertMany('items', [
        {
          name: 'one',
          code: 'x1',
          count: 3,
          on: true,
          tags: ['a', 'b'],
          day: '2026-01-31',
          meta: { a: [1, { b: 'c,"d"' }] },
        },
        { name: 'two' },
      ])
      const text = await whole(project.records.export('items', { format, sort: 'name' }))
      const other = await fresh()
      expect(await take(other, text, { format })).toEqual({
        rows: 2,
        created: 2,
        updated: 0,
        refused: 0,
        errors: [],
        unknown: [],
      })
      const strip = (all: Awaited<ReturnType<typeof project.records.find>>) =>
        all.map(({ name, code, count, on, tags, day, meta }) => ({ name, code, count, on, tags, day, meta }))
      expect(strip(await other.records.find('items', {}, { sort: 'name' }))).toEqual(
        strip(await project.records.find('items', {}, { sort: 'name' })),
      )
    },
  )

  it('has what was filtered, over more pages than one', async () => {
    const project = await fresh()
    await project.records.insertMany(
      'items',
      Array.from({ length: 1000 }, (_, count) => ({ name: `n${count}`, count })),
    )
    await project.records.insertMany(
      'items',
      Array.from({ length: 201 }, (_, n) => ({ name: `m${n}`, count: 5000 })),
    )
    const text = await whole(
      project.records.export('items', {
        format: 'ndjson',
        filter: 'count >= 400',
        sort: '-count',
        fields: 'count',
      }),
    )
    const counts = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { count: number }).count)
    expect(counts).toHaveLength(801)
    expect(counts[0]).toBe(5000)
    expect(counts.at(-1)).toBe(400)
  })
})

describe('an import', () => {
  it('writes nothing when a row is refused, and says which and why', async () => {
    const project = await fresh()
    const text = 'name,count,colour\none,1,red\n,2,\nthree,many,\n'
    const report = await take(project, text)
    expect(report).toMatchObject({
      rows: 3,
      created: 0,
      refused: 2,
      unknown: ['colour'],
      errors: [
        { row: 2, field: 'name', code: 'FIELD_REQUIRED' },
        { row: 3, field: 'count', code: 'FIELD_TYPE' },
      ],
    })
    // The values that a problem names come with it, for another language.
    const odd = await take(project, 'name,tags\none,z\n')
    expect(odd.errors).toMatchObject([{ code: 'FIELD_OPTION', params: { options: 'a, b' } }])
    expect(await project.records.count('items')).toBe(0)
    expect(await take(project, text, { skipBad: true, dryRun: true })).toMatchObject({
      created: 1,
      refused: 2,
    })
    expect(await project.records.count('items')).toBe(0)
    expect(await take(project, text, { skipBad: true })).toMatchObject({ created: 1, refused: 2 })
    expect(await project.records.count('items')).toBe(1)
  })

  it('maps columns, and updates what it finds by a field', async () => {
    const project = await fresh()
    await project.records.insertMany('items', [
      { name: 'one', code: 'x1', count: 1 },
      { name: 'two', code: 'x2' },
    ])
    const report = await take(project, 'Title,SKU,Amount,Junk\nOne,x1,10,j\nThree,x3,30,j\n', {
      mapping: { Title: 'name', SKU: 'code', Amount: 'count', Junk: null },
      matchBy: 'code',
    })
    expect(report).toMatchObject({ created: 1, updated: 1, unknown: [] })
    expect(await project.records.find('items', {}, { sort: 'code' })).toMatchObject([
      { name: 'One', code: 'x1', count: 10, version: 2 },
      { name: 'two', code: 'x2' },
      { name: 'Three', code: 'x3', count: 30 },
    ])
  })

  it('meets values that must be unique', async () => {
    const project = await fresh()
    await project.records.create('items', { name: 'old', code: 'x1' })
    const text = 'name,code\na,x2\nb,x1\nc,x3\n'
    expect(await take(project, text, { skipBad: true })).toMatchObject({
      created: 2,
      refused: 1,
      errors: [{ row: 2, field: 'code', code: 'FIELD_NOT_UNIQUE' }],
    })
  })

  it.each([
    ['name\n"open', {}, 'IMPORT_SYNTAX'],
    ['name\na,b', {}, 'IMPORT_SYNTAX'],
    ['name,name\na,b', {}, 'IMPORT_SYNTAX'],
    ['{"a":1}', { format: 'json' }, 'IMPORT_SYNTAX'],
    ['[1]', { format: 'json' }, 'IMPORT_SYNTAX'],
    ['{"a":1}\nx', { format: 'ndjson' }, 'IMPORT_SYNTAX'],
    ['name\na', { mapping: { name: 'nothing' } }, 'IMPORT_OPTION'],
    ['name\na', { matchBy: 'code' }, 'IMPORT_OPTION'],
    ['name\na', { format: 'xlsx' }, 'IMPORT_OPTION'],
  ])('of %j with %j is refused', async (text, options, code) => {
    await expect(take(await fresh(), text, options as Partial<ImportOptions>)).rejects.toMatchObject({ code })
  })

  it('takes UTF-8 and says so to anything else', async () => {
    async function* latin1() {
      yield Buffer.from('name\nCaf\u00e9', 'latin1')
    }
    const project = await fresh()
    await expect(project.records.import('items', latin1(), { format: 'csv' })).rejects.toMatchObject({
      code: 'IMPORT_SYNTAX',
      message: expect.stringContaining('UTF-8') as string,
    })
  })
})
