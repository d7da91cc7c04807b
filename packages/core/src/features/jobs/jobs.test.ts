import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestMeter } from '../../testing/test-meter.ts'
import { createTestMeter } from '../../testing/test-meter.ts'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'
import type { JobNote } from '../runs/supervisor.port.ts'

let test: TestCore
let meter: TestMeter
let root: Caller
let projectId: string
let answers: Record<string, unknown>

beforeEach(async () => {
  meter = createTestMeter()
  answers = {}
  const runControl = { control: async (_runId: string, name: string) => answers[name] ?? null }
  test = await openTestCore('jobs', { meter, runControl })
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
  await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
  await root.runs.start({ projectId, source: { release: '1.0' } })
})
afterEach(() => test[Symbol.asyncDispose]())

const T0 = Date.UTC(2026, 0, 31, 3)
const note = (more: Partial<JobNote> & Pick<JobNote, 'n'>): JobNote => ({
  key: 'nightly',
  trigger: 'due',
  plannedMs: T0,
  startedMs: T0 + more.n,
  ...more,
})
const tell = (...notes: JobNote[]) => test.supervisor.latest.report({ notes, attended: {} })
const history = (query: object = {}) => root.jobs.history({ projectId, ...query })
const written = (count: number) =>
  expect.poll(async () => (await history({ limit: 200 })).length, { timeout: 20_000 }).toBe(count)

describe('the list', () => {
  const nightly = {
    id: 'job_1',
    key: 'nightly',
    name: 'nightly',
    type: 'cron',
    status: 'active',
    expression: '0 3 * * *',
    missed: 'once' as const,
    executionCount: 3,
    running: 0,
    nextRunMs: Date.UTC(2026, 1, 1),
  }

  it('is of the live run, and knows when a job ran in an earlier one', async () => {
    meter.jobList = [nightly]
    tell(note({ n: 1, endedMs: T0 + 500 }))
    await written(1)
    await root.runs.restart({ projectId })
    expect(await root.metrics.jobs({ projectId })).toEqual([
      {
        id: 'job_1',
        key: 'nightly',
        name: 'nightly',
        type: 'cron',
        status: 'active',
        expression: '0 3 * * *',
        timezone: null,
        intervalMs: null,
        missed: 'once',
        runs: 3,
        running: 0,
        lastRunAt: '2026-01-31T03:00:00.001Z',
        nextRunAt: '2026-02-01T00:00:00.000Z',
        last: expect.objectContaining({ result: 'done' }),
      },
    ])
    await root.runs.stop({ projectId })
    expect(await root.metrics.jobs({ projectId })).toEqual([])
  })

  it('jobs are run, paused and resumed by hand; it is written down, and a pause holds in the next run', async () => {
    meter.jobList = [nightly]
    const job = { projectId, jobId: 'job_1' }
    await root.jobs.runNow(job)
    await root.jobs.pause(job)
    expect(meter.controlled).toEqual(['run job_1', 'pause job_1'])
    expect((await root.projects.audit({ projectId, limit: 1 }))[0]).toMatchObject({
      action: 'jobs.pause',
      target: 'nightly',
    })
    await root.runs.restart({ projectId })
    expect(test.supervisor.latest.spec.jobs).toEqual({ nightly: { paused: true } })
    await root.jobs.resume(job)
    await root.runs.restart({ projectId })
    expect(test.supervisor.latest.spec.jobs).toEqual({ nightly: {} })
    await expect(root.jobs.pause({ projectId, jobId: 'job_9' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('the history', () => {
  it('is one entry for beginning and end, newest first, by pages and by job', async () => {
    tell(note({ n: 1 }), note({ n: 2, key: 'cron * * * * *' }))
    const error = { code: 'SERVICE_ERROR', message: 'no', position: { file: 'main.js', line: 2, column: 5 } }
    tell(note({ n: 1, endedMs: T0 + 900, error }), note({ n: 3, trigger: 'missed', endedMs: T0 + 10 }))
    await written(3)
    expect(await history({ key: 'nightly' })).toMatchObject([
      { trigger: 'missed', result: 'done' },
      {
        key: 'nightly',
        trigger: 'due',
        plannedAt: new Date(T0).toISOString(),
        startedAt: new Date(T0 + 1).toISOString(),
        endedAt: new Date(T0 + 900).toISOString(),
        result: 'failed',
        error,
        branch: 'develop',
        source: { release: '1.0' },
      },
    ])
    const [first] = await history({ limit: 1 })
    expect(await history({ limit: 5, before: first!.id })).toMatchObject([
      { key: 'cron * * * * *', result: 'running', endedAt: null },
      { key: 'nightly' },
    ])
  })

  it('tells a time-out from a failure, and what was cut off with its run from what runs', async () => {
    const late = { code: 'SERVICE_HANDLER_TIMEOUT', message: 'too long' }
    tell(note({ n: 1, endedMs: T0, error: late }), note({ n: 2 }))
    await written(2)
    test.supervisor.latest.crash()
    const results = async () => (await history()).map(({ result }) => result)
    await expect.poll(results).toEqual(['interrupted', 'timed-out'])
  })

  it('tells what was left out and why; the list goes on telling when the job ran', async () => {
    meter.jobList = [
      { id: 'job_1', key: 'nightly', type: 'cron', status: 'active', executionCount: 1, running: 1 },
    ]
    tell(note({ n: 1 }), note({ n: 2, skipped: 'overlap', times: 3, endedMs: T0 + 9 }))
    tell(note({ n: 3, trigger: 'missed', skipped: 'missed', endedMs: T0 + 3 }))
    await written(3)
    expect(await history()).toMatchObject([
      { result: 'skipped', skipped: 'missed', times: 1 },
      { result: 'skipped', skipped: 'overlap', times: 3, plannedAt: new Date(T0).toISOString() },
      { result: 'running', times: 1 },
    ])
    expect(await root.metrics.jobs({ projectId })).toMatchObject([{ last: { result: 'running' } }])
  })

  it('after a kill of the agent nothing runs that does not', async () => {
    tell(note({ n: 1 }))
    await written(1)
    await using next = await test.restarted({ killed: true })
    expect((await (await next.root()).jobs.history({ projectId }))[0]!.result).toBe('interrupted')
  })

  it('keeps a hundred of each job', async () => {
    for (let batch = 0; batch < 4; batch++)
      tell(...Array.from({ length: 50 }, (_, i) => note({ n: batch * 50 + i + 1, endedMs: T0 + 1_000 })))
    await expect
      .poll(async () => (await history({ limit: 200 })).map(({ id }) => id.slice(-9)), { timeout: 20_000 })
      .toEqual(Array.from({ length: 100 }, (_, i) => String(200 - i).padStart(9, '0')))
  })

  it('goes with its project, marks too', async () => {
    test.supervisor.latest.report({ notes: [note({ n: 1 })], attended: { nightly: T0 } })
    await written(1)
    await root.projects.remove({ projectId, confirmName: 'Ops' })
    for (const name of ['job_times', 'job_marks'])
      expect(await test.store.control.collection(name).countDocuments({ projectId })).toBe(0)
  })
})

it('the next run is told until when each job was looked after', async () => {
  test.supervisor.latest.report({ notes: [], attended: { nightly: T0 } })
  test.supervisor.latest.report({ notes: [], attended: { nightly: T0 + 5, hourly: T0 } })
  await root.runs.restart({ projectId })
  expect(test.supervisor.latest.spec.jobs).toEqual({
    nightly: { attendedMs: T0 + 5 },
    hourly: { attendedMs: T0 },
  })
})

it('delayed tasks are listed as the run tells them, and what it tells is checked', async () => {
  const task = { id: 'task_1', key: null, state: 'waiting', attempt: 0, retriesLeft: 1 } as const
  const tasks = [{ ...task, addedMs: T0, beganMs: null, dueMs: T0 }]
  answers['delayed.list'] = { waiting: 1, running: 0, tasks }
  expect(await root.jobs.delayed({ projectId })).toEqual({ waiting: 1, running: 0, tasks })
  answers['delayed.list'] = { waiting: 1, running: 0, tasks: [{ id: 7 }] }
  expect(await root.jobs.delayed({ projectId })).toEqual({ waiting: 0, running: 0, tasks: [] })
  const cancel = () => root.jobs.cancelDelayed({ projectId, taskId: 'task_1' })
  await expect(cancel()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  answers['delayed.cancel'] = true
  await cancel()
  expect((await root.projects.audit({ projectId, limit: 1 }))[0]).toMatchObject({
    action: 'jobs.cancelDelayed',
  })
})
