// What the bare spelling promises beyond single rooms: refusals name the option at fault, and come by the promise.
import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { describeTable, throws, type Row } from './contract.suite.ts'

async function prepare() {
  const store = await openTestDatabase('runtime-bare')
  const engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  const projectId = newId()
  return {
    projectId,
    data: engine.project(projectId, { kind: 'service', source: 'release:1.0' }, { dates: 'date' }),
    goals: engine.goals,
    recordEvents: engine.events,
    queue: { push: engine.queue.push, work: engine.work },
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

const MESSAGE = `const says = async (call) => { try { await call(); return 'nothing' } catch (error) { return error.message } }`
const says = (call: string, part: string): Row => [
  `${call} says: ${part}`,
  `(await says(() => ${call})).includes(${JSON.stringify(part)})`,
  true,
]
/** Calls that fail by their promise, not by a throw before there is one. */
const byPromise = (call: string): Row => [
  `${call} fails by its promise`,
  `await (${call}).then(() => 'no failure', () => 'failed')`,
  'failed',
]

const rows: Row[] = [
  says(`http.get('https://example.com', { params: { a: 1 } })`, 'no option "params"; use query'),
  says(`http.get('https://example.com', { tiemout: 5 })`, 'no option "tiemout"; there are headers, query'),
  says(`http.request('https://example.com', { signal: 1 })`, 'fetch, which takes a signal'),
  says(`schedule.cron('* * * * *', () => {}, { timezone: 'Mars/X' })`, 'not "Mars/X"'),
  says(`schedule.cron('TZ=Mars/X * * * * *', () => {})`, 'not "Mars/X"'),
  says(`schedule.daily(() => {}, { timeout: 'soon' })`, 'not "soon"'),
  [
    'a timezone that exists',
    `typeof schedule.cron('0 9 * * *', () => {}, { timezone: 'asia/tokyo' })`,
    'string',
  ],
  byPromise(`http.get('https://example.com', { timeout: 'soon' })`),
  byPromise(`http.download('nowhere', 'a', { timeout: 'soon' })`),
  byPromise(`smtp.send({ to: 'a@b.co', attachments: [null] })`),
  byPromise(`queue.push('q', 1, { delay: 'soon' })`),
  byPromise(`storage.url('a', { expires: 'soon' })`),
  byPromise(`storage.writeJson('a', 1n)`),
  byPromise(`database.nothing.find()`),
  byPromise(`goals.increment('nothing')`),
  byPromise(`image.info('nothing')`),
  byPromise(`crypto.sign('x', 'no key')`),
  byPromise(`crypto.jwt.verify('x', 'y')`),
  byPromise(`draw.loadImage('nothing')`),
  [
    '$http: also an option at fault is an answer',
    `$http.get('https://example.com', { timeout: 'soon' }).status`,
    0,
  ],
  ['cache: a function cannot be kept', `cache.set('f', () => 1)`, throws('CACHE_VALUE_INVALID')],
  ['cache: the headers of a request can', `(cache.set('h', ctx.headers), cache.get('h'))`, {}],
  [
    'structuredClone refuses proxies, at any depth',
    `[new Proxy({}, {}), new Proxy([], {}), { a: new Proxy({}, {}) }, new Map([[1, new Proxy(new Date(), {})]]), Proxy.revocable({}, {}).proxy].map((it) => { try { return structuredClone(it) } catch (error) { return error.name } })`,
    Array(5).fill('DataCloneError'),
  ],
  [
    'Proxy is what it was',
    `[Proxy.name, Proxy.length, 'prototype' in Proxy && Proxy.prototype, new Proxy({}, { get: () => 5 }).a, new Proxy(Object.freeze({ b: 1 }), {}).b]`,
    ['Proxy', 2, false, 5, 1],
  ],
]

describeTable('the bare spelling', rows, { isModern: true, before: MESSAGE, prepare })
