import { once } from 'node:events'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'

const echo = `
  router.post('/echo', (ctx) => ({ body: ctx.body, type: ctx.headers['Content-Type'], raw: ctx.rawBody.length }))
  router.post('/size', (ctx) => ({ size: ctx.rawBody.length, sum: ctx.rawBody.reduce((a, b) => (a + b) % 1000003, 0) }))
  router.post('/form', (ctx) => ({ body: ctx.body, files: ctx.files.map(({ bytes, ...rest }) => ({ ...rest, first: bytes[0] })) }))
  router.get('/ping', () => 'pong')
  router.get('/big/:n', (ctx) => 'x'.repeat(+ctx.params.n))
  router.get('/bytes/:n', (ctx) => new Uint8Array(+ctx.params.n).fill(7))
  router.get('/me', (ctx) => ({ ip: ctx.ip, cookies: ctx.cookies, headers: { ...ctx.headers } }))
  router.get('/cookie', (ctx) => { ctx.setCookie('mine', 'a b', { httpOnly: true, sameSite: 'lax' }); ctx.setCookie('m3m_refresh', 'stolen'); return 'set' })
  router.get('/csp', () => router.response(200, '<script>', { 'content-type': 'text/html', 'content-security-policy': "default-src *" }))
  router.get('/file', () => router.file('docs/a.txt', { maxAge: 60 }))
  router.get('/download', () => router.file('/docs/a.txt', { download: 'ä.txt' }))
  router.get('/escape', (ctx) => router.file(ctx.query.path))
  router.get('/stream', () => router.stream((async function* () { for (let i = 0; i < 5; i++) { await new Promise((r) => setTimeout(r, 5)); yield 'part' + i } })()))
  let sent = 0, closed = 0
  router.get('/sse', () => router.sse(async (send, end) => { end.addEventListener('abort', () => closed++); while (!end.aborted) { await send('x'.repeat(10000), { event: 'tick' }); sent++ } }))
  router.get('/sent', () => ({ sent, closed }))
  router.get('/slow', async (ctx) => { await new Promise((r) => { ctx.signal.addEventListener('abort', r); setTimeout(r, 5000) }); globalThis.aborted = ctx.signal.aborted; return 1 })
  router.get('/aborted', () => ({ aborted: globalThis.aborted ?? false }))
`

async function open(
  options: Parameters<typeof openTestAgent>[0] = {},
  limits = {},
): Promise<TestAgent & { url: string }> {
  const agent = await openTestAgent(options)
  await agent.run('echo', echo, { limits })
  return Object.assign(agent, { url: agent.base('echo') })
}

async function until<T>(read: () => Promise<T>, check: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read()
    if (check(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('bodies of every kind arrive, small and large, as their content type says', async () => {
  await using agent = await open()
  const post = async (path: string, body: RequestInit['body'], type?: string) => {
    const answer = await fetch(agent.url + path, {
      method: 'POST',
      body: body!,
      headers: type ? { 'content-type': type } : {},
    })
    return (await answer.json()) as Record<string, unknown>
  }
  expect((await post('/echo', '{"a":["ü"]}', 'application/json'))['body']).toEqual({ a: ['ü'] })
  expect((await post('/echo', 'a=1&b=x+y&a=2', 'application/x-www-form-urlencoded'))['body']).toEqual({
    a: ['1', '2'],
    b: 'x y',
  })
  expect((await post('/echo', 'text', 'text/plain'))['body']).toBe('text')
  const malformed = await fetch(`${agent.url}/echo`, {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  })
  expect(malformed.status).toBe(400)
  const form = new FormData()
  form.set('name', 'Ann')
  form.set('file', new File([Uint8Array.of(0, 255, 13, 10, 45, 45)], 'ü.bin', { type: 'image/png' }))
  expect(await post('/form', form)).toEqual({
    body: { name: 'Ann' },
    files: [{ field: 'file', name: 'ü.bin', type: 'image/png', size: 6, first: 0 }],
  })
  const large = new Uint8Array(10 * 1024 * 1024 - 1).map((_, i) => i % 251)
  const expected = large.reduce((a, b) => (a + b) % 1000003, 0)
  expect(await post('/size', large)).toEqual({ size: large.length, sum: expected })
})

test('a neighbour answers while 10 MB are uploaded', async () => {
  await using agent = await open()
  await agent.run('other', `router.get('/', () => 'here')`)
  const answered = Promise.withResolvers<void>()
  // The last part of each upload comes only when the neighbour has answered beside the others.
  const upload = async () => {
    const parts = (async function* () {
      for (let i = 0; i < 9; i++) yield new Uint8Array(1024 * 1024)
      await answered.promise
      yield new Uint8Array(10)
    })()
    return fetch(`${agent.url}/size`, { method: 'POST', body: parts, duplex: 'half' } as RequestInit)
  }
  const uploads = [1, 2, 3].map(upload)
  for (let i = 0; i < 20; i++)
    expect(await (await fetch(`${agent.base('other')}/`)).text(), `answer ${i}`).toBe('here')
  answered.resolve()
  for (const answer of await Promise.all(uploads))
    expect([answer.status, ((await answer.json()) as { size: number }).size]).toEqual([
      200,
      9 * 1024 * 1024 + 10,
    ])
})

test('a body beyond the limit is 413, said in advance or found out on the way', async () => {
  await using agent = await open({}, { requestBodyBytes: 200_000 })
  const told = await fetch(`${agent.url}/size`, { method: 'POST', body: new Uint8Array(200_001) })
  expect(told.status).toBe(413)
  const chunked = await new Promise<number>((resolve, reject) => {
    const request = http.request(`${agent.url}/size`, { method: 'POST' }, (answer) =>
      resolve(answer.statusCode!),
    )
    request.on('error', reject)
    for (let i = 0; i < 10; i++) request.write(Buffer.alloc(30_000))
    request.end()
  })
  expect(chunked).toBe(413)
  expect(await (await fetch(`${agent.url}/ping`)).text()).toBe('pong')
})

test('large answers come whole, text and bytes; HEAD has no body', async () => {
  await using agent = await open()
  expect(await (await fetch(`${agent.url}/big/3000000`)).text()).toHaveLength(3_000_000)
  const bytes = new Uint8Array(await (await fetch(`${agent.url}/bytes/3000000`)).arrayBuffer())
  expect([bytes.length, bytes[0], bytes.at(-1)]).toEqual([3_000_000, 7, 7])
  const head = await fetch(`${agent.url}/ping`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', ''])
  const tooLarge = await fetch(`${agent.url}/big/11000000`)
  expect(tooLarge.status).toBe(500)
})

test('streams and events come in parts; a reader that stops holds its service back', async () => {
  await using agent = await open()
  expect(await (await fetch(`${agent.url}/stream`)).text()).toBe('part0part1part2part3part4')
  const socket = connect(agent.port, '127.0.0.1')
  socket.write('GET /r/echo/sse HTTP/1.1\r\nhost: x\r\n\r\n')
  await new Promise((resolve) => socket.once('data', resolve))
  socket.pause()
  const sent = async () => ((await (await fetch(`${agent.url}/sent`)).json()) as { sent: number }).sent
  // What fits the windows and the kernel's buffers, and then no more.
  let before = -1
  await until(
    async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      return await sent()
    },
    (count) => {
      const same = count === before
      before = count
      return same
    },
  )
  expect(before).toBeLessThan(2000)
  socket.destroy()
  await until(
    async () => (await (await fetch(`${agent.url}/sent`)).json()) as { closed: number },
    ({ closed }) => closed === 1,
  )
})

test('a client that goes away aborts its request', async () => {
  await using agent = await open()
  const controller = new AbortController()
  const gone = fetch(`${agent.url}/slow`, { signal: controller.signal }).catch(() => 'gone')
  await until(
    () => fetch(`${agent.url}/ping`).then(() => 1),
    () => true,
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  controller.abort()
  expect(await gone).toBe('gone')
  await until(
    async () => (await (await fetch(`${agent.url}/aborted`)).json()) as { aborted: boolean },
    ({ aborted }) => aborted,
  )
})

test("on the panel's port answers are sandboxed, and cookies of the panel pass neither way", async () => {
  await using agent = await open({ origin: 'panel', panelCookies: ['m3m_refresh'] })
  const csp = await fetch(`${agent.url}/csp`)
  expect(csp.headers.get('content-security-policy')).toBe('sandbox')
  expect(csp.headers.get('x-content-type-options')).toBe('nosniff')
  const missing = await fetch(`${agent.base('nobody')}/`)
  expect(missing.headers.get('content-security-policy')).toBe('sandbox')
  expect((await fetch(`${agent.url}/cookie`)).headers.getSetCookie()).toEqual([
    'mine=a%20b; Path=/; HttpOnly; SameSite=Lax',
  ])
  const me = (await (
    await fetch(`${agent.url}/me`, { headers: { cookie: 'a=1; m3m_refresh=secret; b=2' } })
  ).json()) as { cookies: object; headers: object }
  expect(me.cookies).toEqual({ a: '1', b: '2' })
  expect(JSON.stringify(me)).not.toContain('secret')
})

test("on the services' port pages are their own, and X-Forwarded-For of strangers is not believed", async () => {
  await using agent = await open()
  expect((await fetch(`${agent.url}/csp`)).headers.get('content-security-policy')).toBe('default-src *')
  const me = (await (
    await fetch(`${agent.url}/me`, { headers: { 'x-forwarded-for': '9.9.9.9' } })
  ).json()) as { ip: string }
  expect(me.ip).toBe('127.0.0.1')
})

test('router.file serves files of the storage with ranges and caching, and nothing outside of it', async () => {
  await using agent = await openTestAgent()
  const spec = agent.spec('files', echo)
  const storage = join(agent.folder, 'storage', spec.projectId, 'storage')
  await mkdir(join(storage, 'docs'), { recursive: true })
  await writeFile(join(storage, 'docs/a.txt'), 'hello files')
  await writeFile(join(agent.folder, 'secret.txt'), 'secret')
  await symlink(join(agent.folder, 'secret.txt'), join(storage, 'link.txt'))
  await (await agent.supervisor.boot(spec)).activate()
  const url = agent.base('files')
  const whole = await fetch(`${url}/file`)
  expect([
    whole.status,
    whole.headers.get('content-type'),
    whole.headers.get('cache-control'),
    await whole.text(),
  ]).toEqual([200, 'text/plain; charset=utf-8', 'max-age=60', 'hello files'])
  const part = await fetch(`${url}/file`, { headers: { range: 'bytes=6-' } })
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 6-10/11',
    'files',
  ])
  expect((await fetch(`${url}/file`, { headers: { range: 'bytes=99-' } })).status).toBe(416)
  const again = await fetch(`${url}/file`, { headers: { 'if-none-match': whole.headers.get('etag')! } })
  expect(again.status).toBe(304)
  expect((await fetch(`${url}/download`)).headers.get('content-disposition')).toContain(
    "filename*=UTF-8''%C3%A4.txt",
  )
  for (const path of [
    '../../../secret.txt',
    '/etc/passwd',
    'link.txt',
    'docs',
    '',
    '..%2f..%2f',
    'docs/../../x',
  ])
    expect((await fetch(`${url}/escape?path=${path}`)).status, path).toBe(404)
})

test('a socket carries text and bytes both ways, and is closed with 1012 when the service stops', async () => {
  await using agent = await openTestAgent()
  const run = await agent.run(
    'chat',
    `let closes = []
     router.websocket('/ws/:room', {
       open: (socket, ctx) => socket.send({ room: ctx.params.room }),
       message: (socket, data) => data === 'bye' ? socket.close(3001, 'as you wish') : socket.send(data),
       close: (socket, code) => closes.push(code),
     })
     router.get('/closes', () => closes)`,
  )
  const open = async (path: string) => {
    const socket = new WebSocket(`${agent.base('chat').replace('http', 'ws')}${path}`)
    const messages: (string | Buffer)[] = []
    socket.on('message', (data, binary) => messages.push(binary ? (data as Buffer) : String(data)))
    socket.on('error', () => {})
    return { socket, messages }
  }
  const { socket, messages } = await open('/ws/a')
  await until(
    async () => messages.length,
    (count) => count === 1,
  )
  expect(messages[0]).toBe('{"room":"a"}')
  socket.send('ü text')
  socket.send(Buffer.alloc(200_000, 9))
  await until(
    async () => messages.length,
    (count) => count === 3,
  )
  expect(messages[1]).toBe('ü text')
  expect((messages[2] as Buffer).equals(Buffer.alloc(200_000, 9))).toBe(true)
  const closing = new Promise<number>((resolve) => socket.once('close', resolve))
  socket.send('bye')
  expect(await closing).toBe(3001)
  await until(
    async () => (await (await fetch(`${agent.base('chat')}/closes`)).json()) as number[],
    (codes) => codes.length === 1,
  )
  const refused = await open('/nothing')
  await new Promise((resolve) => refused.socket.once('close', resolve))
  const second = await open('/ws/b')
  await until(
    async () => second.messages.length,
    (count) => count === 1,
  )
  const plain = await fetch(`${agent.base('chat')}/ws/b`)
  expect([plain.status, plain.headers.get('upgrade'), await plain.json()]).toEqual([
    426,
    'websocket',
    { error: '/ws/b is a WebSocket; connect to it by ws:// or wss://.' },
  ])
  expect(
    agent.supervisor.figures(run.runId)?.routes.map(({ pattern, hits, errors }) => [pattern, hits, errors]),
  ).toContainEqual(['/ws/:room', 2, 0])
  const ended = new Promise<number>((resolve) => second.socket.once('close', resolve))
  await run.stop({ graceMs: 2000 })
  expect(await ended).toBe(1012)
})

test('a person who leaves the slash out is sent to the page with it, a program is answered', async () => {
  await using agent = await openTestAgent()
  await agent.run('shop', `router.all('/', (ctx) => ctx.query.a ?? 'home')`)
  const bare = agent.base('shop')
  const ask = async (query: string, { method = 'GET', mode = 'navigate' } = {}) => {
    const request = http.request(bare + query, { method, headers: { 'sec-fetch-mode': mode } }).end()
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    return { status: answer.statusCode, location: answer.headers.location, text: await text(answer) }
  }
  const { status, location } = await ask('?a=1')
  expect([status, location]).toEqual([308, './shop/?a=1'])
  expect(new URL(location!, bare).href).toBe(`${bare}/?a=1`)
  expect(await ask('/?a=1')).toMatchObject({ status: 200, text: '1' })
  expect(await ask('', { method: 'POST' })).toMatchObject({ status: 200, text: 'home' })
  expect(await ask('', { mode: 'cors' })).toMatchObject({ status: 200, text: 'home' })
})

test('nobody is sent to another server by the name of a project', async () => {
  await using agent = await openTestAgent()
  for (const name of ['https:evil.example', 'javascript:alert(1)', '%5C%5Cevil.example', '..']) {
    const request = http
      .request({ port: agent.port, path: `/r/${name}`, headers: { 'sec-fetch-mode': 'navigate' } })
      .end()
    const [answer] = (await once(request, 'response')) as [IncomingMessage]
    answer.resume()
    const sentTo = new URL(answer.headers.location ?? '', `${agent.base('')}${name}`)
    expect([name, sentTo.origin]).toEqual([name, `http://127.0.0.1:${agent.port}`])
  }
})
