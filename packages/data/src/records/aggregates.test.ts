import { newId, silentLogger, systemClock } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine, type ProjectData } from '../index.ts'

const ann = { kind: 'operator', id: 'a'.repeat(24), name: 'Ann' } as const

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let project: ProjectData
let shops: string[]

beforeAll(async () => {
  store = await openTestDatabase('aggregates')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  project = engine.project(newId(), ann)
  await project.models.create({ name: 'Shops', slug: 'shops', fields: [{ key: 'name', type: 'string' }] })
  await project.models.create({
    name: 'Sales',
    slug: 'sales',
    fields: [
      { key: 'amount', type: 'float' },
      { key: 'kind', type: 'select', options: ['web', 'desk'] },
      { key: 'tags', type: 'multiselect', options: ['a', 'b'] },
      { key: 'at', type: 'datetime' },
      { key: 'shop', type: 'ref', refModel: 'shops' },
      { key: 'meta', type: 'document' },
    ],
  })
  shops = (await project.records.insertMany('shops', [{ name: 'North' }, { name: 'South' }])).map(
    ({ id }) => id,
  )
  await project.records.insertMany('sales', [
    { amount: 10, kind: 'web', tags: ['a'], at: '2026-01-31T23:00:00Z', shop: shops[0] },
    { amount: 20, kind: 'web', tags: ['a', 'b'], at: '2026-02-01T01:00:00Z', shop: shops[0] },
    { amount: 30, kind: 'desk', tags: ['b'], at: '2026-02-02T01:00:00Z', shop: shops[1] },
    { amount: 40, kind: 'desk', at: '2026-02-10T01:00:00Z' },
    { kind: 'web' },
  ])
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

describe('figures', () => {
  it('count, add up, average and bound by group', async () => {
    const measures = {
      n: 'count',
      sum: { sum: 'amount' },
      avg: { avg: 'amount' },
      first: { min: 'at' },
      last: { max: 'at' },
    } as const
    expect(await project.records.aggregate('sales', { groupBy: ['kind'], measures, sort: '-sum' })).toEqual([
      {
        kind: 'desk',
        n: 2,
        sum: 70,
        avg: 35,
        first: '2026-02-02T01:00:00.000Z',
        last: '2026-02-10T01:00:00.000Z',
      },
      {
        kind: 'web',
        n: 3,
        sum: 30,
        avg: 15,
        first: '2026-01-31T23:00:00.000Z',
        last: '2026-02-01T01:00:00.000Z',
      },
    ])
    expect(await project.records.aggregate('sales', {})).toEqual([{ count: 5 }])
    expect(await project.records.aggregate('sales', { filter: 'amount > 15', groupBy: ['shop'] })).toEqual([
      { shop: null, count: 1 },
      { shop: shops[0], count: 1 },
      { shop: shops[1], count: 1 },
    ])
    expect(await project.records.aggregate('sales', { groupBy: ['tags'] })).toEqual([
      { tags: null, count: 2 },
      { tags: 'a', count: 2 },
      { tags: 'b', count: 2 },
    ])
  })

  it.each([
    ['day', ['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-10'], [10, 20, 30, 40]],
    ['week', ['2026-01-26', '2026-02-02', '2026-02-09'], [30, 30, 40]],
    ['month', ['2026-01-01', '2026-02-01'], [10, 90]],
  ] as const)('by %s, in UTC', async (step, days, sums) => {
    const rows = await project.records.aggregate('sales', {
      filter: 'at isNotNull',
      groupBy: [{ field: 'at', step }],
      measures: { sum: { sum: 'amount' } },
    })
    expect(rows).toEqual(days.map((day, n) => ({ at: `${day}T00:00:00.000Z`, sum: sums[n] })))
  })

  it.each([
    [{ groupBy: ['nothing'] }, 'QUERY_FIELD_UNKNOWN'],
    [{ groupBy: ['meta'] }, 'QUERY_OPERATOR_MISFIT'],
    [{ groupBy: [{ field: 'kind', step: 'day' }] }, 'QUERY_OPERATOR_MISFIT'],
    [{ measures: { x: { sum: 'kind' } } }, 'QUERY_OPERATOR_MISFIT'],
    [{ measures: { x: { $function: 'amount' } } }, 'QUERY_SHAPE'],
    [{ measures: { $x: 'count' } }, 'QUERY_SHAPE'],
    [{ sort: 'nothing' }, 'QUERY_SORT'],
    [{ groupBy: ['a', 'b', 'c', 'd'] }, 'QUERY_SHAPE'],
  ])('refuse %j', async (query, code) => {
    await expect(project.records.aggregate('sales', query as never)).rejects.toMatchObject({
      code,
      status: 400,
    })
  })
})

describe('pipelines of service code', () => {
  it('read, join models by their slugs, and give plain values', async () => {
    const rows = await project.records.pipeline('sales', [
      { $match: { shop: { $ne: null }, amount: { $gte: '10' } } },
      { $lookup: { from: 'shops', localField: 'shop', foreignField: '_id', as: 'where' } },
      { $unwind: '$where' },
      {
        $group: {
          _id: '$where.name',
          sum: { $sum: '$amount' },
          id: { $first: '$where._id' },
          last: { $max: '$at' },
        },
      },
      { $sort: { sum: -1, _id: 1 } },
    ])
    expect(rows).toEqual([
      { _id: 'North', sum: 30, id: shops[0], last: '2026-02-01T01:00:00.000Z' },
      { _id: 'South', sum: 30, id: shops[1], last: '2026-02-02T01:00:00.000Z' },
    ])
  })

  const deep = (levels: number): unknown => (levels === 0 ? '$amount' : { $add: [deep(levels - 1), 1] })

  it.each([
    [[{ $out: 'users' }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $merge: { into: 'x' } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $match: { $where: '1' } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $match: { $expr: { $function: { body: 'x', args: [], lang: 'js' } } } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $limit: 1 }, { $match: { $where: '1' } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $group: { _id: null, x: { $accumulator: {} } } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $project: { x: { $function: {} } } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $lookup: { from: 'environments', pipeline: [], as: 'x' } }], 'MODEL_NOT_FOUND'],
    [[{ $lookup: { from: { db: 'admin', coll: 'shops' }, pipeline: [], as: 'x' } }], 'MODEL_NOT_FOUND'],
    [[{ $lookup: { from: 'shops', pipeline: [{ $out: 'x' }], as: 'x' } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $unionWith: 'models' }], 'MODEL_NOT_FOUND'],
    [[{ $unionWith: { coll: 'shops', pipeline: [{ $merge: 'x' }] } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $facet: { a: [{ $out: 'x' }] } }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $currentOp: {} }], 'QUERY_OPERATOR_UNKNOWN'],
    [[{ $match: {}, $out: 'x' }], 'QUERY_SHAPE'],
    [[{}], 'QUERY_SHAPE'],
    ['x', 'QUERY_SHAPE'],
    [Array.from({ length: 40 }, () => ({ $limit: 1 })), 'QUERY_TOO_COMPLEX'],
    [[{ $project: { x: deep(100) } }], 'QUERY_TOO_COMPLEX'],
    [[{ $match: { nothing: 1 } }], 'QUERY_FIELD_UNKNOWN'],
  ])('refuse %j', async (pipeline, code) => {
    await expect(project.records.pipeline('sales', pipeline as never)).rejects.toMatchObject({ code })
  })
})
