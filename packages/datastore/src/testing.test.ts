import { expect, test } from 'vitest'
import { openTestDatabase } from './testing.ts'

test('a test database is empty, takes documents and is apart from another of the same name', async () => {
  await using first = await openTestDatabase('apart')
  await using second = await openTestDatabase('apart')
  await first.data.collection('things').insertOne({ a: 1 })
  expect(await first.data.collection('things').findOne({ a: 1 }, { projection: { _id: 0 } })).toEqual({
    a: 1,
  })
  expect(await second.data.collection('things').findOne({})).toBeNull()
})
