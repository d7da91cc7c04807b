// In the manner of a file of PocketBase hooks: routes with middleware, bodies of every kind, tokens, errors with a body of
// their own, jobs that come and go.
const SECRET = 'a secret of thirty-two characters'
const failure = (status, message, data = {}) =>
  Object.assign(new Error(message), { status, expose: true, data })

// routerUse: headers on every answer, and what every request needs.
router.use(async (ctx) => {
  ctx.header('X-Powered-By', 'm3m')
  ctx.state.began = Date.now()
  return ctx.next()
})

/** $apis.requireAuth() */
const requireAuth = async (ctx) => {
  const token = /^Bearer (.+)$/.exec(ctx.headers['Authorization'] ?? '')?.[1]
  if (!token) return router.response(401, { message: 'The request requires valid authorization.' })
  try {
    ctx.state.auth = await crypto.jwt.verify(token, SECRET)
  } catch {
    return ctx.json({ message: 'The token is invalid or expired.' }, 401)
  }
}
/** $apis.bodyLimit() */
const bodyLimit = (bytes) => (ctx) =>
  ctx.rawBody.length > bytes ? router.response(413, { message: 'Request entity too large' }) : undefined

router.get('/hello/:name', (ctx) => ctx.json({ message: `Hello ${ctx.params.name}` }))
router.get('/false', () => false)
router.post('/login', async (ctx) => {
  const { identity, password } = ctx.body
  if (password !== 'pw') throw failure(400, 'Failed to authenticate.')
  return { token: await crypto.jwt.sign({ id: identity, collection: 'users' }, SECRET, { expiresIn: '1h' }) }
})
router.group('/api', (api) => {
  api.use(requireAuth)
  api.get('/me', (ctx) => ({ id: ctx.state.auth.id }))
  api.group('/admin', (admin) => {
    admin.use((ctx) => {
      if (ctx.state.auth.id !== 'root') throw failure(403, 'Only superusers can perform this action.')
    })
    admin.delete('/things/:id', (ctx) => router.response(204))
  })
})

// e.requestInfo()
router.all('/info', (ctx) => ({
  method: ctx.method,
  query: ctx.query,
  header: ctx.headers['x-Custom'] ?? null,
  body: ctx.body ?? null,
}))
router.group('/limited', (group) => {
  group.use(bodyLimit(10))
  group.post('/', (ctx) => ctx.rawBody.length)
})
// e.findUploadedFiles()
router.post('/upload', async (ctx) => {
  for (const file of ctx.files) await storage.write(`uploads/${file.name.replaceAll('/', '_')}`, file.bytes)
  return { title: ctx.body.title, files: await storage.list('uploads') }
})
router.get('/uploads/*path', (ctx) => ctx.file(`uploads/${ctx.params.path}`, { download: 'as.txt' }))
router.post('/raw', (ctx) => crypto.sha256(ctx.rawBody))

// e.string, e.html, e.xml, e.redirect, e.noContent, e.blob, e.stream
router.get('/string', (ctx) => ctx.text('plain'))
router.get('/html', (ctx) => ctx.html('<h1>Hi</h1>'))
router.get('/xml', (ctx) => ctx.response(200, '<a/>', { 'Content-Type': 'application/xml' }))
router.get('/redirect', (ctx) => ctx.redirect('/r/pocketbase/string', 307))
router.get('/none', (ctx) => ctx.response(204))
router.get('/blob', (ctx) => ctx.response(200, new Uint8Array([137, 80]), { 'Content-Type': 'image/png' }))
router.get('/stream', () =>
  router.stream(
    (async function* () {
      for (let i = 0; i < 3; i++) {
        await utils.sleep(1)
        yield `part ${i}\n`
      }
    })(),
    { headers: { 'Content-Type': 'text/plain' } },
  ),
)
router.get('/sse', () =>
  router.sse(async (send, closed) => {
    await send({ id: 1 }, { event: 'PB_CONNECT', id: '1' })
    await send('two\nlines')
  }),
)
router.get(
  '/gzip',
  (ctx) =>
    new Response(new Blob(['x'.repeat(1000)]).stream().pipeThrough(new CompressionStream('gzip')), {
      headers: { 'Content-Encoding': 'gzip', constructor: 'a header, too' },
    }),
)
router.get('/cookies', (ctx) => {
  ctx
    .setCookie('a', '1', { httpOnly: true })
    .setCookie('b', '2', { path: '/x', sameSite: 'strict', secure: true })
  return ctx.cookies
})

// BadRequestError, NotFoundError…
router.get('/bad', () => {
  throw failure(400, 'Something went wrong.')
})
router.get('/boom', () => {
  throw new Error('not for the world')
})
router.get('/after', async (ctx) => {
  ctx.header('X-After', 'yes')
  await null
  return 'x'
})

// cronAdd, cronRemove
let ran = 0
const job = schedule.every('100ms', () => {
  ran++
})
router.post('/cron/stop', () => ({
  ran,
  stopped: schedule.cancel(job),
  again: schedule.cancel(job),
  left: schedule.list().length,
}))
router.get('/cron', () => ran > 0)

// $os.getenv, $security
router.get('/security', () => ({
  missing: env.get('NONE', 'fallback'),
  random: strings.randomString(20).length,
  equal: crypto.timingSafeEqual('a', 'a'),
  hmac: crypto.hmac('sha256', 'k', 'd').length,
}))

// An error page of one's own for what no route answers.
router.all('/*path', (ctx) =>
  ctx.headers.accept?.includes('html')
    ? ctx.html(`<h1>No ${strings.escapeHtml(ctx.params.path)}</h1>`, 404)
    : router.response(404, { status: 404, message: 'The requested resource was not found.' }),
)
