import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

describeRoom('service')

test('the examples that are main files boot', async () => {
  const text = readFileSync(join(import.meta.dirname, 'service.docs.md'), 'utf8')
  const examples = [...text.matchAll(/^```javascript\n([\s\S]*?)^```$/gm)].map((found) => found[1]!)
  expect(examples).toHaveLength(2)
  await using service = await openTestService({ code: examples.join('\n') })
  expect((await service.get('/hello')).body).toBe('hello')
  await service.logged(/ready/)
})

test('phases run in order, each callback once, also those registered by callbacks, and shutdown goes on after a throw', async () => {
  await using service = await openTestService({
    code: `
      const seen = []
      service.start(() => void seen.push('start 1'))
      service.boot(async () => { await null; seen.push('boot 1'); service.boot(() => void seen.push('boot 3')) })
      service.boot(() => void seen.push('boot 2'))
      service.shotdown(() => { throw new Error('first fails') })
      service.shutdown(async () => { await null; logger.info('bye') })
      router.get('/seen', () => seen)
      router.get('/late', () => { try { service.boot(() => {}) } catch (error) { return error.code } })`,
  })
  expect((await service.get('/seen')).json).toEqual(['boot 1', 'boot 2', 'boot 3', 'start 1'])
  expect((await service.get('/late')).body).toBe('SERVICE_PHASE_PASSED')
  await Promise.all([service.run.shutdown(), service.run.shutdown()])
  expect(service.logs.filter((line) => line.text === 'bye')).toHaveLength(1)
  expect(service.logs.some((line) => /first fails/.test(line.text))).toBe(true)
})

test('$service is the same life', async () => {
  await using service = await openTestService({
    code: `$service.boot(() => $router.get('/x', () => ({ slug: $service.info.project.slug })))`,
  })
  expect((await service.get('/x')).json).toEqual({ slug: 'test' })
})
