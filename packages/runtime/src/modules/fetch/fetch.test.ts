import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let server: Server
let api: string
const settings = { outboundAllow: ['loopback'] }

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url!, 'http://x').pathname
    if (path === '/slow') return
    if (path === '/redirect') return void response.writeHead(302, { location: '/echo' }).end()
    if (path === '/none') return void response.writeHead(204).end()
    if (path === '/cookies')
      return void response.writeHead(200, ['set-cookie', 'a=1', 'set-cookie', 'b=2']).end('text')
    void buffer(request).then((body) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(
          JSON.stringify({ method: request.method, headers: request.headers, body: body.toString('latin1') }),
        ),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

describeRoom('fetch', {
  before: `const { api } = $require('api')`,
  prepare: () => Promise.resolve({ settings, files: { 'api.js': `$exports({ api: '${api}' })` } }),
})

async function run(code: string, chosen: object = settings) {
  await using service = await openTestService({
    settings: chosen as Record<string, unknown>,
    code: `const api = '${api}', code = async (call) => { try { return await call() } catch (error) { return (typeof error.code === 'string' && error.code) || error.name } }; router.get('/', async () => { ${code} })`,
  })
  return (await service.get('/')).json
}

describe('fetch', () => {
  it('sends every kind of body with its type', async () => {
    expect(
      await run(`
        const send = async (body, headers) => { const { body: got, headers: h } = await (await fetch(api + '/echo', { method: 'post', body, headers })).json(); return [got, h['content-type'] ?? null] }
        return [await send('text'), await send(new URLSearchParams({ a: '1 2' })), await send(new Uint8Array([65, 66])), await send(new Blob(['bl', 'ob'], { type: 'Text/X' })), await send('{}', { 'Content-Type': 'application/json' }), await send(undefined)]`),
    ).toEqual([
      ['text', 'text/plain;charset=UTF-8'],
      ['a=1+2', 'application/x-www-form-urlencoded;charset=UTF-8'],
      ['AB', null],
      ['blob', 'text/x'],
      ['{}', 'application/json'],
      ['', null],
    ])
  })

  it('answers as the web does', async () => {
    expect(
      await run(`
        const moved = await fetch(new Request(api + '/redirect', { headers: [['X-A', '1'], ['x-a', '2']] })), cookies = await fetch(api + '/cookies'), copy = cookies.clone()
        return [
          moved.redirected, moved.url === api + '/echo', (await moved.json()).headers['x-a'], (await fetch(api + '/redirect', { redirect: 'manual' })).status, (await fetch(api + '/none')).status,
          cookies.headers.getSetCookie(), await cookies.text(), await copy.text(), cookies.bodyUsed, await code(() => cookies.text()), await Response.json({ a: 1 }).json(), (await new Response('x').blob()).type, typeof fetch.name,
        ]`),
    ).toEqual([
      true,
      true,
      '1, 2',
      302,
      204,
      ['a=1', 'b=2'],
      'text',
      'text',
      true,
      'TypeError',
      { a: 1 },
      'text/plain;charset=utf-8',
      'string',
    ])
  })

  it('gives up when its signal says so, before and during', async () => {
    expect(
      await run(`
        const controller = new AbortController(); setTimeout(() => controller.abort(), 30)
        return [await code(() => fetch(api + '/slow', { signal: controller.signal })), await code(() => fetch(api + '/echo', { signal: AbortSignal.abort() })), await code(() => fetch(api + '/slow', { signal: AbortSignal.timeout(20) }))]`),
    ).toEqual(['AbortError', 'AbortError', 'TimeoutError'])
  })

  it('is guarded as http is, and refuses what is no request', async () => {
    expect(await run(`return [await code(() => fetch(api))]`, {})).toEqual(['OUTBOUND_REFUSED'])
    expect(
      await run(
        `return [await code(() => fetch('nonsense')), await code(() => fetch('file:///etc/passwd')), await code(() => fetch(api, { body: 'x' })), await code(() => fetch(api, { headers: { 'a b': 'c' } })), await code(() => fetch(api, { headers: { a: 'c\\r\\nd: e' } })), await code(() => fetch(api, { method: 'CONNECT' })), await code(() => new Response('', { status: 99 }))]`,
      ),
    ).toEqual([
      'ERR_INVALID_URL',
      'HTTP_URL_INVALID',
      'TypeError',
      'TypeError',
      'TypeError',
      'TypeError',
      'RangeError',
    ])
  })
})
