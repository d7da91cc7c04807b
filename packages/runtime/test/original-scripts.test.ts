// Scripts as people wrote them for the original m3m, in ES5 and later JavaScript, with `$` names and nothing else. They run
// unmodified; what they get is what its documentation and code promised, but where that was a fault.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { callbackify } from 'node:util'
import { ManualClock, newId, silentLogger } from '@m3m/base'
import { createDataEngine, type Actor, type DataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestService, type TestService } from '../src/module/testing.ts'

const OPERATOR: Actor = { kind: 'operator', id: newId(), name: 'Ada' }
const folder = mkdtempSync(join(tmpdir(), 'm3m-original-'))
const clock = new ManualClock(Date.UTC(2026, 0, 30, 12))
const mails: ParsedMail[] = []
const sent: unknown[] = []
let store: Awaited<ReturnType<typeof openTestDatabase>>
let engine: DataEngine
let api: Server
let smtp: SMTPServer

const portOf = (server: Server | SMTPServer['server']) => (server.address() as AddressInfo).port

beforeAll(async () => {
  store = await openTestDatabase('runtime-original')
  engine = createDataEngine({ db: store.data, clock, logger: silentLogger })
  await engine.ensureIndexes()
  api = createServer(async (request, response) => {
    const body = await text(request)
    if (request.url!.startsWith('/sendMessage')) {
      sent.push({ ...(JSON.parse(body) as object), bot: request.headers['x-bot'] })
      response.setHeader('content-type', 'application/json')
      response.end('{"ok":true}')
    } else response.end(JSON.stringify({ rate: request.url === '/rate?to=US+dollar' ? 1.25 : 'wrong' }))
  })
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('nobody') ? new Error('No such mailbox') : undefined),
    onData: callbackify(async (stream: Readable) => void mails.push(await simpleParser(stream))),
  })
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve))
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await engine[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
  api.close()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
  rmSync(folder, { recursive: true, force: true })
})

const scriptOf = (name: string) => readFileSync(join(import.meta.dirname, 'original', `${name}.js`), 'utf8')

/** A project with what the scripts expect of theirs, and the script running in it. */
async function open(name: string, files: Record<string, string> = {}) {
  const projectId = newId()
  const project = engine.project(projectId, OPERATOR)
  await project.models.create({
    name: 'Products',
    slug: 'products',
    fields: [
      { key: 'title', type: 'string', required: true, unique: true },
      { key: 'price', type: 'float', required: true, min: 0 },
      { key: 'stock', type: 'number', default: 0 },
      { key: 'soldBy', type: 'string' },
    ],
  })
  // Slugs of goals are the agent's: `test` is the slug of every project here.
  if (name === 'bot')
    await engine.goals.create(
      { id: projectId, slug: 'test' },
      { name: 'Messages', slug: 'messages', type: 'counter' },
    )
  const variables = {
    API_TOKEN: 'secret',
    BOT_TOKEN: 'bot:1',
    API_URL: `http://127.0.0.1:${portOf(api)}`,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(portOf(smtp.server)),
    SMTP_FROM: 'shop@example.com',
  }
  await project.environment.save({
    variables: Object.entries(variables).map(([key, value]) => ({ key, type: 'string' as const, value })),
  })
  const service = await openTestService({
    code: scriptOf(name),
    files,
    projectId,
    clock,
    data: engine.project(projectId, { kind: 'service', source: 'release:1.0' }, { dates: 'date' }),
    goals: engine.goals,
    recordEvents: engine.events,
    storagePath: join(folder, projectId),
    settings: { outboundAllow: ['loopback'] },
  })
  return { service, project, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() }
}

type Headers = Record<string, string>
const JSON_TYPE = { 'content-type': 'application/json' }

async function send(
  service: TestService,
  method: string,
  url: string,
  body?: unknown,
  headers: Headers = {},
) {
  const answer = await service.request(method, url, {
    headers: Object.entries({ ...(body === undefined ? {} : JSON_TYPE), ...headers }).flat(),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return { ...answer, json: answer.body === '' ? null : answer.json }
}
const get = async (service: TestService, url: string) => (await send(service, 'GET', url)).json

test('a REST interface: middleware, filters, every form of an answer', async () => {
  await using opened = await open('shop')
  const { service } = opened
  const token = { 'x-API-token': 'secret' }
  await service.logged(/shop is open \{"products":0\}/)
  expect(await send(service, 'POST', '/api/products', { title: 'Tea', price: 2 })).toMatchObject({
    status: 401,
    json: { error: 'wrong token' },
  })
  const made = []
  for (const [title, price, stock] of [
    ['Tea', 2, 1],
    ['Milk', 1, 0],
    ['Green tea', 3, 5],
  ] as const)
    made.push(await send(service, 'POST', '/api/products', { title, price, stock }, token))
  expect(made[0]).toMatchObject({
    status: 201,
    json: {
      title: 'Tea',
      soldBy: 'till 1',
      _id: expect.any(String),
      _created_at: expect.stringMatching(/^2026-/),
    },
  })
  const { _id } = made[0]!.json as { _id: string }
  expect(made[0]!.headers).toContain(_id)
  expect(await send(service, 'POST', '/api/products', { price: -1 }, token)).toMatchObject({
    status: 422,
    json: { error: expect.stringMatching(/title|price/) },
  })

  expect(await get(service, '/api/products')).toMatchObject({
    items: [{ title: 'Green tea' }, { title: 'Tea' }],
    total: 3,
  })
  expect(await get(service, '/api/products?q=TEA&max=2')).toMatchObject({
    items: [{ title: 'Tea' }],
    total: 1,
  })
  expect(await get(service, `/api/products/${_id}`)).toMatchObject({ title: 'Tea' })
  expect(await send(service, 'GET', `/api/products/${newId()}`)).toMatchObject({ status: 404 })
  expect((await send(service, 'PUT', `/api/products/${_id}`, { price: 2.5 }, token)).json).toEqual({
    ok: true,
  })
  expect((await send(service, 'POST', '/api/products/Tea/sell', {}, token)).json).toEqual({
    before: 1,
    after: 0,
  })
  const soldOut = await send(service, 'POST', '/api/products/Tea/sell', {}, token)
  expect(soldOut.status).toBe(404)
  expect(await service.logged(/data not found/)).toContain('main.js')
  expect((await send(service, 'POST', '/api/stock', { title: 'Bread', stock: 3 }, token)).json).toEqual({
    id: 'string',
    stock: 3,
    at: 'string',
  })
  expect((await send(service, 'DELETE', `/api/products/${_id}`, undefined, token)).json).toEqual({ ok: true })
})

test('answers: nothing is null with 200, a word called status is a body, an envelope is an answer', async () => {
  await using opened = await open('shop')
  const { service } = opened
  expect(await get(service, '/quiet')).toEqual({ find: [], one: null, count: 0 })
  expect(await send(service, 'GET', '/null')).toMatchObject({ status: 200, body: 'null' })
  expect(await send(service, 'GET', '/status-word')).toMatchObject({ status: 200, json: { status: 'ok' } })
  const envelope = await send(service, 'GET', '/envelope')
  expect(envelope).toMatchObject({ status: 418, json: { tea: true } })
  expect(envelope.headers).toContain('yes')
  const plain = await service.get('/text')
  expect([plain.status, plain.body]).toEqual([202, 'plain'])
  expect(plain.headers).toContain('text/csv')
  const old = await service.get('/old')
  expect([old.status, old.headers]).toEqual([302, expect.arrayContaining(['/api/products'])])
  expect((await send(service, 'PUT', '/null')).status).toBe(405)
  await service.run.shutdown()
  await service.logged(/shop closes/)
})

test('a bot: headers in any case, outgoing calls, goals, a failed call is status 0', async () => {
  await using opened = await open('bot')
  const { service } = opened
  const secret = createHash('md5').update('bot:1').digest('hex')
  const hook = (text: string, given = secret) =>
    send(
      service,
      'POST',
      '/hook',
      { message: { text, chat: { id: 7 }, from: { first_name: 'ann' } } },
      { 'x-telegram-bot-api-secret-token': given },
    )
  expect((await service.request('POST', '/hook', { body: '{}' })).status).toBe(403)
  expect((await hook('/start')).json).toEqual({ ok: true, same: true, sent: { ok: true } })
  expect((await hook('/rate')).json).toMatchObject({ ok: true })
  expect((await hook('hello')).json).toMatchObject({ sent: null })
  expect(sent).toEqual([
    { chat_id: 7, text: 'Hello Ann!', bot: 'bot:1' },
    { chat_id: 7, text: 'Rate: 1.25', bot: 'bot:1' },
  ])
  expect(await get(service, '/stats')).toEqual({
    total: 3,
    log: '/start\n/rate\nhello\n',
    goals: 1,
    none: null,
  })
  expect(await get(service, '/down')).toEqual({ status: 0, text: 'string', json: null })
})

test('jobs: the expressions of the original, and an empty id for what is no time', async () => {
  await using opened = await open('report')
  const { service } = opened
  expect(await get(service, '/jobs')).toEqual({
    expressions: {
      at: '30 14 * * *',
      daily: '0 0 * * *',
      weekly: '0 0 * * 1',
      monthly: '0 0 15 * *',
      cron: '0 9 * * MON-FRI',
      every: expect.anything(),
      wrongTime: '',
      wrongDay: '',
      wrongMonth: '',
      wrongEvery: '',
      wrongCron: '',
    },
    count: 6,
    paused: true,
    again: true,
    status: 'paused',
    resumed: true,
    unknown: [false, false, null, null],
    next: 'number',
    last: null,
    cancelled: true,
  })
  // Why they were refused is in the log.
  expect(service.logs.filter(({ level }) => level === 'error')).toHaveLength(5)
  expect(await get(service, '/soon')).toEqual({ id: 'string' })
  clock.advance(1)
  await service.logged(/^report 0/)
})

test('files: every call answers true or the value, and nothing outside is reached', async () => {
  await using opened = await open('files')
  expect(await get(opened.service, '/files')).toEqual({
    read: 'first second',
    base64: Buffer.from('first second').toString('base64'),
    list: ['a.txt'],
    exists: [true, false, false],
    stat: {
      name: 'a.txt',
      size: 12,
      isDir: false,
      mimeType: expect.stringContaining('text/plain'),
      seconds: true,
      url: 'string',
    },
    size: 12,
    type: 'image/png',
    glob: ['again/moved/c.txt', 'again/notes/a.txt', 'moved/c.txt', 'notes/a.txt', 'tmp/x.txt'],
    path: '/notes/a.txt',
    tmp: 'temporary',
    again: 'first second',
    renameFails: true,
    rootStays: true,
    deleted: true,
    gone: false,
  })
})

test('pictures: drawn, changed, measured', async () => {
  await using opened = await open('files')
  expect(await get(opened.service, '/picture')).toEqual({
    saved: true,
    data: 'data:image/png;base64,',
    size: [120, 80],
    resized: true,
    small: { width: 30, height: 20, format: 'png' },
    kept: { width: 60, height: 40, format: 'jpeg' },
    thumb: 16,
    cropped: 5,
    uri: 'data:image/png;base64,',
  })
})

test('helpers and their edges', async () => {
  await using opened = await open('words')
  const { service } = opened
  expect(await get(service, '/encoding')).toEqual({
    url: 'a+b%26c%2Fd~%C3%A9',
    back: 'a b&c',
    base64: 'aMOpbGxv',
    decoded: 'héllo',
    bad: ['', '', null],
    json: '{"a":"\\u003c\\u0026\\u003e","b":1}',
  })
  expect(await get(service, '/utils')).toEqual({
    slug: ['hello-world-again', expect.stringMatching(/^a-?b$/)],
    truncate: ['short', 'a long...', '...', '...'],
    ints: '1,2,3',
    sameInt: [5, 9],
    random: true,
    uuid: true,
    capital: ['Émile', ''],
    match: [['1', '22'], []],
    replace: ['01/2026', 'x'],
    date: '1970-01-01 00:00:00',
    parsed: [Date.UTC(2026, 0, 31), 0],
    now: true,
  })
  expect(await get(service, '/crypto')).toEqual({
    md5: '0cc175b9c0f1b6a831c399e269772661',
    sha256: createHash('sha256').update('héllo').digest('hex'),
    bytes: [8, '', ''],
  })
})

test('the validator: rules and messages', async () => {
  await using opened = await open('words')
  expect(await get(opened.service, '/validator')).toEqual({
    valid: false,
    messages: [
      'email must be a valid email',
      'name must be at least 3',
      'age must be at least 18',
      expect.stringContaining('kind failed validation: oneof'),
      'missing is required',
    ],
    first: { field: 'email', tag: 'email', value: 'nope', message: 'email must be a valid email' },
    ok: { valid: true, errors: [] },
    alone: { valid: false, errors: [{ field: '', tag: 'min', value: 'abc', message: 'must be at least 5' }] },
    is: [true, false, true, false, true, true],
    text: [true, true, false, true],
    number: [true, false, true, false, false, true],
  })
})

test('pages: cookies, groups, files of one’s own, an error that is logged', async () => {
  await using opened = await open('pages', { 'lib/layout.js': scriptOf('layout') })
  const { service } = opened
  const first = await service.request('GET', '/site/?name=<Ann>', {
    headers: ['cookie', 'visits=4; other=x'],
  })
  expect(first.body).toBe('<!doctype html><title>Welcome</title><p>Visit 5 of &lt;Ann></p>')
  expect(first.headers).toEqual(
    expect.arrayContaining([
      'text/html; charset=utf-8',
      expect.stringMatching(/^visits=5;.*Max-Age=3600.*HttpOnly.*SameSite=Lax/i),
    ]),
  )
  expect(await send(service, 'PATCH', '/site/echo', {}, { 'user-agent': 'curl' })).toMatchObject({
    json: { method: 'PATCH', path: '/site/echo', agent: 'curl', ip: '127.0.0.1' },
  })
  expect((await service.get('/site/file')).file).toMatchObject({
    path: expect.stringContaining('public/terms.txt'),
  })
  expect(await get(service, '/again')).toEqual({ same: true, missing: expect.stringContaining('nothing') })
  const preflight = await service.request('OPTIONS', '/site/echo', {
    headers: ['origin', 'https://shop.example', 'access-control-request-method', 'POST'],
  })
  expect([preflight.status, preflight.headers]).toEqual([
    204,
    expect.arrayContaining(['https://shop.example']),
  ])
  expect((await service.get('/broken')).status).toBe(500)
  expect(await service.logged(/on purpose/)).toMatch(/main\.js:\d+:\d+/)
  await service.logged(/^later$/)
})

test('hooks of what people change, and mail with attachments', async () => {
  await using opened = await open('hooks')
  const { service, project } = opened
  const { id } = await project.records.create('products', { title: 'Jam', price: 4 })
  await service.logged(/mail true string/)
  expect(mails[0]).toMatchObject({
    subject: 'New: Jam',
    text: expect.stringContaining('It costs 4'),
    attachments: [{ filename: 'a.txt' }],
  })
  await expect.poll(async () => (await project.records.findById('products', id))?.['soldBy']).toBe('mail')
  expect(await get(service, '/mail')).toEqual({ wrong: false, html: true })
})
