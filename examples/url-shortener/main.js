// Short links that redirect and count. The address of the service shows a form; programs do
//   curl -X POST …/links -H 'content-type: application/json' -d '{"url":"https://example.com"}'   → {"code":"k3x9"}
//   curl -i …/k3x9                                                                                 → 302
service.boot(() => {
  router.get('/', (ctx) => ctx.html(PAGE))

  router.post('/links', async (ctx) => {
    const url = String(ctx.body?.url ?? '')
    if (!/^https?:\/\//.test(url))
      return router.response(400, { error: 'url must begin with http:// or https://' })
    const code = ctx.body.code ?? strings.randomString(6)
    const link = await database.links.insert({ code, url })
    logger.info('new link', link.code, '→', link.url)
    return router.response(201, { code: link.code })
  })

  router.get('/links/:code', async (ctx) => {
    const link = await database.links.findOne({ code: ctx.params.code })
    return link ? { url: link.url, hits: link.hits } : router.response(404, { error: 'no such link' })
  })

  router.get('/:code', async (ctx) => {
    const link = await database.links.findOneAndUpdate({ code: ctx.params.code }, { $inc: { hits: 1 } })
    return link ? router.redirect(link.url) : router.response(404, { error: 'no such link' })
  })
})

const PAGE = `<!doctype html>
<meta name="viewport" content="width=device-width">
<title>Short links</title>
<style>
  body { font: 16px system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
  form { display: flex; gap: .5rem }
  input { flex: 1; min-width: 0 }
  input, button { font: inherit; padding: .5rem .75rem }
</style>
<h1>Short links</h1>
<form>
  <input name="url" type="url" required autofocus placeholder="https://example.com/a/long/address" aria-label="Long address">
  <button>Shorten</button>
</form>
<p role="status"></p>
<script>
  document.querySelector('form').onsubmit = async (event) => {
    event.preventDefault()
    const body = JSON.stringify({ url: event.target.url.value })
    const answer = await fetch('links', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const { code, error } = await answer.json()
    const link = document.createElement('a')
    link.href = link.textContent = new URL(code, location)
    document.querySelector('p').replaceChildren(answer.ok ? link : error)
  }
</script>`
