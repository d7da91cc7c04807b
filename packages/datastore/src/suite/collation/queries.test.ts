import type { CollationOptions, Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { suiteStore } from '../suite-store.ts'
import { found, LETTERS, NO_CASE, words } from './words.ts'

const suite = suiteStore('collation_queries')

describe('a filter by a collation', () => {
  const cases: [string, CollationOptions, Document, string[]][] = [
    ['equality without case', NO_CASE, { w: 'APPLE' }, ['apple', 'Apple']],
    ['equality by letters', LETTERS, { w: 'APPLE' }, ['apple', 'Apple', 'ápple']],
    ['equality as it is written', { locale: 'en' }, { w: 'apple' }, ['apple']],
    ['$ne', LETTERS, { w: { $ne: 'apple' }, n: { $lt: 4 } }, ['Banana']],
    ['$in of few', NO_CASE, { w: { $in: ['BANANA', 'ZEBRA'] } }, ['Banana', 'banana', 'zebra']],
    [
      '$in of many',
      NO_CASE,
      { w: { $in: ['BANANA', 'ZEBRA', ...'ABCDEFGHIJ'] } },
      ['Banana', 'banana', 'zebra'],
    ],
    ['$nin', LETTERS, { w: { $nin: ['APPLE', 'BANANA', 'ECLAIR', 'ZEBRA'] } }, ['cherry']],
    ['$gt', NO_CASE, { w: { $gt: 'CHERRY' } }, ['Éclair', 'eclair', 'zebra']],
    ['$gte and $lt', LETTERS, { w: { $gte: 'BANANA', $lt: 'D' } }, ['Banana', 'banana', 'cherry']],
    ['$not', LETTERS, { w: { $not: { $gt: 'apple' } } }, ['apple', 'Apple', 'ápple']],
    ['$or', NO_CASE, { $or: [{ w: 'ZEBRA' }, { n: 5 }] }, ['cherry', 'zebra']],
    ['no regex', LETTERS, { w: /^apple/ }, ['apple']],
    ['$expr', NO_CASE, { $expr: { $eq: ['$w', 'ECLAIR'] } }, ['eclair']],
    ['simple, said', { locale: 'simple' }, { w: 'Apple' }, ['Apple']],
  ]
  test.each(cases)('%s', async (_name, collation, filter, expected) => {
    const things = await words(suite.things)
    expect(found(await things.find(filter, { collation, sort: { n: 1 } }).toArray())).toEqual(expected)
    expect(await things.countDocuments(filter, { collation })).toBe(expected.length)
  })

  test('does not mind what variables are named', async () => {
    const things = await words(suite.things)
    const options = { let: { ' comparison': { locale: 'simple' } }, collation: NO_CASE }
    expect(await things.find({ w: 'APPLE' }, options).toArray()).toHaveLength(2)
  })

  test('looks into arrays and documents', async () => {
    await suite.things.insertMany([
      { _id: 1 as never, tags: ['Red', 'GREEN'], at: { City: 'Köln' }, list: [{ k: 'A', v: 1 }] },
      { _id: 2 as never, tags: ['blue'], at: { city: 'Köln' }, list: [{ k: 'b', v: 2 }] },
    ])
    const ids = async (filter: Document): Promise<unknown[]> =>
      (await suite.things.find(filter, { collation: LETTERS }).toArray()).map(({ _id }) => _id)
    expect(await ids({ tags: 'green' })).toEqual([1])
    expect(await ids({ tags: { $all: ['GREEN', 'red'] } })).toEqual([1])
    expect(await ids({ tags: ['red', 'green'] })).toEqual([1])
    // names of fields are never collated
    expect(await ids({ at: { City: 'KOLN' } })).toEqual([1])
    expect(await ids({ list: { $elemMatch: { k: 'a' } } })).toEqual([1])
    expect(await ids({ 'list.k': { $in: ['B'] } })).toEqual([2])
  })
})

describe('an order by a collation', () => {
  test.each<[string, CollationOptions, string[]]>([
    [
      'of a language',
      { locale: 'en' },
      ['apple', 'Apple', 'ápple', 'banana', 'Banana', 'cherry', 'eclair', 'Éclair', 'zebra'],
    ],
    [
      'with capitals first',
      { locale: 'en', caseFirst: 'upper' },
      ['Apple', 'apple', 'ápple', 'Banana', 'banana', 'cherry', 'eclair', 'Éclair', 'zebra'],
    ],
    [
      'without case, equal ones as they came',
      NO_CASE,
      ['apple', 'Apple', 'ápple', 'Banana', 'banana', 'cherry', 'eclair', 'Éclair', 'zebra'],
    ],
  ])('%s', async (_name, collation, expected) => {
    const things = await words(suite.things)
    expect(found(await things.find({}, { collation, sort: { w: 1 } }).toArray())).toEqual(expected)
    const piped = things.aggregate(
      [{ $match: { n: { $gte: 0 } } }, { $addFields: { x: 1 } }, { $sort: { w: 1 } }],
      { collation },
    )
    expect(found(await piped.toArray())).toEqual(expected)
  })

  test('of numbers in texts', async () => {
    await suite.things.insertMany(['file10', 'file9', 'file1'].map((w) => ({ w })))
    const collation: CollationOptions = { locale: 'en', numericOrdering: true }
    expect(found(await suite.things.find({}, { collation, sort: { w: 1 } }).toArray())).toEqual([
      'file1',
      'file9',
      'file10',
    ])
    expect(await suite.things.countDocuments({ w: { $gt: 'file9' } }, { collation })).toBe(1)
  })

  test('that leaves punctuation out', async () => {
    await suite.things.insertMany(['a-b', 'ab', 'a c'].map((w) => ({ w })))
    const collation: CollationOptions = { locale: 'en', alternate: 'shifted' }
    expect(await suite.things.countDocuments({ w: 'ab' }, { collation })).toBe(2)
    expect(await suite.things.countDocuments({ w: 'ab' }, { collation: { locale: 'en' } })).toBe(1)
  })

  test.each<[string, string, string[], string[]]>([
    ['Danish', 'da', ['zebra', 'øl', 'ål', 'abe'], ['abe', 'zebra', 'øl', 'ål']],
    ['Swedish', 'sv', ['ö', 'z', 'ä', 'å'], ['z', 'å', 'ä', 'ö']],
    ['German phone books', 'de@collation=phonebook', ['Ad', 'Ä', 'Af'], ['Ad', 'Ä', 'Af']],
    ['traditional Spanish', 'es@collation=traditional', ['cz', 'ch', 'd'], ['cz', 'ch', 'd']],
  ])('of %s', async (_name, locale, given, expected) => {
    await suite.things.insertMany(given.map((w) => ({ w })))
    expect(found(await suite.things.find({}, { collation: { locale }, sort: { w: 1 } }).toArray())).toEqual(
      expected,
    )
  })
})
