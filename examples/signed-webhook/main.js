// Receives webhooks signed like GitHub's: X-Hub-Signature-256: sha256=<hex of HMAC-SHA256 over the raw body>.
// A delivery is kept once, however often it is sent, and worked on after the answer went out.
service.boot(() => {
  router.get('/', async () => ({ deliverTo: 'hooks/github', kept: await database.deliveries.count() }))

  router.post('/hooks/github', async (ctx) => {
    const expected = 'sha256=' + crypto.hmac('sha256', env.getString('WEBHOOK_SECRET', ''), ctx.rawBody)
    if (!crypto.timingSafeEqual(expected, ctx.headers['x-hub-signature-256'] ?? '')) {
      logger.warn('a delivery with a wrong signature from', ctx.ip)
      return router.response(401, { error: 'wrong signature' })
    }
    const delivery = ctx.headers['x-github-delivery']
    if (await database.deliveries.findOne({ delivery })) return { seen: true }
    await database.deliveries.insert({ delivery, event: ctx.headers['x-github-event'], payload: ctx.body })
    await queue.push('delivery', { delivery }, { key: delivery })
    return router.response(202, { accepted: delivery })
  })

  // Tried again after an error, also after a crash or a reboot; then it is among the dead letters.
  queue.define('delivery', work, { concurrency: 2, retries: 5, backoff: '10s' })
})

async function work({ delivery }) {
  const { id, event, payload } = await database.deliveries.findOne({ delivery })
  logger.info(event, payload.action ?? '', payload.repository?.full_name ?? '')
  await database.deliveries.update(id, { done: true })
}
