import { expect, test } from 'vitest'
import { openTestAgent } from '../testing/open-agent.ts'

test('a service boots in a runner and answers through the front', async () => {
  await using agent = await openTestAgent()
  const began = performance.now()
  await agent.run(
    'hello',
    `service.boot(() => router.get('/hello/:name', (ctx) => ({ hello: ctx.params.name })))`,
  )
  const answer = await fetch(`${agent.base('hello')}/hello/world`)
  console.log('start to first answer', performance.now() - began)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  expect(await answer.json()).toEqual({ hello: 'world' })
})
