import { Decimal128, Double, Int32, Long, ObjectId, Timestamp, type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { createRandom, ROUNDS, SEEDS } from './fuzz-values.ts'
import { suiteStore } from './suite-store.ts'

const suite = suiteStore('counting')

/** As the driver's `countDocuments`, the command `count` and `$count` say it, and as the documents themselves do. */
async function counts(filter: Document): Promise<number[]> {
  const { things } = suite
  const [counted] = await things.aggregate([{ $match: filter }, { $count: 'n' }]).toArray()
  const command = await suite.store.data.command({ count: things.collectionName, query: filter })
  const found = await things.find(filter, { hint: { $natural: 1 } }).toArray()
  return [await things.countDocuments(filter), counted?.['n'] ?? 0, command['n'], found.length]
}

/** Values whose keys lie beside each other, and those that no comparison finds. */
const VALUES = [
  new Int32(1),
  new Double(1),
  new Double(1.5),
  Long.fromNumber(2),
  Decimal128.fromString('2.0'),
  new Double(NaN),
  Decimal128.fromString('NaN'),
  new Double(-Infinity),
  new Double(-0),
  Infinity,
  '',
  'a',
  'a\0',
  'ab',
  true,
  false,
  new Date(0),
  new Date(-1),
  new Timestamp({ t: 0, i: 1 }),
  new ObjectId('000000000000000000000001'),
  new ObjectId('ffffffffffffffffffffffff'),
  null,
  undefined,
  { x: 1 },
  /a/,
]
const ASKED = VALUES.filter((value) => value !== undefined && !(value instanceof RegExp))

describe('counting by the keys of an index', () => {
  test.each(SEEDS)(
    'finds as many as the documents do, whatever lies in them (seed %i)',
    async (seed) => {
      const random = createRandom(seed)
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
      const { things } = suite
      await things.createIndexes([
        { key: { a: 1 } },
        { key: { b: -1 } },
        { key: { a: 1, b: 1 } },
        { key: { 'c.d': 1 }, sparse: true },
        { key: { e: 1 }, partialFilterExpression: { e: { $exists: true } } },
        { key: { m: 1 } },
      ])
      const document = () => ({
        a: pick(VALUES),
        b: pick(VALUES),
        c: random() < 0.2 ? pick(VALUES) : { d: pick(VALUES) },
        e: pick(VALUES),
        // Two keys of one document.
        m: random() < 0.3 ? [pick(VALUES), pick(VALUES)] : pick(VALUES),
      })
      await things.insertMany(Array.from({ length: 300 }, document), { ignoreUndefined: true })
      const condition = (): unknown => {
        const operator = pick(['$eq', '$gt', '$gte', '$lt', '$lte', '$in', ''])
        if (operator === '') return pick(ASKED)
        return { [operator]: operator === '$in' ? [pick(ASKED), pick(ASKED)] : pick(ASKED) }
      }
      const filter = (): Document => {
        const [one, two] = [pick(['a', 'b', 'c.d', 'e', 'm', '_id']), pick(['a', 'b', 'm'])]
        const shape = pick(['one', 'two', 'and'])
        if (shape === 'one') return { [one]: condition() }
        if (shape === 'two') return { [one]: condition(), [two]: condition() }
        return { $and: [{ [one]: condition() }, { [one]: condition() }] }
      }
      for (let round = 0; round < 150 * ROUNDS; round++) {
        const asked = filter()
        const [all, ...others] = await counts(asked)
        expect(others, JSON.stringify(asked)).toEqual([all, all, all])
      }
    },
    60_000,
  )

  test('goes on where a portion ended, also within one key, and keeps to skip and limit', async () => {
    const { things } = suite
    await things.createIndex({ kind: 1 })
    await things.createIndex({ n: 1 }, { unique: true })
    const documents = Array.from({ length: 45_000 }, (_, n) => ({ n, kind: n < 41_000 ? 'many' : 'few' }))
    await things.insertMany(documents)
    expect(await counts({ kind: 'many' })).toEqual([41_000, 41_000, 41_000, 41_000])
    expect(await counts({ kind: { $in: ['few', 'many'] } })).toEqual([45_000, 45_000, 45_000, 45_000])
    expect(await counts({ n: { $gte: 2_500, $lt: 42_500 } })).toEqual([40_000, 40_000, 40_000, 40_000])
    expect(await things.countDocuments({ kind: 'many' }, { skip: 20_500, limit: 25_000 })).toBe(20_500)
    expect(await things.countDocuments({ kind: 'many' }, { limit: 10_001 })).toBe(10_001)
    expect(await things.countDocuments({ kind: 'many' }, { skip: 50_000 })).toBe(0)
  }, 60_000)
})
