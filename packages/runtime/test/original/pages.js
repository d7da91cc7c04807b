// Pages with cookies and a shared layout, from a file of its own, in later JavaScript.
const { page, escape } = $require('lib/layout')

$router.group('/site', (site) => {
  site.get('/', (ctx) => {
    const visits = Number(ctx.cookies.visits || 0) + 1
    ctx.setCookie('visits', String(visits), { maxAge: 3600, httpOnly: true, sameSite: 'lax' })
    return ctx.response(
      200,
      page('Welcome', `<p>Visit ${visits} of ${escape(ctx.query.name || 'somebody')}</p>`),
      {
        'Content-Type': 'text/html; charset=utf-8',
      },
    )
  })
  site.all('/echo', (ctx) => ({ method: ctx.method, path: ctx.path, agent: ctx.userAgent, ip: ctx.ip }))
  site.get('/file', (ctx) => {
    $storage.write('public/terms.txt', 'be kind')
    ctx.file('public/terms.txt')
  })
})
$router.cors({ origins: ['https://shop.example'], methods: ['GET', 'POST'], headers: ['X-Token'] })

$delayed.run(() => $logger.info('later'))
$router.get('/again', () => {
  let same
  try {
    $require('nothing')
  } catch (e) {
    same = e.message
  }
  return { same: $require('lib/layout') === $require('lib/layout'), missing: same }
})
$router.get('/broken', () => {
  throw new Error('on purpose')
})
