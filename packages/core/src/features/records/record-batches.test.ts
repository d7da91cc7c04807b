import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'
import type { RecordChange } from './records.schema.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeAll(async () => {
  test = await openTestCore('batches')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Ops' })).id
  const fields = [{ key: 'n', type: 'number' as const, min: 0 }]
  await root.models.create({ projectId, name: 'Things', slug: 'things', fields, trash: { days: 7 } })
})
afterAll(() => test[Symbol.asyncDispose]())

const things = () => ({ projectId, model: 'things' })
const make = async (...ns: number[]) =>
  Promise.all(ns.map(async (n) => (await root.records.create({ ...things(), data: { n } })).id))

describe('the same change of many records', () => {
  it('is made, and one that is gone does not keep the others', async () => {
    const ids = await make(1, 2, 3)
    await root.records.remove({ ...things(), id: ids[1]! })
    const report = await root.records.updateMany({ ...things(), ids, data: { n: 9 } })
    expect(report).toMatchObject({
      done: 2,
      refused: 1,
      problems: [{ id: ids[1], code: 'RECORD_NOT_FOUND' }],
    })
    expect((await root.records.list({ ...things(), filter: 'n = 9' })).total).toBe(2)
  })

  it('is refused with the reason when the value does not fit', async () => {
    const ids = await make(1, 2)
    const report = await root.records.updateMany({ ...things(), ids, data: { n: -1 } })
    expect(report).toMatchObject({ done: 0, refused: 2 })
    expect(report.problems[0]).toMatchObject({ code: 'RECORD_INVALID' })
  })

  it('takes a value away again, as the undo of a change does where there was none', async () => {
    const ids = await make(7)
    expect(await root.records.updateMany({ ...things(), ids, data: { $unset: { n: true } } })).toMatchObject({
      done: 1,
      refused: 0,
    })
    const { items } = await root.records.list({ ...things(), filter: { id: { $in: ids } } })
    expect(items).toMatchObject([{ id: ids[0], n: null }])
  })

  it('removes to the trash and brings back', async () => {
    const ids = await make(4, 5)
    expect(await root.records.removeMany({ ...things(), ids })).toMatchObject({ done: 2 })
    expect((await root.records.list({ ...things(), filter: { id: { $in: ids } } })).total).toBe(0)
    expect(await root.records.restoreMany({ ...things(), ids })).toMatchObject({ done: 2 })
    expect((await root.records.list({ ...things(), filter: { id: { $in: ids } } })).total).toBe(2)
  })
})

describe('watching records', () => {
  it('tells changes by anyone, of this model only', async () => {
    const seen: RecordChange[] = []
    const feed = await root.records.watch(things())
    const watching = (async () => {
      for await (const { changes } of feed) {
        seen.push(...changes)
        if (seen.some(({ type }) => type === 'delete')) return
      }
    })()
    // Until the feed stands at the head of the log nothing is told: keep changing.
    let id = ''
    while (seen.length === 0) {
      ;[id] = (await make(1)) as [string]
      await new Promise((resolve) => setImmediate(resolve))
    }
    await root.records.update({ ...things(), id, data: { n: 2 } })
    await root.records.remove({ ...things(), id })
    await watching
    expect(
      seen.filter((change) => change.id === id).map(({ type, changed }) => [type, changed]),
    ).toContainEqual(['update', ['n']])
    expect(seen.at(-1)).toMatchObject({ type: 'delete', id })
  })
})

describe('an import that runs by itself', () => {
  it('can be found again with its progress and its report', async () => {
    const content = `n\n${Array.from({ length: 30 }, (_, n) => n).join('\n')}\n`
    const job = await root.records.startImport({
      ...things(),
      format: 'csv',
      content,
      fileName: 'things.csv',
    })
    expect(job).toMatchObject({ fileName: 'things.csv', startedBy: expect.any(String) })
    const ended = async () =>
      (await root.records.imports(things())).find(({ id, state }) => id === job.id && state !== 'running')
    await expect
      .poll(ended, { timeout: 10_000 })
      .toMatchObject({ state: 'done', report: { created: 30, refused: 0 } })
  })

  it('writes nothing when rows do not fit, and says which', async () => {
    const job = await root.records.startImport({
      ...things(),
      format: 'csv',
      content: 'n\n1\nx\n',
      fileName: 'bad.csv',
    })
    const ended = async () =>
      (await root.records.imports(things())).find(({ id, state }) => id === job.id && state !== 'running')
    await expect
      .poll(ended, { timeout: 10_000 })
      .toMatchObject({ state: 'refused', report: { refused: 1, errors: [{ row: 2, field: 'n' }] } })
  })
})
