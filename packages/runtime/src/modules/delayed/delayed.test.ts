import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

describeRoom('delayed')

test('tasks begin after the call, no more at once than the pool has places, and in order', async () => {
  await using service = await openTestService({
    settings: { workerPoolSize: 2 },
    code: `
      let running = 0, most = 0
      const seen = []
      router.get('/go', () => {
        for (let i = 0; i < 6; i++) delayed.run(async () => { most = Math.max(most, ++running); seen.push(i); await new Promise((r) => setTimeout(r, 10)); running--; if (i === 5) logger.info('done') })
        return { seen: seen.length }
      })
      router.get('/seen', () => ({ seen, most }))`,
  })
  expect((await service.get('/go')).json).toEqual({ seen: 0 })
  await service.logged(/done/)
  expect((await service.get('/seen')).json).toEqual({ seen: [0, 1, 2, 3, 4, 5], most: 2 })
})

test('tasks of boot wait for the activation, and none begins once the run is disarmed', async () => {
  await using service = await openTestService({
    boot: true,
    code: `
      delayed.run(() => logger.info('from boot'))
      service.start(() => logger.info('start'))
      router.get('/more', () => void delayed.run(() => logger.info('too late')))`,
  })
  await service.logged(/from boot/)
  await service.run.disarm()
  await service.get('/more')
  await service.get('/none')
  await service.run.arm({ sinceMs: null })
  await service.logged(/too late/)
})

test('errors are logged once with their position; a full queue and a cancelled task say so', async () => {
  await using service = await openTestService({
    limits: { delayedQueue: 3 },
    code: `
router.get('/fail', () => void $delayed.run(() => { throw new Error('task broke') }))
router.get('/full', () => { try { for (let i = 0; i < 4; i++) delayed.run(() => {}) } catch (error) { return error.code } })
router.get('/cancel', async () => { const task = delayed.run(() => 1); const done = [task.cancel(), task.cancel()]; return [...done, await task.result.catch((error) => error.code)] })`,
  })
  await service.get('/fail')
  expect(await service.logged(/task broke/)).toMatch(
    /^A delayed task failed \(task_1\): Error: task broke\n {4}at .*main\.js:2:/,
  )
  expect((await service.get('/cancel')).json).toEqual([true, false, 'DELAYED_CANCELLED'])
  expect((await service.get('/full')).body).toBe('DELAYED_QUEUE_FULL')
})

test('the panel lists tasks and cancels one that has not begun', async () => {
  await using service = await openTestService({
    settings: { workerPoolSize: 1 },
    code: `
      let release
      delayed.run(() => new Promise((done) => (release = done)), { key: 'first' })
      delayed.run(() => logger.info('second ran'))
      delayed.run(() => logger.info('third ran'))
      router.get('/release', () => void release())`,
  })
  const list = () => service.run.control('delayed.list', [])
  await service.get('/settled')
  await service.get('/settled')
  expect(await list()).toMatchObject({
    waiting: 2,
    running: 1,
    tasks: [
      { id: 'task_1', key: 'first', state: 'running', attempt: 1, beganMs: expect.any(Number) },
      { id: 'task_2', key: null, state: 'waiting', attempt: 0, beganMs: null, dueMs: null },
      { id: 'task_3' },
    ],
  })
  expect(await service.run.control('delayed.cancel', ['task_2'])).toBe(true)
  expect(await service.run.control('delayed.cancel', ['task_1'])).toBe(false)
  await service.get('/release')
  await service.logged(/third ran/)
  expect(service.logs.some(({ text }) => text === 'second ran')).toBe(false)
  await service.get('/settled')
  expect(await list()).toEqual({ waiting: 0, running: 0, tasks: [] })
})
