import { ManualClock, newId, silentLogger } from '@m3m/base'
import { createDataEngine, type DataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
const clock = new ManualClock(Date.UTC(2026, 0, 31, 12))
const projectId = newId()
const own = { id: projectId, slug: 'test' }

beforeAll(async () => {
  store = await openTestDatabase('runtime-goals')
  engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  await engine.ensureIndexes()
  for (const slug of ['orders', 'visits', 'signups']) {
    await engine.goals.create(own, {
      name: slug.charAt(0).toUpperCase() + slug.slice(1),
      slug,
      type: slug === 'visits' ? 'daily' : 'counter',
    })
  }
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

describeRoom('goals', { prepare: () => Promise.resolve({ goals: engine.goals, projectId, clock }) })

async function run(code: string, id = projectId) {
  await using service = await openTestService({
    goals: engine.goals,
    projectId: id,
    clock,
    code: `const code = async (call) => { try { return await call() } catch (error) { return error.code ?? String(error) } }; router.get('/', async () => { ${code} })`,
  })
  return (await service.get('/')).json
}

describe('goals', () => {
  it('are counted by whole and short slug, in both spellings', async () => {
    await engine.goals.create(own, {
      name: 'Hits',
      slug: 'hits',
      type: 'counter',
      color: 'blue',
      description: 'of the page',
    })
    const [first, ...rest] = (await run(`return [
      $goals.get('hits'), await goals.increment('test-hits', 2), $goals.increment('hits'), $goals.increment('hits', -1), await goals.getValue('hits'), $goals.getValue('test-hits'), $goals.list().some((goal) => goal.slug === 'test-hits'),
    ]`)) as unknown[]
    expect(first).toEqual({
      id: expect.any(String),
      name: 'Hits',
      slug: 'test-hits',
      type: 'counter',
      description: 'of the page',
      color: 'blue',
    })
    expect(rest).toEqual([true, true, true, 2, 2, true])
  })

  it('give statistics with every gap filled, in order', async () => {
    await engine.goals.create(own, { name: 'Sales', slug: 'sales', type: 'counter' })
    await engine.goals.increment(own, 'sales', 3)
    clock.advance(2 * 86_400_000)
    await engine.goals.increment(own, 'sales', 4)
    const stats = await run(
      `return [await goals.getStats('sales', 4), (await goals.getStats('sales')).length, $goals.getStats('sales', { from: '2026-01-31', to: new Date(Date.UTC(2026, 1, 1)) })]`,
    )
    const days = [
      ['2026-01-30', 0],
      ['2026-01-31', 3],
      ['2026-02-01', 0],
      ['2026-02-02', 4],
    ].map(([date, value]) => ({ date, value }))
    expect(stats).toEqual([days, 7, days.slice(1, 3)])
  })

  it('of other projects cannot be seen or counted', async () => {
    const stranger = newId()
    const global = await engine.goals.create(null, {
      name: 'All',
      slug: 'all',
      type: 'counter',
      projects: [stranger],
    })
    const codes = `return [await code(() => goals.increment('orders')), await code(() => $goals.getValue('test-orders')), await code(() => goals.getStats('orders')), await goals.get('orders'), (await goals.list()).map((goal) => goal.slug), await code(() => goals.increment('all'))]`
    const missing = 'GOAL_NOT_FOUND'
    expect(await run(codes, stranger)).toEqual([missing, missing, missing, null, ['all'], true])
    expect(await run(codes)).toEqual([
      true,
      expect.any(Number),
      expect.any(Array),
      expect.anything(),
      expect.not.arrayContaining(['all']),
      missing,
    ])
    expect((await engine.goals.values([global]))[global.id]).toBe(1)
  })

  it('refuse what is no whole number and no period', async () => {
    expect(
      await run(
        `return [await code(() => goals.increment('orders', 1.5)), await code(() => goals.increment('orders', '1')), await code(() => goals.increment('orders', 1e10)), await code(() => goals.getStats('orders', { from: 'yesterday' })), await code(() => goals.getStats('orders', 1e6)), $goals.list().length > 0]`,
      ),
    ).toEqual(['GOAL_AMOUNT', 'GOAL_AMOUNT', 'GOAL_AMOUNT', 'GOAL_PERIOD', 'GOAL_PERIOD', true])
  })
})
