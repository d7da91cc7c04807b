import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'
import type { ListQuery } from '../schema.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let project: ProjectData
const ids: Record<string, string> = {}

beforeAll(async () => {
  store = await openTestDatabase('lists')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  project = engine.project(newId(), ann)
  await project.models.create({
    name: 'People',
    slug: 'people',
    fields: [
      { key: 'name', type: 'string' },
      { key: 'age', type: 'number' },
      { key: 'boss', type: 'ref', refModel: 'people' },
    ],
  })
  await project.models.create({
    name: 'Tasks',
    slug: 'tasks',
    fields: [
      { key: 'title', type: 'string' },
      { key: 'note', type: 'text' },
      { key: 'rank', type: 'number' },
      { key: 'due', type: 'date' },
      { key: 'owner', type: 'ref', refModel: 'people' },
      { key: 'team', type: 'ref', refModel: 'people', multiple: true },
      { key: 'tags', type: 'multiselect', options: ['red', 'green', 'blue'] },
      { key: 'meta', type: 'document' },
    ],
  })
  for (const [name, age, boss] of [
    ['Ann', 50],
    ['Bob', 40, 'Ann'],
    ['Cid', 30, 'Bob'],
  ] as const) {
    const made = await project.records.create('people', { name, age, ...(boss && { boss: ids[boss] }) })
    ids[name] = made.id
  }
  await project.records.insertMany(
    'tasks',
    Array.from({ length: 23 }, (_, n) => ({
      title: `Task ${String(n).padStart(2, '0')}`,
      note: n % 2 ? 'Écoute the Wind' : 'nothing',
      ...(n % 4 !== 0 && { rank: n % 3 }),
      ...(n % 5 !== 0 && { due: `2026-01-${String((n % 7) + 1).padStart(2, '0')}` }),
      ...(n % 3 !== 0 && { owner: ids[n % 2 ? 'Bob' : 'Cid'] }),
      team: [ids['Cid'], ids['Ann']].slice(0, n % 3),
      tags: ['red', 'green', 'blue'].slice(0, n % 4),
      meta: { n, deep: { even: n % 2 === 0 } },
    })),
  )
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const titles = async (query: ListQuery) =>
  (await project.records.list('tasks', { pageSize: 100, ...query })).items.map((item) => item['title'])

describe('cursors', () => {
  it.each(['', 'rank', '-rank,due', 'due,-rank,title', '-due', '-createdAt'])(
    'walk a list sorted by "%s" without gap or overlap, nulls included',
    async (sort) => {
      const whole = (await project.records.list('tasks', { sort, pageSize: 100 })).items.map(
        (item) => item.id,
      )
      const walked: string[] = []
      let cursor: string | undefined
      do {
        const page: Awaited<ReturnType<typeof project.records.list>> = await project.records.list('tasks', {
          sort,
          pageSize: 4,
          fields: 'title',
          ...(cursor !== undefined && { cursor }),
        })
        walked.push(...page.items.map((item) => item.id))
        cursor = page.cursor
      } while (cursor !== undefined)
      expect(walked).toEqual(whole)
      expect(walked).toHaveLength(23)
    },
  )

  it('are refused for another sort, when damaged, and beside a page', async () => {
    const { cursor } = await project.records.list('tasks', { sort: 'rank', pageSize: 2 })
    const refused = { code: 'QUERY_CURSOR', status: 400 }
    await expect(project.records.list('tasks', { sort: '-rank', cursor })).rejects.toMatchObject(refused)
    await expect(project.records.list('tasks', { sort: 'rank', cursor: 'junk' })).rejects.toMatchObject(
      refused,
    )
    const evil = Buffer.from(JSON.stringify({ s: 'rank,_id', k: [{ $gt: '' }, 'x'] })).toString('base64url')
    await expect(project.records.list('tasks', { sort: 'rank', cursor: evil })).rejects.toMatchObject(refused)
    await expect(project.records.list('tasks', { sort: 'rank', cursor, page: 2 })).rejects.toMatchObject({
      code: 'QUERY_SHAPE',
    })
  })
})

describe('the count of a list', () => {
  const counted = async (query: ListQuery) => {
    const { total, totalIsAtLeast, pages } = await project.records.list('tasks', { pageSize: 5, ...query })
    return { total, totalIsAtLeast, pages }
  }

  it.each<[ListQuery, number, true | undefined]>([
    [{ countUpTo: 10 }, 10, true],
    [{ countUpTo: 22 }, 22, true],
    [{ countUpTo: 23 }, 23, undefined],
    [{ countUpTo: 1_000_000 }, 23, undefined],
    [{ filter: 'note ~ "wind"', countUpTo: 10 }, 10, true],
    [{ filter: 'note ~ "wind"', countUpTo: 11 }, 11, undefined],
    [{ filter: 'owner.name = "Bob"', countUpTo: 3 }, 3, true],
    [{ search: 'wind', countUpTo: 1 }, 1, true],
    [{ filter: 'title = "nobody"', countUpTo: 1 }, 0, undefined],
    [{ trashed: true, countUpTo: 1 }, 0, undefined],
    [{ skipTotal: true, countUpTo: 10 }, -1, undefined],
  ])('%j ends it there, and says whether there are more', async (query, total, totalIsAtLeast) => {
    expect(await counted(query)).toEqual({
      total,
      totalIsAtLeast,
      pages: total < 0 ? -1 : Math.ceil(total / 5),
    })
  })

  it('hides nothing of the list itself', async () => {
    const page = await project.records.list('tasks', { countUpTo: 1, page: 5, pageSize: 5 })
    expect(page.items).toHaveLength(3)
    expect(page).toMatchObject({ total: 1, totalIsAtLeast: true })
  })

  it.each([0, -1, 1.5, Number.NaN, 1_000_001, '10'])('refuses an end of %j', async (countUpTo) => {
    const refused = { code: 'QUERY_SHAPE', message: expect.stringContaining('countUpTo') }
    await expect(project.records.list('tasks', { countUpTo } as ListQuery)).rejects.toMatchObject(refused)
  })
})

describe('filters on real records', () => {
  it('reach through refs, into documents and lists', async () => {
    expect(await titles({ filter: 'owner.name = "Bob" && rank = 1' })).toEqual([
      'Task 01',
      'Task 07',
      'Task 13',
      'Task 19',
    ])
    expect(
      await titles({ filter: { 'owner.boss.name': { $contains: 'ANN' }, 'meta.n': { $lt: 6 } } }),
    ).toEqual(['Task 01', 'Task 05'])
    expect(await titles({ filter: 'meta.deep.even = true && meta.n <= 2' })).toEqual(['Task 00', 'Task 02'])
    expect(await titles({ filter: 'tags = "red" && meta.n < 8' })).toEqual(['Task 01', 'Task 05'])
    expect(await titles({ filter: 'tags ?= "green" && meta.n < 8' })).toEqual([
      'Task 02',
      'Task 03',
      'Task 06',
      'Task 07',
    ])
    expect(await titles({ filter: 'tags != "red" && meta.n < 8' })).toEqual(['Task 00', 'Task 04'])
    expect(await titles({ filter: { team: ids['Ann']!, 'meta.n': { $lt: 6 } } })).toEqual([
      'Task 02',
      'Task 05',
    ])
    expect(await titles({ filter: 'due isNull and meta.n < 12' })).toEqual(['Task 00', 'Task 05', 'Task 10'])
    expect(await titles({ filter: 'due = "2026-01-03" and rank isNotNull' })).toEqual(['Task 02', 'Task 09'])
    expect(await titles({ filter: '!(meta.n > 1) && id != {:id}', params: { id: 'a'.repeat(24) } })).toEqual([
      'Task 00',
      'Task 01',
    ])
  })

  it('search every word in any field of text, or in those the table names', async () => {
    expect(await titles({ search: 'wind 01' })).toEqual(['Task 01'])
    expect(await titles({ search: 'écoute' })).toHaveLength(11)
    expect(await titles({ search: '.*' })).toEqual([])
    await project.models.update('tasks', { table: { searchable: ['title'] } })
    expect(await titles({ search: 'wind' })).toEqual([])
    await project.models.update('tasks', { table: {} })
  })
})

describe('expand', () => {
  it('brings every record of long lists, and leaves out only what is gone', async () => {
    await project.models.create({ name: 'Parts', slug: 'parts', fields: [{ key: 'n', type: 'number' }] })
    await project.models.create({
      name: 'Boxes',
      slug: 'boxes',
      fields: [{ key: 'parts', type: 'ref', refModel: 'parts', multiple: true, onDelete: 'null' }],
    })
    const parts: string[] = []
    for (const from of [0, 700]) {
      const made = await project.records.insertMany(
        'parts',
        Array.from({ length: 700 }, (_, n) => ({ n: from + n })),
      )
      parts.push(...made.map(({ id }) => id))
    }
    for (const part of [parts.slice(0, 700), parts.slice(700)])
      await project.records.create('boxes', { parts: part })
    const { items } = await project.records.list('boxes', { expand: 'parts' })
    expect(items.map(({ expand }) => (expand!['parts'] as unknown[]).length)).toEqual([700, 700])
  })

  it('follows refs two levels deep, lists too, and back-references one', async () => {
    const [task] = await project.records.find('tasks', { title: 'Task 05' }, { expand: 'owner.boss,team' })
    expect(task).toMatchObject({
      owner: ids['Bob'],
      expand: {
        owner: { name: 'Bob', expand: { boss: { name: 'Ann' } } },
        team: [{ name: 'Cid' }, { name: 'Ann' }],
      },
    })
    const ann = await project.records.get('people', ids['Ann']!, { expand: 'people_via_boss,tasks_via_team' })
    expect(ann.expand).toMatchObject({ people_via_boss: [{ name: 'Bob' }] })
    expect((ann.expand!['tasks_via_team'] as unknown[]).length).toBe(7)
  })

  it('is asked for by a field of a ref, and then has that field only', async () => {
    const [task] = await project.records.find('tasks', { title: 'Task 01' }, { fields: 'title,owner.name' })
    expect(task).toMatchObject({ title: 'Task 01', owner: ids['Bob'], expand: { owner: { name: 'Bob' } } })
    expect(task!.expand!['owner']).not.toHaveProperty('age')
    expect(task).not.toHaveProperty('note')
    const [bare] = await project.records.find(
      'tasks',
      { title: 'Task 01' },
      { fields: 'title', expand: 'owner' },
    )
    expect(bare).not.toHaveProperty('owner')
    expect(bare!.expand).toMatchObject({ owner: { name: 'Bob', age: 40 } })
  })

  it.each([
    'nothing',
    'title',
    'owner.nothing',
    'owner.boss.boss',
    'people_via_boss',
    'people_via_boss.boss',
  ])('refuses "%s"', async (expand) => {
    await expect(project.records.list('tasks', { expand })).rejects.toMatchObject({ status: 400 })
  })
})
