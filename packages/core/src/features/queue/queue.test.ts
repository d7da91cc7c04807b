import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeEach(async () => {
  test = await openTestCore('queue')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  for (const to of ['a', 'b', 'c']) await test.data.queue.push(projectId, 'mail', { to })
  await test.data.queue.push(projectId, 'sync', {})
  for (let n = 0; n < 2; n++) {
    const job = await test.data.queue.take(projectId, ['mail'], 60_000)
    await test.data.queue.fail(job!, new Error('no such address'), { retries: 0, backoffMs: 0 })
  }
})
afterEach(() => test[Symbol.asyncDispose]())

const dead = async () => (await root.queue.list({ projectId, state: 'dead' })).items

it('shows jobs by state and by queue, a job with its payload', async () => {
  expect(await root.queue.counts({ projectId })).toEqual({ waiting: 2, delayed: 0, active: 0, dead: 2 })
  expect(await root.queue.summaries({ projectId })).toEqual([
    { name: 'mail', waiting: 1, delayed: 0, active: 0, dead: 2 },
    { name: 'sync', waiting: 1, delayed: 0, active: 0, dead: 0 },
  ])
  const [job] = await dead()
  expect(job).toMatchObject({ name: 'mail', error: 'no such address', attempts: 1 })
  expect(await root.queue.get({ projectId, jobId: job!.id })).toMatchObject({
    payload: { to: expect.any(String) },
  })
})

it('begins dead jobs anew, one or all, and writes it down', async () => {
  const [job] = await dead()
  await root.queue.retry({ projectId, jobId: job!.id })
  expect(await root.queue.counts({ projectId })).toMatchObject({ waiting: 3, dead: 1 })
  expect(await root.queue.retryAll({ projectId, name: 'sync' })).toEqual({ retried: 0 })
  expect(await root.queue.retryAll({ projectId, name: 'mail' })).toEqual({ retried: 1 })
  expect((await root.projects.audit({ projectId, limit: 1 }))[0]).toMatchObject({
    action: 'queue.retryAll',
    target: 'mail',
    after: { state: 'dead', retried: 1 },
  })
})

it('removes one, or all of a state, never those of another project', async () => {
  const other = await root.projects.create({ name: 'Other' })
  const [job] = await dead()
  const foreign = root.queue.remove({ projectId: other.id, jobId: job!.id })
  await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await root.queue.remove({ projectId, jobId: job!.id })
  expect(await root.queue.clear({ projectId: other.id })).toEqual({ removed: 0 })
  expect(await root.queue.clear({ projectId })).toEqual({ removed: 1 })
  expect(await root.queue.clear({ projectId, state: 'waiting', name: 'mail' })).toEqual({ removed: 1 })
  expect(await root.queue.counts({ projectId })).toEqual({ waiting: 1, delayed: 0, active: 0, dead: 0 })
})
