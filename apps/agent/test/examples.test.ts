// Every starter of examples/ on a real agent: made as New project makes it, and used as its header says.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { callbackify } from 'node:util'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

const home = mkdtempSync(join(tmpdir(), 'm3m-examples-'))
let agent: TestAgent
let panel: PanelClient

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home })
  panel = await signIn(agent.url)
})

afterAll(async () => {
  await agent.stop()
  rmSync(home, { recursive: true, force: true })
})

interface Running {
  projectId: string
  /** Address of its routes. */
  url: string
}

interface Variable {
  key: string
  type: string
  value: unknown
}

/** A project of one starter, running. `variables` are typed in Environment; loopback is opened to reach the test's servers. */
async function service(starter: string, variables: Variable[] = [], slug = starter): Promise<Running> {
  const made = await panel.mutate('starters.createProject', { starter, name: slug })
  const projectId = String(made['id'])
  if (variables.length > 0) {
    const held = await panel.query<{ variables: Variable[] }>('env.list', { projectId })
    const keys = new Set(variables.map(({ key }) => key))
    const kept = held.variables.filter(({ key }) => !keys.has(key))
    await panel.mutate('env.save', { projectId, variables: [...kept, ...variables] })
  }
  const outbound = { allow: ['loopback'], hosts: [] }
  await panel.mutate('projects.update', { projectId, settings: { outbound } })
  await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  return { projectId, url: `${agent.servicesUrl}/r/${slug}` }
}

async function records(projectId: string, model: string): Promise<Record<string, unknown>[]> {
  return (await panel.query<{ items: Record<string, unknown>[] }>('records.list', { projectId, model })).items
}

async function press(projectId: string, slug: string): Promise<void> {
  await panel.mutate('actions.press', { projectId, slug })
}

const json = (body: unknown) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

/** A server of the outside world, on loopback. */
async function outside(
  answer: (request: IncomingMessage) => Promise<{ status?: number; body: unknown }>,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void answer(request).then(({ status = 200, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A mail server on loopback, and the variables that lead a service to it. */
async function mailbox() {
  const mails: ParsedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: callbackify(async (stream: Readable, _session: SMTPServerSession): Promise<void> => {
      mails.push(await simpleParser(stream))
    }),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const variables: Variable[] = [
    { key: 'SMTP_HOST', type: 'string', value: '127.0.0.1' },
    { key: 'SMTP_PORT', type: 'integer', value: port },
    { key: 'SMTP_FROM', type: 'string', value: 'shop@example.com' },
  ]
  return {
    variables,
    /** How many came that nobody took. */
    waiting: () => mails.length,
    /** The oldest mail that nobody took. */
    async next(): Promise<ParsedMail> {
      await vi.waitFor(() => expect(mails).not.toHaveLength(0), { timeout: 15_000 })
      return mails.shift()!
    },
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

test('all are offered, each with what it makes and what only its owner has', async () => {
  const starters =
    await panel.query<{ slug: string; asks: { key: string }[]; models: string[] }[]>('starters.list')
  expect(starters.map(({ slug }) => slug)).toEqual([
    'url-shortener',
    'signed-webhook',
    'telegram-bot',
    'accounts',
    'image-thumbnailer',
    'mail-report',
    'uptime-monitor',
  ])
  expect(starters.find(({ slug }) => slug === 'mail-report')).toMatchObject({
    models: ['events'],
    variables: ['TIMEZONE'],
    asks: [{ key: 'REPORT_TO' }, { key: 'SMTP_HOST' }],
    ru: { title: 'Отчёт по почте' },
  })
})

test('an unknown starter is named, and no project is made', async () => {
  const before = await panel.query<unknown[]>('projects.list')
  await expect(
    panel.mutate('starters.createProject', { starter: 'no-such', name: 'Nothing' }),
  ).rejects.toMatchObject({ status: 404, code: 'STARTER_NOT_FOUND' })
  expect(await panel.query<unknown[]>('projects.list')).toHaveLength(before.length)
})

test('url-shortener: a short link redirects and counts', async () => {
  const { url } = await service('url-shortener')
  expect((await fetch(`${url}/links`, json({ url: 'ftp://no' }))).status).toBe(400)
  const made = await fetch(`${url}/links`, json({ url: 'https://example.com/a?b=c' }))
  expect(made.status).toBe(201)
  const { code } = (await made.json()) as { code: string }
  for (let hit = 0; hit < 2; hit++) {
    const redirect = await fetch(`${url}/${code}`, { redirect: 'manual' })
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'https://example.com/a?b=c'])
  }
  expect(await (await fetch(`${url}/links/${code}`)).json()).toEqual({
    url: 'https://example.com/a?b=c',
    hits: 2,
  })
  expect((await fetch(`${url}/nothing-here`)).status).toBe(404)
  expect(await (await fetch(`${url}/`)).text()).toContain('<form>')
})

test('signed-webhook: a delivery counts once, only with its signature, and is worked on', async () => {
  const { projectId, url } = await service('signed-webhook')
  const held = await panel.query<{ variables: Variable[] }>('env.list', { projectId })
  const secret = String(held.variables[0]!.value)
  expect(secret).toMatch(/^[0-9a-f]{48}$/)
  const body = '{"action":"opened",  "emoji":"☕"}'
  const deliver = (signature: string) =>
    fetch(`${url}/hooks/github`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'X-Hub-Signature-256': signature,
        'X-GitHub-Delivery': 'd-1',
        'X-GitHub-Event': 'issues',
      },
      body,
    })
  expect(await (await fetch(`${url}/`)).json()).toEqual({ deliverTo: 'hooks/github', kept: 0 })
  const good = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
  expect((await deliver('sha256=00')).status).toBe(401)
  expect((await deliver(good)).status).toBe(202)
  expect(await (await deliver(good)).json()).toEqual({ seen: true })
  await vi.waitFor(
    async () =>
      expect(await records(projectId, 'deliveries')).toMatchObject([{ delivery: 'd-1', done: true }]),
    { timeout: 15_000 },
  )
})

test('telegram-bot: commands are answered once, what fails holds up nothing and is not asked for in haste', async () => {
  const said: unknown[] = []
  let refused = 0
  const message = (words: string) => ({ chat: { id: 7 }, from: { first_name: 'Ada' }, text: words })
  // The second fails in the handler: there is nobody to answer.
  const messages = [message('/note'), { text: '/notes' }, message('/note buy tea')]
  const updates = messages.map((each, i) => ({ update_id: 100 + i, message: each }))
  const telegram = await outside(async (request) => {
    if (request.url!.startsWith('/bot42:abc/sendMessage')) {
      said.push(JSON.parse(await text(request)))
      return { body: { ok: true } }
    }
    const offset = Number(new URL(request.url!, 'http://x').searchParams.get('offset'))
    if (offset > 102) return { status: 502, body: { refused: ++refused } }
    return { body: { ok: true, result: updates.filter(({ update_id }) => update_id >= offset) } }
  })
  const { projectId } = await service('telegram-bot', [
    { key: 'TELEGRAM_API', type: 'string', value: telegram.url },
    { key: 'TELEGRAM_TOKEN', type: 'secret', value: '42:abc' },
  ])
  await vi.waitFor(() => expect(refused).toBe(1), { timeout: 15_000 })
  expect(said).toEqual([
    { chat_id: 7, text: 'Say what to keep: /note buy tea' },
    { chat_id: 7, text: 'Kept.' },
  ])
  expect(await records(projectId, 'notes')).toMatchObject([{ chat: '7', who: 'Ada', text: 'buy tea' }])
  await panel.mutate('runs.stop', { projectId })
  expect(refused).toBe(1)
  telegram.server.close()
})

test('image-thumbnailer: a picture gives thumbnails, and what is no picture is not kept', async () => {
  const { projectId, url } = await service('image-thumbnailer')
  const upload = (bytes: string | Uint8Array<ArrayBuffer>, type: string) => {
    const form = new FormData()
    form.append('picture', new Blob([bytes], { type }), 'a.gif')
    return fetch(`${url}/pictures`, { method: 'POST', body: form })
  }
  expect((await upload('hello', 'text/plain')).status).toBe(422)
  expect((await upload('hello', 'image/gif')).status).toBe(422)
  const vector = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
  expect((await upload(vector, 'image/png')).status).toBe(422)
  // The smallest GIF there is: one transparent pixel.
  const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
  // Its head can be read, the rest is missing.
  expect((await upload(pixel.subarray(0, 24), 'image/gif')).status).toBe(422)
  const made = await upload(pixel, 'image/gif')
  expect(made.status).toBe(201)
  const { id, ...size } = (await made.json()) as { id: string }
  expect(size).toEqual({ width: 1, height: 1 })
  for (let time = 0; time < 2; time++) {
    const small = await fetch(`${url}/pictures/${id}/64`)
    expect([small.status, small.headers.get('content-type')]).toEqual([200, 'image/webp'])
    await small.arrayBuffer()
  }
  expect((await fetch(`${url}/pictures/${id}/65`)).status).toBe(404)
  expect((await fetch(`${url}/pictures/..%2f..%2fx/64`)).status).toBe(404)
  expect(await (await fetch(`${url}/`)).text()).toContain('accept="image/jpeg,image/png')
  const kept = await panel.query<{ entries: unknown[] }>('storage.list', { projectId, path: 'originals' })
  expect(kept.entries).toHaveLength(1)
})

test('mail-report: the report goes out at the press of its button', async () => {
  await using box = await mailbox()
  const { projectId, url } = await service('mail-report', [
    { key: 'REPORT_TO', type: 'string', value: 'ann@example.com' },
    ...box.variables,
  ])
  for (const amount of [2, 3]) {
    expect((await fetch(`${url}/events`, json({ kind: '<order>', amount }))).status).toBe(201)
  }
  expect((await fetch(`${url}/events`, json({ amount: 1 }))).status).toBe(400)
  expect(await (await fetch(`${url}/`)).text()).toContain('<td>&lt;order&gt;</td><td>2</td>')
  await press(projectId, 'send-now')
  const mail = await box.next()
  expect(mail.subject).toBe('Report: 1 kinds of events')
  expect(mail.html).toContain('<td>&lt;order&gt;</td><td>2</td><td>5</td>')
})

test('uptime-monitor: a site that goes down is shown and told', async () => {
  let status = 200
  const told: unknown[] = []
  const site = await outside(async (request) => {
    if (request.method === 'POST') told.push(JSON.parse(await text(request)))
    return { status: request.method === 'POST' ? 200 : status, body: {} }
  })
  const { projectId, url } = await service('uptime-monitor', [
    { key: 'ALERT_WEBHOOK', type: 'string', value: `${site.url}/hook` },
  ])
  const data = { name: '<Shop>', url: `${site.url}/` }
  await panel.mutate('records.create', { projectId, model: 'sites', data })
  const look = async (up: boolean) => {
    await press(projectId, 'check-now')
    await vi.waitFor(async () => expect(await records(projectId, 'sites')).toMatchObject([{ up }]), {
      timeout: 15_000,
    })
  }
  await look(true)
  status = 500
  await look(false)
  await vi.waitFor(() => expect(told).toEqual([{ text: `<Shop> is down: ${site.url}/` }]), {
    timeout: 15_000,
  })
  const page = await (await fetch(`${url}/`)).text()
  expect(page).toContain('&lt;Shop&gt;')
  expect(page).toContain('<b>down</b>')
  site.server.close()
})

test('accounts: people sign up, in and out, and only they read what is theirs', async () => {
  const { projectId, url } = await service('accounts')
  const ann = { email: 'Ann@example.com', password: 'ten letters or more' }
  const post = (path: string, body: unknown) => fetch(`${url}/${path}`, json(body))
  for (const wrong of [
    { ...ann, email: 'ann' },
    { ...ann, password: 'short' },
    { ...ann, email: { $ne: '' } },
    null,
  ])
    expect((await post('sign-up', wrong)).status).toBe(400)
  const made = await post('sign-up', ann)
  expect(made.status).toBe(200)
  const cookie = made.headers.getSetCookie()[0]!
  expect(cookie).toMatch(
    /^session=[0-9a-f]{64}; Path=\/r\/accounts; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
  )
  expect((await post('sign-up', ann)).status).toBe(409)

  const me = (held: string, note?: string) =>
    fetch(`${url}/me${note === undefined ? '' : '/note'}`, {
      headers: { cookie: held.split(';')[0]!, 'content-type': 'application/json' },
      ...(note !== undefined && { method: 'PUT', body: JSON.stringify({ note }) }),
    })
  expect((await me(cookie, 'milk')).status).toBe(200)
  expect(await (await me(cookie)).json()).toEqual({ email: 'ann@example.com', note: 'milk' })
  for (const held of ['', 'session=', `session=${'0'.repeat(64)}`]) expect((await me(held)).status).toBe(401)
  // What the database holds opens nothing.
  const [session] = await records(projectId, 'sessions')
  expect((await me(`session=${String(session!['token'])}`)).status).toBe(401)
  expect(JSON.stringify(await records(projectId, 'people'))).not.toContain(ann.password)

  expect((await post('sign-in', { ...ann, password: 'another password' })).status).toBe(401)
  expect((await post('sign-in', { ...ann, email: 'bo@example.com' })).status).toBe(401)
  const second = (await post('sign-in', ann)).headers.getSetCookie()[0]!
  await fetch(`${url}/sign-out`, { method: 'POST', headers: { cookie: second.split(';')[0]! } })
  expect([(await me(second)).status, (await me(cookie)).status]).toEqual([401, 200])
  const tries = await Promise.all(
    Array.from({ length: 12 }, () => post('sign-in', { ...ann, password: 'guess guess' })),
  )
  expect(tries.map(({ status }) => status)).toContain(429)
})

test('accounts: a lost password is set anew by a link that works once and ends all sessions', async () => {
  await using box = await mailbox()
  const variables = [
    { key: 'PUBLIC_URL', type: 'string', value: 'https://example.com/r/accounts' },
    ...box.variables,
  ]
  const { url } = await service('accounts', variables, 'accounts-by-mail')
  const post = (path: string, body: unknown) => fetch(`${url}/${path}`, json(body))
  const email = 'ann@example.com'
  const made = await post('sign-up', { email, password: 'ten letters or more' })
  const cookie = made.headers.getSetCookie()[0]!
  expect(cookie).toContain('Secure')

  const unknown = await post('password/forgot', { email: 'bo@example.com' })
  const known = await post('password/forgot', { email })
  expect([unknown.status, await unknown.json()]).toEqual([known.status, await known.json()])
  const mail = await box.next()
  expect(mail.to).toMatchObject({ text: email })
  const token = /https:\/\/example\.com\/r\/accounts\/#reset=([0-9a-f]{64})/.exec(mail.text!)![1]
  expect((await post('password/reset', { token: 'a'.repeat(64), password: 'the new password' })).status).toBe(
    400,
  )
  const twice = await Promise.all(
    Array.from({ length: 2 }, () => post('password/reset', { token, password: 'the new password' })),
  )
  expect(twice.map(({ status }) => status).toSorted()).toEqual([200, 400])
  expect((await fetch(`${url}/me`, { headers: { cookie: cookie.split(';')[0]! } })).status).toBe(401)
  expect((await post('sign-in', { email, password: 'ten letters or more' })).status).toBe(401)
  expect((await post('sign-in', { email, password: 'the new password' })).status).toBe(200)
  expect(box.waiting()).toBe(0)
})
