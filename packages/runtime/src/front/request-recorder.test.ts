import { ManualClock } from '@m3m/base'
import { expect, test } from 'vitest'
import { openTestAgent } from '../testing/open-agent.ts'
import { createRequestRecorder } from './request-recorder.ts'
import type { RecordedRequest, RequestRecorder } from './request-recorder.ts'

const service = `
  router.post('/orders/:id', (ctx) => router.response(201, { id: ctx.params.id, got: ctx.body.length }, { 'x-shop': 'yes' }))
  router.get('/fail', () => { throw new Error('no') })
  router.get('/long', () => 'ä'.repeat(20_000))
  router.get('/stream', () => router.stream((async function* () { yield 'one'; yield 'two' })()))
  router.get('/file', () => router.file('a.txt'))
`

async function open({ requestsKept = 50 } = {}) {
  const agent = await openTestAgent()
  const { runId } = await agent.run('shop', service, { limits: { requestsKept } })
  const { projectId } = agent.spec('shop', '')
  const ask = async (path: string, init?: RequestInit) =>
    await (await fetch(agent.base('shop') + path, init)).text()
  /** The newest, as soon as there are so many: a record is made when the answer has left. */
  const newest = async (count = 1): Promise<RecordedRequest> => {
    await expect.poll(() => agent.recorder.list(projectId).length).toBe(count)
    return agent.recorder.list(projectId)[0]!
  }
  return Object.assign(agent, { projectId, runId, ask, newest })
}

const headersOf = (raw: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: raw.length / 2 }, (_, i) => [raw[2 * i]!.toLowerCase(), raw[2 * i + 1]!]),
  )

test('a request is kept with its head, its body and its answer', async () => {
  await using agent = await open()
  await agent.ask('/orders/7?a=1', { method: 'POST', body: 'tea please', headers: { 'x-signature': 'abc' } })
  const kept = await agent.newest()
  expect(kept).toMatchObject({
    method: 'POST',
    url: '/orders/7?a=1',
    route: '/orders/:id',
    status: 201,
    runId: agent.runId,
    ip: '127.0.0.1',
  })
  expect(headersOf(kept.requestHeaders)).toMatchObject({ 'x-signature': 'abc', 'content-length': '10' })
  expect(headersOf(kept.responseHeaders)).toMatchObject({ 'x-shop': 'yes' })
  expect(kept.requestBody.bytes.toString()).toBe('tea please')
  expect(JSON.parse(kept.responseBody.bytes.toString())).toEqual({ id: '7', got: 10 })
  expect(agent.recorder.get(agent.projectId, kept.id)).toBe(kept)
  expect(agent.recorder.get('0'.repeat(24), kept.id)).toBeNull()
})

test('of a long body the beginning is kept and its whole length; of a stream all that fits', async () => {
  await using agent = await open()
  await agent.ask('/long')
  const long = await agent.newest(1)
  expect(long.responseBody.totalBytes).toBe(40_000)
  expect(long.responseBody.bytes.length).toBe(16 * 1024)
  await agent.ask('/stream')
  expect((await agent.newest(2)).responseBody.bytes.toString()).toBe('onetwo')
  await agent.ask('/orders/1', { method: 'POST', body: 'x'.repeat(300_000) })
  expect((await agent.newest(3)).requestBody).toMatchObject({ totalBytes: 300_000 })
})

test('failures and addresses without a route are kept, too', async () => {
  await using agent = await open()
  await agent.ask('/fail')
  expect(await agent.newest(1)).toMatchObject({ status: 500, route: '/fail' })
  await agent.ask('/nowhere')
  expect(await agent.newest(2)).toMatchObject({ status: 404, route: null, url: '/nowhere' })
})

test('the newest of them are kept', async () => {
  await using agent = await open({ requestsKept: 3 })
  for (let i = 0; i < 5; i++) await agent.ask(`/nowhere/${i}`)
  await expect.poll(() => agent.recorder.list(agent.projectId)[0]?.url).toBe('/nowhere/4')
  expect(agent.recorder.list(agent.projectId).map(({ url }) => url)).toEqual([
    ...['/nowhere/4', '/nowhere/3', '/nowhere/2'],
  ])
  agent.recorder.forget(agent.projectId)
  expect(agent.recorder.list(agent.projectId)).toEqual([])
})

test('a project that keeps none has none', async () => {
  await using agent = await open({ requestsKept: 0 })
  const heard: string[] = []
  agent.recorder.listen((_projectId, { url }) => heard.push(url))
  await agent.ask('/fail')
  expect([agent.recorder.list(agent.projectId), heard]).toEqual([[], []])
})

/** Begins and ends a request of a project that keeps 500; null when it was not admitted. */
function recordOne(recorder: RequestRecorder, { url = '/', bodyBytes = 0 } = {}): string | null {
  const spec = { projectId: 'p', source: { branch: 'develop' }, limits: { requestsKept: 500 } }
  const run = { runId: 'r', spec, counters: { patternOf: () => null } } as unknown as Parameters<
    RequestRecorder['begin']
  >[0]
  const recording = recorder.begin(run, { method: 'GET', url, ip: '127.0.0.1', headers: [] })
  recording?.received(Buffer.alloc(bodyBytes))
  recording?.end({ route: -1, status: 200, ms: 1 })
  return recording && url
}

test('no more than so many a second are copied; the next second begins anew', () => {
  const clock = new ManualClock()
  const recorder = createRequestRecorder({ clock })
  const admitted = Array.from({ length: 30 }, () => recordOne(recorder)).filter(Boolean)
  expect(admitted).toHaveLength(20)
  clock.advance(1000)
  expect(recordOne(recorder)).toBe('/')
})

test('what a project keeps is bounded by its bytes, heads included; the oldest go', () => {
  const clock = new ManualClock()
  const recorder = createRequestRecorder({ clock })
  const fill = (shape: { url?: string; bodyBytes?: number }) => {
    for (let i = 0; i < 60; i++) {
      recordOne(recorder, shape)
      clock.advance(1000)
    }
    return recorder.list('p').length
  }
  // 512 KiB hold 32 bodies of 16 KiB, less their heads.
  expect(fill({ bodyBytes: 100_000 })).toBe(31)
  expect(fill({ url: `/${'x'.repeat(16 * 1024)}` })).toBe(31)
})
