import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { ObjectId } from 'mongodb'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'

vi.setConfig({ testTimeout: 120_000 })

/** One more than 120 pages of 100, deep enough to be read from the end (list-records.ts, DEEP_SKIP). */
const COUNT = 12_001

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let project: ProjectData
let modelId: string

beforeAll(async () => {
  store = await openTestDatabase('deep-pages')
  // Sorts of all records take their turn on machines that build: what is asked here is the order, not the time.
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger, maxTimeMs: 60_000 })
  await engine.ensureIndexes()
  project = engine.project(newId(), { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' })
  ;({ id: modelId } = await project.models.create({
    name: 'Rows',
    slug: 'rows',
    fields: [
      { key: 'n', type: 'number', index: true },
      { key: 'third', type: 'number' },
    ],
  }))
  const at = new Date(0)
  const row = (_: unknown, n: number) => ({
    _id: new ObjectId(),
    n,
    // Every third has no value: a sort by it has many equals, which only the id tells apart.
    ...(n % 3 > 0 && { third: n % 3 }),
    createdAt: at,
    updatedAt: at,
    version: 1,
  })
  await store.data.collection(`records_${modelId}`).insertMany(Array.from({ length: COUNT }, row))
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const numbers = async (page: number, sort?: string, pageSize = 100) => {
  const { items } = await project.records.list('rows', { page, pageSize, ...(sort && { sort }) })
  return items.map((item) => item['n'])
}
const from = (start: number, length: number, step = 1) =>
  Array.from({ length }, (_, index) => start + index * step)

it('a deep page is the one that its number says, whichever end it is read from', async () => {
  for (const page of [1, 51, 60, 61, 62, 119, 120]) {
    expect(await numbers(page), `page ${page}`).toEqual(from((page - 1) * 100, 100))
    expect(await numbers(page, '-n'), `page ${page}, turned`).toEqual(
      from(12_000 - (page - 1) * 100, 100, -1),
    )
  }
  expect(await numbers(121)).toEqual([12_000])
  expect(await numbers(122)).toEqual([])
})

it('every record is on one page where many are equal', async () => {
  const seen = new Set<unknown>()
  for (const page of from(1, 13)) for (const n of await numbers(page, 'third', 1000)) seen.add(n)
  expect(seen.size).toBe(COUNT)
})

it('the last page has no cursor, the one before it has one that leads there', async () => {
  const before = await project.records.list('rows', { page: 120, pageSize: 100 })
  const last = await project.records.list('rows', { cursor: before.cursor!, pageSize: 100 })
  expect(last.items.map((item) => item['n'])).toEqual([12_000])
  expect((await project.records.list('rows', { page: 121, pageSize: 100 })).cursor).toBeUndefined()
})

it('all are counted while many become few and many again, and up to where it is asked', async () => {
  const rows = store.data.collection(`records_${modelId}`)
  const counted = async () => [
    await project.records.count('rows'),
    (await project.records.list('rows', { pageSize: 1, countUpTo: 11_000 })).total,
    (await project.records.list('rows', { pageSize: 1, countUpTo: 2 })).total,
  ]
  expect(await counted()).toEqual([COUNT, 11_000, 2])
  expect(await counted()).toEqual([COUNT, 11_000, 2])
  const kept = await rows.find({ n: { $gte: 3 } }).toArray()
  await rows.deleteMany({ n: { $gte: 3 } })
  expect(await counted()).toEqual([3, 3, 2])
  await rows.insertMany(kept)
  expect(await counted()).toEqual([COUNT, 11_000, 2])
})
