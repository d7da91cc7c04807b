import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let project: ProjectData

beforeAll(async () => {
  store = await openTestDatabase('modifiers')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  project = engine.project(newId(), { kind: 'operator', id: newId(), name: 'Ann' })
  await project.models.create({
    name: 'Teams',
    slug: 'teams',
    fields: [
      { key: 'name', type: 'string' },
      { key: 'tags', type: 'multiselect', options: ['Red', 'red', 'blue'] },
    ],
  })
  await project.models.create({
    name: 'People',
    slug: 'people',
    fields: [
      { key: 'name', type: 'string', nullable: true },
      { key: 'tags', type: 'multiselect', options: ['Red', 'red', 'blue'] },
      { key: 'team', type: 'ref', refModel: 'teams' },
      { key: 'bio', type: 'text', format: 'html' },
      { key: 'age', type: 'number' },
      { key: 'born', type: 'datetime' },
    ],
  })
  const team = await project.records.create('teams', { name: 'ONE', tags: ['Red', 'blue'] })
  const bio = '<p>Born &amp; raised <strong>here</strong>, where the river bends.</p>'
  await project.records.insertMany('people', [
    { name: 'Ann', tags: ['Red', 'red', 'blue'], team: team.id, bio, age: 11 },
    { name: 'ANN', tags: ['red'], born: '2026-10-31T23:30:00Z' },
    { name: 'a.n', tags: [], born: '2026-11-01T12:00:00Z' },
    { tags: ['Red', 'blue'] },
    { name: 'Bob' },
  ])
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

/** Places of those that match, in the order they were made. */
async function matching(filter: string | Record<string, unknown>): Promise<number[]> {
  const all = await project.records.find('people')
  const found = await project.records.find('people', filter)
  return found.map(({ id }) => all.findIndex((one) => one.id === id))
}

describe('what is looked at of a value', () => {
  it.each([
    ['tags:length = 0', [2, 4]],
    ['tags:length = 1', [1]],
    ['tags:length != 1', [0, 2, 3, 4]],
    ['tags:length > 1', [0, 3]],
    ['tags:length >= 1', [0, 1, 3]],
    ['tags:length < 2', [1, 2, 4]],
    ['tags:length <= 2', [1, 2, 3, 4]],
    ['tags:length < 0', []],
    ['tags:length >= 0', [0, 1, 2, 3, 4]],
    ['team.tags:length = 2', [0]],
    ['name:lower = "ann"', [0, 1]],
    ['name:lower = "A.N"', [2]],
    ['name:lower != "ANN"', [2, 3, 4]],
    ['name:lower in ("ann", "BOB")', [0, 1, 4]],
    ['name:lower notIn ("ann", "BOB")', [2, 3]],
    ['name:lower ~ "nn"', [0, 1]],
    ['team.name:lower = "one"', [0]],
    ['tags:lower = "red"', [1]],
    ['tags:lower ?= "RED"', [0, 1, 3]],
    ['tags:each ?= "red"', [1]],
    ['tags:each = "red"', [1]],
  ])('%s', async (filter, places) => {
    expect(await matching(filter)).toEqual(places)
  })

  it('is the same in the JSON form', async () => {
    expect(await matching({ 'tags:length': { $gt: 1 } })).toEqual([0, 3])
    expect(await matching({ 'name:lower': 'ann' })).toEqual([0, 1])
    expect(await matching({ 'tags:each': 'red' })).toEqual([1])
  })

  it.each([
    ['name:length = 1', 'QUERY_OPERATOR_MISFIT'],
    ['name:each = "a"', 'QUERY_OPERATOR_MISFIT'],
    ['age:lower = "a"', 'QUERY_OPERATOR_MISFIT'],
    ['name:lower > "a"', 'QUERY_OPERATOR_MISFIT'],
    ['name:lower = null', 'QUERY_OPERATOR_MISFIT'],
    ['name:lower = 1', 'QUERY_VALUE'],
    ['tags:length ~ "1"', 'QUERY_OPERATOR_MISFIT'],
    ['tags:length in (1)', 'QUERY_OPERATOR_MISFIT'],
    ['tags:length = 1.5', 'QUERY_VALUE'],
    ['tags:length = -1', 'QUERY_VALUE'],
    ['tags:length = 100000', 'QUERY_VALUE'],
    ['tags:length = null', 'QUERY_VALUE'],
    ['tags:size = 1', 'QUERY_OPERATOR_UNKNOWN'],
    ['tags:toString = 1', 'QUERY_OPERATOR_UNKNOWN'],
    ['tags: = 1', 'QUERY_SYNTAX'],
  ])('%s is refused with %s', async (filter, code) => {
    await expect(matching(filter)).rejects.toMatchObject({ code, status: 400 })
  })

  it('means nothing to a sort, a field list and a group', async () => {
    const refused = { code: 'QUERY_FIELD_UNKNOWN' }
    await expect(project.records.list('people', { sort: 'tags:length' })).rejects.toMatchObject(refused)
    await expect(project.records.list('people', { fields: 'name:lower' })).rejects.toMatchObject(refused)
    await expect(project.records.aggregate('people', { groupBy: ['name:lower'] })).rejects.toMatchObject(
      refused,
    )
  })
})

describe('fields', () => {
  it('may be all, and of a text the beginning', async () => {
    const read = async (fields: string) =>
      (await project.records.list('people', { filter: 'age = 11', fields })).items[0]!
    expect(await read('bio:excerpt(13,true)')).toMatchObject({ bio: 'Born & raised…' })
    expect(await read('bio:excerpt(13)')).toMatchObject({ bio: 'Born & raised' })
    expect(await read('*,bio:excerpt(500,true)')).toMatchObject({
      name: 'Ann',
      bio: 'Born & raised here, where the river bends.',
    })
    expect(Object.keys(await read('name,bio:excerpt(5)'))).not.toContain('age')
  })

  it.each([
    ['age:excerpt(5)', 'QUERY_OPERATOR_MISFIT'],
    ['tags:excerpt(5)', 'QUERY_OPERATOR_MISFIT'],
    ['team.name:excerpt(5)', 'QUERY_OPERATOR_MISFIT'],
    ['bio:excerpt(0)', 'QUERY_FIELD_UNKNOWN'],
    ['bio:excerpt(5,maybe)', 'QUERY_FIELD_UNKNOWN'],
    ['bio:excerpt', 'QUERY_FIELD_UNKNOWN'],
  ])('%s is refused with %s', async (fields, code) => {
    await expect(project.records.list('people', { fields })).rejects.toMatchObject({ code })
  })
})

describe('a random order', () => {
  it('gives records that match, another choice each time', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 60; i += 1) {
      const { items, total, cursor } = await project.records.list('people', {
        sort: '@random',
        filter: 'tags:length > 0',
        pageSize: 2,
        fields: 'name',
      })
      expect([items.length, total, cursor]).toEqual([2, 3, undefined])
      for (const { id } of items) seen.add(id)
    }
    expect(seen.size).toBe(3)
    expect(await project.records.find('people', {}, { sort: '@random', limit: 3 })).toHaveLength(3)
  })

  it('has one page only', async () => {
    const ask = (query: object) => project.records.list('people', { sort: '@random', ...query })
    await expect(ask({ page: 2, pageSize: 2 })).rejects.toMatchObject({ code: 'QUERY_SORT' })
    await expect(ask({ cursor: 'x' })).rejects.toMatchObject({ code: 'QUERY_SORT' })
  })
})

describe('a time zone', () => {
  it('decides which day a moment belongs to', async () => {
    const groupBy = [{ field: 'born', step: 'day' as const }]
    const days = async (timezone?: string) =>
      (await project.records.aggregate('people', { filter: 'born isNotNull', groupBy, timezone })).map(
        ({ born, count }) => [born, count],
      )
    expect(await days()).toEqual([
      ['2026-10-31T00:00:00.000Z', 1],
      ['2026-11-01T00:00:00.000Z', 1],
    ])
    expect(await days('Europe/Berlin')).toEqual([['2026-10-31T23:00:00.000Z', 2]])
    await expect(days('Mars/Base')).rejects.toMatchObject({ code: 'QUERY_SHAPE' })
  })
})
