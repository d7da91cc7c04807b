// Collects events, and mails a report of the day's each evening. The button "Send now" is on the Overview.
service.boot(() => {
  router.post('/events', async (ctx) => {
    const event = await database.events.insert({ kind: ctx.body?.kind, amount: ctx.body?.amount })
    return router.response(201, { id: event.id })
  })

  schedule.cron('0 18 * * *', sendReport, { timezone: env.get('TIMEZONE', 'UTC') })
  actions.define(
    'send-now',
    { name: 'Send now', description: 'Mails the report of the last 24 hours' },
    sendReport,
  )
})

async function sendReport() {
  const since = new Date(Date.now() - 24 * 3_600_000)
  const kinds = await database.events.aggregate([
    { $match: { createdAt: { $gte: since } } },
    { $group: { _id: '$kind', count: { $sum: 1 }, total: { $sum: '$amount' } } },
    { $sort: { count: -1 } },
  ])
  const to = env.get('REPORT_TO')
  await smtp.send({ to, subject: `Report: ${kinds.length} kinds of events`, html: page(kinds) })
  return `Sent to ${to}.`
}

const page = (kinds) => `
<h1>The last 24 hours</h1>
${kinds.length === 0 ? '<p>Nothing happened.</p>' : ''}
<table cellpadding="6">
${kinds.map((kind) => `<tr><td>${strings.escapeHtml(kind._id)}</td><td>${kind.count}</td><td>${kind.total}</td></tr>`).join('\n')}
</table>`
