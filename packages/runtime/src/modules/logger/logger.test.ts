import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

describeRoom('logger')

test('anything can be logged, and nothing of it throws', async () => {
  await using service = await openTestService({
    code: `
      const cycle = { name: 'c' }; cycle.self = cycle
      logger.info('a', 1, null, undefined, true, 5n, Symbol('s'), () => {}, [1, [2]], new Date(0), new Map([[1, { a: 1 }]]), new Set([1]))
      logger.info(cycle, { deep: { deep: { deep: { deep: { deep: { deep: { deep: 1 } } } } } } })
      logger.info({ get bad() { throw 1 } }, new Proxy({}, { ownKeys() { throw 2 } }), Object.create(null))
      logger.warn('x'.repeat(100000))
      logger.error(Object.assign(new RangeError('outer', { cause: new Error('inner') }), { code: 'A_B' }))`,
  })
  const texts = service.logs.map((line) => line.text)
  expect(texts[0]).toBe(
    'a 1 null undefined true 5 Symbol(s) [function anonymous] [1,[2]] "1970-01-01T00:00:00.000Z" {"map":[[1,{"a":1}]]} {"set":[1]}',
  )
  expect(texts[1]).toContain('"self":"[circular]"')
  expect(texts[2]).toBe('[a value that cannot be shown] [a value that cannot be shown] {}')
  expect(texts[3]!.length).toBeLessThan(17_000)
  expect(texts[4]).toMatch(/^RangeError: outer \(A_B\)\n {4}at .*main\.js:7:.*\ncaused by Error: inner/s)
  expect(service.logs[4]!.level).toBe('error')
})

test('a flood of lines is bounded and counted', async () => {
  await using service = await openTestService({
    code: `router.get('/flood', () => { for (let i = 0; i < 50000; i++) logger.info('line ' + i) ; return 'done' })`,
  })
  expect((await service.get('/flood')).body).toBe('done')
  expect(service.logs.length).toBeLessThan(6000)
  await new Promise((resolve) => setTimeout(resolve, 1100))
  await service.get('/flood')
  await service.logged(/log lines were dropped/)
})
