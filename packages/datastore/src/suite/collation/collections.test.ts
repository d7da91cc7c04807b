import type { Collection, Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, onRealServer, suiteStore } from '../suite-store.ts'
import { LETTERS, NO_CASE } from './words.ts'

const suite = suiteStore('collation_collections')

describe('a collection with a collation', () => {
  async function german(): Promise<Collection<Document>> {
    await suite.store.data.createCollection(suite.things.collectionName, {
      collation: { locale: 'de', strength: 1 },
    })
    return suite.things
  }

  test('is the one of commands and indexes that name none', async () => {
    const things = await german()
    await things.insertMany([{ w: 'Straße' }, { w: 'strasse' }, { w: 'Weg' }])
    expect(await things.countDocuments({ w: 'STRASSE' })).toBe(2)
    expect(await things.countDocuments({ w: 'strasse' }, { collation: { locale: 'simple' } })).toBe(1)
    expect(await things.distinct('w')).toEqual(['Straße', 'Weg'])
    await things.createIndex({ w: 1 }, { name: 'own' })
    await things.createIndex({ w: 1 }, { name: 'bytes', collation: { locale: 'simple' } })
    const indexes = await things.indexes()
    expect(indexes.map(({ name, collation }) => [name, collation?.locale])).toEqual([
      ['_id_', 'de'],
      ['own', 'de'],
      ['bytes', undefined],
    ])
    expect(await things.updateMany({ w: 'STRASSE' }, { $set: { x: 1 } })).toMatchObject({ matchedCount: 2 })
    const [info] = await suite.store.data.listCollections({ name: things.collectionName }).toArray()
    expect(info).toMatchObject({ options: { collation: { locale: 'de', strength: 1 } } })
  })

  test('keeps _id apart by it', async () => {
    const things = await german()
    await things.insertOne({ _id: 'A' as never })
    await failure(11000, things.insertOne({ _id: 'a' as never }))
    expect(await things.findOne({ _id: 'a' as never })).toEqual({ _id: 'A' })
    expect(await things.findOne({ _id: 'a' as never }, { collation: { locale: 'simple' } })).toBeNull()
    expect(await things.updateOne({ _id: 'a' as never }, { $set: { x: 1 } })).toMatchObject({
      matchedCount: 1,
    })
    await things.createIndex({ x: 1 })
    await things.dropIndexes()
    expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_'])
    await failure(11000, things.insertOne({ _id: 'ä' as never }))
    await failure(72, things.dropIndex('_id_'))
    expect(await things.findOne({ _id: 'a' as never }, { hint: '_id_' })).toMatchObject({ _id: 'A' })
  })

  test('is the one of its validator', async () => {
    const things = await german()
    await suite.store.data.command({ collMod: things.collectionName, validator: { w: { $in: ['Straße'] } } })
    await things.insertOne({ w: 'STRASSE' })
    await failure(121, things.insertOne({ w: 'Weg' }))
  })

  test('takes what a pipeline of the same collation merges into it, and nothing else', async () => {
    const things = await german()
    await things.insertOne({ _id: 'A' as never, n: 1 })
    const source = suite.store.data.collection<Document>(`${things.collectionName}_source`)
    await source.insertOne({ _id: 'a' as never, n: 2 })
    const merge = [{ $merge: things.collectionName }]
    await failure(51183, source.aggregate(merge).toArray())
    await source.aggregate(merge, { collation: { locale: 'de', strength: 1 } }).toArray()
    expect(await things.find().toArray()).toEqual([{ _id: 'A', n: 2 }])
    await things.aggregate([{ $merge: `${things.collectionName}_made` }]).toArray()
    expect(await suite.store.data.collection(`${things.collectionName}_made`).countDocuments()).toBe(1)
  })

  test('a view has one of its own, and no other', async () => {
    await suite.things.insertMany([{ w: 'a' }, { w: 'A' }])
    const name = `${suite.things.collectionName}_view`
    await suite.store.data.createCollection(name, {
      viewOn: suite.things.collectionName,
      pipeline: [],
      collation: LETTERS,
    })
    const view = suite.store.data.collection(name)
    expect(await view.find({ w: 'á' }).toArray()).toHaveLength(2)
    expect(await view.countDocuments({ w: 'á' })).toBe(2)
    await failure(167, view.find({}, { collation: NO_CASE }).toArray())
    await suite.store.data.command({
      collMod: name,
      viewOn: suite.things.collectionName,
      pipeline: [{ $limit: 1 }],
    })
    expect(await view.find({ w: 'á' }).toArray()).toHaveLength(1)
    await suite.store.data.dropCollection(name)
  })
})

describe('a collation is refused', () => {
  test.each<[string, number, Document]>([
    ['without a locale', 40414, { strength: 1 }],
    ['of an unknown locale', 2, { locale: 'xx' }],
    ['with a locale by another name', 2, { locale: 'en-US' }],
    ['that is no locale', 2, { locale: 'no such thing' }],
    ['of an unknown variant', 2, { locale: 'de@collation=nope' }],
    ['with an unknown field', 40415, { locale: 'en', foo: 1 }],
    ['of a strength that is none', 2, { locale: 'en', strength: 6 }],
    ['of a strength of another type', 14, { locale: 'en', strength: 'high' }],
    ['with an order of case that is none', 2, { locale: 'en', caseFirst: 'middle' }],
    ['with an order of case that cannot show', 2, { locale: 'en', strength: 1, caseFirst: 'upper' }],
    ['backwards without accents', 2, { locale: 'en', strength: 1, backwards: true }],
    ['that is simple and more', 9, { locale: 'simple', strength: 1 }],
    ['of another version', 161, { locale: 'en', version: '1.0' }],
  ])('%s', async (_name, code, collation) => {
    await suite.things.insertOne({})
    const name = suite.things.collectionName
    await failure(code, suite.store.data.command({ find: name, collation }))
    await failure(code, suite.store.data.command({ aggregate: name, pipeline: [], cursor: {}, collation }))
    await failure(code, suite.store.data.command({ create: `${name}_new`, collation }))
    await failure(
      code,
      suite.store.data.command({ createIndexes: name, indexes: [{ key: { a: 1 }, name: 'a', collation }] }),
    )
    await failure(code, suite.things.updateOne({}, { $set: { a: 1 } }, { collation: collation as never }))
  })

  test.skipIf(onRealServer).each<[string, Document]>([
    ['of strength 4', { locale: 'en', strength: 4 }],
    ['of strength 5', { locale: 'en', strength: 5 }],
    ['with caseLevel beside accents', { locale: 'en', strength: 2, caseLevel: true }],
    ['with accents from behind', { locale: 'en', backwards: true }],
    ['of spaces alone', { locale: 'en', alternate: 'shifted', maxVariable: 'space' }],
  ])('that cannot be had exactly: %s', async (_name, collation) => {
    await failure(238, suite.store.data.command({ find: suite.things.collectionName, collation }))
  })

  test('that is empty, of a collection', async () => {
    await failure(2, suite.store.data.command({ create: suite.things.collectionName, collation: {} }))
  })
})
