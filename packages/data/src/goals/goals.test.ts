import { ManualClock, newId, silentLogger } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDataEngine, type DataEngine } from '../index.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
const clock = new ManualClock(Date.UTC(2026, 10, 22, 12))
const DAY = 86_400_000

beforeAll(async () => {
  store = await openTestDatabase('goals')
  engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

let n = 0
const project = () => ({ id: newId(), slug: `ops${(n += 1)}` })

describe('goals', () => {
  it('count a thousand concurrent increments as exactly a thousand', async () => {
    const ops = project()
    const goal = await engine.goals.create(ops, { name: 'Hits', slug: 'hits', type: 'counter' })
    expect(goal.slug).toBe(`${ops.slug}-hits`)
    await Promise.all(Array.from({ length: 1000 }, () => engine.goals.increment(ops, 'hits')))
    expect(await engine.goals.value(ops, `${ops.slug}-hits`)).toBe(1000)
    await engine.goals.increment(ops, 'hits', -10)
    expect(await engine.goals.value(ops, 'hits')).toBe(990)
  })

  it('begin a new day at midnight UTC when they are daily', async () => {
    const ops = project()
    await engine.goals.create(ops, { name: 'Visits', slug: 'visits', type: 'daily' })
    await engine.goals.increment(ops, 'visits', 5)
    expect(await engine.goals.value(ops, 'visits')).toBe(5)
    clock.advance(DAY)
    expect(await engine.goals.value(ops, 'visits')).toBe(0)
    await engine.goals.increment(ops, 'visits', 2)
    expect(await engine.goals.value(ops, 'visits')).toBe(2)
  })

  it('fill gaps by day, week and month, and know the period before', async () => {
    const ops = project()
    const { id } = await engine.goals.create(ops, { name: 'Sales', slug: 'sales', type: 'daily' })
    const start = Date.UTC(2027, 0, 25)
    clock.advance(start - clock.now())
    await engine.goals.increment(ops, 'sales', 1)
    clock.advance(7 * DAY)
    await engine.goals.increment(ops, 'sales', 10)
    clock.advance(2 * DAY)
    await engine.goals.increment(ops, 'sales', 100)
    const stats = (more: object) =>
      engine.goals.stats({ goalIds: [id], from: '2027-01-31', to: '2027-02-03', ...more })
    expect(await stats({})).toEqual([
      {
        goalId: id,
        points: [
          { at: '2027-01-31', value: 0 },
          { at: '2027-02-01', value: 10 },
          { at: '2027-02-02', value: 0 },
          { at: '2027-02-03', value: 100 },
        ],
        total: 110,
        previous: 0,
      },
    ])
    const long = { from: '2027-01-25', to: '2027-02-03' }
    expect((await stats({ ...long, step: 'week' }))[0]!.points).toEqual([
      { at: '2027-01-25', value: 1 },
      { at: '2027-02-01', value: 110 },
    ])
    expect((await stats({ ...long, step: 'month' }))[0]!.points).toEqual([
      { at: '2027-01-01', value: 1 },
      { at: '2027-02-01', value: 110 },
    ])
    expect((await stats({ from: '2027-02-01', to: '2027-02-07' }))[0]!.previous).toBe(1)
    expect((await stats({ projectIds: [newId()] }))[0]!.total).toBe(0)
    for (const bad of [
      { from: 'x' },
      { from: '2027-03-01' },
      { from: '1990-01-01' },
      { goalIds: [] },
      { step: 'hour' },
    ]) {
      await expect(stats(bad)).rejects.toMatchObject({ code: 'GOAL_PERIOD', status: 400 })
    }
  })

  it('that are global are written by the projects they name, and read apart', async () => {
    const [a, b, outsider] = [project(), project(), project()]
    const slug = `global${newId()}`
    const goal = await engine.goals.create(null, {
      name: 'All',
      slug,
      type: 'counter',
      projects: [a.id, b.id],
    })
    await engine.goals.increment(a, slug, 1)
    await engine.goals.increment(b, slug, 2)
    expect(await engine.goals.value(a, slug)).toBe(3)
    await expect(engine.goals.increment(outsider, slug)).rejects.toMatchObject({
      code: 'GOAL_NOT_FOUND',
      status: 404,
    })
    expect((await engine.goals.usable(a)).map((one) => one.id)).toEqual([goal.id])
    await engine.goals.update(goal.id, { projects: [b.id], name: 'Ours' }, null)
    await expect(engine.goals.increment(a, slug)).rejects.toMatchObject({ code: 'GOAL_NOT_FOUND' })
    await engine.removeProject(b.id)
    expect(await engine.goals.get(goal.id)).toMatchObject({ name: 'Ours', projects: [] })
  })

  it('follow their project to a new slug, are reset, and go', async () => {
    const ops = project()
    const goal = await engine.goals.create(ops, { name: 'Hits', slug: 'hits', type: 'counter' })
    await engine.goals.increment(ops, 'hits')
    const renamed = { id: ops.id, slug: `${ops.slug}-new` }
    await engine.goals.renameProject(ops, renamed.slug)
    expect(await engine.goals.value(renamed, 'hits')).toBe(1)
    await engine.goals.reset(goal.id)
    expect(await engine.goals.values(await engine.goals.list(ops.id))).toEqual({ [goal.id]: 0 })
    await engine.goals.remove(goal.id)
    expect(await engine.goals.list(ops.id)).toEqual([])
  })

  it('are refused when they make no sense', async () => {
    const ops = project()
    await engine.goals.create(ops, { name: 'Hits', slug: 'hits', type: 'counter' })
    const again = engine.goals.create(ops, { name: 'Hits', slug: 'hits', type: 'daily' })
    await expect(again).rejects.toMatchObject({ code: 'GOAL_SLUG_TAKEN', status: 409 })
    const bad = engine.goals.create(ops, { name: '', slug: 'No Good', type: 'weekly' as never })
    await expect(bad).rejects.toMatchObject({
      code: 'GOAL_INVALID',
      fields: { name: {}, slug: {}, type: {} },
    })
    for (const by of [0.5, Number.NaN, 1e12, '1' as never]) {
      await expect(engine.goals.increment(ops, 'hits', by)).rejects.toMatchObject({ code: 'GOAL_AMOUNT' })
    }
  })
})
