import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestMeter } from '../../testing/test-meter.ts'
import { createTestMeter } from '../../testing/test-meter.ts'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let meter: TestMeter
let root: Caller
let projectId: string
let runId: string

beforeEach(async () => {
  meter = createTestMeter()
  test = await openTestCore('metrics', { meter })
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
  await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
  runId = (await root.runs.start({ projectId, source: { release: '1.0' } })).runId
})
afterEach(() => test[Symbol.asyncDispose]())

const live = () => test.core.services.metrics.live(projectId)
const samples = async () => (await live()).samples.length

/** A second passes, and has been looked at. */
async function second(grown: Parameters<TestMeter['grow']>[1] = {}): Promise<void> {
  const looks = meter.looks
  meter.grow(runId, grown)
  test.clock.advance(1_000)
  await expect.poll(() => meter.looks, { interval: 2 }).toBeGreaterThan(looks)
}

describe('live figures', () => {
  it('are rates of what the run counts, and a share of its limit', async () => {
    await second()
    await second({ cpuMs: 250, requests: 40, errors: 4 })
    await expect.poll(samples).toBe(1)
    expect(await root.metrics.live({ projectId })).toMatchObject({
      now: { cpuPercent: 25, requestsPerSecond: 40, errorsPerSecond: 4, heapBytes: 1_000, inFlight: 2 },
      memoryLimitBytes: 128 * 1_048_576,
    })
    expect((await root.metrics.agent()).memoryLimitBytes).toBe(8_000)
  })

  it('wait for the first word of the runner: a run that was not measured yet does not use 0 bytes', async () => {
    meter.heapBytes = 0
    await second({ requests: 3 })
    await second()
    expect((await live()).now).toBeNull()
    meter.heapBytes = 1_000
    await second()
    await second()
    await expect.poll(samples).toBe(1)
    const { series } = test.core.services.metrics.history(projectId)
    expect([series.heapBytes.at(-1), series.requests.at(-1)]).toEqual([1_000, 3])
  })

  it('begin anew with another run and end with the last one', async () => {
    await second({ cpuMs: 5_000 })
    await second()
    await root.runs.restart({ projectId })
    runId = (await root.runs.state({ projectId })).observed.runId!
    await second({ cpuMs: 1 })
    await second({ cpuMs: 10 })
    await expect.poll(async () => (await live()).now?.cpuPercent).toBe(1)
    await root.runs.stop({ projectId })
    await second()
    await expect.poll(samples).toBe(0)
    expect((await live()).now).toBeNull()
  })
})

describe('the history', () => {
  it('has what a run did before it was first looked at', async () => {
    await second({ requests: 9 })
    const requests = () => test.core.services.metrics.history(projectId).series.requests.at(-1)
    await expect.poll(requests).toBe(9)
  })

  it('has the latencies of each second, of a meter that counts on in the same array', async () => {
    await second()
    const { latencyClasses } = meter
    latencyClasses[0] = 1
    await second()
    latencyClasses[10] = 100
    await second()
    await expect.poll(samples).toBe(2)
    const { series } = test.core.services.metrics.history(projectId)
    expect([series.p50Ms.at(-1), series.p99Ms.at(-1)]).toEqual([0.93, 0.93])
  })

  it('has answers by class of status, and bytes', async () => {
    await second()
    meter.statusClasses = [5, 4, 3, 2]
    meter.bytes = { in: 10, out: 20 }
    await second()
    await expect.poll(samples).toBe(1)
    const { series } = test.core.services.metrics.history(projectId)
    const names = ['status2xx', 'status3xx', 'status4xx', 'status5xx', 'bytesIn', 'bytesOut'] as const
    expect(names.map((name) => series[name].at(-1))).toEqual([5, 4, 3, 2, 10, 20])
    expect((await live()).now).toMatchObject({ bytesInPerSecond: 10, bytesOutPerSecond: 20 })
  })

  it('has lengths and sizes, counted in the background', async () => {
    await root.models.create({
      projectId,
      name: 'Users',
      slug: 'users',
      fields: [{ key: 'name', type: 'string' }],
    })
    await root.records.create({ projectId, model: 'users', data: { name: 'Ann' } })
    await root.storage.writeText({ projectId, path: 'a.txt', content: 'hello' })
    await test.data.queue.push(projectId, 'mail', 1)
    expect((await live()).gauges).toMatchObject({ queueWaiting: null, storageBytes: null })
    test.clock.advance(5_000)
    await expect.poll(async () => (await live()).gauges.queueWaiting).toBe(1)
    const { gauges } = await live()
    expect(gauges).toMatchObject({ queueDead: 0, delayedTasks: 0, storageBytes: 5 })
    expect(gauges.databaseBytes).toBeGreaterThan(20)
    const { series } = test.core.services.metrics.history(projectId)
    expect(series.databaseBytes.at(-1)).toBe(gauges.databaseBytes)
    expect((await root.metrics.agent()).gauges).toEqual(gauges)
  })

  it('goes on after a restart of the agent', async () => {
    await second()
    await second({ requests: 7 })
    await expect.poll(samples).toBe(1)
    await using next = await test.restarted()
    const { series } = await (await next.root()).metrics.history({ projectId })
    expect(series.requests.at(-1)).toBe(7)
  })

  it('loses some seconds of the step that is being filled when the agent is killed, not all of it', async () => {
    await second()
    meter.latencyClasses[10] = 100
    await second({ requests: 7 })
    await expect.poll(samples).toBe(1)
    test.clock.advance(15_000)
    const stored = test.store.control.collection<{ _id: string }>('metrics_open')
    await expect.poll(() => stored.findOne({ _id: 'open' })).not.toBeNull()
    await using next = await test.restarted({ killed: true })
    const { series } = await (await next.root()).metrics.history({ projectId })
    expect([series.requests.at(-1), series.p50Ms.at(-1)]).toEqual([7, 0.93])
    // A project that is removed leaves nothing there either.
    await (await next.root()).projects.remove({ projectId, confirmName: 'Ops' })
    expect(await stored.findOne({ _id: 'open' })).not.toHaveProperty(`steps.${projectId}`)
  })

  it('counts restarts after crashes', async () => {
    test.supervisor.latest.crash()
    const states = test.core.services.runs.watch(projectId, new AbortController().signal)
    for await (const { observed } of states) if (observed.conditions.includes('backing-off')) break
    test.clock.advance(500)
    const restarts = () => test.core.services.metrics.history(projectId).series.restarts.at(-1)
    await expect.poll(restarts).toBe(1)
  })

  it('goes with its project', async () => {
    await second()
    await second()
    await expect.poll(samples).toBe(1)
    await root.projects.remove({ projectId, confirmName: 'Ops' })
    await test.core[Symbol.asyncDispose]()
    expect(
      await test.store.control.collection<{ _id: string }>('metrics').findOne({ _id: projectId }),
    ).toBeNull()
  })
})

it('routes are those of the live run', async () => {
  meter.routes = [
    { method: 'GET', pattern: '/a', hits: 1, errors: 0, p50Ms: 1, p95Ms: 2 },
    { method: 'GET', pattern: '/b', hits: 5, errors: 1, p50Ms: 1, p95Ms: 2 },
  ]
  expect((await root.metrics.routes({ projectId })).map(({ pattern }) => pattern)).toEqual(['/b', '/a'])
  await root.runs.stop({ projectId })
  expect(await root.metrics.routes({ projectId })).toEqual([])
})
