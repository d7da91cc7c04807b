import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'

const runnerEntry = fileURLToPath(new URL('../testing/hostile-runner.ts', import.meta.url))

async function ask(agent: TestAgent, slug: string, path: string): Promise<Response> {
  return await fetch(`${agent.base(slug)}${path}`, { signal: AbortSignal.timeout(5000) })
}

test('an answer that cannot be sent is 502, and the next request works', async () => {
  await using agent = await openTestAgent({ runnerEntry })
  await agent.run('bad', '')
  const paths = [
    '/bad-status',
    '/bad-length',
    '/status-text',
    '/early-hints',
    '/split',
    '/bad-name',
    '/many-headers',
    '/odd-headers',
    '/body-object',
  ]
  for (const path of paths) {
    const answer = await ask(agent, 'bad', path)
    expect(answer.status, path).toBe(502)
    expect(answer.headers.get('set-cookie')).toBe(null)
  }
  expect(await (await ask(agent, 'bad', '/ok')).json()).toEqual({ ok: true })
})

test("headers of the connection are the agent's own", async () => {
  await using agent = await openTestAgent({ runnerEntry })
  await agent.run('bad', '')
  const answer = await ask(agent, 'bad', '/length')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-length')).toBe('4')
  expect(await answer.text()).toBe('fine')
})

test('a file outside the storage is not found', async () => {
  await using agent = await openTestAgent({ runnerEntry })
  await agent.run('bad', '')
  const answer = await ask(agent, 'bad', '/file')
  expect(answer.status).toBe(404)
  expect(await answer.text()).not.toContain('root:')
})

const breaches = [
  '/no-json',
  '/no-stream',
  '/foreign',
  '/kind',
  '/chunk-first',
  '/credit',
  '/huge',
  '/garbage',
  '/result',
  '/figures',
]
test.for([...breaches, '/exit'])(
  'a breach ends the runner, the request gets 503 and others go on: %s',
  async (path) => {
    await using agent = await openTestAgent({ runnerEntry })
    const run = await agent.run('bad', '')
    await agent.run('good', '')
    const answer = await ask(agent, 'bad', path)
    expect(answer.status).toBe(503)
    const end = await run.ended
    expect(end).toMatchObject({ kind: 'crashed', error: { code: 'RUN_RUNNER_DIED' } })
    expect((await ask(agent, 'good', '/ok')).status).toBe(200)
    expect((await ask(agent, 'bad', '/ok')).status).toBe(503)
  },
)

test('a body of another length than was said is broken off, and nothing of it reads as an answer', async () => {
  await using agent = await openTestAgent({ runnerEntry })
  await agent.run('bad', '')
  for (const path of ['/longer', '/shorter']) {
    await expect(ask(agent, 'bad', path).then((answer) => answer.text())).rejects.toThrow()
    expect(await (await ask(agent, 'bad', '/ok')).json()).toEqual({ ok: true })
  }
})

test('a second answer breaks the response off', async () => {
  await using agent = await openTestAgent({ runnerEntry })
  const run = await agent.run('bad', '')
  await expect(ask(agent, 'bad', '/twice').then((answer) => answer.arrayBuffer())).rejects.toThrow()
  expect(await run.ended).toMatchObject({ kind: 'crashed', error: { code: 'RUN_RUNNER_DIED' } })
})

test('more than it has credit for, while the client reads nothing, breaks the response off', async () => {
  await using agent = await openTestAgent({ runnerEntry })
  const run = await agent.run('bad', '', { limits: { responseBodyBytes: 1024 * 1024 * 1024 } })
  const [answer] = (await once(get(`${agent.base('bad')}/flood`), 'response')) as [IncomingMessage]
  expect(await run.ended).toMatchObject({ kind: 'crashed', error: { code: 'RUN_RUNNER_DIED' } })
  await expect(answer.resume().toArray()).rejects.toThrow()
})

test('a request the service never answers is 504 at its deadline', async () => {
  await using agent = await openTestAgent({ runnerEntry })
  await agent.run('bad', '', { limits: { requestWallMs: 300 } })
  const answer = await ask(agent, 'bad', '/silent')
  expect(answer.status).toBe(504)
})
