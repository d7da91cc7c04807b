// Receives webhooks signed like GitHub's: X-Hub-Signature-256: sha256=<hex of HMAC-SHA256 over the raw body>.
// Variable `WEBHOOK_SECRET` (string). Model `deliveries`: delivery (string, required, unique), event (string), payload (document)
service.boot(() => {
  router.post('/hooks/github', async (ctx) => {
    const expected = 'sha256=' + crypto.hmac('sha256', env.getString('WEBHOOK_SECRET', ''), ctx.rawBody)
    if (!crypto.timingSafeEqual(expected, ctx.headers['x-hub-signature-256'] ?? '')) {
      logger.warn('a delivery with a wrong signature from', ctx.ip)
      return router.response(401, { error: 'wrong signature' })
    }
    const delivery = ctx.headers['x-github-delivery']
    if (await database.deliveries.findOne({ delivery })) return { seen: true }
    await database.deliveries.insert({ delivery, event: ctx.headers['x-github-event'], payload: ctx.body })
    return router.response(202, { accepted: delivery })
  })
})
