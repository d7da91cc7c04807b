import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller

beforeEach(async () => {
  test = await openTestCore('start_desired')
  root = await test.root()
})
afterEach(() => test[Symbol.asyncDispose]())

/** A project whose release runs, and goes on with the agent. */
async function running(name: string): Promise<{ id: string; slug: string }> {
  const { id, slug } = await root.projects.create({ name })
  const files = [{ path: 'main.js', code: '//' }]
  await root.pipeline.saveFiles({ projectId: id, branch: 'develop', files })
  await root.pipeline.createRelease({ projectId: id, branch: 'develop', bump: 'minor', tag: 'stable' })
  await root.runs.start({ projectId: id, source: { release: '1.0' } })
  return { id, slug }
}

it('requests are held from the beginning for what is to start, and for none when all have been tried', async () => {
  const { id: projectId, slug: first } = await running('Ops')
  const slugs = [first, (await running('Broken')).slug, (await running('Other')).slug]
  const resting = await root.projects.create({ name: 'Resting' })
  await root.projects.update({ projectId: resting.id, settings: { autoStart: false } })
  // What cannot be read ahead is told by the start itself.
  await test.store.control
    .collection('releases')
    .updateMany({ projectId: { $ne: projectId } }, { $set: { files: [] } })
  await using next = await test.restarted()
  const stateOf = async (slug: string) => {
    const caller = await next.root()
    const { id } = await caller.projects.get({ slug })
    return (await caller.runs.state({ projectId: id })).observed
  }
  await expect
    .poll(async () => (await Promise.all(slugs.map(stateOf))).map(({ state }) => state), { timeout: 20_000 })
    .toEqual(['running', 'crashed', 'crashed'])
  expect(await stateOf('other')).toMatchObject({ reason: { code: 'PIPELINE_NO_ENTRY' } })
  expect(next.supervisor.journal.slice(0, 3).sort()).toEqual(slugs.map((slug) => `expect:${slug}`).sort())
  await expect.poll(() => [...next.supervisor.expected]).toEqual([])
})

it('starts all, each written down as its own', async () => {
  for (let n = 1; n <= 12; n++) await running(`Many ${n}`)
  await using next = await test.restarted()
  await expect
    .poll(() => next.supervisor.journal.filter((entry) => entry.startsWith('activate')).length)
    .toBe(12)
  const caller = await next.root()
  const projects = await caller.projects.list()
  expect(projects).toHaveLength(12)
  for (const { id } of projects)
    expect((await caller.runs.history({ projectId: id }))[0]).toMatchObject({ cause: 'autostart' })
})
