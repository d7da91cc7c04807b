import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine, type Actor, type DataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
const OPERATOR: Actor = { kind: 'operator', id: newId(), name: 'Ada' }
const SERVICE: Actor = { kind: 'service', source: 'release:1.0' }

beforeAll(async () => {
  store = await openTestDatabase('runtime-hook')
  engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const noEvents = { consume: () => Promise.resolve(), follow: () => Promise.resolve() }
describeRoom('hook', { prepare: () => Promise.resolve({ recordEvents: noEvents }) })

async function newProject() {
  const projectId = newId()
  const as = (actor: Actor) => engine.project(projectId, actor).records
  await engine
    .project(projectId, OPERATOR)
    .models.create({ name: 'Orders', slug: 'orders', fields: [{ key: 'title', type: 'string' }] })
  const open = (code: string) => openTestService({ recordEvents: engine.events, projectId, code })
  return { as, open }
}

describe('hooks', () => {
  it('are called for people and programs only, with the record, once, whatever they throw', async () => {
    const { as, open } = await newProject()
    await using service = await open(`
      $hook.onModelInsert('orders', (doc) => { logger.info('insert ' + doc.title + ' ' + (doc._id === doc.id)); throw new Error('in the hook') }); hook.onModelUpdate('orders', (doc) => logger.info('update ' + doc.title)); hook.onModelDelete('orders', (doc) => logger.info('delete ' + doc.title))`)
    await as(SERVICE).create('orders', { title: 'by a service' })
    const { id } = await as(OPERATOR).create('orders', { title: 'tea' })
    await as({ kind: 'apiKey', id: newId() }).update('orders', id, { title: 'milk' })
    await as(OPERATOR).remove('orders', id)
    await service.logged(/delete milk/)
    const texts = service.logs.map(({ text }) => text.split('\n')[0])
    expect(texts).toEqual([
      'insert tea true',
      expect.stringContaining('in the hook'),
      'update milk',
      'delete milk',
    ])
  })
})
