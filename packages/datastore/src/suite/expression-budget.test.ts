import { expect, test } from 'vitest'
import { failure, onRealServer, suiteStore } from './suite-store.ts'

const suite = suiteStore('budget')
const id = (value: unknown) => value as never

/** So many rounds of work on one document. */
const rounds = (count: number) => ({
  $sum: { $map: { input: { $range: [0, count] }, in: { $multiply: ['$$this', 2] } } },
})

const ENDLESS = rounds(5_000_000)

test.skipIf(onRealServer)(
  'an expression of a write that loops for too long is refused and changes nothing',
  async () => {
    await suite.things.insertMany([{ _id: id(1) }, { _id: id(2) }])
    await failure(262, suite.things.updateOne({ _id: id(1) }, [{ $set: { sum: ENDLESS } }]))
    await failure(262, suite.things.updateMany({ $expr: { $gt: [ENDLESS, 0] } }, { $set: { seen: true } }))
    await failure(262, suite.things.deleteMany({ $expr: { $gt: [ENDLESS, 0] } }))
    expect(await suite.things.find().toArray()).toEqual([{ _id: 1 }, { _id: 2 }])
  },
)

test('the same expression is computed where it only reads', async () => {
  await suite.things.insertOne({ _id: id(1) })
  const [found] = await suite.things.aggregate([{ $project: { sum: rounds(400_000) } }]).toArray()
  expect(found).toEqual({ _id: 1, sum: 159_999_600_000 })
})

test('a loop within bounds is computed in an update of many', async () => {
  await suite.things.insertMany(Array.from({ length: 50 }, (_, n) => ({ n })))
  const sum = { $sum: { $map: { input: { $range: [0, 100] }, in: '$$this' } } }
  expect((await suite.things.updateMany({}, [{ $set: { sum } }])).modifiedCount).toBe(50)
  expect(await suite.things.countDocuments({ sum: 4950 })).toBe(50)
})

test('a cursor is not handed on under the name of another collection', async () => {
  await suite.things.insertMany([{}, {}, {}])
  const cursor = suite.things.find({}, { batchSize: 1 })
  await cursor.next()
  await failure(13, suite.store.data.command({ getMore: cursor.id, collection: 'others' }))
  await cursor.close()
})
