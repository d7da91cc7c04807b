import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string
beforeEach(async () => {
  test = await openTestCore('project-settings')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Shop' })).id
})
afterEach(() => test[Symbol.asyncDispose]())

async function specOfNextStart() {
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
  const bump = { projectId, branch: 'develop', bump: 'minor', tag: 'stable' } as const
  const { version } = await root.pipeline.createRelease(bump)
  await root.runs.start({ projectId, source: { release: version } })
  return test.supervisor.runs.at(-1)!.spec
}

describe('limits of a project', () => {
  it('are shown with the default and the bounds of the agent', async () => {
    expect(await root.projects.limits({ projectId })).toMatchObject({
      defaults: { memoryMb: 128, storageQuotaBytes: 1_000_000 },
      bounds: { memoryMb: { min: 16, max: 4_096 } },
      isolation: 'process',
      outboundAllow: [],
    })
  })

  it('reach the next start, and the default holds again for what is left out', async () => {
    const limits = { memoryMb: 64, cpuStretchMs: 200, maxRoutes: 5, maxJobs: 6, storageQuotaBytes: 2 ** 21 }
    await root.projects.update({ projectId, settings: { limits } })
    expect((await specOfNextStart()).limits).toMatchObject({ ...limits, requestWallMs: 30_000 })
    await root.projects.update({ projectId, settings: { limits: {} } })
    expect((await specOfNextStart()).limits).toMatchObject({ memoryMb: 128, storageQuotaBytes: 1_000_000 })
  })

  it('beyond the bounds are refused by the name of the field', async () => {
    const update = root.projects.update({ projectId, settings: { limits: { memoryMb: 100_000 } } })
    await expect(update).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('say when something changed that holds from the next start on', async () => {
    const update = (settings: object) => root.projects.update({ projectId, settings })
    expect((await update({ rollback: true })).settingsChangedAt).toBeNull()
    expect((await update({ api: { corsOrigins: ['*'], ratePerMinute: 60 } })).settingsChangedAt).toBeNull()
    const changed = await update({ limits: { memoryMb: 64 } })
    expect(changed.settingsChangedAt).toBe(new Date(test.clock.now()).toISOString())
    test.clock.advance(1_000)
    expect((await update({ limits: { memoryMb: 64 } })).settingsChangedAt).toBe(changed.settingsChangedAt)
  })

  it('of the storage hold at once', async () => {
    const write = (size: number) =>
      root.storage.writeText({ projectId, path: `${size}.txt`, content: 'x'.repeat(size) })
    await root.projects.update({ projectId, settings: { limits: { storageQuotaBytes: 2 ** 20 } } })
    expect((await root.storage.list({ projectId, path: '' })).quotaBytes).toBe(2 ** 20)
    await expect(write(2 ** 20 + 1)).rejects.toMatchObject({ cause: { code: 'STORAGE_QUOTA' } })
    await root.projects.update({ projectId, settings: { limits: { storageQuotaBytes: 2 ** 21 } } })
    await expect(write(2 ** 20 + 1)).resolves.toBeDefined()
  })
})

describe('limits that were passed', () => {
  it('stand in the history of the run that passed them', async () => {
    test.supervisor.plan({ limitHits: { requestBodyBytes: 3 } })
    await specOfNextStart()
    await root.runs.stop({ projectId })
    const [entry] = await root.runs.history({ projectId })
    expect(entry).toMatchObject({ endCause: 'stop', limits: { requestBodyBytes: 3 } })
  })
})

describe('what a service may reach', () => {
  it('is what the agent allows all and root allowed the project', async () => {
    await root.agent.updateSettings({ outbound: { allow: ['cgnat'] } })
    const outbound = { allow: ['10.1.0.0/16', 'cgnat'], hosts: ['db.internal'] }
    await root.projects.update({ projectId, settings: { outbound } })
    expect((await specOfNextStart()).outbound).toEqual({
      allow: ['cgnat', '10.1.0.0/16'],
      hosts: ['db.internal'],
    })
  })

  it('is not widened by an owner who is not root, who may change the rest', async () => {
    const { caller } = await test.operator('ann', { projects: [{ projectId, role: 'owner' }] })
    const update = (settings: object) => caller.projects.update({ projectId, settings })
    await expect(update({ outbound: { allow: ['loopback'], hosts: [] } })).rejects.toMatchObject({
      cause: { code: 'PROJECT_OUTBOUND_ROOT' },
    })
    await expect(update({ limits: { memoryMb: 64 } })).resolves.toBeDefined()
  })

  it.each(['link-local', 'metadata', '10.0.0.0/99', 'db.internal'])('cannot be %s', async (allow) => {
    const outbound = { allow: [allow], hosts: [] }
    await expect(root.projects.update({ projectId, settings: { outbound } })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })
})
