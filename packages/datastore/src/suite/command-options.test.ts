import { Long, type Document } from 'mongodb'
import { beforeEach, describe, expect, test } from 'vitest'
import { failure, suiteStore } from './suite-store.ts'

const suite = suiteStore('options')
const long = (value: number): Long => Long.fromNumber(value)

/** Commands that no server should take, and the code with which it refuses them. */
const REFUSED: [command: Document, code: number][] = [
  [{ find: 'x', foo: 1 }, 40415],
  [{ find: '' }, 73],
  [{ find: 'x', filter: 1 }, 14],
  [{ find: 'x', limit: -1 }, 2],
  [{ find: 'x', skip: -1 }, 2],
  [{ find: 'x', batchSize: -1 }, 2],
  [{ find: 'x', limit: 'a' }, 14],
  [{ find: 'x', sort: 1 }, 14],
  [{ find: 'x', projection: 1 }, 14],
  [{ find: 'x', hint: 1 }, 9],
  [{ find: 'x', hint: 'nope' }, 2],
  [{ find: 'x', hint: { nope: 1 } }, 2],
  [{ find: 'x', singleBatch: 1 }, 14],
  [{ find: 'x', maxTimeMS: -1 }, 2],
  [{ find: 'x', maxTimeMS: 'a' }, 14],
  [{ find: 'x', collation: { locale: 'de', strength: 5 } }, 238],
  [{ find: 'x', tailable: true }, 2],
  [{ find: 'x', returnKey: true }, 238],
  [{ find: 'x', readConcern: { level: 'nope' } }, 9],
  [{ find: 'x', let: 1 }, 14],
  [{ count: 'x', foo: 1 }, 40415],
  [{ count: 'x', query: 1 }, 14],
  [{ count: 'x', limit: 'a' }, 14],
  [{ count: 'x', skip: -1 }, 2],
  [{ distinct: 'x' }, 40414],
  [{ distinct: 'x', key: 1 }, 14],
  [{ distinct: 'x', key: 'a', query: 1 }, 14],
  [{ distinct: 'x', key: 'a', foo: 1 }, 40415],
  [{ insert: 'x', documents: [] }, 16],
  [{ insert: 'x' }, 40414],
  [{ insert: 'x', documents: 1 }, 14],
  [{ insert: 'x', documents: [{ a: 1 }], foo: 1 }, 40415],
  [{ update: 'x' }, 40414],
  [{ update: 'x', updates: [] }, 16],
  [{ update: 'x', updates: [{ u: {} }] }, 40414],
  [{ update: 'x', updates: [{ q: 1, u: {} }] }, 14],
  [{ update: 'x', updates: [{ q: {}, u: {}, foo: 1 }] }, 40415],
  [{ delete: 'x' }, 40414],
  [{ delete: 'x', deletes: [] }, 16],
  [{ delete: 'x', deletes: [{ q: {} }] }, 40414],
  [{ findAndModify: 'x' }, 9],
  [{ findAndModify: 'x', update: { $set: { a: 1 } }, remove: true }, 9],
  [{ findAndModify: 'x', remove: true, upsert: true }, 9],
  [{ findAndModify: 'x', remove: true, new: true }, 9],
  [{ findAndModify: 'x', update: { $foo: 1 } }, 9],
  [{ findAndModify: 'x', foo: 1 }, 40415],
  [{ aggregate: 'x', pipeline: [], cursor: {}, foo: 1 }, 40415],
  [{ aggregate: 'x', pipeline: [], cursor: 1 }, 14],
  [{ aggregate: 'x', pipeline: [{ $out: 'y' }], cursor: {}, readConcern: { level: 'linearizable' } }, 72],
  [{ aggregate: 'x', cursor: {} }, 40414],
  [{ getMore: long(123456), collection: 'x' }, 43],
  [{ getMore: 1, collection: 'x' }, 14],
  [{ getMore: long(1) }, 40414],
  [{ killCursors: 'x' }, 40414],
  [{ nope: 1 }, 59],
  [{ mapReduce: 'x', map: 'a', reduce: 'b', out: 'c' }, 59],
  [{ eval: 'x' }, 59],
  [{ createIndexes: 'x', indexes: [] }, 2],
  [{ createIndexes: 'x' }, 40414],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1 } }] }, 9],
  [{ createIndexes: 'x', indexes: [{ key: {}, name: 'x' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: 0 }, name: 'x' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: 'foo' }, name: 'x' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: 'text' }, name: 'x' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: '2dsphere' }, name: 'x' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: 'hashed' }, name: 'x' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { '$**': 1 }, name: 'x' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1 }, name: 'x', foo: 1 }] }, 197],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1 }, name: 'x', unique: 'a' }] }, 14],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1 }, name: 'x', expireAfterSeconds: -1 }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1, b: 1 }, name: 'x', expireAfterSeconds: 1 }] }, 67],
  [
    {
      createIndexes: 'x',
      indexes: [{ key: { a: 1 }, name: 'x', sparse: true, partialFilterExpression: { a: 1 } }],
    },
    67,
  ],
  [
    {
      createIndexes: 'x',
      indexes: [{ key: { a: 1 }, name: 'x', partialFilterExpression: { a: { $ne: 1 } } }],
    },
    67,
  ],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1 }, name: 'x', partialFilterExpression: 1 }] }, 14],
  [{ createIndexes: 'x', indexes: [{ key: { _id: 1 }, name: '_id_', sparse: true }] }, 197],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1 }, name: '*' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { a: 1 }, name: '' }] }, 67],
  [{ createIndexes: 'x', indexes: [{ key: { _id: 1 }, name: '_id_', hidden: true }] }, 2],
  [
    { createIndexes: 'x', indexes: [{ key: { a: 1 }, name: 'x', collation: { locale: 'de', strength: 4 } }] },
    238,
  ],
  [{ create: 'x$' }, 73],
  [{ create: '' }, 73],
  [{ create: 'cc', foo: 1 }, 40415],
  [{ create: 'cc', capped: true }, 72],
  [{ create: 'cc', clusteredIndex: { key: { _id: 1 }, unique: true } }, 238],
  [{ create: 'cc', timeseries: { timeField: 't' } }, 238],
  [{ create: 'cc', validator: { $foo: 1 } }, 2],
  [{ create: 'cc', validationLevel: 'zz' }, 2],
  [{ create: 'v1', viewOn: 'x', pipeline: [{ $out: 'z' }] }, 167],
  [{ ping: 1, apiVersion: '2' }, 322],
  [{ insert: 'x', documents: [{}], writeConcern: { w: -1 } }, 9],
  [{ insert: 'x', documents: [{}], writeConcern: { foo: 1 } }, 40415],
  [{ collMod: 'none' }, 26],
  [{ ping: 1, apiStrict: true }, 4886600],
  [{ distinct: 'x', key: 'a', apiVersion: '1', apiStrict: true }, 323],
]

describe('a command is refused', () => {
  beforeEach(() => suite.store.data.collection('x').insertOne({}))

  test.each(REFUSED)('%j', async (command, code) => {
    await failure(code, suite.store.data.command(command))
  })
})

test('what one member cannot promise is said beside the answer, and written all the same', async () => {
  const insert = (writeConcern: Document) =>
    suite.store.data.command({ insert: suite.things.collectionName, documents: [{}], writeConcern })
  const unknown = await insert({ w: 'nope' }).catch((error: unknown) => error)
  expect(unknown).toMatchObject({ result: { writeConcernError: { code: 79 } } })
  const many = await insert({ w: 5 }).catch((error: unknown) => error)
  expect(many).toMatchObject({ result: { writeConcernError: { code: 100 } } })
  expect(await suite.things.countDocuments()).toBe(2)
  await failure(9, insert({ w: -1 }))
  expect(await suite.things.countDocuments()).toBe(2)
})

test('counts and values of a view are those of what it shows', async () => {
  await suite.things.insertMany([{ a: 1 }, { a: 2 }, { a: 2 }])
  const name = `${suite.things.collectionName}_view`
  await suite.store.data.createCollection(name, {
    viewOn: suite.things.collectionName,
    pipeline: [{ $match: { a: 2 } }],
  })
  const view = suite.store.data.collection(name)
  expect(await view.estimatedDocumentCount()).toBe(2)
  expect(await suite.store.data.command({ count: name, query: {}, skip: 1 })).toMatchObject({ n: 1 })
  expect(await view.distinct('a')).toEqual([2])
})

test('compact gives the room of what was deleted back', async () => {
  await suite.things.insertMany(Array.from({ length: 2000 }, () => ({ text: 'x'.repeat(2000) })))
  await suite.things.deleteMany({})
  const freed = await suite.store.data.command({ compact: suite.things.collectionName })
  expect(freed['bytesFreed']).toBeGreaterThan(1_000_000)
  await failure(26, suite.store.data.command({ compact: 'none' }))
})
