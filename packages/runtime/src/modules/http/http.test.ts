import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

let folder: string
let server: Server
let other: Server
let api: string
let foreign: string
let flaky = 0
const settings = { outboundAllow: ['loopback'] }

const listener: RequestListener = async (request, response) => {
  const url = new URL(request.url!, 'http://x')
  const json = (status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  switch (url.pathname) {
    case '/users':
      return json(200, { page: Number(url.searchParams.get('page')) })
    case '/echo': {
      const body = await buffer(request)
      const isJson = request.headers['content-type'] === 'application/json'
      const shown = isJson ? (JSON.parse(body.toString()) as unknown) : body.toString('latin1')
      return json(200, { method: request.method, headers: request.headers, body: shown })
    }
    case '/file':
      return response.writeHead(Number(url.searchParams.get('status') ?? 200)).end(Buffer.alloc(1_000))
    case '/redirect':
      return response
        .writeHead(Number(url.searchParams.get('status') ?? 302), { location: url.searchParams.get('to')! })
        .end('moved')
    case '/loop':
      return response.writeHead(302, { location: '/loop' }).end()
    case '/slow':
      return undefined
    case '/drip':
      response.writeHead(200)
      return void response.write('x')
    case '/huge': {
      response.writeHead(200)
      const chunk = Buffer.alloc(1024 * 1024)
      for (let i = 0; i < 60 && !response.destroyed; i++)
        if (!response.write(chunk))
          await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
      return void response.end()
    }
    case '/gzip':
      return response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'))
    case '/bomb':
      return response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(60 * 1024 * 1024)))
    case '/flaky':
      return json(flaky++ < 2 ? 503 : 200, { tries: flaky })
    case '/broken':
      return void response.destroy()
    case '/headers':
      return response
        .writeHead(
          200,
          [
            ['Set-Cookie', 'a=1'],
            ['Set-Cookie', 'b=2'],
            ['X-One', 'ö'],
          ].flat(),
        )
        .end('{')
    default:
      return json(404, { error: 'no such thing' })
  }
}

async function listen(): Promise<[Server, string]> {
  const made = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return [made, `http://127.0.0.1:${(made.address() as AddressInfo).port}`]
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'm3m-http-'))
  ;[server, api] = await listen()
  ;[other, foreign] = await listen()
})
afterAll(() => {
  for (const each of [server, other]) {
    each.closeAllConnections()
    each.close()
  }
  rmSync(folder, { recursive: true, force: true })
})

describeRoom('http', {
  // The port is known when the service is made: its examples find the address in this file.
  before: `const { api } = $require('api')`,
  prepare: () =>
    Promise.resolve({
      storagePath: join(folder, 'examples'),
      settings,
      files: { 'api.js': `$exports({ api: '${api}' })` },
    }),
})

const run = async (code: string, options: object = {}) => {
  await using service = await openTestService({
    settings,
    storagePath: join(folder, 'run'),
    ...options,
    code: `const api = '${api}', foreign = '${foreign}'; const code = async (call) => { try { return await call() } catch (error) { return error.code ?? String(error) } }
      router.get('/', async () => { ${code} })`,
  })
  const answer = await service.get('/')
  return {
    json: answer.json,
    logs: service.logs,
    root: join(folder, 'run', service.run.order.projectId, 'storage'),
  }
}

describe('http', () => {
  it('follows redirects as browsers do and keeps credentials at home', async () => {
    const { json } = await run(`
      const to = (path, status = 302) => api + '/redirect?status=' + status + '&to=' + encodeURIComponent(path)
      const secret = { headers: { Authorization: 'x', Cookie: 'c', 'X-Other': 'o' } }
      return [
        (await http.post(to('/echo'), { a: 1 })).json().method, (await http.put(to('/echo', 307), { a: 1 })).json().body, (await http.get(to('/echo', 303))).redirected,
        Object.keys((await http.get(to(foreign + '/echo'), secret)).json().headers).filter((name) => ['authorization', 'cookie', 'x-other'].includes(name)),
        (await http.get(to('/echo'), secret)).json().headers.authorization,
        (await http.get(to('/echo'), { redirect: 'manual' })).status, await code(() => http.get(to('/echo'), { redirect: 'error' })),
        await code(() => http.get(api + '/loop')), await code(() => http.get(to('file:///etc/passwd'))), await code(() => http.get(to('http://169.254.169.254/latest'))),
      ]`)
    expect(json).toEqual([
      'GET',
      { a: 1 },
      true,
      ['x-other'],
      'x',
      302,
      'HTTP_FAILED',
      'HTTP_TOO_MANY_REDIRECTS',
      'HTTP_URL_INVALID',
      'OUTBOUND_REFUSED',
    ])
  })

  it('bounds time and size, unpacks, retries', async () => {
    flaky = 0
    const { json } = await run(`return [
      await code(() => http.get(api + '/slow', { timeout: 100 })), await code(() => http.get(api + '/drip', { timeout: '100ms' })), await code(() => http.get(api + '/huge')),
      (await http.get(api + '/gzip')).body, await code(() => http.get(api + '/bomb')), (await http.get(api + '/flaky', { retries: 3 })).json(), await code(() => http.get(api + '/broken')),
      (await http.get(api + '/gzip', { headers: { 'accept-encoding': 'gzip' } })).headers['Content-Encoding'], await code(() => http.get(api + '/slow', { timeout: 'soon' })),
    ]`)
    expect(json).toEqual([
      'HTTP_TIMEOUT',
      'HTTP_TIMEOUT',
      'HTTP_TOO_LARGE',
      'packed',
      'HTTP_TOO_LARGE',
      { tries: 3 },
      'HTTP_FAILED',
      'gzip',
      'HTTP_OPTION_INVALID',
    ])
  })

  it('refuses what would smuggle or is no request', async () => {
    const { json } = await run(`return [
      await code(() => http.get('ftp://x')), await code(() => http.get('')), await code(() => http.get(api, { headers: { 'X-A': 'a\\r\\nHost: evil' } })),
      await code(() => http.get(api, { headers: { 'bad name': 'a' } })), await code(() => http.request(api, { method: 'CONNECT' })), await code(() => http.request(api, { method: 'G T' })),
      (await http.get(api + '/echo', { headers: { Host: 'evil', 'Content-Length': '5', 'Transfer-Encoding': 'chunked' } })).json().headers.host === new URL(api).host,
      await code(() => http.get(api, { proxy: 'ftp://x' })), await code(() => http.get(api, { redirect: 'nowhere' })),
    ]`)
    const option = 'HTTP_OPTION_INVALID'
    expect(json).toEqual([
      'HTTP_URL_INVALID',
      'HTTP_URL_INVALID',
      option,
      option,
      option,
      option,
      true,
      option,
      option,
    ])
  })

  it('reaches neither the machine nor private networks unless an operator allows it', async () => {
    const { json } = await run(
      `const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f000001', '2130706433', '127.1', '0.0.0.0', '[::]', '10.0.0.1', '172.16.9.9', '192.168.1.1', '100.64.0.1', '169.254.169.254', '[fe80::1]', '[fd00::1]', '224.0.0.1', '[64:ff9b::7f00:1]', '[2002:7f00:1::]']
       const codes = new Set()
       for (const host of hosts) codes.add(await code(() => http.get('http://' + host + ':' + new URL(api).port + '/users')))
       return [[...codes], await http.get(api).catch((error) => error.message), $http.get(api + '/users').status, $http.get(api + '/users').statusText.includes('loopback')]`,
      { settings: {} },
    )
    const [codes, message, status, named] = json as [string[], string, number, boolean]
    expect(codes).toEqual(['OUTBOUND_REFUSED'])
    expect(message).toMatch(/"127.0.0.1".*loopback.*root may allow/)
    expect([status, named]).toEqual([0, true])
    const own = { settings: { outboundAllow: ['loopback'], ownPorts: [Number(new URL(api).port)] } }
    expect(
      (await run(`return [await code(() => http.get(api)), (await http.get(foreign)).status]`, own)).json,
    ).toEqual(['OUTBOUND_REFUSED', 404])
  })

  it('follows the original in the $ spelling', async () => {
    const { json } = await run(`
      const text = $http.post(api + '/echo', 'a text'), object = $http.put(api + '/echo', { a: 1 }), bad = $http.get('http://nosuch.invalid'), head = $http.get(api + '/headers')
      return [
        text.json().body, text.json().headers['content-type'], object.json().body, object.status, object.statusText, Object.keys(object.headers).includes('Content-Type'), object.headers['content-type'],
        bad.status, bad.body, bad.json(), typeof bad.statusText, head.json(), head.text(), head.buffer(), head.headers['Set-Cookie'],
        $http.postForm(api + '/echo', { a: 'x', f: { filename: 'f.bin', content: 'AAE=' } }).json().body.includes('\\u0000\\u0001'), $http.postFormURLEncoded(api + '/echo', { a: 'x y' }).json().body,
        $http.get(api + '/slow', { timeout: 50 }).status, $http.get(api + '/redirect?to=/users', { followRedirects: false }).status, $http.get(api + '/echo', { basicAuth: { user: 'u', pass: 'p' } }).json().headers.authorization,
        $http.download(api + '/file?status=404', 'd/x.bin').body, $storage.size('d/x.bin'), $http.post(api + '/echo').json().body,
      ]`)
    expect(json).toEqual([
      'a text',
      'application/json',
      { a: 1 },
      200,
      'OK',
      true,
      'application/json',
      0,
      '',
      null,
      'string',
      null,
      '{',
      'ew==',
      'a=1',
      true,
      'a=x%20y',
      0,
      302,
      'Basic dTpw',
      'd/x.bin',
      1_000,
      expect.anything(),
    ])
  })

  it('a failed download leaves nothing behind', async () => {
    const { json, root } = await run(
      `return [await code(() => http.download(api + '/file?status=500', 'a')), await code(() => http.download(api + '/drip', 'b', { timeout: 100 })), await storage.list()]`,
    )
    expect(json).toEqual(['HTTP_STATUS', 'HTTP_TIMEOUT', []])
    expect(readdirSync(join(root, '..', 'incoming'))).toEqual([])
  })

  it('other requests of the service go on while one waits', async () => {
    await using service = await openTestService({
      settings,
      code: `router.get('/slow', () => http.get('${api}/slow', { timeout: 300 }).catch(() => 'late')); router.get('/quick', () => 'quick')`,
    })
    const order: string[] = []
    await Promise.all(['/slow', '/quick'].map(async (path) => order.push((await service.get(path)).body)))
    expect(order).toEqual(['quick', 'late'])
  })
})
