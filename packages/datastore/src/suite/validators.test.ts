import { MongoServerError, type Collection, type Document } from 'mongodb'
import { describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('validators')
const id = (value: unknown) => value as never

const SCHEMA = {
  $jsonSchema: {
    required: ['a'],
    properties: { a: { bsonType: 'int', minimum: 1, description: 'a count' } },
  },
}

async function validated(options: Document = {}): Promise<Collection<Document>> {
  await suite.store.data.createCollection(suite.things.collectionName, { validator: SCHEMA, ...options })
  return suite.things
}

describe('a validator', () => {
  test('is asked by every kind of write', async () => {
    const things = await validated()
    await things.insertOne({ _id: id(1), a: 1 })
    await failure(121, things.insertOne({ a: 'x' }))
    await failure(121, things.updateOne({ _id: id(1) }, { $set: { a: 0 } }))
    await failure(121, things.replaceOne({ _id: id(1) }, { b: 1 }))
    await failure(121, things.updateOne({ _id: id(2) }, { $set: { b: 1 } }, { upsert: true }))
    await failure(121, things.findOneAndUpdate({ _id: id(1) }, { $unset: { a: 1 } }))
    await failure(121, things.updateMany({}, [{ $set: { a: 'x' } }]))
    expect(await things.find().toArray()).toEqual([{ _id: 1, a: 1 }])
  })

  test('is asked by $merge and $out', async () => {
    const things = await validated()
    await suite.store.data.collection('others').insertOne({ a: 'x' })
    const others = suite.store.data.collection('others')
    await failure(121, others.aggregate([{ $merge: { into: things.collectionName } }]).toArray())
    await failure(121, others.aggregate([{ $out: things.collectionName }]).toArray())
  })

  test('says which rule a document breaks', async () => {
    const things = await validated()
    const error = await things.insertOne({ _id: id(7), a: 0 }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MongoServerError)
    expect((error as MongoServerError)['errInfo']).toEqual({
      failingDocumentId: 7,
      details: {
        operatorName: '$jsonSchema',
        schemaRulesNotSatisfied: [
          {
            operatorName: 'properties',
            propertiesNotSatisfied: [
              {
                propertyName: 'a',
                description: 'a count',
                details: [
                  {
                    operatorName: 'minimum',
                    specifiedAs: { minimum: 1 },
                    reason: 'comparison failed',
                    consideredValue: 0,
                  },
                ],
              },
            ],
          },
        ],
      },
    })
    const missing = await things.insertOne({ _id: id(8) }).catch((thrown: unknown) => thrown)
    expect((missing as MongoServerError)['errInfo']).toMatchObject({
      details: {
        schemaRulesNotSatisfied: [
          { operatorName: 'required', specifiedAs: { required: ['a'] }, missingProperties: ['a'] },
        ],
      },
    })
  })

  test('lets through what is told to bypass it', async () => {
    const things = await validated()
    await things.insertOne({ _id: id(1) }, { bypassDocumentValidation: true })
    await things.updateOne({ _id: id(1) }, { $set: { b: 1 } }, { bypassDocumentValidation: true })
    expect(await things.findOne()).toEqual({ _id: 1, b: 1 })
  })

  test('at the level "moderate" leaves alone what was wrong before', async () => {
    const things = await validated({ validationLevel: 'moderate' })
    await things.insertOne({ _id: id(1) }, { bypassDocumentValidation: true })
    await things.updateOne({ _id: id(1) }, { $set: { b: 1 } })
    await failure(121, things.insertOne({ _id: id(2) }))
    await things.insertOne({ _id: id(3), a: 1 })
    await failure(121, things.updateOne({ _id: id(3) }, { $unset: { a: 1 } }))
  })

  test.each([{ validationAction: 'warn' }, { validationLevel: 'off' }])(
    'refuses nothing with %j',
    async (options) => {
      const things = await validated(options)
      await things.insertOne({ a: 'x' })
      expect(await things.countDocuments()).toBe(1)
    },
  )

  test('may be a filter, be listed, changed and taken away', async () => {
    const things = await validated({ validator: { a: { $gt: 5 } } })
    const name = things.collectionName
    await failure(121, things.insertOne({ a: 1 }))
    const [info] = await suite.store.data.listCollections({ name }).toArray()
    expect(info).toMatchObject({ options: { validator: { a: { $gt: 5 } } } })
    await suite.store.data.command({ collMod: name, validator: { a: { $gt: 0 } }, validationLevel: 'strict' })
    await things.insertOne({ a: 1 })
    await failure(121, things.insertOne({ a: 0 }))
    await suite.store.data.command({ collMod: name, validator: {} })
    await things.insertOne({ a: 0 })
  })

  test('that is no filter is refused', async () => {
    const create = (options: Document) =>
      suite.store.data.command({ create: suite.things.collectionName, ...options })
    await failure(2, create({ validator: { $foo: 1 } }))
    await failure(9, create({ validator: { $jsonSchema: { foo: 1 } } }))
    await failure(2, create({ validationLevel: 'sometimes' }))
    await failure(14, create({ validator: 1 }))
  })
})
