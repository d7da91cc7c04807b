// Against real servers: bodies that come in parts, sockets, server-sent events.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { openTestService, type TestService } from '../../module/testing.ts'

let server: Server
let service: TestService
let connections = 0

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/events') {
      connections++
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const last = String(request.headers['last-event-id'] ?? 'none')
      response.write(`: hello\nretry: 5\nid: ${connections}\nevent: tick\ndata: a\ndata: after ${last}\n\n`)
      if (connections === 1) response.end()
    } else if (request.url === '/big') {
      response.end(Buffer.alloc(3_000_000, 65))
    } else if (request.url === '/waits') response.write('first')
    else response.writeHead(200, { 'content-type': 'text/plain', 'x-from': 'api' }).end('plain')
  })
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false })
  sockets.on('connection', (socket, request) => {
    socket.send(`hello ${request.headers.authorization ?? 'nobody'}`)
    socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  service = await openTestService({
    settings: { outboundAllow: ['loopback'] },
    code: `const host = '${host}', api = 'http://' + host
      const evaluate = (code) => eval('(async () => {' + code + '})()')
      router.post('/', (ctx) => evaluate(ctx.body))
      router.get('/proxy', () => fetch(api + '/plain'))
      router.get('/made', () => new Response('<b>', { status: 201, headers: [['content-type', 'text/html'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']] }))
      router.get('/streamed', () => new Response(ReadableStream.from(['a', 'b']).pipeThrough(new TextEncoderStream())))
      router.get('/refused', () => { throw new Response('no', { status: 418 }) })
      router.use('/guarded', () => Response.json({ error: 'no' }, { status: 401 }))
      router.get('/guarded', () => 'never')
      router.post('/asked', async (ctx) => Response.json([ctx.request.method, ctx.request.url, await ctx.request.json(), ctx.request.headers.get('X-A')]))`,
  })
})
afterAll(async () => {
  await service[Symbol.asyncDispose]()
  server.closeAllConnections()
  server.close()
})

async function run(code: string): Promise<unknown> {
  return (await service.request('POST', '/', { body: code })).json
}

/** The answer with its body, however it came. */
async function whole(method: string, url: string, options?: { headers?: string[]; body?: string }) {
  const sent = service.request(method, url, options)
  const answer = await sent
  if (answer.more !== 1) return { ...answer, text: answer.body }
  await service.until(() => service.bodies.get(sent.stream)?.ended === true)
  const { chunks } = service.bodies.get(sent.stream)!
  return { ...answer, text: chunks.map((chunk) => Buffer.from(chunk).toString()).join('') }
}

test('a large answer is read in parts, or at once', async () => {
  expect(
    await run(
      `let size = 0, parts = 0; for await (const part of (await fetch(api + '/big')).body) { size += part.length; parts++ } return [size, parts > 3, (await (await fetch(api + '/big')).text()).length]`,
    ),
  ).toEqual([3_000_000, true, 3_000_000])
})

test('a body ends when its signal aborts', async () => {
  expect(
    await run(
      `const c = new AbortController(), r = await fetch(api + '/waits', { signal: c.signal }), reader = r.body.getReader(); const first = new TextDecoder().decode((await reader.read()).value); const next = reader.read(); c.abort(); try { await next } catch (e) { return [first, e.name] }`,
    ),
  ).toEqual(['first', 'AbortError'])
})

test('bodies nobody reads are bounded', async () => {
  expect(
    await run(
      `const open = []; try { for (let i = 0; i < 40; i++) open.push(await fetch(api + '/waits')) } catch (e) { const n = open.length; for (const r of open) await r.body.cancel(); return [n, e.name, e.code] }`,
    ),
  ).toEqual([32, 'TypeError', 'FETCH_TOO_MANY_OPEN'])
  expect(await run(`return [(await fetch(api + '/plain')).headers.get('x-from')]`)).toEqual(['api'])
})

test('a socket opens, talks in text and bytes, and closes', async () => {
  expect(
    await run(`return new Promise((done) => { const seen = [], w = new WebSocket('ws://' + host + '/x', { protocols: ['chat'], headers: { authorization: 'me' } }); w.binaryType = 'arraybuffer'
      try { w.send('early') } catch (e) { seen.push(e.name) }
      w.onopen = () => seen.push('open ' + w.protocol)
      w.addEventListener('message', ({ data }) => { seen.push(typeof data === 'string' ? data : new Uint8Array(data).join()); if (seen.length === 3) w.send('echo'); if (seen.length === 4) w.send(Uint8Array.of(1, 2)); if (seen.length === 5) w.close(4000, 'bye') })
      w.onclose = (e) => done([...seen, e.code, e.reason, e.wasClean, w.readyState, w.bufferedAmount]) })`),
  ).toEqual(['InvalidStateError', 'open chat', 'hello me', 'echo', '1,2', 4000, 'bye', true, 3, 0])
})

test('a socket that cannot be opened says why, and is guarded', async () => {
  const fail = (url: string) =>
    run(
      `return new Promise((done) => { const w = new WebSocket('${url}'); w.onerror = (e) => { w.why = e.message }; w.onclose = (e) => done([e.code, w.why]) })`,
    )
  expect(await fail('ws://127.0.0.1:1/')).toEqual([1006, expect.stringContaining('ECONNREFUSED')])
  expect(await fail('ws://169.254.169.254/')).toEqual([1006, expect.stringContaining('169.254.169.254')])
  expect(
    await run(
      `return ['x', 'ftp://a', 'ws://a/#b'].map((url) => { try { new WebSocket(url) } catch (e) { return e.name } })`,
    ),
  ).toEqual(['SyntaxError', 'SyntaxError', 'SyntaxError'])
})

test('events are read, and the connection made again where it broke off', async () => {
  expect(
    await run(`return new Promise((done) => { const seen = [], e = new EventSource(api + '/events'); e.onerror = () => seen.push('state ' + e.readyState)
      e.addEventListener('tick', (m) => { seen.push(m.data, m.lastEventId); if (m.lastEventId === '2') { e.close(); done([...seen, e.readyState]) } }) })`),
  ).toEqual(['a\nafter none', '1', 'state 0', 'a\nafter 1', '2', 2])
})

test('what answers no stream of events ends the source', async () => {
  expect(
    await run(
      `return new Promise((done) => { const e = new EventSource(api + '/plain'); e.onerror = (x) => done([e.readyState, /no stream of events/.test(x.message)]) })`,
    ),
  ).toEqual([2, true])
})

test('handlers and middleware answer with responses of the web', async () => {
  expect(await whole('GET', '/proxy')).toMatchObject({ status: 200, text: 'plain' })
  expect(await whole('GET', '/made')).toMatchObject({
    status: 201,
    text: '<b>',
    headers: ['content-type', 'text/html', 'set-cookie', 'a=1', 'set-cookie', 'b=2'],
  })
  expect(await whole('GET', '/streamed')).toMatchObject({ status: 200, text: 'ab' })
  expect(await whole('GET', '/refused')).toMatchObject({ status: 418, text: 'no' })
  expect(await whole('GET', '/guarded')).toMatchObject({ status: 401, text: '{"error":"no"}' })
  const headers = ['content-type', 'application/json', 'x-a', '1', 'host', 'me.example']
  expect(JSON.parse((await whole('POST', '/asked', { headers, body: '{"q":1}' })).text)).toEqual([
    'POST',
    'http://me.example/asked',
    { q: 1 },
    '1',
  ])
})
