import { expect, test } from 'vitest'
import { describeRoom } from '../../module/room.suite.ts'
import { openTestService } from '../../module/testing.ts'

describeRoom('router')

test('static beats parameter beats wildcard, with a way back', async () => {
  await using service = await openTestService({
    code: `
      router.get('/a/*rest', (ctx) => 'rest ' + ctx.params.rest)
      router.get('/a/:x/end', (ctx) => 'param ' + ctx.params.x)
      router.get('/a/fixed/other', () => 'fixed')
      router.get('/opt/:y?', (ctx) => 'opt ' + (ctx.params.y ?? 'none'))
      router.get('/', () => 'root')
      router.get('/caf\\u00e9', () => 'unicode')
      router.post('/a/fixed/other', () => 'posted')`,
  })
  const cases: [string, string][] = [
    ['/a/fixed/other', 'fixed'],
    ['/a/fixed/end', 'param fixed'],
    ['/a/b%2Fc/end', 'param b/c'],
    ['/a/fixed/deeper/x', 'rest fixed/deeper/x'],
    ['/a/one', 'rest one'],
    ['/opt', 'opt none'],
    ['/opt/1', 'opt 1'],
    ['/opt/%zz', 'opt %zz'],
    ['/', 'root'],
    ['/?x=1', 'root'],
    ['/caf%C3%A9', 'unicode'],
  ]
  for (const [path, body] of cases) expect([path, (await service.get(path)).body]).toEqual([path, body])
  expect((await service.get('/none')).status).toBe(404)
  const wrong = await service.request('DELETE', '/a/fixed/other')
  expect([wrong.status, wrong.headers]).toEqual([
    405,
    expect.arrayContaining(['allow', 'GET, HEAD, OPTIONS, POST']),
  ])
  expect((await service.request('OPTIONS', '/opt')).status).toBe(204)
  expect((await service.request('HEAD', '/opt/1')).body).toBe('opt 1')
})

test('what handlers return becomes the answer', async () => {
  await using service = await openTestService({
    code: `
      const forms = { object: () => ({ status: 'ok' }), envelope: () => ({ status: 201, body: { a: 1 }, headers: { 'X-A': 1 } }), almost: () => ({ status: 201, other: 1, body: 2 }),
        text: () => 'text', nothing: () => {}, nil: async () => null, number: () => 5, list: () => [1], html: (ctx) => ctx.html('<b>'), json: (ctx) => ctx.json({ a: 1 }, 202),
        redirect: (ctx) => { ctx.redirect('/x y?ü') }, made: (ctx) => { ctx.response(418, 'tea') }, thrown: () => { throw router.response(409, { error: 'x' }) }, date: () => new Date(0),
        cookies: (ctx) => ctx.setCookie('a', '1').setCookie('b', '2', { path: '/p' }).json({}) , cycle: () => { const a = {}; a.a = a; return a }, big: () => 5n }
      for (const name of Object.keys(forms)) router.get('/' + name, forms[name])
      $router.get('/dollar', () => {})
      $router.get('/dollar-string', (ctx) => { ctx.response(200, 'raw') })`,
  })
  const get = async (name: string) => {
    const { status, headers, body } = await service.get(`/${name}`)
    return [status, headers, body]
  }
  expect(await get('object')).toEqual([200, 0, '{"status":"ok"}'])
  expect(await get('envelope')).toEqual([
    201,
    ['X-A', '1', 'content-type', 'application/json; charset=utf-8'],
    '{"a":1}',
  ])
  expect(await get('almost')).toEqual([200, 0, '{"status":201,"other":1,"body":2}'])
  expect(await get('text')).toEqual([200, 1, 'text'])
  expect(await get('nothing')).toEqual([204, 3, ''])
  expect(await get('nil')).toEqual([204, 3, ''])
  expect(await get('number')).toEqual([200, 0, '5'])
  expect(await get('list')).toEqual([200, 0, '[1]'])
  expect((await get('html'))[1]).toEqual(['content-type', 'text/html; charset=utf-8'])
  expect((await get('json'))[0]).toBe(202)
  expect(await get('redirect')).toEqual([302, ['location', '/x%20y?%C3%BC'], ''])
  expect(await get('made')).toEqual([418, 1, 'tea'])
  expect(await get('thrown')).toEqual([409, 0, '{"error":"x"}'])
  expect(await get('date')).toEqual([200, 0, '"1970-01-01T00:00:00.000Z"'])
  expect((await get('cookies'))[1]).toEqual([
    'set-cookie',
    'a=1; Path=/',
    'set-cookie',
    'b=2; Path=/p',
    'content-type',
    'application/json; charset=utf-8',
  ])
  expect((await get('cycle'))[0]).toBe(500)
  expect((await get('big'))[0]).toBe(500)
  expect(await get('dollar')).toEqual([200, 0, 'null'])
  expect(await get('dollar-string')).toEqual([200, 1, 'raw'])
})

test('middleware runs in order, stops by false or a response, and has its say afterwards', async () => {
  await using service = await openTestService({
    code: `
      const seen = []
      router.use(async (ctx) => { seen.push('in ' + ctx.path); const result = await ctx.next(); seen.push('out'); ctx.header('x-after', '1') })
      router.use('/api', (ctx) => { if (ctx.query.deny) return false; if (ctx.query.answer) return router.response(202, 'early'); if (ctx.query.fail) throw new Error('mw') })
      router.get('/api/x', () => 'x')
      router.get('/apix', () => 'apix')
      router.group('/g', (group) => { group.use((ctx) => { ctx.state.g = 1 }); group.get('/', (ctx) => ctx.state); group.group('/h', (inner) => { inner.use((ctx) => { ctx.state.h = 2 }); inner.get('/i', (ctx) => ctx.state) }) })
      router.get('/seen', () => seen)`,
  })
  const answer = await service.get('/api/x')
  expect([answer.body, answer.headers]).toEqual([
    'x',
    ['x-after', '1', 'content-type', 'text/plain; charset=utf-8'],
  ])
  expect((await service.get('/api/x?deny=1')).status).toBe(403)
  expect((await service.get('/api/x?answer=1')).status).toBe(202)
  expect((await service.get('/api/x?fail=1')).status).toBe(500)
  expect((await service.get('/apix?deny=1')).body).toBe('apix')
  expect((await service.get('/g')).json).toEqual({ g: 1 })
  expect((await service.get('/g/h/i')).json).toEqual({ g: 1, h: 2 })
  expect(((await service.get('/seen')).json as string[]).slice(0, 2)).toEqual(['in /api/x', 'out'])
})

test('cors answers preflights and marks answers, for allowed origins only', async () => {
  await using service = await openTestService({
    code: `router.cors({ origins: ['https://a.example'], credentials: true, headers: ['x-key'] }); router.get('/x', () => 'x')`,
  })
  const allowed = await service.request('GET', '/x', { headers: ['Origin', 'https://a.example'] })
  expect(allowed.headers).toEqual(
    expect.arrayContaining([
      'access-control-allow-origin',
      'https://a.example',
      'access-control-allow-credentials',
      'true',
    ]),
  )
  const strange = await service.request('GET', '/x', { headers: ['Origin', 'https://b.example'] })
  expect(strange.headers).not.toContain('access-control-allow-origin')
  const asked = await service.request('OPTIONS', '/x', {
    headers: ['origin', 'https://a.example', 'access-control-request-method', 'PUT'],
  })
  expect([asked.status, asked.headers]).toEqual([
    204,
    expect.arrayContaining(['access-control-allow-headers', 'x-key']),
  ])
})

test('patterns and handlers that are none are refused with a code, and so are too many routes', async () => {
  await using service = await openTestService({
    limits: { maxRoutes: 7 },
    code: `
      const codes = []
      const attempt = (fn) => { try { fn(); codes.push('fine') } catch (error) { codes.push(error.code) } }
      attempt(() => router.get('/a/*rest/b', () => 1))
      attempt(() => router.get('/a/:x?/b', () => 1))
      attempt(() => router.get('/:', () => 1))
      attempt(() => router.get('/x'))
      attempt(() => router.response(42))
      attempt(() => router.use('/x'))
      router.get('/codes', () => codes)
      for (let i = 0; i < 6; i++) router.get('/r' + i, () => i)
      attempt(() => router.get('/one-more', () => 1))`,
  })
  expect((await service.get('/codes')).json).toEqual([
    'ROUTER_PATTERN_INVALID',
    'ROUTER_PATTERN_INVALID',
    'ROUTER_PATTERN_INVALID',
    'SERVICE_ARGUMENT_INVALID',
    'SERVICE_ARGUMENT_INVALID',
    'SERVICE_ARGUMENT_INVALID',
    'SERVICE_LIMIT_REACHED',
  ])
})

test('callers of a release are told what was meant for them, and nothing else', async () => {
  const code = `
    const throws = (make) => () => { throw make() }
    router.get('/secret', throws(() => new Error('password of the till is 1234')))
    router.get('/host', throws(() => Object.assign(new Error('disk /srv is full'), { code: 'STORAGE_DISK_FULL', status: 507 })))
    router.get('/meant', throws(() => Object.assign(new Error('no such order'), { status: 404, expose: true })))
    router.get('/odd', throws(() => Object.assign(new Error('odd'), { status: 99, expose: true })))
    router.get('/reply', throws(() => router.response(418, { tea: true })))
    router.get('/invalid', throws(() => Object.assign(new Error('"title" is missing.'), { code: 'RECORD_INVALID', fields: { title: { code: 'FIELD_REQUIRED' } } })))
    router.get('/proxy', throws(() => new Proxy({}, { get() { throw 1 } })))`
  await using release = await openTestService({ code, release: '1.0' })
  await using debug = await openTestService({ code })
  const told = async (service: typeof debug, path: string) => {
    const { status, body } = await service.get(path)
    const { requestId, ...rest } = JSON.parse(body) as Record<string, unknown>
    if (path !== '/reply') expect(requestId).toEqual(expect.any(String))
    return [status, rest]
  }
  const unsaid = [500, { error: 'The service failed.' }]
  expect(await told(release, '/secret')).toEqual(unsaid)
  expect(await told(release, '/host')).toEqual(unsaid)
  expect(await told(release, '/proxy')).toEqual(unsaid)
  expect(await told(debug, '/secret')).toEqual([500, { error: 'password of the till is 1234' }])
  expect(await told(debug, '/proxy')).toEqual(unsaid)
  for (const service of [release, debug]) {
    expect(await told(service, '/meant')).toEqual([404, { error: 'no such order' }])
    expect(await told(service, '/odd')).toEqual([500, { error: 'odd' }])
    expect(await told(service, '/reply')).toEqual([418, { tea: true }])
    expect(await told(service, '/invalid')).toEqual([
      400,
      { error: '"title" is missing.', code: 'RECORD_INVALID', fields: { title: { code: 'FIELD_REQUIRED' } } },
    ])
  }
  expect(await release.logged(/1234/)).toContain('GET /secret failed')
})
