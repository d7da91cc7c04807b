import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine, type Actor, type DataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
const OPERATOR: Actor = { kind: 'operator', id: newId(), name: 'Ada' }
const SERVICE: Actor = { kind: 'service', source: 'release:1.0' }

beforeAll(async () => {
  store = await openTestDatabase('runtime-events')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const noEvents = { consume: () => Promise.resolve(), follow: () => Promise.resolve() }
describeRoom('events', { prepare: () => Promise.resolve({ recordEvents: noEvents }) })

async function newProject() {
  const projectId = newId()
  const as = (actor: Actor) => engine.project(projectId, actor).records
  await engine
    .project(projectId, OPERATOR)
    .models.create({ name: 'Orders', slug: 'orders', fields: [{ key: 'title', type: 'string' }] })
  const open = (code: string) => openTestService({ recordEvents: engine.events, projectId, code })
  return { as, open }
}

describe('events', () => {
  it('hand every change by anyone to the service, in order', async () => {
    const { as, open } = await newProject()
    await using service = await open(
      `for (const type of ['insert', 'update', 'delete']) events.onRecord('orders', type, async (change) => logger.info(JSON.stringify([type, change.record.title, change.changed, change.actor.kind])))`,
    )
    const { id } = await as(OPERATOR).create('orders', { title: 'tea' })
    await as(SERVICE).update('orders', id, { title: 'milk' })
    await as(OPERATOR).remove('orders', id)
    await service.logged(/delete/)
    expect(service.logs.map(({ text }) => JSON.parse(text) as unknown)).toEqual([
      ['insert', 'tea', expect.any(Array), 'operator'],
      ['update', 'milk', ['title'], 'service'],
      ['delete', 'milk', expect.any(Array), 'operator'],
    ])
  })

  it('bring a change again until its handler takes it, with the same id', async () => {
    const { as, open } = await newProject()
    await using service = await open(
      `let tries = 0; events.onRecord('orders', 'insert', (change) => { logger.info('try ' + change.id); if (++tries < 3) throw new Error('not yet') })`,
    )
    await as(OPERATOR).create('orders', { title: 'tea' })
    await service.until(() => service.logs.filter(({ text }) => text.startsWith('try ')).length === 3)
    expect(new Set(service.logs.map(({ text }) => text).filter((text) => text.startsWith('try '))).size).toBe(
      1,
    )
  })

  it('tell in the log each attempt of a handler that failed, and where', async () => {
    const { as, open } = await newProject()
    await using service = await open(
      `events.onRecord('orders', 'insert', (change) => { throw new Error('cannot ' + change.record.title) })`,
    )
    const { id } = await as(OPERATOR).create('orders', { title: 'tea' })
    await service.logged(/attempt 2 of 10/)
    expect(service.logs[0]).toMatchObject({
      level: 'warn',
      text: expect.stringMatching(
        new RegExp(
          `^A handler of insert in "orders" \\(record ${id}\\) failed \\(attempt 1 of 10\\): Error: cannot tea\\n +at .*main\\.js:1:`,
        ),
      ) as string,
    })
  })

  it('wait for the active run, and for a model that is watched late', async () => {
    const { as, open } = await newProject()
    await using service =
      await open(`events.onRecord('orders', 'insert', (change) => logger.info(change.record.title))
      router.get('/late', () => { events.onRecord('others', 'insert', () => {}); return 'ok' })`)
    await as(OPERATOR).create('orders', { title: 'first' })
    await service.logged(/first/)
    await service.run.disarm()
    await as(OPERATOR).create('orders', { title: 'meanwhile' })
    await service.get('/late')
    expect(service.logs.map(({ text }) => text)).toEqual(['first'])
    await service.run.arm()
    await service.logged(/meanwhile/)
  })

  it('inside the service are shared by both spellings, and a failing handler harms nobody', async () => {
    await using service = await openTestService({
      recordEvents: noEvents,
      code: `
        const got = [], code = (call) => { try { return call() } catch (error) { return error.code } }
        $events.on('x', (value) => got.push(value)); events.on('x', () => { throw new Error('bad handler') }); events.on('x', async () => { throw new Error('late handler') })
        router.get('/', () => [events.emit('x', 1), $events.emit('y'), got, code(() => events.on('x')), code(() => events.onRecord('orders', 'read', () => 1)), code(() => events.onRecord('orders', 'insert')), code(() => { for (let i = 0; i < 1001; i++) events.on('many', () => 1) }), code(() => hook.onModelInsert('orders'))])`,
    })
    expect((await service.get('/')).json).toEqual([
      3,
      0,
      [1],
      'EVENTS_HANDLER_INVALID',
      'EVENTS_TYPE_UNKNOWN',
      'EVENTS_HANDLER_INVALID',
      'EVENTS_TOO_MANY',
      'HOOK_HANDLER_INVALID',
    ])
    await Promise.all([service.logged(/bad handler/), service.logged(/late handler/)])
  })
})
