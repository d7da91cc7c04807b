import { ManualClock, newId, silentLogger } from '@m3m/base'
import { openTestDatabase } from '@m3m/datastore/testing'
import { expect, it } from 'vitest'
import { createDataEngine } from './index.ts'

const DAY = 86_400_000

it('upkeep removes events, trash and dead jobs when their time is over, revisions and the newest event never', async () => {
  await using store = await openTestDatabase('upkeep')
  const clock = new ManualClock()
  await using engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  await engine.ensureIndexes()
  const project = engine.project(newId(), { kind: 'service', source: 'release:1.0' })
  const fields = [{ key: 'n', type: 'number' as const }]
  await project.models.create({ name: 'Plain', slug: 'plain', fields, trash: { days: 10 } })
  await project.models.create({ name: 'Kept', slug: 'kept', fields, revisions: true })
  const [one, two] = await project.records.insertMany('plain', [{ n: 1 }, { n: 2 }])
  const kept = await project.records.create('kept', { n: 1 })
  await project.records.remove('plain', one!.id)
  await engine.queue.push(project.projectId, 'mail', 1)
  const job = (await engine.queue.take(project.projectId, ['mail'], 1000))!
  await engine.queue.fail(job, 'no', { retries: 0, backoffMs: 1 })

  const events = store.data.collection('recordEvents')
  clock.advance(8 * DAY)
  await engine.upkeep()
  expect(await events.countDocuments()).toBe(2)
  expect(await project.records.revisions('kept', kept.id)).toHaveLength(1)
  expect((await project.records.list('plain', { trashed: true })).total).toBe(1)
  // Numbers go on from the newest, which stayed.
  await project.records.update('plain', two!.id, { n: 3 })
  expect(await events.findOne({ recordId: two!.id })).toMatchObject({ seq: 5 })

  clock.advance(3 * DAY)
  await engine.upkeep()
  expect((await project.records.list('plain', { trashed: true })).total).toBe(0)
  expect(await engine.queue.counts(project.projectId)).toMatchObject({ dead: 1 })
  clock.advance(20 * DAY)
  await engine.upkeep()
  expect(await engine.queue.counts(project.projectId)).toMatchObject({ dead: 0 })
})

it('upkeep takes the files along that only the trash named', async () => {
  await using store = await openTestDatabase('upkeep_files')
  const clock = new ManualClock()
  const stored = new Set(['records/a', 'records/b'])
  const files = {
    stat: (_: string, path: string) =>
      Promise.resolve(stored.has(path) ? { sizeBytes: 1, mimeType: 'text/plain' } : null),
    remove: (_: string, path: string) => Promise.resolve(void stored.delete(path)),
  }
  await using engine = createDataEngine({ db: store.data, clock, logger: silentLogger, files })
  await engine.ensureIndexes()
  const project = engine.project(newId(), { kind: 'service', source: 'release:1.0' })
  const fields = [{ key: 'file', type: 'file' as const }]
  await project.models.create({ name: 'Docs', slug: 'docs', fields, trash: { days: 10 } })
  const one = await project.records.create('docs', { file: 'records/a' })
  const two = await project.records.create('docs', { file: 'records/b' })
  await project.records.create('docs', { file: 'records/b' })
  for (const { id } of [one, two]) await project.records.remove('docs', id)
  clock.advance(11 * DAY)
  await engine.upkeep()
  expect((await project.records.list('docs', { trashed: true })).total).toBe(0)
  expect([...stored]).toEqual(['records/b'])
})
