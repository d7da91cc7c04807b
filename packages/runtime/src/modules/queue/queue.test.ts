import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine, type DataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService, type TestService } from '../../module/testing.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine

beforeAll(async () => {
  store = await openTestDatabase('runtime-queue')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const services = () => ({ queue: { push: engine.queue.push, work: engine.work } })
const open = (code: string, projectId = newId()): Promise<TestService> =>
  openTestService({ ...services(), projectId, code })

describeRoom('queue', { prepare: () => Promise.resolve({ ...services(), projectId: newId() }) })

describe('queue', () => {
  it('does jobs in order, tries failed ones again, and gives the payload as it was', async () => {
    await using service = await open(`
      queue.define('work', (payload, job) => { logger.info(JSON.stringify([payload, job.name, job.attempt])); if (payload.fail && job.attempt < 3) throw new Error('no') }, { retries: 5, backoff: 10 })
      router.get('/', async () => { await queue.push('work', { n: 1 }); $queue.push('work', { n: 2, fail: true }); return 'ok' })`)
    await service.get('/')
    await service.logged(/\{"n":2,"fail":true\},"work",3/)
    const told = service.logs.filter(({ level }) => level === 'info').map(({ text }) => text)
    expect(told).toEqual([
      '[{"n":1},"work",1]',
      '[{"n":2,"fail":true},"work",1]',
      '[{"n":2,"fail":true},"work",2]',
      '[{"n":2,"fail":true},"work",3]',
    ])
  })

  it('tells in the log each attempt that failed, where, and that a job was given up', async () => {
    await using service = await open(`
      queue.define('once', () => { throw new Error('never') })
      queue.define('twice', (payload) => {
        throw new Error('no ' + payload)
      }, { retries: 1, backoff: 10 })
      router.get('/', async () => { await queue.push('twice', 'way'); await queue.push('once'); return 'ok' })`)
    await service.get('/')
    await Promise.all([service.logged(/for good/), service.logged(/never/)])
    const told = service.logs.map(({ level, text }) => `${level} ${text}`).toSorted()
    const job = String.raw`Job \w+ of the queue`
    const dead = 'it is among the dead letters'
    for (const [index, line] of [
      `^error ${job} "once" failed; ${dead}: Error: never\n`,
      String.raw`^error ${job} "twice" failed for good \(attempt 2 of 2\); ${dead}: Error: no way\n +at .*main\.js:4:`,
      String.raw`^warn ${job} "twice" failed \(attempt 1 of 2\): Error: no way\n`,
    ].entries())
      expect(
        told.filter((each) => new RegExp(line).test(each)),
        told[index],
      ).toHaveLength(1)
    expect(told).toHaveLength(3)
  })

  it('keeps jobs over a restart, and serves them with what the next run defines', async () => {
    const projectId = newId()
    {
      await using first = await open(`router.get('/', () => queue.push('later', { kept: true }))`, projectId)
      await first.get('/')
    }
    await using second = await open(
      `queue.define('later', (payload) => logger.info('got ' + payload.kept))`,
      projectId,
    )
    expect(await second.logged(/got/)).toBe('got true')
  })

  it('serves nothing while the run is not active, and a queue that is defined late', async () => {
    await using service = await open(`
      queue.define('a', (payload) => logger.info('a ' + payload))
      router.get('/push/:name/:n', (ctx) => queue.push(ctx.params.name, ctx.params.n)); router.get('/define', () => { queue.define('b', (payload) => logger.info('b ' + payload)); return 'ok' })`)
    await service.run.disarm()
    await service.get('/push/a/1')
    await service.get('/push/b/1')
    await service.get('/define')
    expect(service.logs).toEqual([])
    await service.run.arm()
    await Promise.all([service.logged(/a 1/), service.logged(/b 1/)])
  })

  it('bounds how many run at once, and says what is wrong', async () => {
    await using service = await open(`
      let now = 0, most = 0
      queue.define('many', async () => { most = Math.max(most, ++now); await utils.sleep(30); now--; logger.info('done') }, { concurrency: 2 })
      const code = async (call) => { try { return await call() } catch (error) { return error.code } }
      router.get('/many', async () => { for (let i = 0; i < 6; i++) await queue.push('many'); return 'ok' }); router.get('/most', () => most)
      router.get('/codes', async () => [
        await code(() => queue.define('x')), await code(() => queue.define('x', () => 1, { concurrency: 0 })), await code(() => queue.define('x', () => 1, { retry: 3 })), await code(() => queue.define('x', () => 1, { backoff: 'soon' })), await code(() => queue.push('bad name!')), await code(() => queue.push('x', 'y'.repeat(300000))), await code(() => queue.push('x', 1, { delay: 'soon' })), await code(() => $queue.push('x', 1, { key: '' })),
      ])`)
    await service.get('/many')
    await service.until(() => service.logs.filter(({ text }) => text === 'done').length === 6)
    expect((await service.get('/most')).json).toBe(2)
    expect((await service.get('/codes')).json).toEqual([
      'QUEUE_HANDLER_INVALID',
      'QUEUE_SETTING_INVALID',
      'QUEUE_SETTING_INVALID',
      'QUEUE_SETTING_INVALID',
      'QUEUE_NAME',
      'QUEUE_PAYLOAD',
      'QUEUE_SETTING_INVALID',
      'QUEUE_OPTION',
    ])
  })
})
