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

  it('goes on after a restart of the agent', async () => {
    await second()
    await second({ requests: 7 })
    await expect.poll(samples).toBe(1)
    await using next = await test.restarted()
    const { series } = await (await next.root()).metrics.history({ projectId })
    expect(series.requests.at(-1)).toBe(7)
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
