// One agent without services: who may ask it what, and what its pages may do.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, subscribe, type PanelClient } from './panel-client.ts'

// Several processes start in each test: seconds on an idle machine, much more on a loaded one.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const home = mkdtempSync(join(tmpdir(), 'm3m-http-'))
let agent: TestAgent
let panel: PanelClient
beforeAll(async () => {
  const made = await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  expect(made).toMatchObject({
    code: 0,
    output: expect.stringContaining(`Made the root operator ${ROOT.email}`),
  })
  agent = await startAgent({ home })
  panel = await signIn(agent.url)
})
afterAll(async () => {
  expect(await agent?.stop()).toBe(0)
  rmSync(home, { recursive: true, force: true })
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(agent.url + path, { headers })
const post = (path: string, headers: Record<string, string>, body: unknown = {}) =>
  fetch(agent.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

describe('the agent', () => {
  it('says that it is well, and what it is', async () => {
    expect(await (await get('/health')).json()).toEqual({ status: 'ok' })
    expect(await panel.query('agent.info')).toMatchObject({ protocol: 1, node: process.versions.node })
  })

  it('does not greet with a first operator when there is one', () => {
    expect(agent.output()).toContain('is ready after')
    expect(agent.output()).not.toContain('There is no operator yet')
  })

  it('makes no second root', async () => {
    const { code, output } = await runAgent(['new-admin', 'other@example.com', ROOT.password], { home })
    expect(code).toBe(1)
    expect(output).toContain('reset-password')
  })

  it('refuses a second agent on its folder, and one on its port', async () => {
    const second = await runAgent(['serve'], { home, env: { M3M_SERVER_PORT: '0' } })
    expect(second).toMatchObject({
      code: 1,
      output: expect.stringContaining('An agent already serves the data in'),
    })
    const elsewhere = mkdtempSync(join(tmpdir(), 'm3m-http-'))
    const { port } = new URL(agent.url)
    const third = await runAgent(['serve'], { home: elsewhere, env: { M3M_SERVER_PORT: port } })
    rmSync(elsewhere, { recursive: true })
    expect(third).toMatchObject({
      code: 1,
      output: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken`),
    })
    expect(third.output).toContain('set server.port in config.yaml (M3M_SERVER_PORT)')
  })

  it('is found well by the doctor', async () => {
    const { code, output } = await runAgent(['doctor'], { home })
    expect(output).toMatch(/^ok +agent: serves now/m)
    expect(output).toMatch(/^ok +datastore: embedded, answers/m)
    expect(output).toMatch(/^ok +isolates: /m)
    expect(code).toBe(0)
  })
})

describe('signing in', () => {
  it('says the same of an unknown operator and a wrong password', async () => {
    const say = async (who: { email: string; password: string }) =>
      signIn(agent.url, who).catch((error: Error) => error.message)
    const unknown = await say({ email: 'nobody@example.com', password: ROOT.password })
    const wrong = await say({ ...ROOT, password: 'wrong horse battery' })
    expect(unknown).toBe(wrong)
    expect(unknown).toMatch(/password/)
  })

  it('keeps a browser signed in by a cookie that answers the panel alone', async () => {
    const login = await post('/trpc/auth.login', { origin: agent.url }, ROOT)
    const cookie = login.headers.get('set-cookie')!
    expect(cookie).toMatch(/^m3m_refresh_[0-9a-f]{8}=[^;]+; Path=\/auth; HttpOnly; SameSite=Strict/)
    expect(await login.json()).not.toHaveProperty('result.data.refreshToken')
    const jar = { cookie: cookie.split(';')[0]! }
    const right = { origin: agent.url, 'x-m3m': '1' }

    for (const wrong of [
      { 'x-m3m': '1' },
      { origin: agent.url },
      { ...right, origin: agent.servicesUrl },
      { ...right, origin: 'null' },
      { ...right, origin: 'app://m3m' },
      { ...right, 'sec-fetch-site': 'same-site' },
    ] as Record<string, string>[]) {
      const response = await post('/auth/refresh', { ...jar, ...wrong })
      expect(response.status, JSON.stringify(wrong)).toBe(403)
      expect(response.headers.get('set-cookie')).toBeNull()
    }

    const nobody = await post('/auth/refresh', right)
    expect([nobody.status, await nobody.text()]).toEqual([204, ''])

    const refreshed = await post('/auth/refresh', { ...jar, ...right })
    expect(refreshed.status).toBe(200)
    expect(await refreshed.json()).toMatchObject({
      accessToken: expect.any(String),
      expiresAt: expect.any(String),
    })
    const next = { cookie: refreshed.headers.get('set-cookie')!.split(';')[0]! }
    expect(next).not.toEqual(jar)

    const out = await post('/auth/logout', { ...next, ...right })
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    const gone = await post('/auth/refresh', { ...next, ...right })
    expect([gone.status, await codeOf(gone)]).toEqual([401, 'AUTH_BAD_REFRESH'])
  })

  it('takes no token from a URL', async () => {
    expect((await get(`/trpc/auth.me?token=${panel.token}`)).status).toBe(401)
    expect((await get(`/trpc/auth.me?access_token=${panel.token}`)).status).toBe(401)
  })

  it('ends with a new password from the command line', async () => {
    const { output } = await runAgent(['reset-password', ROOT.email], { home })
    const password = /new password of root@example\.com is: (\S+)/.exec(output)![1]!
    await expect(panel.query('auth.me')).rejects.toMatchObject({ status: 401 })
    await expect(signIn(agent.url)).rejects.toMatchObject({ status: 401 })
    panel = await signIn(agent.url, { ...ROOT, password })
    await panel.mutate('profile.changePassword', { current: password, next: ROOT.password })
    panel = await signIn(agent.url)
  })
})

describe('origins', () => {
  it.each(['http://evil.test', 'null', 'http://localhost'])(
    'refuses the API to pages of %s',
    async (origin) => {
      const response = await post('/trpc/auth.login', { origin }, ROOT)
      expect([response.status, await codeOf(response)]).toEqual([403, 'HTTP_FOREIGN_ORIGIN'])
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      const preflight = await fetch(`${agent.url}/trpc/auth.login`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
      expect(preflight.status).toBe(403)
    },
  )

  it("refuses the API to pages of its own services' origin", async () => {
    expect((await post('/trpc/auth.login', { origin: agent.servicesUrl }, ROOT)).status).toBe(403)
  })

  it('lets the desktop app in by CORS, without cookies', async () => {
    const preflight = await fetch(`${agent.url}/trpc/auth.login`, {
      method: 'OPTIONS',
      headers: { origin: 'app://m3m', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    const login = await post('/trpc/auth.login', { origin: 'app://m3m' }, { ...ROOT, client: 'desktop' })
    expect(login.status).toBe(200)
    expect(login.headers.get('access-control-allow-origin')).toBe('app://m3m')
    expect(login.headers.get('access-control-allow-credentials')).toBeNull()
    expect(await login.json()).toHaveProperty('result.data.refreshToken')
    expect((await get('/health', { origin: 'app://m3m' })).headers.get('access-control-allow-origin')).toBe(
      'app://m3m',
    )
  })

  it('opens sockets for its own pages, the desktop app and programs, and for nobody else', async () => {
    const project = await panel.mutate('projects.create', { name: 'Sockets' })
    const first = async (origin?: string) => {
      const options = {
        url: agent.url,
        token: panel.token,
        procedure: 'runs.watch',
        input: { projectId: project['id'] },
      }
      for await (const state of subscribe({ ...options, ...(origin && { origin }) })) return state
      return null
    }
    for (const origin of [undefined, agent.url, 'app://m3m'])
      expect(await first(origin)).toMatchObject({ observed: { state: 'stopped' } })
    for (const origin of ['http://evil.test', agent.servicesUrl, 'null'])
      await expect(first(origin)).rejects.toThrow('403')
  })

  it('answers nothing of the panel on the port of services', async () => {
    for (const path of ['/', '/trpc/agent.info', '/auth/refresh', '/index.html'])
      expect((await fetch(agent.servicesUrl + path)).status).toBe(404)
    expect((await fetch(`${agent.servicesUrl}/r/none/`)).status).toBe(404)
  })

  it("boxes what services answer on the panel's port", async () => {
    const response = await get('/r/none/')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-security-policy')).toContain('sandbox')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('pages', () => {
  it('carry a strict policy', async () => {
    for (const path of ['/', '/projects/x/pipeline', '/trpc/agent.info', '/assets/none.js']) {
      const { headers } = await get(path)
      const policy = headers.get('content-security-policy')!
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  it('are the panel, or say that it is not built; what is no page is not found', async () => {
    const page = await get('/projects/x')
    expect([200, 503]).toContain(page.status)
    expect(page.headers.get('content-type')).toContain('text/html')
    for (const path of [
      '/assets/none.js',
      '/api/none',
      '/files/none',
      '/.env',
      '/../package.json',
      '/%2e%2e/package.json',
    ])
      expect((await get(path)).status, path).toBe(404)
    expect((await post('/', {})).status).toBe(404)
  })

  it('refuses bodies that are no JSON, or too long, with the reason', async () => {
    const headers = { authorization: `Bearer ${panel.token}`, 'content-type': 'application/json' }
    const bad = await fetch(`${agent.url}/files/tickets`, { method: 'POST', headers, body: '{' })
    expect([bad.status, await codeOf(bad)]).toEqual([400, 'HTTP_BODY'])
    const long = await fetch(`${agent.url}/files/tickets`, {
      method: 'POST',
      headers,
      body: `"${'x'.repeat(2 ** 20)}"`,
    })
    expect([long.status, await codeOf(long)]).toEqual([413, 'HTTP_BODY'])
  })
})

describe('files', () => {
  // One pixel, whole.
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  const put = (body: string | Buffer, type: string) =>
    fetch(`${agent.url}/files/avatar`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${panel.token}`, 'content-type': type },
      body,
    })

  it('of an operator who is deleted go with them', async () => {
    const ann = { email: 'ann@example.com', password: ROOT.password }
    const { id } = await panel.mutate<{ id: string }>('users.create', { ...ann, name: 'Ann', rights: {} })
    const { token } = await signIn(agent.url, ann)
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'image/png' }
    await fetch(`${agent.url}/files/avatar`, { method: 'PUT', headers, body: png })
    const picture = join(home, 'storage', 'avatars', id)
    expect(existsSync(picture)).toBe(true)
    await panel.mutate('users.remove', { userId: id })
    expect(existsSync(picture)).toBe(false)
  })

  it("keep an operator's picture, shown by a ticket", async () => {
    const saved = (await (await put(png, 'image/png')).json()) as { id: string; avatarVersion: string }
    expect(saved.avatarVersion).toMatch(/^[0-9a-f]{16}$/)
    const path = `/files/avatar/${saved.id}`
    expect((await get(path)).status).toBe(401)
    const tickets = await post(
      '/files/tickets',
      { authorization: `Bearer ${panel.token}` },
      { paths: [path] },
    )
    const { urls } = (await tickets.json()) as { urls: string[] }
    const shown = await get(urls[0]!)
    // What is kept was made anew: nothing of what was sent beside the pixels.
    expect(shown.headers.get('content-type')).toBe('image/webp')
    expect(
      Buffer.from(await shown.arrayBuffer())
        .subarray(8, 12)
        .toString(),
    ).toBe('WEBP')
    expect((await get(urls[0]!.replace(/.{3}$/, 'AAA'))).status).toBe(401)
    expect((await get(urls[0]!.replace(path, '/files/avatar/000000000000000000000000'))).status).toBe(401)
  })

  it.each([
    ['<script>alert(1)</script>', 'image/png'],
    // Begins as a picture does, and is none.
    [Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'image/png'],
    [Buffer.concat([Buffer.from('ffd8ff', 'hex'), Buffer.from('<script>alert(1)</script>')]), 'image/jpeg'],
    ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
  ])('take no picture that is none: %s', async (body, type) => {
    expect((await put(body, type)).status).toBeGreaterThanOrEqual(400)
  })

  it('give no log of a run that is not there or not yours', async () => {
    const headers = { authorization: `Bearer ${panel.token}` }
    const id = '0123456789abcdef01234567'
    expect((await get(`/files/logs/${id}/${id}`, headers)).status).toBe(404)
    expect((await get(`/files/logs/${id}/${id}`)).status).toBe(401)
  })
})
