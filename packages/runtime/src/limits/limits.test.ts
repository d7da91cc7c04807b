// Each limit of a project with a running service: it acts, and the run's log and figures name it.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'
import { LimitNotes } from './limit-notes.ts'

let agent: TestAgent
beforeAll(async () => {
  agent = await openTestAgent()
})
afterAll(() => agent[Symbol.asyncDispose]())

let started = 0

async function start(code: string, limits: object) {
  const slug = `limited${++started}`
  const spec = agent.spec(slug, code, { limits })
  const run = await agent.supervisor.boot(spec)
  await run.activate()
  const logText = () => {
    const folder = join(agent.folder, 'logs')
    const files = readdirSync(folder, { recursive: true }).map(String)
    const file = files.find((name) => name.includes(spec.runId))
    return file ? readFileSync(join(folder, file), 'utf8') : ''
  }
  return { run, spec, logText, base: agent.base(slug) }
}

type Started = Awaited<ReturnType<typeof start>>

async function named({ run, logText }: Started, limit: string) {
  await expect.poll(() => run.limitHits[limit] ?? 0, { timeout: 15_000 }).toBeGreaterThan(0)
  await expect.poll(logText, { timeout: 15_000 }).toContain(`Limit ${limit}: `)
  expect(agent.supervisor.figures(run.runId)?.limits[limit]).toBeGreaterThan(0)
}

const routes = (body: string) => `service.boot(() => { ${body} })`

describe('a limit acts and is named in log and figures:', () => {
  it('requestBodyBytes', async () => {
    const service = await start(routes(`router.post('/', (ctx) => ctx.body.length)`), {
      requestBodyBytes: 2_000,
    })
    const post = (size: number) => fetch(`${service.base}/`, { method: 'POST', body: 'x'.repeat(size) })
    expect((await post(1_000)).status).toBe(200)
    expect((await post(2_001)).status).toBe(413)
    await named(service, 'requestBodyBytes')
    expect(service.logText()).toContain('POST / was refused: its body is larger than 2000 bytes.')
  })

  it('responseBodyBytes, counted in bytes', async () => {
    const service = await start(
      routes(`router.get('/ascii', () => 'x'.repeat(3_000)); router.get('/bytes', () => 'ж'.repeat(1_500));
        router.get('/fits', () => 'x'.repeat(1_500))`),
      { responseBodyBytes: 2_000 },
    )
    const status = async (path: string) => (await fetch(`${service.base}${path}`)).status
    expect([await status('/ascii'), await status('/bytes'), await status('/fits')]).toEqual([500, 500, 200])
    await named(service, 'responseBodyBytes')
  })

  it('requestWallMs', async () => {
    const service = await start(routes(`router.get('/', () => new Promise(() => {}))`), {
      requestWallMs: 300,
    })
    expect((await fetch(`${service.base}/?token=hidden`)).status).toBe(504)
    await named(service, 'requestWallMs')
    expect(service.logText()).toContain('GET / had no answer after 300 ms.')
    expect(service.logText()).not.toContain('hidden')
  })

  it('cpuStretchMs', async () => {
    const service = await start(routes(`router.get('/', () => { for (;;); })`), { cpuStretchMs: 200 })
    expect((await fetch(`${service.base}/`)).status).toBe(504)
    await named(service, 'cpuStretchMs')
  })

  it('maxRoutes', async () => {
    const service = await start(
      routes(`router.get('/', () => 1); router.get('/a', () => 2);
        try { router.get('/b', () => 3) } catch (error) { logger.info(error.code) }`),
      { maxRoutes: 2 },
    )
    await named(service, 'maxRoutes')
    expect((await fetch(`${service.base}/b`)).status).toBe(404)
  })

  it('maxJobs', async () => {
    const service = await start(
      `service.start(async () => { await schedule.daily(() => {}); try { await schedule.hourly(() => {}) } catch (error) { logger.info(error.code) } })`,
      { maxJobs: 1 },
    )
    await named(service, 'maxJobs')
    expect(service.logText()).toContain('SCHEDULE_TOO_MANY_JOBS')
  })

  it('delayedQueue', async () => {
    const service = await start(
      `service.start(() => { try { for (let n = 0; n < 50; n++) delayed.run(() => new Promise(() => {})) } catch (error) { logger.info(error.code) } })`,
      { delayedQueue: 3 },
    )
    await named(service, 'delayedQueue')
  })

  it('storageQuotaBytes', async () => {
    const service = await start(
      routes(`router.post('/', async (ctx) => { await storage.write('a.txt', ctx.body); return 'kept' })`),
      { storageQuotaBytes: 2_000 },
    )
    mkdirSync(join(agent.folder, 'storage', service.spec.projectId), { recursive: true })
    const post = (size: number) => fetch(`${service.base}/`, { method: 'POST', body: 'x'.repeat(size) })
    expect((await post(1_000)).status).toBe(200)
    expect((await post(3_000)).status).toBe(500)
    await named(service, 'storageQuotaBytes')
  })

  it('memoryMb, which ends the run with that reason', async () => {
    const service = await start(
      routes(
        `router.get('/', () => { const all = []; for (;;) all.push(new Array(10_000).fill(all.length)) })`,
      ),
      { memoryMb: 16 },
    )
    await fetch(`${service.base}/`).catch(() => {})
    expect(await service.run.ended).toMatchObject({ kind: 'crashed', error: { code: 'RUN_MEMORY_LIMIT' } })
    expect(service.run.limitHits).toMatchObject({ memoryMb: 1 })
    await expect.poll(service.logText).toContain('16 MB of memory')
  })
})

describe('what a project may reach', () => {
  it('is closed, open by its own settings, and never a port of the agent', async () => {
    const server = createServer((_request, response) => response.end('inside'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const code = routes(
      `router.get('/', async (ctx) => { try { return (await http.get(ctx.query.url)).body } catch (error) { return error.message } })`,
    )
    const ask = async (outbound: object) => {
      const slug = `reach${++started}`
      const run = await agent.supervisor.boot({ ...agent.spec(slug, code), ...outbound })
      await run.activate()
      const url = encodeURIComponent(`http://127.0.0.1:${port}/`)
      return await (await fetch(`${agent.base(slug)}/?url=${url}`)).text()
    }
    expect(await ask({})).toMatch(/is a loopback address.*root may allow "loopback"/)
    expect(await ask({ outbound: { allow: ['loopback'], hosts: [] } })).toBe('inside')
    expect(await ask({ outbound: { allow: [], hosts: ['127.0.0.1'] } })).toBe('inside')
    server.close()
  })
})

describe('a flood of one limit', () => {
  it('makes a line and a count a second', () => {
    vi.useFakeTimers()
    const lines: string[] = []
    let count = 0
    const notes = new LimitNotes({
      report: (_limit, times) => (count += times),
      log: (text) => lines.push(text),
    })
    for (let n = 0; n < 1_000; n++) notes.note('requestBodyBytes', `request ${n}`)
    notes.note('maxJobs', 'a job')
    expect(lines).toEqual(['Limit requestBodyBytes: request 0', 'Limit maxJobs: a job'])
    vi.advanceTimersByTime(1_000)
    expect(lines.slice(2)).toEqual(['Limit requestBodyBytes: passed 999 more times within a second.'])
    expect(count).toBe(1_001)
    vi.useRealTimers()
  })
})
