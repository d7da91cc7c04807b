import { expect, type Page, test } from '@playwright/test'
import { TestAgent } from '../fixtures/agent.ts'
import { openPanel } from '../fixtures/panel.ts'
import { Wire } from '../fixtures/wire.ts'

// What an ordinary web page does: a module script, fetch, a cookie, a WebSocket. `/seen` tells which cookies
// the service was given, `/planted` tries to plant one of the panel's.
const PAGE_SERVICE = `
const html = { 'content-type': 'text/html; charset=utf-8' }
service.boot(() => {
  router.get('/', (ctx) => {
    ctx.setCookie('visit', 'first', { path: '/' })
    return ctx.html('<!doctype html><title>page</title><body>loading<script type="module" src="app.js"></script>')
  })
  router.get('/app.js', () =>
    router.response(200, SCRIPT, { 'content-type': 'text/javascript; charset=utf-8' }))
  router.get('/data', (ctx) => ({ visit: ctx.cookies.visit ?? null }))
  router.get('/seen', (ctx) => ({ cookie: ctx.headers.cookie ?? '' }))
  router.get('/open', () => router.response(200, '<!doctype html><title>quiet</title><script>document.title = "ran"</script><form method="post" action="/auth/refresh"><button style="position:fixed;inset:0">go</button></form>',
    { ...html, 'content-security-policy': "default-src * 'unsafe-inline'; sandbox allow-scripts allow-same-origin allow-forms", 'x-content-type-options': 'none' }))
  router.websocket('/socket', { message: (socket, text) => socket.send('echo ' + text) })
})
const SCRIPT = \`
const data = await (await fetch('data')).json()
const socket = new WebSocket(new URL('socket', location.href.replace(/^http/, 'ws')))
await new Promise((resolve) => (socket.onopen = resolve))
socket.send('hello')
const echo = await new Promise((resolve) => (socket.onmessage = (event) => resolve(event.data)))
document.body.textContent = 'visit=' + data.visit + ' ' + echo
\`
`

/** Each attempt of a page on the panel, as a word: what came of it. */
async function attack(page: Page, panel: string): Promise<Record<string, string>> {
  return page.evaluate(async (panel) => {
    const attempt = async (work: () => Promise<unknown>) => {
      try {
        return String(await work())
      } catch {
        return 'refused'
      }
    }
    const post = (path: string, init: RequestInit) => fetch(panel + path, { method: 'POST', ...init })
    const marked = { 'x-m3m': '1', 'content-type': 'application/json' }
    const socket = () =>
      new Promise((resolve, reject) => {
        const ws = new WebSocket(`${panel.replace(/^http/, 'ws')}/trpc`)
        ws.addEventListener('open', () => resolve('open'))
        ws.addEventListener('error', reject)
      })
    const frame = () =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.src = panel
        frame.addEventListener('load', () => {
          try {
            resolve(frame.contentDocument ? 'refused' : 'refused (opaque)')
          } catch {
            resolve('refused')
          }
        })
        document.body.append(frame)
      })
    return {
      read: await attempt(
        async () => (await fetch(`${panel}/trpc/auth.me`, { credentials: 'include' })).status,
      ),
      refresh: await attempt(
        async () =>
          (await post('/auth/refresh', { headers: marked, body: '{}', credentials: 'include' })).status,
      ),
      refreshSimple: await attempt(
        async () => (await post('/auth/refresh', { credentials: 'include' })).status,
      ),
      refreshBlind: await attempt(
        async () => (await post('/auth/refresh', { credentials: 'include', mode: 'no-cors' })).type,
      ),
      logoutBlind: await attempt(
        async () => (await post('/auth/logout', { credentials: 'include', mode: 'no-cors' })).type,
      ),
      socket: await attempt(socket),
      frame: await attempt(frame),
    }
  }, panel)
}

test.describe('origins', () => {
  let agent: TestAgent
  test.beforeAll(async () => {
    agent = await TestAgent.start()
    const wire = await Wire.signIn(agent)
    const { id } = await wire.project('Pages', PAGE_SERVICE)
    await wire.debug(id)
  })
  test.afterAll(() => agent[Symbol.asyncDispose]())

  test('an ordinary page of a service works on the services’ origin', async ({ page }) => {
    await page.goto(`${agent.servicesUrl}/r/pages/`)
    await expect(page.locator('body')).toHaveText('visit=first echo hello')
  })

  test('from a page of a service every attempt on the panel fails, the refresh POST included', async ({
    page,
  }) => {
    await openPanel(page, agent)
    const service = await page.context().newPage()
    const answers: { url: string; status: number }[] = []
    service.on('response', (response) => answers.push({ url: response.url(), status: response.status() }))
    await service.goto(`${agent.servicesUrl}/r/pages/`)
    await expect(service.locator('body')).toHaveText('visit=first echo hello')
    expect(await attack(service, agent.url)).toEqual({
      read: 'refused',
      refresh: 'refused',
      refreshSimple: 'refused',
      // A blind POST is sent, though its answer is withheld; what it did is asked below.
      refreshBlind: 'refused',
      logoutBlind: 'refused',
      socket: 'refused',
      frame: expect.stringMatching(/^refused/),
    })
    const auth = answers.filter(({ url }) => url.startsWith(`${agent.url}/auth/`))
    expect(auth.map(({ status }) => status).filter((status) => status < 400)).toEqual([])

    // A form goes where a script may not: the page then is the agent's refusal.
    await service.evaluate((action) => {
      const form = document.createElement('form')
      Object.assign(form, { action, method: 'POST' })
      document.body.append(form)
      form.submit()
    }, `${agent.url}/auth/refresh`)
    await service.waitForURL(`${agent.url}/auth/refresh`)
    expect(answers.findLast(({ url }) => url.endsWith('/auth/refresh'))?.status).toBe(403)

    // The sign-in is untouched: the panel renews it from its cookie.
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
  })

  test('the panel’s cookie never reaches a service, on either port', async ({ page }) => {
    await openPanel(page, agent)
    const cookies = await page.context().cookies(`${agent.url}/auth/refresh`)
    expect(cookies.find(({ name }) => name.startsWith('m3m_refresh'))).toMatchObject({
      httpOnly: true,
      sameSite: 'Strict',
    })
    for (const origin of [agent.servicesUrl, agent.url]) {
      const header = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
      const seen = await fetch(`${origin}/r/pages/seen`, { headers: { cookie: `a=1; ${header}` } })
      expect(await seen.text()).not.toContain('m3m_refresh')
    }
  })

  test('below /r/ on the panel’s port nothing of a service runs as a page', async ({ page }) => {
    await openPanel(page, agent)
    for (const path of ['/r/pages/', '/r/pages/open', '/bot-pages/open']) {
      const answer = await fetch(agent.url + path)
      expect(answer.headers.get('content-security-policy')).toMatch(/(^|, ?)sandbox(,|;|$)/)
      expect(answer.headers.get('x-content-type-options')).toContain('nosniff')
    }
    const quiet = await page.context().newPage()
    const asked: string[] = []
    quiet.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await quiet.goto(`${agent.url}/r/pages/open`)
    // By the pointer itself, since nothing of a page that runs no script could help to click.
    await quiet.mouse.click(200, 200)
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
    expect(await quiet.title()).toBe('quiet')
    expect(asked).toEqual(['/r/pages/open'])

    // Were a script to run there, its origin would be opaque: the agent refuses that too, cookie and all.
    const cookies = await page.context().cookies(`${agent.url}/auth/refresh`)
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    for (const origin of ['null', agent.servicesUrl, 'app://m3m', 'http://127.0.0.1']) {
      const headers = { cookie, origin, 'x-m3m': '1', 'content-type': 'application/json' }
      const answer = await fetch(`${agent.url}/auth/refresh`, { method: 'POST', headers, body: '{}' })
      expect([origin, answer.status]).toEqual([origin, 403])
    }
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Projects' })).toBeVisible()
  })
})
