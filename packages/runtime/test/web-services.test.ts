// Services as people who come from elsewhere write them: a worker, an app of Hono from npm, handlers in the manner of Express
// with webhooks and forms. Asked over real HTTP, and held to what HTTP and the web's fetch say.
import { createHmac } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestAgent, type TestAgent } from '../src/testing/open-agent.ts'

const SECRET = 'it is a secret'
const signature = (body: string) => createHmac('sha256', SECRET).update(body).digest('hex')

const worker = `
const hex = (buffer) => new Uint8Array(buffer).toHex()
const keyOf = (secret) => crypto.subtle.importKey('raw', new TextEncoder().encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])

async function webhook(request) {
  const body = await request.text()
  const given = request.headers.get('X-Hub-Signature-256')?.replace('sha256=', '') ?? ''
  const valid = await crypto.subtle.verify('HMAC', await keyOf('${SECRET}'), Uint8Array.fromHex(given), new TextEncoder().encode(body)).catch(() => false)
  return valid ? Response.json({ event: JSON.parse(body).event }) : new Response('bad signature', { status: 401 })
}

async function shout(request) {
  const up = new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk.toUpperCase()) })
  return new Response(request.body.pipeThrough(new TextDecoderStream()).pipeThrough(up).pipeThrough(new TextEncoderStream()))
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url)
    const { method } = request
    switch (pathname) {
      case '/': return new Response('<h1>hi</h1>', { headers: { 'content-type': 'text/html' } })
      case '/hook': return method === 'POST' ? webhook(request) : new Response(null, { status: 405, headers: { allow: 'POST' } })
      case '/shout': return shout(request)
      case '/form': { const form = await request.formData(); const file = form.get('file'); return Response.json({ name: form.get('name'), all: form.getAll('tag'), file: file && [file.name, file.type, await file.text()] }) }
      case '/cookies': { const r = new Response('set'); r.headers.append('Set-Cookie', 'a=1; HttpOnly'); r.headers.append('Set-Cookie', 'b=2; Path=/x'); return r }
      case '/seen': return Response.json({ cookie: request.headers.get('cookie'), q: searchParams.getAll('q'), used: request.bodyUsed })
      case '/away': return Response.redirect(new URL('/there', request.url), 308)
      case '/none': return new Response(null, { status: 204 })
      case '/clone': { const copy = request.clone(); return Response.json([await request.json(), (await copy.arrayBuffer()).byteLength, copy.bodyUsed]) }
      case '/bytes': return new Response(new Uint8Array([1, 2, 3]))
      case '/later': ctx.waitUntil(new Promise((resolve) => setTimeout(() => { logger.info('later, after the answer'); resolve() }, 5))); return new Response('first')
      case '/lines': return new Response(ReadableStream.from(['one\\n', 'two\\n']).pipeThrough(new TextEncoderStream()), { headers: { 'content-type': 'text/plain' } })
      case '/broken': return new Response(new ReadableStream({ pull(controller) { controller.error(new Error('it broke midway')) } }))
      case '/twice': { const r = new Response('x'); await r.text(); return r }
      case '/gzip': return new Response(new Blob(['hello '.repeat(500)]).stream().pipeThrough(new CompressionStream('gzip')), { headers: { 'content-encoding': 'gzip' } })
      case '/abort': return new Promise(() => request.signal.addEventListener('abort', () => logger.info('the client left')))
      case '/throw': throw new Error('the worker failed')
      default: return new Response('nothing here', { status: 404 })
    }
  },
}`

const express = `
const log = []
router.use((ctx) => { log.push(ctx.method + ' ' + ctx.path); ctx.state.began = true })
router.use(async (ctx) => { try { await ctx.next() } catch (error) { if (error.code !== 'TEAPOT') throw error; return ctx.json({ caught: error.message }, 418) } })
router.get('/log', () => log)
router.get('/teapot', async () => { await null; throw Object.assign(new Error('tea'), { code: 'TEAPOT' }) })
router.get('/users/me', () => 'me'); router.get('/users/:id', (ctx) => ctx.params); router.get('/files/*path', (ctx) => ctx.params)
router.get('/opt/:lang?', (ctx) => ctx.params)
router.post('/hook', (ctx) => {
  const expected = 'sha256=' + crypto.hmac('sha256', '${SECRET}', ctx.rawBody)
  if (!crypto.timingSafeEqual(expected, ctx.headers['x-hub-signature-256'] ?? '')) return router.response(401, { error: 'bad signature' })
  return { event: ctx.body.event }
})
router.post('/login', (ctx) => { ctx.setCookie('session', 'ä 1', { httpOnly: true, sameSite: 'lax', maxAge: 60 }); return ctx.redirect('/r/express/home?x=' + ctx.body.user, 303) })
router.get('/home', (ctx) => ({ session: ctx.cookies.session ?? null }))
router.post('/upload', (ctx) => ({ body: ctx.body, files: ctx.files.map(({ field, name, type, size }) => [field, name, type, size]) }))
router.post('/any', (ctx) => ({ body: ctx.body instanceof Uint8Array ? [...ctx.body] : ctx.body ?? 'nothing', bytes: ctx.rawBody.length }))
router.get('/text', () => 'text'); router.get('/number', () => 5); router.get('/nothing', () => {}); router.get('/list', () => [1])
router.get('/fn', () => () => 1); router.get('/date', () => new Date(0)); router.get('/bytes', () => new Uint8Array([1, 2, 3]))
router.get('/204', () => router.response(204, 'lost')); router.get('/304', () => router.response(304, { a: 1 }))
router.get('/length', () => router.response(200, 'hello', { 'content-length': '2', connection: 'close', 'transfer-encoding': 'chunked' }))
router.get('/header', (ctx) => router.response(200, 'x', { [ctx.query.name]: ctx.query.value }))
router.get('/ctx-header', (ctx) => { ctx.header('x-a', 'пр'); return 'x' })
router.get('/status', (ctx) => router.response(Number(ctx.query.status), 'x'))
router.get('/redirect', (ctx) => ctx.redirect(ctx.query.to))
router.get('/thrown', () => { throw { status: 409, message: 'taken', expose: true } })
router.get('/circular', () => { const a = {}; a.a = a; return a })
router.get('/bigint', () => ({ a: 5n }))
router.all('/all', (ctx) => ctx.method)
let waiting = 0
router.get('/together', async () => { waiting++; while (waiting < 50) await new Promise((resolve) => setTimeout(resolve, 1)); return waiting })
`

let agent: TestAgent
beforeAll(async () => {
  agent = await openTestAgent()
  await agent.run('worker', worker)
  await agent.run('express', express)
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'services/hono-app.js')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
  })
  await agent.run('hono', outputFiles[0]!.text)
})
afterAll(() => agent[Symbol.asyncDispose]())

/** All that the services wrote into their logs. */
async function logs(): Promise<string> {
  const folder = join(agent.folder, 'logs')
  const names = await readdir(folder, { recursive: true })
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.log')).map((name) => readFile(join(folder, name), 'utf8')),
  )
  return texts.join('\n')
}

interface Expected {
  status?: number
  headers?: Record<string, string | null>
  body?: unknown
}
type Case = readonly [what: string, path: string, init: RequestInit, expected: Expected]

async function ask(service: string, path: string, init: RequestInit) {
  const response = await fetch(agent.base(service) + path, { redirect: 'manual', ...init })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return { response, body: isJson ? (JSON.parse(text) as unknown) : text }
}

function table(service: string, cases: readonly Case[]): void {
  test.for(cases)('%s', async ([, path, init, { status = 200, headers = {}, body }]) => {
    const answer = await ask(service, path, init)
    const given = Object.fromEntries(
      Object.keys(headers).map((name) => [name, answer.response.headers.get(name)]),
    )
    expect({
      status: answer.response.status,
      headers: given,
      ...(body !== undefined && { body: answer.body }),
    }).toEqual({ status, headers, ...(body !== undefined && { body }) })
  })
}

const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers,
})
const JSON_TYPE = { 'content-type': 'application/json' }
const signed = (body: string, of = body) =>
  post(body, { ...JSON_TYPE, 'x-hub-signature-256': `sha256=${signature(of)}` })
const EVENT = '{ "event": "push" }'
function form(): FormData {
  const data = new FormData()
  data.append('name', 'Жанна')
  data.append('tag', 'a')
  data.append('tag', 'b')
  data.append('file', new Blob(['abc'], { type: 'text/plain' }), 'na"me.txt')
  return data
}

describe('a worker', () => {
  table('worker', [
    ['answers HTML', '/', {}, { headers: { 'content-type': 'text/html' }, body: '<h1>hi</h1>' }],
    ['checks a signature by crypto.subtle', '/hook', signed(EVENT), { body: { event: 'push' } }],
    ['refuses another signature', '/hook', signed(EVENT, 'other'), { status: 401, body: 'bad signature' }],
    ['refuses no signature', '/hook', post(EVENT), { status: 401 }],
    ['says which method it wants', '/hook', {}, { status: 405, headers: { allow: 'POST' }, body: '' }],
    ['pipes a body through', '/shout', post('quiet'), { body: 'QUIET' }],
    [
      'reads a multipart form',
      '/form',
      post(form()),
      { body: { name: 'Жанна', all: ['a', 'b'], file: ['na"me.txt', 'text/plain', 'abc'] } },
    ],
    [
      'reads an urlencoded form',
      '/form',
      post(new URLSearchParams('name=a+b&tag=%26')),
      { body: { name: 'a b', all: ['&'], file: null } },
    ],
    [
      'sees cookies and every value of a query',
      '/seen?q=1&q=2',
      { headers: { cookie: 'a=1; b=2' } },
      { body: { cookie: 'a=1; b=2', q: ['1', '2'], used: false } },
    ],
    [
      'sends no content with 204',
      '/none',
      {},
      { status: 204, headers: { 'content-length': null }, body: '' },
    ],
    ['reads a clone of its request', '/clone', post('[1]', JSON_TYPE), { body: [[1], 3, true] }],
    [
      'says how long bytes are',
      '/bytes',
      {},
      { headers: { 'content-length': '3' }, body: '\u0001\u0002\u0003' },
    ],
    ['streams', '/lines', {}, { headers: { 'content-length': null }, body: 'one\ntwo\n' }],
    ['compresses', '/gzip', {}, { headers: { 'content-encoding': 'gzip' }, body: 'hello '.repeat(500) }],
    ['has its own 404', '/other', {}, { status: 404, body: 'nothing here' }],
    ['fails with 500', '/throw', {}, { status: 500 }],
    ['cannot send a body that was read', '/twice', {}, { status: 500 }],
    [
      'answers HEAD without a body',
      '/',
      { method: 'HEAD' },
      { headers: { 'content-length': '11' }, body: '' },
    ],
    ['answers OPTIONS itself', '/other', { method: 'OPTIONS' }, { status: 404 }],
  ])

  test('sets several cookies, and redirects to a whole address', async () => {
    const { response } = await ask('worker', '/cookies', {})
    expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2; Path=/x'])
    const away = await ask('worker', '/away', {})
    expect(away.response.status).toBe(308)
    expect(new URL(away.response.headers.get('location')!).pathname).toBe('/there')
  })

  test('a body that breaks midway is not taken for a whole one', async () => {
    await expect(ask('worker', '/broken', {})).rejects.toThrow()
  })

  test('hears that its client left, while others are answered', async () => {
    const leaving = new AbortController()
    const left = fetch(`${agent.base('worker')}/abort`, { signal: leaving.signal })
    expect((await ask('worker', '/later', {})).body).toBe('first')
    leaving.abort()
    await expect(left).rejects.toThrow('aborted')
    await expect.poll(logs).toMatch(/the client left/)
    await expect.poll(logs).toMatch(/later, after the answer/)
  })
})

describe('an app of Hono', () => {
  table('hono', [
    [
      'has parameters, queries and middleware with an after-phase',
      '/users/7?q=1&q=2',
      {},
      { headers: { 'x-took': 'true' }, body: { id: '7', q: '1', all: ['1', '2'] } },
    ],
    ['has patterns', '/users/x', {}, { status: 404, body: 'nobody' }],
    [
      'answers preflights',
      '/api/x',
      {
        method: 'OPTIONS',
        headers: { origin: 'https://shop.example', 'access-control-request-method': 'GET' },
      },
      { status: 204, headers: { 'access-control-allow-origin': 'https://shop.example' } },
    ],
    [
      'asks who is there',
      '/private/x',
      {},
      { status: 401, headers: { 'www-authenticate': 'Basic realm="Secure Area"' } },
    ],
    [
      'lets in by password',
      '/private/x',
      { headers: { authorization: `Basic ${btoa('ann:pw')}` } },
      { body: 'in' },
    ],
    ['lets in by token', '/token/x', { headers: { authorization: 'Bearer t0ken' } }, { body: 'in' }],
    ['refuses a wrong token', '/token/x', { headers: { authorization: 'Bearer other' } }, { status: 401 }],
    [
      'escapes HTML',
      '/secure',
      {},
      { headers: { 'x-content-type-options': 'nosniff' }, body: '<p>&lt;b&gt;<i></p>' },
    ],
    ['signs and verifies tokens', '/jwt', {}, { body: 'ann' }],
    ['validates', '/valid', post('{"name":"x"}', JSON_TYPE), { body: { name: 'x' } }],
    ['refuses what is not valid', '/valid', post('{}', JSON_TYPE), { status: 422, body: 'no name' }],
    ['parses forms', '/body', post(new URLSearchParams('a=1&a=2&b=3')), { body: { a: ['1', '2'], b: '3' } }],
    ['streams text', '/text', {}, { body: 'one\ntwo' }],
    [
      'sends events',
      '/events',
      {},
      { headers: { 'content-type': 'text/event-stream' }, body: 'event: e\ndata: x\nid: 1\n\n' },
    ],
    ['throws answers', '/teapot', {}, { status: 418, body: 'tea' }],
    ['catches errors', '/fails', {}, { status: 500, body: { said: 'deep inside' } }],
    ['is mounted', '/books', { method: 'POST' }, { status: 201, body: 'made' }],
    ['takes several methods', '/books/1', { method: 'DELETE' }, { body: 'DELETE' }],
    ['answers HEAD', '/books', { method: 'HEAD' }, { body: '' }],
    ['has variables of the project', '/env', {}, { body: {} }],
  ])

  test('middleware runs around its handler, in order', async () => {
    await ask('hono', '/order', {})
    expect((await ask('hono', '/order/seen', {})).body).toEqual(['a', 'b', 'handler', 'b after', 'a after'])
  })

  test('an entity tag is answered 304; signed cookies come back', async () => {
    const first = await ask('hono', '/etag', {})
    const tag = first.response.headers.get('etag')!
    const again = await ask('hono', '/etag', { headers: { 'if-none-match': tag } })
    expect([again.response.status, again.body]).toEqual([304, ''])
    const { response } = await ask('hono', '/cookie', {})
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    expect((await ask('hono', '/cookie', { headers: { cookie } })).body).toEqual({ plain: 'p', signed: 's' })
  })
})

describe('handlers in the manner of Express', () => {
  table('express', [
    ['static beats parameter', '/users/me', {}, { body: 'me' }],
    ['parameters are decoded', '/users/a%2Fb%20%D0%B6', {}, { body: { id: 'a/b ж' } }],
    ['a wildcard takes the rest', '/files/a/b.txt', {}, { body: { path: 'a/b.txt' } }],
    ['a parameter may be left out', '/opt', {}, { body: {} }],
    ['a slash at the end is none', '/users/me/', {}, { body: 'me' }],
    [
      'nor in a path of other methods',
      '/text/',
      { method: 'DELETE' },
      { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } },
    ],
    ['middleware catches what a handler throws', '/teapot', {}, { status: 418, body: { caught: 'tea' } }],
    ['a signature is checked by crypto', '/hook', signed(EVENT), { body: { event: 'push' } }],
    ['another signature is refused', '/hook', signed(EVENT, 'x'), { status: 401 }],
    [
      'a login sets a cookie and leads on',
      '/login',
      post(new URLSearchParams({ user: 'ann' })),
      {
        status: 303,
        headers: {
          location: '/r/express/home?x=ann',
          'set-cookie': 'session=%C3%A4%201; Path=/; Max-Age=60; HttpOnly; SameSite=Lax',
        },
      },
    ],
    [
      'a cookie comes back decoded',
      '/home',
      { headers: { cookie: 'session=%C3%A4%201' } },
      { body: { session: 'ä 1' } },
    ],
    [
      'an upload has fields and files',
      '/upload',
      post(form()),
      { body: { body: { name: 'Жанна', tag: ['a', 'b'] }, files: [['file', 'na"me.txt', 'text/plain', 3]] } },
    ],
    ['JSON is parsed, a number too', '/any', post('5', JSON_TYPE), { body: { body: 5, bytes: 1 } }],
    [
      'JSON of a vendor is JSON',
      '/any',
      post('{"a":1}', { 'content-type': 'application/vnd.api+json' }),
      { body: { body: { a: 1 }, bytes: 7 } },
    ],
    [
      'malformed JSON is 400',
      '/any',
      post('{', JSON_TYPE),
      { status: 400, body: { error: 'The body is not valid JSON.' } },
    ],
    ['no body is none', '/any', post('', JSON_TYPE), { body: { body: 'nothing', bytes: 0 } }],
    [
      'bytes are bytes',
      '/any',
      post(new Uint8Array([0, 255]), { 'content-type': 'image/png' }),
      { body: { body: [0, 255], bytes: 2 } },
    ],
    [
      'a multipart body without a boundary is 400',
      '/any',
      post('x', { 'content-type': 'multipart/form-data' }),
      { status: 400 },
    ],
    ['a text', '/text', {}, { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'text' }],
    ['a number', '/number', {}, { headers: { 'content-type': 'application/json; charset=utf-8' }, body: 5 }],
    ['a date', '/date', {}, { body: '1970-01-01T00:00:00.000Z' }],
    ['nothing', '/nothing', {}, { status: 204, headers: { 'content-type': null } }],
    ['what is no value', '/fn', {}, { status: 204 }],
    [
      'bytes say how long they are',
      '/bytes',
      { method: 'HEAD' },
      { headers: { 'content-length': '3', 'content-type': 'application/octet-stream' } },
    ],
    [
      '204 has no content',
      '/204',
      {},
      { status: 204, headers: { 'content-type': null, 'content-length': null }, body: '' },
    ],
    ['304 has none either', '/304', {}, { status: 304, headers: { 'content-type': null }, body: '' }],
    [
      'the connection is the agent’s',
      '/length',
      {},
      { headers: { 'content-length': '5', 'transfer-encoding': null }, body: 'hello' },
    ],
    [
      'a thrown object is an answer',
      '/thrown',
      {},
      { status: 409, body: { error: 'taken', requestId: expect.any(String) } },
    ],
    ['a circle is no JSON', '/circular', {}, { status: 500 }],
    ['a BigInt is no JSON', '/bigint', {}, { status: 500 }],
    [
      'an address is encoded',
      '/redirect?to=/é?q=ж%0d%0ax:y',
      {},
      { status: 302, headers: { location: '/%C3%A9?q=%D0%B6%0D%0Ax:y' } },
    ],
    ['no address is an error', '/redirect', {}, { status: 500 }],
    [
      'another method is 405',
      '/text',
      { method: 'DELETE' },
      { status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } },
    ],
    [
      'OPTIONS says what there is',
      '/hook',
      { method: 'OPTIONS' },
      { status: 204, headers: { allow: 'OPTIONS, POST' } },
    ],
    ['a method nobody knows reaches all', '/all', { method: 'PROPFIND' }, { body: 'PROPFIND' }],
    ['HEAD comes from GET', '/text', { method: 'HEAD' }, { headers: { 'content-length': '4' }, body: '' }],
    ['no route is 404', '/nowhere', {}, { status: 404, body: { error: 'There is no route for /nowhere.' } }],
  ])

  test.for([
    [
      '/header?name=x-a&value=b%0d%0aset-cookie:c',
      /GET \/header failed .*"x-a" cannot have the value "b\\r\\nset-cookie:c"/,
    ],
    ['/header?name=x%20a&value=b', /GET \/header failed .*"x a" cannot be the name/],
    ['/ctx-header', /GET \/ctx-header failed .*"x-a" cannot have the value "пр"[\s\S]*main\.js:\d+/],
    ['/status?status=101', /GET \/status failed .*status of 200 to 599, not 101/],
    ['/status?status=42', /GET \/status failed .*not 42/],
  ] as const)('%s is 500 and named in the log', async ([path, line]) => {
    const { response } = await ask('express', path, {})
    expect([response.status, response.headers.get('set-cookie'), response.headers.get('c')]).toEqual([
      500,
      null,
      null,
    ])
    await expect.poll(() => logs()).toMatch(line)
  })

  test('fifty requests wait for each other and all are answered', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => ask('express', '/together', {})))
    expect(all.every(({ body }) => Number(body) >= 50)).toBe(true)
  })

  test('middleware saw only requests that had a route', async () => {
    await ask('express', '/text', {})
    await ask('express', '/missing', {})
    const { body } = await ask('express', '/log', {})
    expect(body).toContain('GET /text')
    expect(body).not.toContain('GET /missing')
  })

  test('an upload that breaks off never reaches its handler', async () => {
    const reached = async () =>
      ((await ask('express', '/log', {})).body as string[]).filter((line) => line === 'POST /any').length
    const before = await reached()
    const { port, pathname, hostname } = new URL(`${agent.base('express')}/any`)
    const broken = httpRequest({
      port,
      hostname,
      path: pathname,
      method: 'POST',
      headers: { 'content-length': '1000', ...JSON_TYPE },
    })
    await new Promise<void>((resolve) => {
      broken.on('error', () => resolve())
      broken.write('{"a":', () => broken.destroy())
      broken.on('close', () => resolve())
    })
    expect((await ask('express', '/text', {})).body).toBe('text')
    expect(await reached()).toBe(before)
  })
})
