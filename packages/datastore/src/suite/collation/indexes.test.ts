import type { CollationOptions, Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { createRandom, ROUNDS, SEEDS } from '../fuzz-values.ts'
import { failure, suiteStore } from '../suite-store.ts'
import { found, LETTERS, NO_CASE, words } from './words.ts'

const suite = suiteStore('collation_indexes')

describe('an index with a collation', () => {
  const plan = async (filter: Document, collation?: CollationOptions): Promise<string> =>
    JSON.stringify(
      (await suite.things.find(filter, collation ? { collation } : {}).explain('queryPlanner'))[
        'queryPlanner'
      ].winningPlan,
    )

  test('serves commands of the same collation, and others for what is no text', async () => {
    const things = await words(suite.things)
    await things.createIndex({ w: 1, n: 1 }, { name: 'w', collation: NO_CASE })
    expect(await plan({ w: 'APPLE' }, NO_CASE)).toContain('IXSCAN')
    expect(await plan({ w: 'APPLE' }, LETTERS)).toContain('COLLSCAN')
    expect(await plan({ w: 'APPLE' })).toContain('COLLSCAN')
    expect(await plan({ w: 5 })).toContain('IXSCAN')
    expect(found(await things.find({ w: 'APPLE' }, { collation: NO_CASE }).toArray())).toEqual([
      'apple',
      'Apple',
    ])
    expect(found(await things.find({ w: 'APPLE', n: 1 }, { collation: NO_CASE }).toArray())).toEqual([
      'Apple',
    ])
    expect(
      found(
        await things
          .find({ w: { $gte: 'ECLAIR' } }, { collation: NO_CASE, hint: 'w', sort: { n: 1 } })
          .toArray(),
      ),
    ).toEqual(['Éclair', 'eclair', 'zebra'])
    expect(await things.countDocuments({ w: { $in: ['ZEBRA', 'CHERRY'] } }, { collation: NO_CASE })).toBe(2)
    expect(found(await things.find({ w: 'apple' }, { hint: 'w' }).toArray())).toEqual(['apple'])
  })

  test('beside one of bytes serves each its own', async () => {
    const things = await words(suite.things)
    await things.createIndex({ w: 1 })
    await things.createIndex({ w: 1 }, { name: 'w_letters', collation: LETTERS })
    expect(await plan({ w: 'apple' })).toContain('"w_1"')
    expect(await plan({ w: 'apple' }, LETTERS)).toContain('w_letters')
    expect(found(await things.find({ w: 'apple' }).toArray())).toEqual(['apple'])
    expect(found(await things.find({ w: 'apple' }, { collation: LETTERS }).toArray())).toEqual([
      'apple',
      'Apple',
      'ápple',
    ])
  })

  test('goes by its name where another one has its fields', async () => {
    await suite.things.createIndex({ w: 1 })
    await suite.things.createIndex({ w: 1 }, { name: 'w_letters', collation: LETTERS })
    const dropIndexes = suite.things.collectionName
    await failure(181, suite.store.data.command({ dropIndexes, index: { w: 1 } }))
    await suite.store.data.command({ dropIndexes, index: 'w_1' })
    await suite.store.data.command({ dropIndexes, index: { w: 1 } })
    expect((await suite.things.indexes()).map(({ name }) => name)).toEqual(['_id_'])
  })

  test('is unique by it, for inserts, updates and arrays', async () => {
    const things = suite.things
    await things.createIndex({ mail: 1 }, { unique: true, collation: NO_CASE })
    await things.insertOne({ _id: 1 as never, mail: 'Ann@Example.com' })
    await failure(11000, things.insertOne({ mail: 'ann@example.COM' }))
    await things.insertOne({ _id: 2 as never, mail: 'änn@example.com' })
    await failure(11000, things.updateOne({ _id: 2 as never }, { $set: { mail: 'ANN@example.com' } }))
    await things.updateOne({ _id: 1 as never }, { $set: { mail: 'ANN@EXAMPLE.COM' } })
    await things.insertOne({ _id: 3 as never, mail: ['Bob', 'BOB', 'carl'] })
    await failure(11000, things.insertOne({ mail: ['x', 'CARL'] }))
    await things.deleteOne({ _id: 3 as never })
    await things.insertOne({ _id: 4 as never, mail: 'bob' })
    expect(await suite.store.data.command({ validate: things.collectionName })).toMatchObject({ valid: true })
  })

  test('tells texts apart that share a place', async () => {
    await suite.things.createIndex({ t: 1 }, { unique: true, collation: NO_CASE })
    const long = 'x'.repeat(40)
    await suite.things.insertMany(['a', 'b', 'c'].map((end) => ({ t: long + end })))
    await failure(11000, suite.things.insertOne({ t: `${long}B` }))
    expect(await suite.things.countDocuments({ t: `${long}C` }, { collation: NO_CASE })).toBe(1)
  })

  test('is refused where documents clash by it already', async () => {
    const things = await words(suite.things)
    await failure(11000, things.createIndex({ w: 1 }, { unique: true, collation: NO_CASE }))
    await things.createIndex({ w: 1 }, { unique: true, collation: { locale: 'en' } })
  })

  test('is partial by it', async () => {
    const things = await words(suite.things)
    await things.createIndex(
      { n: 1 },
      { name: 'p', collation: LETTERS, partialFilterExpression: { w: 'APPLE' } },
    )
    expect(await plan({ n: { $gte: 0 }, w: 'apple' }, LETTERS)).toContain('"p"')
    expect(await plan({ n: { $gte: 0 }, w: 'apple' })).not.toContain('"p"')
    expect(
      found(await things.find({ n: { $gte: 0 }, w: 'apple' }, { collation: LETTERS, hint: 'p' }).toArray()),
    ).toEqual(['apple', 'Apple', 'ápple'])
  })

  test('is listed with all that it means', async () => {
    await suite.things.createIndex({ a: 1 }, { collation: { locale: 'fr', strength: 1 } })
    expect((await suite.things.indexes())[1]).toMatchObject({
      key: { a: 1 },
      collation: {
        locale: 'fr',
        caseLevel: false,
        caseFirst: 'off',
        strength: 1,
        numericOrdering: false,
        alternate: 'non-ignorable',
        maxVariable: 'punct',
        normalization: false,
        backwards: false,
      },
    })
    await suite.things.createIndex({ a: 1 }, { collation: { locale: 'fr', strength: 1 } })
    await failure(86, suite.things.createIndex({ a: 1 }, { collation: { locale: 'fr', strength: 2 } }))
  })
})

describe.each(SEEDS)('random texts, seed %d', (seed) => {
  const PARTS = [
    'a',
    'A',
    'ä',
    'b',
    'ß',
    'ss',
    'i',
    'ı',
    'İ',
    '1',
    '10',
    '-',
    ' ',
    'ﬁ',
    'fi',
    '한',
    'か',
    'カ',
    'é',
    'e\u0301',
  ]
  const OPTIONS: CollationOptions[] = [
    LETTERS,
    NO_CASE,
    { locale: 'tr', strength: 1 },
    { locale: 'de', strength: 2, alternate: 'shifted' },
    { locale: 'en', numericOrdering: true },
  ]

  test.each(OPTIONS)('%j: an index finds what a scan finds', async (collation) => {
    const random = createRandom(seed)
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
    const text = (): string =>
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(PARTS)).join('')
    const value = (): unknown =>
      random() < 0.7 ? text() : pick([5, null, [text(), text()], { t: text() }, []])
    await suite.things.insertMany(
      Array.from({ length: 300 }, (_, n) => ({ _id: n as never, v: value(), n: n % 3 })),
    )
    await suite.things.createIndex({ v: 1, n: -1 }, { name: 'v', collation })
    for (let round = 0; round < 60 * ROUNDS; round++) {
      const condition = pick<unknown>([
        value(),
        { $in: [value(), value(), value()] },
        { [pick(['$gt', '$gte', '$lt', '$lte'])]: text() },
        { $ne: text() },
        { $all: [text()] },
      ])
      const filter = random() < 0.5 ? { v: condition } : { v: condition, n: 1 }
      const ids = async (hint: Document | string): Promise<unknown[]> =>
        (await suite.things.find(filter, { collation, hint, sort: { _id: 1 } }).toArray()).map(
          ({ _id }) => _id,
        )
      expect(await ids('v'), JSON.stringify(filter)).toEqual(await ids({ $natural: 1 }))
    }
  })
})
