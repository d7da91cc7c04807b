// Short links that redirect and count.
//   curl -X POST …/links -H 'content-type: application/json' -d '{"url":"https://example.com"}'   → {"code":"k3x9"}
//   curl -i …/k3x9                                                                                 → 302
service.boot(() => {
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
