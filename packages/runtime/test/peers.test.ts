// Services in the manner of other runtimes: hooks of PocketBase, function nodes of Node-RED, what workers reach for, and
// packages from npm in a bundle. All of them run in one process.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SupervisedRun } from '../src/supervisor/supervisor.port.ts'
import { openTestAgent, type TestAgent } from '../src/testing/open-agent.ts'

const fileOf = (name: string) => join(import.meta.dirname, 'services', `${name}.js`)
const slugs = ['pocketbase', 'node-red', 'worker-suite'] as const
let agent: TestAgent
let nodeRed: SupervisedRun
const isolation = 'shared' as const

beforeAll(async () => {
  agent = await openTestAgent()
  for (const slug of slugs) {
    const spec = agent.spec(slug, readFileSync(fileOf(slug), 'utf8'), { isolation })
    mkdirSync(join(agent.folder, 'storage', spec.projectId), { recursive: true })
    const run = await agent.supervisor.boot(spec)
    await run.activate()
    if (slug === 'node-red') nodeRed = run
  }
  const options = {
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2024',
    platform: 'browser',
  } as const
  const { outputFiles } = await build({ ...options, entryPoints: [fileOf('bundled-packages')] })
  // The tests' agent knows modules by their first word.
  await agent.run('packages', `export {}\n${outputFiles[0]!.text}`, { isolation })
})
afterAll(() => agent[Symbol.asyncDispose]())

function logs(): string {
  const folder = join(agent.folder, 'logs')
  const files = readdirSync(folder, { recursive: true }).map(String)
  const texts = files
    .filter((name) => name.endsWith('.log'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
  return texts.join('\n')
}

async function ask(slug: string, path: string, init: RequestInit = {}) {
  const answer = await fetch(agent.base(slug) + path, { redirect: 'manual', ...init })
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json') === true && text !== ''
  return {
    status: answer.status,
    headers: answer.headers,
    body: isJson ? (JSON.parse(text) as unknown) : text,
  }
}

const json = (body: unknown, method = 'POST'): RequestInit => ({
  method,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})
const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

describe('hooks of PocketBase', () => {
  type Case = readonly [what: string, path: string, init: RequestInit, status: number, body: unknown]
  const cases: Case[] = [
    ['a parameter', '/hello/%D0%B6', {}, 200, { message: 'Hello ж' }],
    ['a body of false, through middleware that returns next()', '/false', {}, 200, false],
    [
      'a wrong password',
      '/login',
      json({ identity: 'ann', password: 'x' }),
      400,
      { error: 'Failed to authenticate.' },
    ],
    ['no token', '/api/me', {}, 401, { message: 'The request requires valid authorization.' }],
    ['a forged token', '/api/me', bearer('a.b.c'), 401, { message: 'The token is invalid or expired.' }],
    [
      'what a request has: JSON',
      '/info?a=1&a=2',
      json({ b: [1] }, 'PATCH'),
      200,
      { method: 'PATCH', query: { a: '1' }, header: null, body: { b: [1] } },
    ],
    [
      'what a request has: a form',
      '/info',
      { method: 'PUT', body: new URLSearchParams({ c: 'd e' }), headers: { 'x-custom': 'y' } },
      200,
      { method: 'PUT', query: {}, header: 'y', body: { c: 'd e' } },
    ],
    [
      'what a request has: a text',
      '/info',
      { method: 'POST', body: 'hello' },
      200,
      { method: 'POST', query: {}, header: null, body: 'hello' },
    ],
    ['what a request has: no body', '/info', {}, 200, { method: 'GET', query: {}, header: null, body: null }],
    ['a body within the limit of a route', '/limited/', { method: 'POST', body: '12345' }, 200, 5],
    [
      'a body beyond it',
      '/limited/',
      { method: 'POST', body: '12345678901' },
      413,
      { message: 'Request entity too large' },
    ],
    [
      'a raw body',
      '/raw',
      { method: 'POST', body: new Uint8Array([0, 255, 10]) },
      200,
      createHash('sha256')
        .update(Buffer.from([0, 255, 10]))
        .digest('hex'),
    ],
    ['text', '/string', {}, 200, 'plain'],
    ['HTML', '/html', {}, 200, '<h1>Hi</h1>'],
    ['XML', '/xml', {}, 200, '<a/>'],
    ['nothing', '/none', {}, 204, ''],
    ['a redirect', '/redirect', {}, 307, ''],
    ['a stream', '/stream', {}, 200, 'part 0\npart 1\npart 2\n'],
    ['events', '/sse', {}, 200, 'event: PB_CONNECT\nid: 1\ndata: {"id":1}\n\ndata: two\ndata: lines\n\n'],
    ['what goes wrong in words', '/bad', {}, 400, { error: 'Something went wrong.' }],
    ['what goes wrong in the dark', '/boom', {}, 500, {}],
    [
      'an error page of one’s own',
      '/no/such?x',
      { headers: { accept: 'text/html' } },
      404,
      '<h1>No no/such</h1>',
    ],
    [
      'an error of one’s own for programs',
      '/nothing',
      {},
      404,
      { status: 404, message: 'The requested resource was not found.' },
    ],
    ['helpers', '/security', {}, 200, { missing: 'fallback', random: 20, equal: true, hmac: 64 }],
  ]
  test('answers as written, every one with the headers of routerUse', async () => {
    const given = []
    for (const [what, path, init] of cases) {
      const { status, headers, body } = await ask('pocketbase', path, init)
      // Of errors nobody worded there is the request's id alone, besides a text that says nothing.
      const { requestId, ...rest } = (typeof body === 'object' ? body : {}) as { requestId?: string }
      if (requestId !== undefined) expect(requestId).toMatch(/^[\w-]+$/)
      const shown = status === 500 ? {} : typeof body === 'object' && requestId !== undefined ? rest : body
      given.push([what, status, headers.get('x-powered-by'), shown])
    }
    expect(given).toEqual(cases.map(([what, , , status, body]) => [what, status, 'm3m', body]))
    await expect.poll(logs).toMatch(/GET \/boom failed .*Error: not for the world[^]*main\.js:\d+/)
  })

  test('a login opens what is closed, and not what is for others', async () => {
    const { body } = await ask('pocketbase', '/login', json({ identity: 'ann', password: 'pw' }))
    const ann = bearer((body as { token: string }).token)
    expect((await ask('pocketbase', '/api/me', ann)).body).toEqual({ id: 'ann' })
    expect((await ask('pocketbase', '/api/admin/things/1', { ...ann, method: 'DELETE' })).status).toBe(403)
    const root = await ask('pocketbase', '/login', json({ identity: 'root', password: 'pw' }))
    const init = { ...bearer((root.body as { token: string }).token), method: 'DELETE' }
    expect((await ask('pocketbase', '/api/admin/things/1', init)).status).toBe(204)
  })

  test('files come in, lie in the storage, and go out; bytes, compression, cookies', async () => {
    const form = new FormData()
    form.append('title', 'Two')
    form.append('documents', new Blob(['one']), 'a.txt')
    form.append('documents', new Blob(['two']), '../b.txt')
    const { body } = await ask('pocketbase', '/upload', { method: 'POST', body: form })
    expect(body).toEqual({ title: 'Two', files: ['.._b.txt', 'a.txt'] })
    const file = await ask('pocketbase', '/uploads/a.txt', { headers: { range: 'bytes=1-' } })
    expect([file.status, file.body, file.headers.get('content-disposition')]).toEqual([
      206,
      'ne',
      expect.stringContaining('as.txt'),
    ])
    const blob = await fetch(`${agent.base('pocketbase')}/blob`)
    expect([blob.headers.get('content-type'), await blob.bytes()]).toEqual([
      'image/png',
      new Uint8Array([137, 80]),
    ])
    const zipped = await ask('pocketbase', '/gzip', { headers: { 'accept-encoding': 'gzip' } })
    expect([zipped.body, zipped.headers.get('constructor')]).toEqual(['x'.repeat(1000), 'a header, too'])
    const { headers } = await ask('pocketbase', '/cookies', { headers: { cookie: 'c=%D0%B6' } })
    expect(headers.getSetCookie()).toEqual(['a=1; Path=/; HttpOnly', 'b=2; Path=/x; Secure; SameSite=Strict'])
  })

  test('jobs come and go', async () => {
    await expect.poll(async () => (await ask('pocketbase', '/cron')).body).toBe(true)
    const { body } = await ask('pocketbase', '/cron/stop', { method: 'POST' })
    expect(body).toMatchObject({ stopped: true, again: false, left: 0 })
  })
})

describe('function nodes of Node-RED', () => {
  const inject = (node: string, msg: unknown = {}) =>
    ask('node-red', `/inject/${encodeURIComponent(node)}`, json(msg))
  const sent = async () => (await ask('node-red', '/sent')).body as unknown[]

  test('keep state, go on by their outputs, and send when they are ready', async () => {
    for (let i = 0; i < 2; i++) await inject('count', { payload: 'a' })
    await inject('split', { payload: 9 })
    await inject('split', { payload: 1 })
    const out: unknown[] = []
    await expect.poll(async () => out.push(...(await sent()))).toBe(4)
    expect(out).toEqual([
      { payload: 'a', count: 1 },
      { payload: 'a', count: 2 },
      { payload: 9, topic: 'high' },
      { payload: 1, topic: 'low' },
    ])
    await inject('later', { payload: 'x' })
    await expect.poll(sent).toEqual([{ payload: 'x', late: true }])
  })

  test('errors reach the catch node, bytes are bytes, a status is seen', async () => {
    await inject('fails', { payload: 1 })
    await inject('fails later')
    expect(await sent()).toEqual([
      { caught: { message: 'node failed', source: 'fails' } },
      { caught: { message: 'node failed later', source: 'fails later' } },
    ])
    await inject('bytes', { payload: 'AQID' })
    await inject('bytes', { payload: { a: 'ж' } })
    expect(await sent()).toEqual([
      { hex: '010203', first: 258, text: '\u0001\u0002\u0003', back: 'AQID' },
      { hex: '7b2261223a22d0b6227d', first: 31522, text: '{"a":"ж"}', back: 'eyJhIjoi0LYifQ==' },
    ])
    const { body } = await inject('status', { payload: 7 })
    expect(body).toMatchObject({ status: { fill: 'green', text: 'connected 7' } })
    expect((await ask('node-red', '/order')).body).toEqual(['microtask', 'promise', 'immediate', 'timeout'])
  })

  test('timers that are cleared or left running end with the run', async () => {
    await expect.poll(async () => (await ask('node-red', '/ticks')).body).toBeGreaterThan(2)
    await nodeRed.stop({ graceMs: 1_000 })
    expect(await nodeRed.ended).toEqual({ kind: 'stopped' })
    await expect.poll(logs).toMatch(/stopped after some ticks/)
    expect(logs()).toMatch(/\[status\] status changed/)
    expect(logs()).not.toMatch(/that was cleared ran/)
    // The process lives on for its neighbours; nothing of the stopped run does.
    const lines = logs().match(/a timer of shutdown ran/g)?.length
    await ask('worker-suite', '/none')
    expect(logs().match(/a timer of shutdown ran/g)?.length).toBe(lines)
  })
})

describe('what workers reach for', () => {
  test('is what the standards say', async () => {
    const { body } = await ask('worker-suite', '/cases')
    expect(body).toEqual(WORKER)
  })

  test.for([
    ['/rewriter', /HTMLRewriter is not defined: .*bundle of a parser/],
    ['/pair', /WebSocketPair is not defined: .*router\.websocket/],
    ['/caches', /caches is not defined: use cache/],
    ['/kv', /localStorage is not defined: use cache or storage/],
    ['/wasm', /WebAssembly is not defined: the memory limit/],
    ['/fixed', /FixedLengthStream is not defined: use TransformStream/],
    ['/thread', /Worker is not defined: .*delayed or queue/],
    ['/env', /process is not defined: variables are in env/],
    ['/buffer', /Buffer is not defined: bytes are Uint8Array/],
  ] as const)('%s is not there, and the log says what is', async ([path, line]) => {
    expect((await ask('worker-suite', path)).status).toBe(500)
    await expect.poll(logs).toMatch(line)
  })
})

test('packages from npm do in a bundle what they are known for', async () => {
  expect((await ask('packages', '/cases')).body).toEqual({
    zod: [{ mail: 'a@b.co', n: 5 }, 2, 'object'],
    ajv: [true, false, "must have required property 'a'"],
    jose: [['ES256', 'EdDSA', 'PS256'], 2],
    'itty-router': [{ hi: 'ann' }, 404],
    lodash: [[[1, 2], [3]], 'hi &lt;x&gt;', 2, 'late'],
    marked:
      '<h1>hi</h1><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
    handlebars: 'A &lt;b&gt;',
    mustache: '&lt; 12 <b>',
    cheerio: [2, '<li class="a" id="q">changed</li>'],
    uuid: [true, true, '4cd605e7-afa2-5360-b5b9-c5e9fb5c76f4'],
  })
})

const WORKER = {
  'Request: a copy with another method and headers': ['POST', 'https://a.b/x?y=1', null, '2', 'z', true],
  'Request: methods are normalized, and refused': ['POST', 'TypeError', 'TypeError', 'TypeError'],
  'Response: static makers': [{ a: 1 }, 'https://a.b/', 'error', 'RangeError', 'TypeError', 'RangeError'],
  'Response: a body is read once, a clone again': ['body', true, 'TypeError', 'body', 'TypeError'],
  'Headers: case, order, joining, cookies apart': [
    [
      ['b', '1, 3'],
      ['c', '4'],
      ['set-cookie', 'x=1'],
      ['set-cookie', 'y=2'],
    ],
    ['x=1', 'y=2'],
    '1, 3',
    true,
  ],
  'Headers: what is no header': ['TypeError', 'TypeError', 'TypeError'],
  'URL and URLSearchParams': [
    'https://u:p@ex.com/x?a=1&b=c+d#h',
    'https://ex.com',
    true,
    true,
    'https://xn--mnchen-3ya.de/%C3%9F',
  ],
  URLPattern: ['12', false, true],
  'FormData of every kind': [['1', '2'], 'n.txt', 'text/plain', 'x', ['a', 'a', 'file'], '1'],
  'Blob: slices, types, streams': [8, 'text/plain', 'hé', 8, 8, 'héllo!!'],
  'streams: tee, cancel, errors': [['a', 'b'], 'a', 'enough', 'RangeError'],
  'streams: backpressure': [2, 3],
  'streams: bytes into a view of one’s own': [1, 2],
  'TransformStream: flush, terminate': ['a', 'bc', 'd'],
  'pipeTo with a signal': ['AbortError', 3],
  'IdentityTransform by new TransformStream()': 'hi',
  'CompressionStream: gzip, deflate, deflate-raw': [true, 'TypeError', 'TypeError'],
  'TextDecoderStream over cut letters': 'жж',
  'subtle: HMAC, AES-GCM, PBKDF2, digest': ['5031fe3d', 'secret', 16, '86f7e437', 'InvalidAccessError'],
  'subtle: ECDSA and Ed25519 as JWK': [true, true],
  'structuredClone: cycles, maps, errors, transfer': [
    true,
    0,
    [2],
    'g',
    true,
    0,
    8,
    'DataCloneError',
    'DataCloneError',
  ],
  'AbortSignal: any, timeout, reasons': [true, 'mine', 'AbortError', 'TimeoutError'],
  'events: once, signals, cancelling': [1, 's'],
  MessageChannel: { a: [1] },
  'encoding: labels, fatal, BOM': ['П', 'TypeError', 'A', 'YQ==', 'a', 'InvalidCharacterError'],
  'performance and scheduling': [true, 1, 'number'],
  'fetch of data: and what it refuses': [{ a: 1 }, 'TypeError', 'AbortError', 'TypeError'],
  'the language of today': [
    { odd: [1], even: [2] },
    [1],
    3,
    [1, 3],
    'a+b',
    true,
    [2, 3],
    '{"a":1e1000}',
    '\\x61\\.b',
  ],
}
