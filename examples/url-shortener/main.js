// A URL shortener.
// Model `links`: code (string, required, unique), url (url, required), hits (number, default 0)
service.boot(() => {
  router.post('/links', async (ctx) => {
    const url = String(ctx.body?.url ?? '')
    if (!/^https?:\/\//.test(url))
      return router.response(400, { error: 'url must begin with http:// or https://' })
    const code = ctx.body.code ?? crypto.randomBytes(4)
    const link = await database.links.insert({ code, url })
    logger.info('new link', link.code, '→', link.url)
    return router.response(201, { code: link.code })
  })

  router.get('/links/:code', async (ctx) => {
    const link = await database.links.findOne({ code: ctx.params.code })
    return link ? { url: link.url, hits: link.hits } : router.response(404, { error: 'no such link' })
  })

  router.get('/:code', async (ctx) => {
    const link = await database.links.findOne({ code: ctx.params.code })
    if (!link) return router.response(404, { error: 'no such link' })
    await database.links.findOneAndUpdate({ id: link.id }, { $inc: { hits: 1 } })
    return router.redirect(link.url)
  })
})
