import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

/** A project with the model of the examples, on the real datastore. */
async function prepare() {
  const database = await openTestDatabase('runtime-database')
  const engine = createDataEngine({
    db: database.data,
    clock: systemClock,
    logger: silentLogger,
  })
  await engine.ensureIndexes()
  const data = engine.project(newId(), { kind: 'service', source: 'release:1.0' }, { dates: 'date' })
  await data.models.create({
    name: 'Books',
    slug: 'books',
    fields: [
      { key: 'title', type: 'string', required: true },
      { key: 'pages', type: 'number' },
    ],
  })
  return {
    data,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

describeRoom('database', { prepare })

test('both spellings of a collection do the same work in their own form', async () => {
  await using prepared = await prepare()
  await using service = await openTestService({
    data: prepared.data,
    code: `
      router.get('/bare', async () => {
        const one = await database.books.insert({ title: 'A', pages: 1 })
        const found = await database.books.findOne({ title: 'A' })
        return { date: found.createdAt instanceof Date, same: found.id === one.id && one._id === one.id, updated: (await database.books.update(one.id, { pages: 2 })).pages,
          inc: (await database.books.findOneAndUpdate({ title: 'A' }, { $inc: { pages: 5 } }, { returnNew: true })).pages,
          page: await database.books.paginate({}, { page: 1, pageSize: 10 }).then(({ total, pages }) => ({ total, pages })),
          deleted: await database.books.delete(one.id), none: await database.books.findById(one.id) }
      })
      router.get('/dollar', () => {
        const one = $database.collection('books').insert({ title: 'B', pages: 1 })
        const result = { date: typeof one._created_at, update: $database.books.update(one._id, { pages: 3 }), count: $database.books.count({ pages: 3 }),
          found: $database.books.findWithOptions({}, { sort: 'pages', order: 'desc', page: 1, limit: 5 }).length, unknown: $database.nothing.find(), none: $database.nothing.findOne(), zero: $database.nothing.count() }
        $database.books.deleteMany({})
        return result
      })
      router.get('/errors', async () => {
        const codes = []
        for (const wrong of [() => database.nothing.find(), () => database.books.find({ nope: 1 }), () => database.books.insert({}), () => database.books.find({ title: { $where: '1' } }), () => database.books.deleteMany(), () => database.books.update('x')])
          try { await wrong(); codes.push('fine') } catch (error) { codes.push(error.code) }
        try { $database.nothing.insert({}) } catch (error) { codes.push(error.code) }
        return codes
      })`,
  })
  expect((await service.get('/bare')).json).toEqual({
    date: true,
    same: true,
    updated: 2,
    inc: 7,
    page: { total: 1, pages: 1 },
    deleted: true,
    none: null,
  })
  expect((await service.get('/dollar')).json).toEqual({
    date: 'string',
    update: true,
    count: 1,
    found: 1,
    unknown: [],
    none: null,
    zero: 0,
  })
  const codes = (await service.get('/errors')).json as string[]
  expect(codes).toHaveLength(7)
  expect(codes).not.toContain('fine')
  expect(codes).not.toContain('RUNTIME_INTERNAL')
  expect(codes[0]).toBe('MODEL_NOT_FOUND')
})
