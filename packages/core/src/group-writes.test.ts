import { openTestDatabase } from '@m3m/datastore/testing'
import { expect, test } from 'vitest'
import { groupWrites } from './group-writes.ts'

interface Thing {
  _id: string
  n: number
}

test('writes at one moment are a few commands, and each is told when it is stored', async () => {
  await using store = await openTestDatabase('group_writes')
  const things = store.db.collection<Thing>('things')
  const write = groupWrites(things)
  let commands = 0
  const bulkWrite = things.bulkWrite.bind(things)
  things.bulkWrite = (...args) => {
    commands++
    return bulkWrite(...args)
  }
  const ids = Array.from({ length: 50 }, (_, n) => String(n))
  await Promise.all(
    ids.map(async (_id) => {
      await write({ insertOne: { document: { _id, n: 0 } } })
      await write({ updateOne: { filter: { _id }, update: { $inc: { n: 1 } } } })
    }),
  )
  expect(await things.countDocuments({ n: 1 })).toBe(50)
  // The first goes alone, and those that came meanwhile go together: a few commands for a hundred writes.
  expect(commands).toBeLessThan(10)
})

test('one that fails fails alone, and others go on', async () => {
  await using store = await openTestDatabase('group_writes')
  const things = store.db.collection<Thing>('things')
  const write = groupWrites(things)
  const insert = (_id: string) => write({ insertOne: { document: { _id, n: 0 } } })
  await insert('taken')
  const results = await Promise.allSettled(['a', 'taken', 'b', 'taken', 'c'].map(insert))
  expect(results.map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  expect(results[1]).toMatchObject({ reason: { code: 11_000 } })
  await insert('d')
  expect(await things.countDocuments()).toBe(5)
})

test('what the command as a whole suffers is told to each of its writes', async () => {
  const store = await openTestDatabase('group_writes')
  const write = groupWrites(store.db.collection<Thing>('things'))
  await store[Symbol.asyncDispose]()
  const all = await Promise.allSettled(
    ['a', 'b'].map((_id) => write({ insertOne: { document: { _id, n: 0 } } })),
  )
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
