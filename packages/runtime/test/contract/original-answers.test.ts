// What handlers of `$router` return, and what the client gets of it; original-data.test.ts has the tables of other modules.
import { expect, test } from 'vitest'
import { openTestService, type TestAnswer } from '../../src/module/testing.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const KINDS = [JSON_TYPE, 'text/plain; charset=utf-8', 'application/octet-stream', null]

function headerOf({ headers }: TestAnswer, name: string): string | null {
  if (typeof headers === 'number') return name === 'content-type' ? KINDS[headers]! : null
  for (let i = 0; i < headers.length; i += 2) if (headers[i]!.toLowerCase() === name) return headers[i + 1]!
  return null
}

/** A handler's body, the status, content type and body it gives. */
type Form = readonly [handler: string, status: number, type: string | null, body: string]

const forms: Form[] = [
  // Any value is JSON with 200.
  [`return { a: 1 }`, 200, JSON_TYPE, '{"a":1}'],
  [`return [1, 'a']`, 200, JSON_TYPE, '[1,"a"]'],
  [`return 'hello'`, 200, JSON_TYPE, '"hello"'],
  [`return ''`, 200, JSON_TYPE, '""'],
  [`return 5`, 200, JSON_TYPE, '5'],
  [`return false`, 200, JSON_TYPE, 'false'],
  [`return null`, 200, JSON_TYPE, 'null'],
  [``, 200, JSON_TYPE, 'null'],
  // ctx.response: a text is sent as it is, anything else as JSON; it counts also when it is not returned.
  [`return ctx.response(201, { id: 1 })`, 201, JSON_TYPE, '{"id":1}'],
  [`ctx.response(201, { id: 1 })`, 201, JSON_TYPE, '{"id":1}'],
  [`return ctx.response(202, 'plain')`, 202, 'text/plain; charset=utf-8', 'plain'],
  [`ctx.response(202, 'plain'); return { lost: true }`, 202, 'text/plain; charset=utf-8', 'plain'],
  [`ctx.response(409, null); return { error: 'taken' }`, 409, JSON_TYPE, '{"error":"taken"}'],
  [`return ctx.response(200, '<b>', { 'Content-Type': 'text/html' })`, 200, 'text/html', '<b>'],
  [`return ctx.response(204, null)`, 204, null, ''],
  [`return $router.response(404, { error: 'none' })`, 404, JSON_TYPE, '{"error":"none"}'],
  // An object of an envelope's keys is one; a word is no status, and other fields make it a record.
  [`return { status: 418, body: { tea: true } }`, 418, JSON_TYPE, '{"tea":true}'],
  [`return { status: 404 }`, 404, JSON_TYPE, 'null'],
  [`return { body: [1] }`, 200, JSON_TYPE, '[1]'],
  [`return { status: 200, body: 'text' }`, 200, JSON_TYPE, '"text"'],
  [`return { status: 200, body: 'text', type: 'raw' }`, 200, 'text/plain; charset=utf-8', 'text'],
  [`return { status: 200, body: 'a,b', headers: { 'Content-Type': 'text/csv' } }`, 200, 'text/csv', 'a,b'],
  [`return { status: 'ok' }`, 200, JSON_TYPE, '{"status":"ok"}'],
  [`return { status: 1, title: 'x' }`, 200, JSON_TYPE, '{"status":1,"title":"x"}'],
  [`return { status: 200, name: 'x' }`, 200, JSON_TYPE, '{"status":200,"name":"x"}'],
  [`return { id: 1, body: 'a post' }`, 200, JSON_TYPE, '{"id":1,"body":"a post"}'],
  [`return { status: 7, body: 'x' }`, 200, JSON_TYPE, '{"status":7,"body":"x"}'],
  [`return { status: 302, type: 'redirect', redirectUrl: '/new' }`, 302, null, ''],
  // A content type of one's own is not JSON's.
  [`ctx.header('Content-Type', 'text/html'); return '<p>'`, 200, 'text/html', '<p>'],
  // Redirects win over what is returned; an error is 500 and in the log.
  [`ctx.redirect('/new'); return { lost: true }`, 302, null, ''],
  [`ctx.redirect('/new', 301)`, 301, null, ''],
  [`throw new Error('on purpose')`, 500, JSON_TYPE, ''],
]

test('every form of an answer', async () => {
  const code = forms.map(([handler], i) => `$router.get('/${i}', function (ctx) { ${handler} })`)
  await using service = await openTestService({ code: code.join('\n') })
  const given: unknown[] = []
  for (const [index, [handler, status]] of forms.entries()) {
    const answer = await service.get(`/${index}`)
    const body = status === 500 ? '' : answer.body
    given.push([handler, answer.status, headerOf(answer, 'content-type'), body])
    if (status === 301 || status === 302) expect(headerOf(answer, 'location')).toBe('/new')
  }
  expect(given).toEqual(forms.map((form) => [...form]))
  await service.logged(/on purpose/)
})

test('the context: names in any case, first values, a body by its type', async () => {
  await using service = await openTestService({
    code: `
      $router.all('/see/:id', function (ctx) {
        return { method: ctx.method, path: ctx.path, id: ctx.params.id, q: ctx.query.q, missing: ctx.query.none === undefined,
          header: [ctx.headers['X-Token'], ctx.headers['x-token'], ctx.headers['X-TOKEN']], has: 'x-Token' in ctx.headers,
          names: Object.keys(ctx.headers).sort(), cookie: ctx.cookies.a, ip: ctx.ip, agent: ctx.userAgent }
      })
      $router.post('/body', function (ctx) { return { kind: typeof ctx.body, parsed: JSON.parse(ctx.body), direct: ctx.body.a, text: String(ctx.body), bytes: ctx.rawBody.length } })
      $router.post('/text', function (ctx) { return { body: ctx.body, kind: typeof ctx.body, x: 1 } })`,
  })
  const seen = await service.request('PATCH', '/see/a%20b?q=1&q=2', {
    headers: ['X-Token', 't', 'Cookie', 'a=1; a=2', 'User-Agent', 'curl'],
  })
  expect(seen.json).toEqual({
    method: 'PATCH',
    path: '/see/a%20b',
    id: 'a b',
    q: '1',
    missing: true,
    header: ['t', 't', 't'],
    has: true,
    names: ['cookie', 'user-agent', 'x-token'],
    cookie: '1',
    ip: '127.0.0.1',
    agent: 'curl',
  })
  const json = await service.request('POST', '/body', {
    headers: ['content-type', 'application/json'],
    body: '{ "a": 1 }',
  })
  expect(json.json).toEqual({ kind: 'object', parsed: { a: 1 }, direct: 1, text: '{ "a": 1 }', bytes: 10 })
  const plain = await service.request('POST', '/text', {
    headers: ['content-type', 'text/plain'],
    body: 'a b',
  })
  expect(plain.json).toEqual({ body: 'a b', kind: 'string', x: 1 })
  expect((await service.request('POST', '/text')).json).toEqual({ body: '', kind: 'string', x: 1 })
})

test('middleware: in order, after a match only; false stops, what it sets is seen, what it throws is told', async () => {
  await using service = await openTestService({
    code: `
      var ran = 0
      $router.use(function (ctx) { ran++; ctx.user = 'ann'; ctx.trail = ['first'] })
      $router.use(function (ctx) { ctx.trail.push('second') })
      $router.use('/admin', function (ctx) { if (ctx.headers['X-Key'] !== 'k') { ctx.response(401, { error: 'no key' }); return false } })
      $router.use('/silent', function () { return false })
      $router.use('/broken', function () { throw new Error('middleware broke') })
      $router.get('/who', function (ctx) { return [ctx.user, ctx.trail, ran] })
      $router.get('/admin/x', function () { return 'in' })
      $router.get('/silent', function () { return 'never' })
      $router.get('/broken', function () { return 'never' })
      $router.group('/api', function (api) {
        api.get('/a', function () { return 'a' }); api.post('/a', function () { return 'posted' }); api.all('/b', function (ctx) { return ctx.method })
      })`,
  })
  expect((await service.get('/nothing')).status).toBe(404)
  expect((await service.get('/who')).json).toEqual(['ann', ['first', 'second'], 1])
  const refused = await service.get('/admin/x')
  expect([refused.status, refused.json]).toEqual([401, { error: 'no key' }])
  expect((await service.request('GET', '/admin/x', { headers: ['x-key', 'k'] })).json).toBe('in')
  expect((await service.get('/silent')).status).toBe(403)
  expect((await service.get('/broken')).status).toBe(500)
  expect(await service.logged(/middleware broke/)).toMatch(/main\.js:\d+/)
  expect((await service.request('POST', '/api/a')).json).toBe('posted')
  expect((await service.request('DELETE', '/api/b')).json).toBe('DELETE')
  const wrong = await service.request('PUT', '/api/a')
  expect([wrong.status, headerOf(wrong, 'allow')]).toEqual([405, 'GET, HEAD, OPTIONS, POST'])
  expect((await service.request('HEAD', '/api/a')).status).toBe(200)
})
