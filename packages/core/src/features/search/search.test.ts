import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'
import { rank } from './rank.ts'

let test: TestCore
let root: Caller
let projectId: string
beforeAll(async () => {
  test = await openTestCore('search')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Coffee shop' })).id
  await root.projects.create({ name: 'Order desk' })
  const fields = [
    { key: 'title', type: 'string' as const },
    { key: 'note', type: 'text' as const },
  ]
  await root.models.create({ projectId, name: 'Orders', slug: 'orders', fields })
  for (let number = 0; number < 9; number += 1)
    await root.records.create({ projectId, model: 'orders', data: { title: `Order ${number}` } })
  await root.records.create({ projectId, model: 'orders', data: { title: 'Other', note: 'a reorder' } })
  await root.storage.writeText({ projectId, path: 'a/orders.csv', content: 'x' })
})
afterAll(() => test[Symbol.asyncDispose]())

it('finds projects, models, files and records, the best first and few of each', async () => {
  const { hits, missed } = await root.search.everywhere({ query: 'order', projectId })
  expect(missed).toEqual([])
  const kinds = (kind: string) => hits.filter((hit) => hit.kind === kind)
  expect(kinds('project').map(({ title }) => title)).toEqual(['Order desk'])
  expect(kinds('model')).toMatchObject([{ key: 'orders', project: 'coffee-shop' }])
  expect(kinds('file')).toMatchObject([{ key: 'a/orders.csv', title: 'orders.csv' }])
  expect(kinds('record')).toHaveLength(5)
  expect(kinds('record')[0]).toMatchObject({ model: 'orders', detail: 'Orders' })
})

it('looks at projects only when none is named, and wants two characters', async () => {
  const { hits } = await root.search.everywhere({ query: 'orders' })
  expect(hits).toEqual([])
  await expect(root.search.everywhere({ query: ' o ' })).rejects.toThrow()
})

describe('a rank', () => {
  it.each([
    ['orders', { title: 'Orders', detail: '' }, 6],
    ['ord', { title: 'Orders', detail: '' }, 5],
    ['csv', { title: 'orders.csv', detail: '' }, 4],
    ['desk ord', { title: 'Order desk', detail: '' }, 4],
    ['rder', { title: 'Orders', detail: '' }, 3],
    ['stable', { title: '1.2', detail: 'stable · first' }, 2],
    ['none', { title: 'Orders', detail: 'orders' }, 0],
    ['ЗАКАЗ', { title: 'Заказы', detail: '' }, 5],
  ])('%s in %j', (query, hit, score) => {
    expect(rank(query, hit)).toBe(score)
  })
})
