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
      router.get('/rows', async () => {
        await database.books.insertMany([{ title: 'X', pages: 10 }, { title: 'Y', pages: 20 }])
        const bare = await database.books.aggregate([{ $match: { pages: { $gte: 10 } } }, { $sort: { pages: -1 } }, { $project: { title: 1, createdAt: 1 } }])
        const dollar = $database.books.aggregate([{ $group: { _id: null, last: { $max: '$createdAt' } } }])
        const lost = await database.books.aggregate([{ $out: 'stolen' }]).catch((error) => error.code + ' ' + error.message.includes('$out'))
        let none; try { $database.books.findOneAndUpdate({ title: 'Nobody' }, { $inc: { pages: 1 } }) } catch (error) { none = error.message }
        await database.books.deleteMany({})
        return { titles: bare.map((row) => row.title), date: bare[0].createdAt instanceof Date, iso: typeof dollar[0].last, lost, none }
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
  expect((await service.get('/rows')).json).toEqual({
    titles: ['Y', 'X'],
    date: true,
    iso: 'string',
    lost: 'QUERY_OPERATOR_UNKNOWN true',
    none: 'data not found',
  })
  const codes = (await service.get('/errors')).json as string[]
  expect(codes).toHaveLength(7)
  expect(codes).not.toContain('fine')
  expect(codes).not.toContain('RUNTIME_INTERNAL')
  expect(codes[0]).toBe('MODEL_NOT_FOUND')
})

test('a stream asks for the next records only when those before were taken', async () => {
  await using prepared = await prepare()
  let pages = 0
  const { records } = prepared.data
  const counting = {
    ...records,
    list: (...args: Parameters<typeof records.list>) => (pages++, records.list(...args)),
  }
  await records.insertMany(
    'books',
    Array.from({ length: 500 }, (_, i) => ({ title: `T${i}`, pages: i })),
  )
  await using service = await openTestService({
    data: { ...prepared.data, records: counting },
    code: `
      router.get('/some', async () => { const seen = []; for await (const book of database.books.stream({}, { sort: 'pages' })) { seen.push(book.pages); if (seen.length === 250) break } return seen.length })
      router.get('/all', async () => { let sum = 0; for await (const book of database.books.stream()) sum += book.pages; return sum })`,
  })
  expect((await service.get('/some')).json).toBe(250)
  expect(pages).toBe(2)
  expect((await service.get('/all')).json).toBe((499 * 500) / 2)
  expect(pages).toBe(5)
})

test.for(['database.books.insert({})', '$database.books.insert({})'])(
  'what %s throws says in the log where it was called',
  async (call) => {
    await using prepared = await prepare()
    await using service = await openTestService({
      data: prepared.data,
      code: `async function add() {\n  const x = 1\n  return await ${call}\n}\nrouter.get('/', async (ctx) => {\n  await null\n  return await add()\n})`,
    })
    expect((await service.get('/')).status).not.toBe(200)
    const line = await service.logged(/RECORD_INVALID/)
    expect(line).toMatch(/at (async )?add \(main\.js:3:\d+\)/)
    expect(line).toMatch(/main\.js:7:\d+/)
  },
)

test('a batch is kept whole or not at all, in both spellings', async () => {
  await using prepared = await prepare()
  await using service = await openTestService({
    data: prepared.data,
    code: `
      const count = () => database.books.count()
      router.get('/bare', async () => {
        const [made] = await database.batch([{ model: 'books', op: 'create', data: { title: 'A', pages: 1 } }])
        const [changed, none] = await database.batch([
          { model: 'books', op: 'update', id: made.id, data: { $inc: { pages: 1 } } },
          { model: 'books', op: 'remove', id: made.id, version: 2 },
        ])
        return { date: made.createdAt instanceof Date, pages: changed.pages, none, left: await count() }
      })
      router.get('/dollar', () => {
        const [made] = $database.batch([{ model: 'books', op: 'create', data: { title: 'B' } }])
        return { date: typeof made._created_at, code: (() => { try {
          $database.batch([{ model: 'books', op: 'remove', id: made._id }, { model: 'books', op: 'remove', id: made._id }])
        } catch (error) { return error.code } })(), left: $database.books.count() }
      })
      router.get('/wrong', async () => {
        const codes = []
        for (const wrong of [undefined, {}, [{}], [{ model: 'books', op: 'drop' }], [{ model: 'none', op: 'create', data: {} }], [{ model: 'books', op: 'create', data: { title: 1 } }], Array.from({ length: 101 }, () => ({ model: 'books', op: 'create', data: { title: 'x' } }))])
          codes.push(await database.batch(wrong).then(() => 'fine', (error) => error.code))
        return codes
      })`,
  })
  expect((await service.get('/bare')).json).toEqual({ date: true, pages: 2, none: null, left: 0 })
  expect((await service.get('/dollar')).json).toEqual({ date: 'string', code: 'RECORD_NOT_FOUND', left: 1 })
  expect((await service.get('/wrong')).json).toEqual([
    'SERVICE_ARGUMENT_INVALID',
    'SERVICE_ARGUMENT_INVALID',
    'RECORD_UPDATE_INVALID',
    'RECORD_UPDATE_INVALID',
    'MODEL_NOT_FOUND',
    'RECORD_INVALID',
    'RECORD_LIMIT',
  ])
})

test.for(['database', '$database'])('nothing hostile gets through %s', async (spelling) => {
  await using prepared = await prepare()
  await prepared.data.records.create('books', { title: 'Safe', pages: 1 })
  await using service = await openTestService({
    data: prepared.data,
    code: `
      const books = ${spelling}.books
      const deep = (levels) => { let value = { title: 'x' }; for (let i = 0; i < levels; i++) value = { $and: [value] }; return value }
      const filters = {
        where: { $where: 'sleep(1000)' }, expr: { $expr: { $gt: ['$pages', 0] } }, inner: { pages: { $where: '1' } }, func: { pages: { $function: {} } },
        object: { title: { $gt: { $ne: null } } }, proto: JSON.parse('{"__proto__": {"$where": "1"}}'), key: JSON.parse('{"constructor": {"prototype": 1}}'),
        deep: deep(10000), array: { $or: Array.from({ length: 1000 }, () => ({ pages: 1 })) }, regexp: { title: /(?=a)/ }, flags: { title: /a/s }, list: { title: { $in: [/a/] } }, look: { title: { $regex: '(?=a)' } },
        text: 'pages = 1 || $where = "1"', number: 5,
      }
      const refused = async (work) => { try { await work(); return 'taken' } catch (error) { return error.code ?? 'no code: ' + error } }
      router.get('/filters', async () => {
        const out = {}
        for (const [name, filter] of Object.entries(filters))
          out[name] = [await refused(() => books.find(filter)), await refused(() => books.deleteMany(filter)), await refused(() => books.findOneAndUpdate(filter, { $set: { pages: 9 } }))]
        return out
      })
      router.get('/rest', async () => ({
        sort: await refused(() => books.find({}, { sort: '$where' })), fields: await refused(() => books.find({}, { fields: '__proto__' })), expand: await refused(() => books.find({}, { expand: 'constructor' })),
        out: await refused(() => books.aggregate([{ $out: 'x' }])), nested: await refused(() => books.aggregate([{ $match: { $expr: { $function: { body: 'x', args: [], lang: 'js' } } } }])),
        join: await refused(() => books.aggregate([{ $lookup: { from: 'system.users', as: 'x', pipeline: [] } }])), update: await refused(() => books.updateMany({}, { $rename: { title: 'x' } })),
        slow: await refused(async () => { const t = Date.now(); await books.find({ title: { $regex: '^(a|a)*$' } }); if (Date.now() - t > 5000) throw { code: 'SLOW' } }),
        literal: [await books.count({ title: /^S/ }), await books.count({ title: /^s/i }), await books.count({ $or: [{ title: { $not: /^S/ } }, { title: { $regex: /AFE$/i } }] })].join(),
        polluted: String(({}).$where),
      }))`,
  })
  const answers = (await service.get('/filters')).json as Record<string, string[]>
  for (const [name, codes] of Object.entries(answers)) {
    // What cannot leave the isolate is refused there, as structuredClone would refuse it.
    const coded = codes.filter((code) => /^(?!.*INTERNAL)[A-Z]+(?:_[A-Z]+)+$|nested too deeply/.test(code))
    expect([name, codes]).toEqual([name, coded])
  }
  const rest = (await service.get('/rest')).json as Record<string, string>
  expect(rest).toEqual({
    sort: 'QUERY_FIELD_UNKNOWN',
    fields: 'QUERY_FIELD_UNKNOWN',
    expand: 'QUERY_FIELD_UNKNOWN',
    out: 'QUERY_OPERATOR_UNKNOWN',
    nested: 'QUERY_OPERATOR_UNKNOWN',
    // An unknown model reads as empty to scripts of the original.
    join: spelling === 'database' ? 'MODEL_NOT_FOUND' : 'taken',
    update: 'RECORD_UPDATE_INVALID',
    slow: 'taken',
    literal: '1,1,1',
    polluted: 'undefined',
  })
  expect(await prepared.data.records.find('books')).toMatchObject([{ title: 'Safe', pages: 1, version: 1 }])
})
