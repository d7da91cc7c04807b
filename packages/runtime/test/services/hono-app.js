// An app of Hono with its own middleware, as people write it for any runtime of the web.
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { basicAuth } from 'hono/basic-auth'
import { bearerAuth } from 'hono/bearer-auth'
import { etag } from 'hono/etag'
import { secureHeaders } from 'hono/secure-headers'
import { streamSSE, streamText } from 'hono/streaming'
import { getCookie, setCookie, setSignedCookie, getSignedCookie } from 'hono/cookie'
import { sign, verify } from 'hono/jwt'
import { validator } from 'hono/validator'
import { HTTPException } from 'hono/http-exception'
import { html, raw } from 'hono/html'

const app = new Hono()
const order = []
app.use('*', async (c, next) => {
  const from = performance.now()
  await next()
  c.header('x-took', String(performance.now() - from >= 0))
})
app.use('/order', async (c, next) => {
  order.push('a')
  await next()
  order.push('a after')
})
app.use('/order', async (c, next) => {
  order.push('b')
  await next()
  order.push('b after')
})
app.get('/order', (c) => {
  order.push('handler')
  return c.text('ok')
})
app.get('/order/seen', (c) => c.json(order))
app.get('/users/:id{[0-9]+}', (c) =>
  c.json({ id: c.req.param('id'), q: c.req.query('q'), all: c.req.queries('q') }),
)
app.use('/api/*', cors({ origin: 'https://shop.example' }))
app.get('/api/x', (c) => c.json({ x: 1 }))
app.use('/private/*', basicAuth({ username: 'ann', password: 'pw' }))
app.get('/private/x', (c) => c.text('in'))
app.use('/token/*', bearerAuth({ token: 't0ken' }))
app.get('/token/x', (c) => c.text('in'))
app.get('/etag', etag(), (c) => c.text('same'))
app.get('/secure', secureHeaders(), (c) => c.html(html`<p>${'<b>'}${raw('<i>')}</p>`))
app.get('/cookie', async (c) => {
  setCookie(c, 'plain', 'p', { httpOnly: true })
  await setSignedCookie(c, 'signed', 's', 'key')
  return c.json({
    plain: getCookie(c, 'plain') ?? null,
    signed: (await getSignedCookie(c, 'key', 'signed')) ?? null,
  })
})
app.get('/jwt', async (c) => {
  const token = await sign({ sub: 'ann', exp: Math.floor(Date.now() / 1000) + 60 }, 'key', 'HS256')
  return c.json((await verify(token, 'key', 'HS256')).sub)
})
app.post(
  '/valid',
  validator('json', (value, c) => (value.name ? value : c.text('no name', 422))),
  (c) => c.json(c.req.valid('json')),
)
app.post('/body', async (c) => c.json(await c.req.parseBody({ all: true })))
app.get('/text', (c) =>
  streamText(c, async (out) => {
    await out.writeln('one')
    await out.sleep(1)
    await out.write('two')
  }),
)
app.get('/events', (c) =>
  streamSSE(c, async (out) => {
    await out.writeSSE({ data: 'x', event: 'e', id: '1' })
  }),
)
app.get('/teapot', () => {
  throw new HTTPException(418, { message: 'tea' })
})
app.get('/fails', () => {
  throw new Error('deep inside')
})
app.get('/env', (c) => c.json(c.env))
app.route(
  '/books',
  new Hono()
    .get('/', (c) => c.text('list'))
    .post('/', (c) => c.text('made', 201))
    .on(['PUT', 'DELETE'], '/:id', (c) => c.text(c.req.method)),
)
app.notFound((c) => c.text('nobody', 404))
app.onError((error, c) =>
  error instanceof HTTPException ? error.getResponse() : c.json({ said: error.message }, 500),
)
// oxlint-disable-next-line no-default-export -- how an app of Hono is exported
export default app
