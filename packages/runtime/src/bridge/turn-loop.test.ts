import { expect, test } from 'vitest'
import { openTestService } from '../module/testing.ts'
import { ITEM } from '../sandbox/wire.contract.ts'

test('a service answers a request with JSON', async () => {
  await using service = await openTestService({
    code: `service.boot(() => { router.get('/hello/:name', (ctx) => ({ hello: ctx.params.name })) })`,
  })
  const answer = await service.get('/hello/world')
  expect(answer).toMatchObject({ status: 200, headers: 0 })
  expect(answer.json).toEqual({ hello: 'world' })
})
