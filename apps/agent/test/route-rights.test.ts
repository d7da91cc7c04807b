// Every HTTP route of a real agent, asked by everybody: nobody, the blocked, outsiders, each role, every kind of key.
import { readdirSync, statSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PanelDeps } from '../src/http/panel-deps.ts'
import { guardRoutes } from '../src/http/route-guard.ts'
import { ROUTE_RIGHTS } from '../src/http/route-rights.ts'
import { ROOT, signIn } from './panel-client.ts'
import { AGENT_START_MS, openRestAgent, type RestAgent } from './rest-agent.ts'

vi.setConfig({ testTimeout: AGENT_START_MS, hookTimeout: AGENT_START_MS })

const ROLES = ['viewer', 'editor', 'developer', 'owner'] as const
const SCOPES = ['records:read', 'records:write', 'goals:write', 'runs:read', 'runs:control', 'mcp'] as const
type Who = 'anybody' | 'operator' | 'root' | 'creator' | 'manager' | (typeof ROLES)[number]
type May = Who | { key: (typeof SCOPES)[number]; orNone?: true }

const read = { key: 'records:read' } as const
const write = { key: 'records:write' } as const
const control = { key: 'runs:control' } as const

/** Who may ask what, by product.md "Operators and rights"; written by hand, not taken from the code. */
const MAY: Record<string, May> = {
  'GET /health': 'anybody',
  'GET /*': 'anybody',
  '* /trpc/:path': 'anybody',
  'POST /auth/refresh': 'anybody',
  'POST /auth/logout': 'anybody',
  'GET /metrics': 'anybody',
  'POST /files/tickets': 'operator',
  'GET /files/logs/agent': 'root',
  'GET /files/logs/:projectId/:runId': 'viewer',
  'GET /files/audit': 'manager',
  'GET /files/backups/:name': 'root',
  'GET /files/avatar/:userId': 'operator',
  'PUT /files/avatar': 'operator',
  'DELETE /files/avatar': 'operator',
  'GET /files/storage/:projectId/*': 'viewer',
  'PUT /files/storage/:projectId/*': 'editor',
  'DELETE /files/storage/:projectId/*': 'editor',
  'GET /files/zip/:projectId/:orderId': 'viewer',
  'GET /files/preview/:projectId/*': 'viewer',
  'GET /files/records/:projectId/:model': 'viewer',
  'POST /files/records/:projectId/:model': 'editor',
  'GET /files/exports/:projectId': 'owner',
  'PUT /files/imports': 'creator',
  'DELETE /files/imports': 'creator',
  'GET /files/s/:token/:name': 'anybody',
  'GET /files/signed/:projectId/*': 'anybody',
  'GET /api/v1/projects/:slug/records/:model': read,
  'GET /api/v1/projects/:slug/records/:model/events': read,
  'GET /api/v1/projects/:slug/records/:model/:id': read,
  'GET /api/v1/projects/:slug/records/:model/:id/files/:field': read,
  'POST /api/v1/projects/:slug/records/:model/aggregate': read,
  'POST /api/v1/projects/:slug/records/:model': write,
  'PUT /api/v1/projects/:slug/records/:model': write,
  'PATCH /api/v1/projects/:slug/records/:model/:id': write,
  'DELETE /api/v1/projects/:slug/records/:model/:id': write,
  'POST /api/v1/projects/:slug/records/:model/bulk': write,
  'POST /api/v1/projects/:slug/batch': write,
  'GET /api/v1/projects/:slug/run': { key: 'runs:read' },
  'GET /api/v1/projects/:slug/runs': { key: 'runs:read' },
  'POST /api/v1/projects/:slug/run/start': control,
  'POST /api/v1/projects/:slug/run/stop': control,
  'POST /api/v1/projects/:slug/run/restart': control,
  'POST /api/v1/projects/:slug/goals/:goal/increment': { key: 'goals:write' },
  'GET /api/v1/openapi.json': { ...read, orNone: true },
  'POST /mcp': { key: 'mcp' },
  'GET /mcp': 'anybody',
  'DELETE /mcp': 'anybody',
}

const NO_ID = 'f'.repeat(24)
/** What a route's words are filled with: most name nothing, so that whoever is let in meets another error. */
const WORDS: Record<string, string> = {
  '*': 'folder/none.txt',
  path: 'agent.info',
  runId: NO_ID,
  userId: NO_ID,
  orderId: 'none',
  name: 'none.txt',
  model: 'none',
  id: NO_ID,
  field: 'none',
  goal: 'none',
  token: 'f'.repeat(48),
}

let agent: RestAgent
let own: { id: string; slug: string }
let foreign: { id: string; slug: string }

beforeAll(async () => {
  agent = await openRestAgent()
  own = { id: await agent.project('own'), slug: 'own' }
  foreign = { id: await agent.project('foreign'), slug: 'foreign' }
})
afterAll(() => agent[Symbol.asyncDispose]())

const routes = () => Object.keys(MAY)
const operatorRoutes = () => routes().filter((route) => typeof MAY[route] === 'string')
const keyRoutes = () => routes().filter((route) => typeof MAY[route] === 'object')
const isOfProject = (may: May | undefined): may is (typeof ROLES)[number] =>
  ROLES.includes(may as (typeof ROLES)[number])

function addressOf(route: string, { id, slug }: { id: string; slug: string }): string {
  const words: Record<string, string> = { ...WORDS, projectId: id, slug }
  const path = route.split(' ')[1]!.replaceAll(/:(\w+)|\*/g, (sign, name?: string) => words[name ?? sign]!)
  return agent.url + path
}

/** `allowed`, or the status and code by which the border refused. */
async function attempt(
  route: string,
  { token, method, of = own }: { token?: string | undefined; method?: string; of?: typeof own } = {},
): Promise<string> {
  const verb = method ?? route.split(' ')[0]!.replace('*', 'GET')
  const response = await fetch(addressOf(route, of), {
    method: verb,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(verb.startsWith('P') && { body: Buffer.from('no file') }),
  })
  const text = await response.text()
  if (verb === 'HEAD') return [401, 403].includes(response.status) ? String(response.status) : 'allowed'
  const { code = '' } = text.startsWith('{"error"')
    ? (JSON.parse(text) as { error: { code?: string } }).error
    : {}
  return /^(?:ACCESS_|REST_(?:NO_KEY|SCOPE|NO_PROJECT)$)/.test(code)
    ? `${response.status} ${code}`
    : 'allowed'
}

async function operator(name: string, rights: object = {}): Promise<{ id: string; token: string }> {
  const who = { email: `${name}@example.com`, password: ROOT.password }
  const { id } = await agent.panel.mutate<{ id: string }>('users.create', { ...who, name, rights })
  const { token } = await signIn(agent.url, who)
  return { id, token }
}

describe('the table', () => {
  it('is the one that was written by hand', () => {
    expect(Object.keys(ROUTE_RIGHTS).sort()).toEqual(routes().sort())
  })

  it('stops an agent that has a route without an entry, or an entry of no route', async () => {
    const deps = { core: {} } as PanelDeps
    const withRoute = fastify()
    guardRoutes(withRoute, deps, { 'GET /known': { open: 'a test' } })
    expect(() => withRoute.get('/new', () => 'x')).toThrow('GET /new has no entry in route-rights.ts')
    const withEntry = fastify()
    guardRoutes(withEntry, deps, { 'GET /gone': { open: 'a test' } })
    await expect(withEntry.ready()).rejects.toThrow('entries of no route: GET /gone')
  })
})

describe('nobody is let in but where anybody is', () => {
  const refusal = (route: string) =>
    MAY[route] === 'anybody' || (MAY[route] as { orNone?: true }).orNone
      ? 'allowed'
      : `401 ${typeof MAY[route] === 'string' ? 'ACCESS_SIGN_IN' : 'REST_NO_KEY'}`

  it('without a token', async () => {
    for (const route of routes()) expect([route, await attempt(route)]).toEqual([route, refusal(route)])
  })

  it('by HEAD in place of GET', async () => {
    for (const route of routes().filter((route) => route.startsWith('GET '))) {
      const expected = refusal(route).split(' ')[0]
      expect([route, await attempt(route, { method: 'HEAD' })]).toEqual([route, expected])
    }
  })

  it('as a blocked operator, or one who was removed', async () => {
    const blocked = await operator('blocked', { manageUsers: true, createProjects: true })
    await agent.panel.mutate('users.block', { userId: blocked.id })
    const removed = await operator('removed', { projects: [{ projectId: own.id, role: 'owner' }] })
    await agent.panel.mutate('users.remove', { userId: removed.id })
    for (const { token } of [blocked, removed])
      for (const route of operatorRoutes())
        expect([route, await attempt(route, { token })]).toEqual([route, refusal(route)])
  })
})

describe('an operator', () => {
  it.each(['outsider', ...ROLES])('as %s of the project', async (role) => {
    const projects = role === 'outsider' ? [] : [{ projectId: own.id, role }]
    const { token } = await operator(role, { projects })
    for (const route of operatorRoutes()) {
      const may = MAY[route]
      const allowed = isOfProject(may)
        ? ROLES.indexOf(role as 'viewer') >= ROLES.indexOf(may)
        : may === 'anybody' || may === 'operator'
      const outside = isOfProject(may) && role === 'outsider'
      const refusal = outside ? '404 ACCESS_NO_PROJECT' : '403 ACCESS_DENIED'
      expect([route, await attempt(route, { token })]).toEqual([route, allowed ? 'allowed' : refusal])
      if (!isOfProject(may)) continue
      // What they may not know of is not there, whatever they hold elsewhere.
      expect([route, await attempt(route, { token, of: foreign })]).toEqual([route, '404 ACCESS_NO_PROJECT'])
    }
  })

  it.each([
    ['manager', { manageUsers: true }],
    ['creator', { createProjects: true }],
  ])('who is %s and nothing else', async (name, rights) => {
    const { token } = await operator(name, rights)
    for (const route of operatorRoutes()) {
      const may = MAY[route] as Who
      const allowed = ['anybody', 'operator', name].includes(may)
      const refusal = isOfProject(may) ? '404 ACCESS_NO_PROJECT' : '403 ACCESS_DENIED'
      expect([route, await attempt(route, { token })]).toEqual([route, allowed ? 'allowed' : refusal])
    }
  })

  it('who is root may do everything, but not in a project that does not exist', async () => {
    const { token } = agent.panel
    for (const route of operatorRoutes()) {
      expect([route, await attempt(route, { token })]).toEqual([route, 'allowed'])
      if (!isOfProject(MAY[route])) continue
      const of = { id: NO_ID, slug: 'none' }
      expect([route, await attempt(route, { token, of })]).toEqual([route, '404 ACCESS_NO_PROJECT'])
    }
  })

  it('is no program: a sign-in opens nothing that is for keys', async () => {
    for (const route of keyRoutes())
      expect([route, await attempt(route, agent.panel)]).toEqual([route, '401 REST_NO_KEY'])
  })
})

describe('a key', () => {
  const needOf = (route: string) => (MAY[route] as { key: string }).key

  it.each(SCOPES)('with the scope %s does that alone, in its own project alone', async (scope) => {
    const token = await agent.key(own.id, [scope])
    for (const route of keyRoutes()) {
      const expected = needOf(route) === scope ? 'allowed' : '403 REST_SCOPE'
      expect([route, await attempt(route, { token })]).toEqual([route, expected])
      if (!route.includes(':slug')) continue
      const abroad = needOf(route) === scope ? '404 REST_NO_PROJECT' : '403 REST_SCOPE'
      expect([route, await attempt(route, { token, of: foreign })]).toEqual([route, abroad])
    }
  })

  it('is no operator: it opens nothing that is for sign-ins', async () => {
    const token = await agent.key(own.id, [...SCOPES])
    for (const route of operatorRoutes()) {
      const expected = MAY[route] === 'anybody' ? 'allowed' : '401 ACCESS_SIGN_IN'
      expect([route, await attempt(route, { token })]).toEqual([route, expected])
    }
  })

  it('that is revoked, was replaced or has expired opens nothing', async () => {
    const make = async (expiresAt?: string) =>
      agent.panel.mutate<{ token: string; key: { id: string } }>('projects.apiKeys.create', {
        projectId: own.id,
        name: 'short',
        scopes: [...SCOPES],
        ...(expiresAt && { expiresAt }),
      })
    const [revoked, replaced] = [await make(), await make()]
    const expired = await make(new Date(Date.now() + 1_000).toISOString())
    await agent.panel.mutate('projects.apiKeys.revoke', { projectId: own.id, keyId: revoked.key.id })
    await agent.panel.mutate('projects.apiKeys.regenerate', { projectId: own.id, keyId: replaced.key.id })
    await expect
      .poll(() => attempt('GET /api/v1/openapi.json', expired), { timeout: 10_000 })
      .toBe('401 REST_NO_KEY')
    for (const { token } of [revoked, replaced, expired])
      for (const route of keyRoutes())
        expect([route, await attempt(route, { token })]).toEqual([route, '401 REST_NO_KEY'])
  })
})

describe("an id of another project under one's own", () => {
  it('is not there', async () => {
    const { panel } = agent
    const projectId = foreign.id
    const code = `service.boot(() => router.get('/', () => 'ok'))`
    await panel.mutate('pipeline.saveFiles', {
      projectId,
      branch: 'develop',
      files: [{ path: 'main.js', code }],
    })
    const { runId } = await panel.mutate<{ runId: string }>('runs.start', {
      projectId,
      source: { branch: 'develop' },
    })
    await panel.mutate('storage.writeText', { projectId, path: 'secret.txt', content: 'secret' })
    const order = await panel.mutate<{ url: string }>('storage.archive', { projectId, paths: ['secret.txt'] })
    await panel.mutate('models.create', {
      projectId,
      name: 'S',
      slug: 'secrets',
      fields: [{ key: 'a', type: 'string' }],
    })
    const record = await panel.mutate<{ id: string }>('records.create', {
      projectId,
      model: 'secrets',
      data: { a: 'x' },
    })
    const model = await panel.query<{ id: string }>('models.get', { projectId, model: 'secrets' })

    const { token } = await operator('owner2', { projects: [{ projectId: own.id, role: 'owner' }] })
    const key = await agent.key(own.id, ['records:read', 'records:write'])
    const api = `/api/v1/projects/own/records/${model.id}`
    const tries: [string, string][] = [
      [`/files/logs/${own.id}/${runId}`, token],
      [order.url.replace(foreign.id, own.id).split('?')[0]!, token],
      [`/files/storage/${own.id}/secret.txt`, token],
      [`/files/storage/${own.id}/..%2F${foreign.id}%2Fsecret.txt`, token],
      [`/files/preview/${own.id}/..%2F${foreign.id}%2Fsecret.txt`, token],
      [`/files/records/${own.id}/${model.id}?format=csv`, token],
      [api, key],
      [`${api}/${record.id}`, key],
      [`${api}/events`, key],
    ]
    for (const [path, bearer] of tries) {
      const answer = await fetch(agent.url + path, { headers: { authorization: `Bearer ${bearer}` } })
      expect([path, answer.status, await answer.text()]).toEqual([
        path,
        expect.toBeOneOf([400, 401, 404]),
        expect.not.stringContaining('secret"'),
      ])
    }
  })
})

describe('a ticket in an address', () => {
  const ticketFor = async (token: string, path: string) => {
    const response = await fetch(`${agent.url}/files/tickets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ paths: [path] }),
    })
    return agent.url + ((await response.json()) as { urls: [string] }).urls[0]
  }
  const path = () => `/files/storage/${own.id}/note.txt`

  it('reads, and never writes: addresses are copied and logged', async () => {
    const { token } = await operator('editor2', { projects: [{ projectId: own.id, role: 'editor' }] })
    const write = (url: string, headers: Record<string, string> = {}) =>
      fetch(url, { method: 'PUT', headers, body: 'note' })
    expect((await write(agent.url + path(), { authorization: `Bearer ${token}` })).status).toBe(200)
    const url = await ticketFor(token, path())
    expect(await (await fetch(url)).text()).toBe('note')
    expect((await write(url)).status).toBe(401)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(401)
    const tickets = await ticketFor(token, '/files/tickets')
    expect((await fetch(tickets, { method: 'POST' })).status).toBe(401)
  })

  it('is good for its own path, its own project and its own sign-in, while that lives', async () => {
    const { id, token } = await operator('viewer2', { projects: [{ projectId: own.id, role: 'viewer' }] })
    const url = await ticketFor(token, path())
    expect((await fetch(url.replace('note', 'other'))).status).toBe(401)
    expect((await fetch(url.replace(own.id, foreign.id))).status).toBe(401)
    const abroad = await ticketFor(token, path().replace(own.id, foreign.id))
    expect((await fetch(abroad)).status).toBe(404)
    expect((await fetch(url)).status).toBe(200)
    await agent.panel.mutate('users.block', { userId: id })
    expect((await fetch(url)).status).toBe(401)
  })

  it('is the only credential an address may have: a token there is nobody', async () => {
    const { token } = agent.panel
    for (const name of ['token', 'access_token', 'authorization', 'ticket'])
      expect((await fetch(`${agent.url}${path()}?${name}=${token}`)).status, name).toBe(401)
    const key = await agent.key(own.id, ['records:read'])
    const api = `${agent.url}/api/v1/projects/own/records/none`
    expect((await fetch(`${api}?token=${key}&key=${key}`)).status).toBe(401)
  })
})

describe('what takes long ends with the right by which it began', () => {
  /** Resolves when the other end closed the answer. */
  const ended = (response: Response) =>
    response.arrayBuffer().then(
      () => 'ended',
      () => 'cut',
    )

  it('a stream of changes, with the key', async () => {
    const { panel } = agent
    const fields = [{ key: 'a', type: 'string' }]
    await panel.mutate('models.create', { projectId: own.id, name: 'Streamed', slug: 'streamed', fields })
    const listening = async (token: string) => {
      const events = `${agent.url}/api/v1/projects/own/records/streamed/events`
      const response = await fetch(events, { headers: { authorization: `Bearer ${token}` } })
      expect(response.status).toBe(200)
      return [ended(response)]
    }
    const make = (name: string) =>
      panel.mutate<{ token: string; key: { id: string } }>('projects.apiKeys.create', {
        projectId: own.id,
        name,
        scopes: ['records:read'],
        ...(name === 'expires' && { expiresAt: new Date(Date.now() + 2_000).toISOString() }),
      })
    const head = await agent.rest('HEAD', '/projects/own/records/streamed/events', {
      token: await agent.key(own.id, ['records:read']),
    })
    expect(head.status).toBe(200)
    const [revoked, replaced, expires] = [
      await make('revoked'),
      await make('replaced'),
      await make('expires'),
    ]
    const streams: Promise<string>[] = []
    for (const { token } of [revoked, replaced, expires]) streams.push(...(await listening(token)))
    await panel.mutate('projects.apiKeys.revoke', { projectId: own.id, keyId: revoked.key.id })
    await panel.mutate('projects.apiKeys.regenerate', { projectId: own.id, keyId: replaced.key.id })
    expect(await Promise.all(streams)).toEqual(['cut', 'cut', 'cut'])
  })

  /** Sizes of what lies in the project's folder: an upload under way is a file of its own. */
  const sizes = () => {
    const folder = join(agent.home, 'storage', own.id)
    return readdirSync(folder, { recursive: true }).map((name) => statSync(join(folder, String(name))).size)
  }

  it('an upload, with the sign-in; nothing of it stays', async () => {
    const { id, token } = await operator('uploader', { projects: [{ projectId: own.id, role: 'editor' }] })
    const { promise: refused, resolve } = Promise.withResolvers<string>()
    const upload = httpRequest(`${agent.url}/files/storage/${own.id}/endless.bin`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-length': '50000000' },
    })
    upload.on('error', (error) => resolve(error.message))
    upload.on('response', ({ statusCode }) => resolve(String(statusCode)))
    upload.write(Buffer.alloc(64 * 1024))
    await expect.poll(sizes, { timeout: 20_000 }).toContain(64 * 1024)
    await agent.panel.mutate('users.block', { userId: id })
    expect(await refused).toBe('socket hang up')
    const { entries } = await agent.panel.query<{ entries: { name: string }[] }>('storage.list', {
      projectId: own.id,
      path: '',
    })
    expect(entries.map(({ name }) => name)).not.toContain('endless.bin')
  })
})
