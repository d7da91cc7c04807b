// Looks at web sites each minute, shows them on a page of its own, and tells a webhook when one changes its state.
// Add sites under Data → Sites.
service.boot(() => {
  schedule.cron('* * * * *', checkAll)
  actions.define('check-now', { name: 'Check now' }, checkAll)

  router.get('/', async (ctx) => {
    const sites = await database.sites.find({}, { sort: 'name', limit: 1000 })
    return ctx.html(page(sites))
  })
  router.get('/status.json', () =>
    database.sites.find({}, { fields: 'name,url,up,ms,checkedAt', limit: 1000 }),
  )
})

async function checkAll() {
  const sites = await database.sites.find({}, { limit: 1000 })
  await Promise.all(sites.map(check))
  return `${sites.length} checked`
}

async function check(site) {
  const startedMs = Date.now()
  const up = await http
    .get(site.url, { timeout: '10s' })
    .then(({ status }) => status < 400)
    .catch(() => false)
  await database.sites.update(site.id, { up, ms: Date.now() - startedMs, checkedAt: new Date() })
  if (site.checkedAt && up !== site.up) await tell(site, up)
}

async function tell(site, up) {
  logger[up ? 'info' : 'error'](site.name, up ? 'is back' : 'is down')
  const hook = env.get('ALERT_WEBHOOK', '')
  if (hook) await http.post(hook, { text: `${site.name} ${up ? 'is back' : 'is down'}: ${site.url}` })
}

const page = (sites) => `<!doctype html>
<meta name="viewport" content="width=device-width">
<title>Status</title>
<style>
  body { font: 16px system-ui; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
  li { display: flex; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid #ddd }
  li span:first-child { flex: 1 }
</style>
<h1>Status</h1>
<ul>
${sites.map((site) => `<li><span>${strings.escapeHtml(site.name)}</span><span>${site.ms ?? '–'} ms</span><b>${site.checkedAt ? (site.up ? 'up' : 'down') : 'waiting'}</b></li>`).join('\n')}
</ul>`
