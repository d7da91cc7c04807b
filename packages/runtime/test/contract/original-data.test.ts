// Records, goals, variables and jobs as the original's scripts use them.
import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { expect } from 'vitest'
import { describeTable, throws, type Row } from './contract.suite.ts'

async function prepare() {
  const store = await openTestDatabase('runtime-contract')
  const engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  const projectId = newId()
  const project = engine.project(projectId, { kind: 'operator', id: newId(), name: 'Ada' })
  await project.models.create({
    name: 'Products',
    slug: 'products',
    fields: [
      { key: 'title', type: 'string', required: true },
      { key: 'price', type: 'float', required: true },
      { key: 'stock', type: 'number', default: 0 },
      { key: 'open', type: 'bool' },
      { key: 'note', type: 'text' },
      { key: 'due', type: 'datetime' },
    ],
  })
  for (const [slug, type] of [
    ['visits', 'counter'],
    ['today', 'daily'],
  ] as const)
    await engine.goals.create({ id: projectId, slug: 'test' }, { name: slug, slug, type })
  await project.environment.save({
    variables: [
      { key: 'WORD', type: 'string', value: 'abc' },
      { key: 'EMPTY', type: 'string', value: '' },
      { key: 'PADDED', type: 'string', value: ' 12.9 ' },
      { key: 'YES', type: 'string', value: 'Yes' },
      { key: 'OFF', type: 'string', value: 'off' },
      { key: 'LIMIT', type: 'integer', value: 42 },
      { key: 'RATE', type: 'float', value: 1.5 },
      { key: 'ON', type: 'boolean', value: true },
      { key: 'SET', type: 'json', value: { a: 1 } },
    ],
  })
  return {
    projectId,
    data: engine.project(projectId, { kind: 'service', source: 'release:1.0' }, { dates: 'date' }),
    goals: engine.goals,
    recordEvents: engine.events,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

const MANY = `
var products = $database.collection('products')
var tea = products.insert({ title: 'Tea', price: 2 })
for (var i = 0; i < 120; i++) products.insert({ title: 'T' + i, price: i + 10, stock: i % 3 })
var titles = function (found) { return found.map(function (one) { return one.title }) }`

const database: Row[] = [
  [
    'insert: a flat record with its defaults, id and dates as texts',
    `[tea.title, tea.stock, tea._id.length, typeof tea._created_at, typeof tea._updated_at, isNaN(Date.parse(tea._created_at))]`,
    ['Tea', 0, 24, 'string', 'string', false],
  ],
  ['insert: throws what is wrong', `products.insert({ price: 1 })`, throws('RECORD_INVALID')],
  [
    'insert: an unknown field is refused',
    `products.insert({ title: 'X', price: 1, colour: 'red' })`,
    throws('RECORD_INVALID'),
  ],
  [
    'insert: texts are read as what the field is',
    `(function (one) { products.delete(one._id); return [one.price, one.stock, one.open] })(products.insert({ title: 'X', price: '2.5', stock: '3', open: 'true' }))`,
    [2.5, 3, true],
  ],
  [
    'insert: a text that is no number is refused',
    `products.insert({ title: 'X', price: 'much' })`,
    throws('RECORD_INVALID'),
  ],
  [
    'insert: null and the empty text say nothing',
    `(function (one) { products.delete(one._id); return [one.note, one.due, one.stock] })(products.insert({ title: 'X', price: 1, note: null, due: '', stock: null }))`,
    [null, null, 0],
  ],
  ['find: at most 100', `products.find().length`, 100],
  ['find: equality', `titles(products.find({ price: 15 }))`, ['T5']],
  [
    'find: conditions are joined by and',
    `titles(products.find({ price: { $gte: 12, $lt: 16 }, stock: 0 }))`,
    ['T3'],
  ],
  [
    'find: $ne, $in, $nin',
    `[products.count({ title: { $ne: 'Tea' } }), titles(products.find({ title: { $in: ['T1', 'T2'] } })), products.count({ title: { $nin: ['T1', 'T2'] } })]`,
    [120, ['T1', 'T2'], 119],
  ],
  [
    'find: $contains, $startsWith and $endsWith in any case',
    `[titles(products.find({ title: { $contains: 'EA' } })), products.count({ title: { $startsWith: 't11' } }), products.count({ title: { $endsWith: '19' } })]`,
    [['Tea'], 11, 2],
  ],
  ['find: what a pattern means stands for itself', `products.count({ title: { $contains: '.' } })`, 0],
  [
    'find: an unknown operator is an error',
    `products.find({ title: { $like: 'x' } })`,
    throws('QUERY_OPERATOR_UNKNOWN'),
  ],
  ['find: by _id', `titles(products.find({ _id: tea._id }))`, ['Tea']],
  [
    'find: by the dates under their old names',
    `products.count({ _created_at: { $lt: new Date(Date.now() + 60000).toISOString() } })`,
    121,
  ],
  ['find: null is no filter', `products.find(null).length`, 100],
  [
    'findOne: a record or null',
    `[products.findOne({ title: 'T7' }).price, products.findOne({ title: 'none' }), typeof products.findOne()]`,
    [17, null, 'object'],
  ],
  [
    'findWithOptions: page, limit, sort and order',
    `titles(products.findWithOptions({}, { page: 2, limit: 3, sort: 'price', order: 'desc' }))`,
    ['T116', 'T115', 'T114'],
  ],
  [
    'findWithOptions: ascending unless told',
    `titles(products.findWithOptions({}, { limit: 2, sort: 'price' }))`,
    ['Tea', 'T0'],
  ],
  [
    'findWithOptions: by the dates under their old names',
    `titles(products.findWithOptions({}, { limit: 1, sort: '_created_at', order: 'desc' }))`,
    ['T119'],
  ],
  [
    'findWithOptions: texts and numbers out of bounds do not fail',
    `[products.findWithOptions({}, { page: '2', limit: '100' }).length, products.findWithOptions({}, { page: 0, limit: 5000 }).length, products.findWithOptions({}, { limit: -1 }).length, products.findWithOptions().length]`,
    [21, 121, 100, 100],
  ],
  ['count: what the filter finds', `[products.count(), products.count({ stock: 1 })]`, [121, 40]],
  [
    'an unknown model reads as empty',
    `(function (none) { return [none.find(), none.findOne(), none.count(), none.findWithOptions()] })($database.collection('nothing'))`,
    [[], null, 0, []],
  ],
  [
    'an unknown model cannot be written',
    `$database.collection('nothing').insert({ a: 1 })`,
    throws('MODEL_NOT_FOUND'),
  ],
  [
    'update: true, and only the named fields',
    `[products.update(tea._id, { price: 3 }), products.findOne({ title: 'Tea' }).price]`,
    [true, 3],
  ],
  [
    'update: texts are read as what the field is',
    `[products.update(tea._id, { price: '4', open: 1 }), products.findOne({ title: 'Tea' }).price, products.findOne({ title: 'Tea' }).open]`,
    [true, 4, true],
  ],
  [
    'update: a whole record can be sent back',
    `(function (one) { one.price = 5; return [products.update(one._id, one), products.findOne({ title: 'Tea' }).price] })(products.findOne({ title: 'Tea' }))`,
    [true, 5],
  ],
  [
    'update: null takes a value away',
    `[products.update(tea._id, { note: 'x' }), products.update(tea._id, { note: null }), products.findOne({ title: 'Tea' }).note]`,
    [true, true, null],
  ],
  ['update: the model counts', `products.update(tea._id, { price: null })`, throws('RECORD_INVALID')],
  ['update: a bad or unknown id', `products.update('zzz', { price: 3 })`, throws('RECORD_NOT_FOUND')],
  ['update: an unknown field', `products.update(tea._id, { colour: 'red' })`, throws('RECORD_INVALID')],
  [
    'upsert: its own shape; made when it is new',
    `(function (one) { return [typeof one.id, one.data.title, one.data.stock, typeof one.created_at, typeof one.updated_at] })(products.upsert({ title: 'Up' }, { title: 'Up', price: '1' }))`,
    ['string', 'Up', 0, 'string', 'string'],
  ],
  [
    'upsert: changed when it is there',
    `[products.upsert({ title: 'Up' }, { price: 9 }).data.price, products.count({ title: 'Up' })]`,
    [9, 1],
  ],
  [
    'upsert: a new one must be whole',
    `products.upsert({ title: 'Half' }, { stock: 1 })`,
    throws('RECORD_INVALID'),
  ],
  [
    'findOneAndUpdate: the record before, or after with returnNew',
    `[products.findOneAndUpdate({ title: 'Up' }, { $inc: { stock: 2 } }).stock, products.findOneAndUpdate({ title: 'Up' }, { $inc: { stock: 2 } }, { returnNew: true }).stock]`,
    [0, 4],
  ],
  [
    'findOneAndUpdate: fields beside operators are set',
    `(function (one) { return [one.price, one.note, one.stock] })(products.findOneAndUpdate({ title: 'Up' }, { price: 1, $set: { note: 'n' }, $inc: { stock: 1 } }, { returnNew: true }))`,
    [1, 'n', 5],
  ],
  [
    'findOneAndUpdate: $unset',
    `products.findOneAndUpdate({ title: 'Up' }, { $unset: { note: '' } }, { returnNew: true }).note`,
    null,
  ],
  [
    'findOneAndUpdate: by _id',
    `products.findOneAndUpdate({ _id: tea._id }, { stock: 7 }, { returnNew: true }).stock`,
    7,
  ],
  [
    'findOneAndUpdate: nothing found',
    `(function () { try { products.findOneAndUpdate({ title: 'none' }, { $inc: { stock: 1 } }) } catch (e) { return e.message } })()`,
    'data not found',
  ],
  ['delete: true', `[products.delete(tea._id), products.findOne({ title: 'Tea' })]`, [true, null]],
  ['delete: a bad or unknown id', `products.delete(tea._id)`, throws('RECORD_NOT_FOUND')],
  ['a model by its name, too', `$database.products.count({ title: 'Up' })`, 1],
]

const goal = (slug: string, type: string) => ({
  id: expect.any(String),
  name: slug,
  slug: `test-${slug}`,
  type,
  description: expect.any(String),
  color: expect.any(String),
})

const goals: Row[] = [
  [
    'increment: true; 1 unless told',
    `[$goals.increment('test-visits'), $goals.increment('test-visits', 4)]`,
    [true, true],
  ],
  [
    'the short slug is the same goal',
    `[$goals.increment('visits'), $goals.getValue('visits'), $goals.getValue('test-visits')]`,
    [true, 6, 6],
  ],
  [
    'a daily goal has the value of today',
    `[$goals.increment('today', 3), $goals.getValue('today')]`,
    [true, 3],
  ],
  ['increment: an unknown goal', `$goals.increment('nothing')`, throws('GOAL_NOT_FOUND')],
  ['getValue: an unknown goal', `$goals.getValue('nothing')`, throws('GOAL_NOT_FOUND')],
  [
    'getStats: 7 days, in order, without gaps',
    `(function (days) { return [days.length, days[6].value, days[0].value, days[6].date === new Date().toISOString().slice(0, 10)] })($goals.getStats('visits'))`,
    [7, 6, 0, true],
  ],
  ['getStats: days', `$goals.getStats('visits', 2).length`, 2],
  [
    'list: all of the project, with full slugs',
    `$goals.list()`,
    [goal('today', 'daily'), goal('visits', 'counter')],
  ],
  ['get: one, or null', `[$goals.get('visits').slug, $goals.get('nothing')]`, ['test-visits', null]],
]

const env: Row[] = [
  [
    'get: the value by its type, or null',
    `[$env.get('WORD'), $env.get('LIMIT'), $env.get('RATE'), $env.get('ON'), $env.get('SET'), $env.get('EMPTY'), $env.get('none')]`,
    ['abc', 42, 1.5, true, { a: 1 }, '', null],
  ],
  ['has: also an empty text', `[$env.has('EMPTY'), $env.has('none')]`, [true, false]],
  [
    'keys and getAll',
    `[$env.keys().length, $env.getAll().WORD, Object.keys($env.getAll()).length]`,
    [9, 'abc', 9],
  ],
  ['getAll: a copy', `(function (all) { all.WORD = 'x'; return $env.get('WORD') })($env.getAll())`, 'abc'],
  [
    'getString: anything as text',
    `[$env.getString('LIMIT', 'd'), $env.getString('ON', 'd'), $env.getString('EMPTY', 'd'), $env.getString('none', 'd')]`,
    ['42', 'true', '', 'd'],
  ],
  [
    'getInt: trimmed, cut off, else the default',
    `[$env.getInt('PADDED', 9), $env.getInt('RATE', 9), $env.getInt('WORD', 9), $env.getInt('none', 9), $env.getInt('LIMIT', 9)]`,
    [12, 1, 9, 9, 42],
  ],
  [
    'getFloat',
    `[$env.getFloat('PADDED', 9), $env.getFloat('WORD', 9), $env.getFloat('none', 9)]`,
    [12.9, 9, 9],
  ],
  [
    'getBool: words in any case; numbers are none',
    `[$env.getBool('YES', false), $env.getBool('OFF', true), $env.getBool('ON', false), $env.getBool('WORD', true), $env.getBool('LIMIT', false), $env.getBool('none', true)]`,
    [true, false, true, true, false, true],
  ],
]

const expression = (make: string) =>
  `(function (id) { return id && $schedule.get(id).expression })($schedule.${make})`
const NOOP = 'function () {}'
const refused = (make: string): Row => [`${make} is no job`, `$schedule.${make}`, '']

const schedule: Row[] = [
  ['daily', expression(`daily(${NOOP})`), '0 0 * * *'],
  ['hourly', expression(`hourly(${NOOP})`), '0 * * * *'],
  ['minutely', expression(`minutely(${NOOP})`), '* * * * *'],
  ['weekly: 0 is Sunday', expression(`weekly(0, ${NOOP})`), '0 0 * * 0'],
  ['weekly: a number in a text', expression(`weekly('3', ${NOOP})`), '0 0 * * 3'],
  ['monthly', expression(`monthly(31, ${NOOP})`), '0 0 31 * *'],
  ['at: without zeros in front', expression(`at('14:30', ${NOOP})`), '30 14 * * *'],
  ['at: one digit will do', expression(`at('9:5', ${NOOP})`), '5 9 * * *'],
  ['cron: five fields with names', expression(`cron('0 9 * JAN MON-FRI', ${NOOP})`), '0 9 * JAN MON-FRI'],
  [
    'cron: descriptors',
    `['@daily', '@hourly', '@weekly', '@monthly', '@yearly', '@every 90s'].every(function (text) { return $schedule.nextRun($schedule.cron(text, function () {})) > Date.now() })`,
    true,
  ],
  [
    'cron: a time zone before it',
    `['CRON_TZ=Asia/Tokyo 0 9 * * *', 'TZ=Asia/Kolkata 0 9 * * *'].map(function (text) { return new Date($schedule.nextRun($schedule.cron(text, f))).toISOString().slice(11, 16) })`,
    ['00:00', '03:30'],
  ],
  [
    'times are UTC',
    `new Date($schedule.nextRun($schedule.at('06:30', function () {}))).toISOString().slice(11, 16)`,
    '06:30',
  ],
  ...[
    'at("24:00", f)',
    'at("9", f)',
    'at("x", f)',
    'at("12:60", f)',
    'weekly(7, f)',
    'weekly(-1, f)',
    'monthly(0, f)',
    'monthly(32, f)',
    'cron("every day", f)',
    'cron("* * * *", f)',
    'every("5", f)',
    'every("x", f)',
    'once("never", f)',
    'daily()',
    'every("5s")',
  ].map(refused),
  [
    'every: s, m, h and d',
    `['5s', '2m', '1h', '1d'].map(function (text) { return $schedule.nextRun($schedule.every(text, f)) - Date.now() > 4000 })`,
    [true, true, true, true],
  ],
  [
    'a job',
    `(function (job) { return [/^job_[0-9]+$/.test(job.id), job.type, job.status, job.executionCount, job.skipIfRunning, job.timeout, typeof job.createdAt, typeof job.nextRun] })($schedule.get($schedule.cron('0 0 1 1 *', f, { skipIfRunning: true, timeout: 5000, lockName: 'x', lockTimeout: 1 })))`,
    [true, 'cron', 'active', 0, true, 5000, 'number', 'number'],
  ],
  [
    'jobs of one time',
    `[$schedule.get($schedule.delay(60000, f)).status, $schedule.get($schedule.delay(60000, f)).type, $schedule.get($schedule.once(Date.now() + 60000, f)).type, $schedule.get($schedule.once(new Date(Date.now() + 60000), f)).type]`,
    ['one-time', 'delay', 'once', 'once'],
  ],
  [
    'pause and resume',
    `(function (id) { return [$schedule.resume(id), $schedule.pause(id), $schedule.pause(id), $schedule.get(id).status, $schedule.resume(id), $schedule.get(id).status] })($schedule.hourly(f))`,
    [false, true, true, 'paused', true, 'active'],
  ],
  [
    'pause: not for jobs of one time, nor for none',
    `[$schedule.pause($schedule.delay(60000, f)), $schedule.pause('none'), $schedule.resume('none')]`,
    [false, false, false],
  ],
  [
    'cancel',
    `(function (id) { return [$schedule.cancel(id), $schedule.cancel(id), $schedule.get(id), $schedule.lastRun(id), $schedule.nextRun(id)] })($schedule.hourly(f))`,
    [true, false, null, null, null],
  ],
  ['list', `$schedule.list().every(function (job) { return job.id && job.type && job.status })`, true],
  ['lastRun: null before the first time', `$schedule.lastRun($schedule.hourly(f))`, null],
]

describeTable('$database', database, { prepare, before: MANY })
describeTable('$goals', goals, { prepare })
describeTable('$env', env, { prepare })
describeTable('$schedule', schedule, { before: 'var f = function () {}' })
