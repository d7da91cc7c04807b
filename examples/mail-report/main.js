// Collects events, shows the day's at its address, and mails them each evening. The button "Send now" is on the Overview.
//   curl …/events -H 'content-type: application/json' -d '{"kind":"order","amount":12.5}'
service.boot(() => {
  router.get('/', async (ctx) => ctx.html(page(await lastDay())))

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

function lastDay() {
  const since = new Date(Date.now() - 24 * 3_600_000)
  return database.events.aggregate([
    { $match: { createdAt: { $gte: since } } },
    { $group: { _id: '$kind', count: { $sum: 1 }, total: { $sum: '$amount' } } },
    { $sort: { count: -1 } },
  ])
}

async function sendReport() {
  const to = env.get('REPORT_TO')
  if (!to) throw new Error('Set REPORT_TO under Environment: who gets the report.')
  const kinds = await lastDay()
  await smtp.send({ to, subject: `Report: ${kinds.length} kinds of events`, html: page(kinds) })
  return `Sent to ${to}.`
}

const page = (kinds) => `
<h1>The last 24 hours</h1>
${kinds.length === 0 ? '<p>Nothing happened.</p>' : ''}
<table cellpadding="6">
${kinds.map((kind) => `<tr><td>${strings.escapeHtml(kind._id)}</td><td>${kind.count}</td><td>${kind.total}</td></tr>`).join('\n')}
</table>`
