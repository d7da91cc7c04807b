// Bytes of the storage by the routes of a real agent: whole or nothing, and nothing beyond the storage.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'
import { until } from './processes.ts'

// Several processes start in each test: seconds on an idle machine, much more on a loaded one.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const home = mkdtempSync(join(tmpdir(), 'm3m-files-'))
const SETTINGS = { M3M_STORAGE_UPLOAD_BYTES: '100000', M3M_STORAGE_QUOTA_BYTES: '150000' }
const VIEWER = { email: 'viewer@example.com', password: ROOT.password }
let agent: TestAgent
let panel: PanelClient
let viewer: PanelClient
let projectId: string
let foreignId: string
const folder = () => join(home, 'storage', projectId)

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home, env: SETTINGS })
  panel = await signIn(agent.url)
  const make = async (name: string) => (await panel.mutate<{ id: string }>('projects.create', { name })).id
  projectId = await make('Files')
  foreignId = await make('Foreign')
  const rights = { projects: [{ projectId, role: 'viewer' }] }
  await panel.mutate('users.create', { ...VIEWER, name: 'Viewer', rights })
  viewer = await signIn(agent.url, VIEWER)
})
afterAll(async () => {
  await agent?.stop()
  rmSync(home, { recursive: true, force: true })
})

const at = (path: string, id = projectId) => `${agent.url}/files/storage/${id}/${path}`
const bearer = (who: PanelClient) => ({ authorization: `Bearer ${who.token}` })
const put = (path: string, body: string, headers: Record<string, string> = bearer(panel)) =>
  fetch(at(path), { method: 'PUT', body, headers })
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(at(path), { headers: { ...bearer(panel), ...headers } })
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

/** As it is: `fetch` would tidy the path up. */
function raw(method: string, path: string): Promise<number> {
  const { hostname, port } = new URL(agent.url)
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, method, path, headers: bearer(panel) }, (response) => {
      response.resume()
      resolve(response.statusCode!)
    })
      .on('error', reject)
      .end(method === 'PUT' ? 'x' : undefined)
  })
}

describe('a file', () => {
  it('is put and got, whole and in parts', async () => {
    const sent = await put('a/hello world.txt', 'hello world')
    expect([sent.status, await sent.json()]).toEqual([200, { path: 'a/hello world.txt', sizeBytes: 11 }])
    const whole = await get('a/hello%20world.txt')
    expect(await whole.text()).toBe('hello world')
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '11',
      'content-disposition': `inline; filename="hello world.txt"; filename*=UTF-8''hello%20world.txt`,
      'content-security-policy': expect.stringMatching(/^sandbox;/),
      'x-content-type-options': 'nosniff',
    })
    const etag = whole.headers.get('etag')!
    expect((await get('a/hello%20world.txt', { 'if-none-match': etag })).status).toBe(304)
    const part = await get('a/hello%20world.txt', { range: 'bytes=6-' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 6-10/11',
      'world',
    ])
    expect(await (await get('a/hello%20world.txt', { range: 'bytes=-3' })).text()).toBe('rld')
    expect((await get('a/hello%20world.txt', { range: 'bytes=11-' })).status).toBe(416)
    const old = await get('a/hello%20world.txt', { range: 'bytes=0-1', 'if-range': '"old"' })
    expect([old.status, await old.text()]).toEqual([200, 'hello world'])
    expect((await put('a/hello world.txt', 'other', { ...bearer(panel), 'if-none-match': '*' })).status).toBe(
      409,
    )
  })

  it('may be empty', async () => {
    expect((await put('empty.bin', '')).status).toBe(200)
    const empty = await get('empty.bin')
    expect([empty.status, await empty.text()]).toEqual([200, ''])
  })

  it.each([
    ['page.html', '<!doctype html><script>alert(1)</script>'],
    ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['not-a-picture.png', '<html><script>alert(1)</script>'],
  ])('%s never runs as a page', async (name, content) => {
    await put(name, content)
    const response = await get(name)
    expect(response.headers.get('content-disposition')).toMatch(/^attachment;/)
    expect(response.headers.get('content-security-policy')).toMatch(/^sandbox;/)
    await response.body?.cancel()
  })

  it('is fetched by a browser with a ticket for exactly its path', async () => {
    const paths = ['a/hello world.txt']
    const { urls } = await viewer.mutate<{ urls: string[] }>('storage.ticket', { projectId, paths })
    expect(await (await fetch(agent.url + urls[0]!)).text()).toBe('hello world')
    const other = urls[0]!.replace(/[^/]+\?/, 'other.txt?')
    expect((await fetch(agent.url + other)).status).toBe(401)
  })
})

describe('an upload that is not whole', () => {
  const left = () => readdirSync(join(folder(), 'incoming'))

  it('leaves nothing when it is broken off', async () => {
    await put('kept.txt', 'before')
    const { hostname, port, pathname } = new URL(at('kept.txt'))
    const headers = { ...bearer(panel), 'content-length': '50000' }
    const request = httpRequest({ hostname, port, path: pathname, method: 'PUT', headers })
    request.on('error', () => {})
    request.write('after '.repeat(100))
    await until(() => left().length === 1, 'the file under way')
    request.destroy()
    await until(() => left().length === 0, 'its end')
    expect(await (await get('kept.txt')).text()).toBe('before')
  })

  it('is cut at the size of an upload and at the quota', async () => {
    const declared = await put('big.bin', 'x'.repeat(100_001))
    expect([declared.status, await codeOf(declared)]).toEqual([413, 'STORAGE_TOO_LARGE'])
    expect((await put('first.bin', 'x'.repeat(90_000))).status).toBe(200)
    const second = await put('second.bin', 'x'.repeat(90_000))
    expect([second.status, await codeOf(second)]).toEqual([413, 'STORAGE_QUOTA'])
    const part = await put('part.bin', 'x', { ...bearer(panel), 'content-range': 'bytes 0-0/10' })
    expect(part.status).toBe(400)
    for (const name of ['big.bin', 'second.bin', 'part.bin']) expect((await get(name)).status).toBe(404)
    expect(left()).toEqual([])
  })
})

describe('an upload in parts', () => {
  const sendPart = (path: string, body: string, range: string, method = 'PUT', who = panel) =>
    fetch(at(path), {
      method,
      ...(method === 'PUT' && { body }),
      headers: { ...bearer(who), 'content-range': `bytes ${range}`, 'x-upload-id': 'upload-of-the-test' },
    })

  it('goes on where the line was cut, after the agent was killed as well', async () => {
    const { hostname, port, pathname } = new URL(at('cut/movie.bin'))
    const content = '0123456789'.repeat(100)
    const request = httpRequest({
      hostname,
      port,
      path: pathname,
      method: 'PUT',
      headers: {
        ...bearer(panel),
        'content-length': '1000',
        'content-range': 'bytes 0-999/1000',
        'x-upload-id': 'upload-of-the-test',
      },
    })
    request.on('error', () => {})
    request.write(content.slice(0, 400))
    const received = async () => {
      const answer = await sendPart('cut/movie.bin', '', '*/1000')
      return [answer.status, ((await answer.json()) as { receivedBytes: number }).receivedBytes]
    }
    await until(async () => (await received())[1] === 400, 'the first bytes')
    await agent.kill()
    request.destroy()
    agent = await startAgent({ home, env: SETTINGS })
    panel = await signIn(agent.url)
    viewer = await signIn(agent.url, VIEWER)
    expect(await received()).toEqual([202, 400])
    const gap = await sendPart('cut/movie.bin', content.slice(500), '500-999/1000')
    expect([gap.status, await codeOf(gap)]).toEqual([409, 'STORAGE_PART'])
    const some = await sendPart('cut/movie.bin', content.slice(400, 600), '400-599/1000')
    expect([some.status, await some.json()]).toMatchObject([202, { receivedBytes: 600, isWhole: false }])
    expect((await get('cut/movie.bin')).status).toBe(404)
    const rest = await sendPart('cut/movie.bin', content.slice(600), '600-999/1000')
    expect([rest.status, await rest.json()]).toMatchObject([200, { receivedBytes: 1000, isWhole: true }])
    expect(await (await get('cut/movie.bin')).text()).toBe(content)
    expect(readdirSync(join(folder(), 'parts'))).toEqual([])
  })

  it("is refused early, given up when asked, and never a viewer's", async () => {
    const large = await sendPart('large.bin', 'x', '0-0/100001')
    expect([large.status, await codeOf(large)]).toEqual([413, 'STORAGE_TOO_LARGE'])
    expect((await sendPart('odd.bin', 'x', '5-2/10')).status).toBe(400)
    expect((await sendPart('v.bin', 'x', '0-0/10', 'PUT', viewer)).status).toBe(403)
    expect((await sendPart('given-up.bin', 'x', '0-0/10')).status).toBe(202)
    expect((await sendPart('given-up.bin', '', '*/10', 'DELETE')).status).toBe(200)
    expect(readdirSync(join(folder(), 'parts'))).toEqual([])
  })
})

describe('an archive', () => {
  it('of folders and files is streamed, without links and beyond no path', async () => {
    await put('pack/in/one.txt', 'one')
    await put('pack/two.txt', 'two')
    await panel.mutate('storage.mkdir', { projectId, path: 'pack/empty' })
    symlinkSync('/etc/passwd', join(folder(), 'storage', 'pack', 'link'))
    const paths = ['pack/in', 'pack/two.txt', 'pack/empty']
    const { url } = await viewer.mutate<{ url: string }>('storage.archive', { projectId, paths })
    const response = await fetch(agent.url + url)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip'])
    expect(response.headers.get('content-disposition')).toContain('filename="pack.zip"')
    const file = join(home, 'got.zip')
    writeFileSync(file, Buffer.from(await response.arrayBuffer()))
    const names = execFileSync('python3', ['-m', 'zipfile', '-l', file]).toString()
    for (const name of ['in/one.txt', 'two.txt', 'empty/']) expect(names).toContain(name)
    expect(names).not.toMatch(/link|passwd/)
    const foreign = url.replace(projectId, foreignId)
    expect((await fetch(agent.url + foreign)).status).toBe(401)
    expect((await fetch(agent.url + url.split('?')[0])).status).toBe(401)
  })
})

describe('a path', () => {
  it.each([
    '../secret.txt',
    '%2e%2e/secret.txt',
    '..%2fsecret.txt',
    'a%2f..%2f..%2fsecret.txt',
    'a%2fhello%20world.txt',
    '..%5csecret.txt',
    'nul%00.txt',
    '%2fetc/passwd',
    'linked/secret.txt',
    'link.txt',
    'CON',
    '%ff',
  ])('%s leads nowhere', async (path) => {
    mkdirSync(join(folder(), 'storage'), { recursive: true })
    writeFileSync(join(folder(), 'secret.txt'), 'outside')
    for (const [name, target] of [
      ['linked', folder()],
      ['link.txt', join(folder(), 'secret.txt')],
    ] as const)
      try {
        symlinkSync(target, join(folder(), 'storage', name))
      } catch (error) {
        expect(error).toMatchObject({ code: 'EEXIST' })
      }
    for (const method of ['GET', 'PUT'])
      expect([method, await raw(method, `/files/storage/${projectId}/${path}`)]).toEqual([method, 400])
  })

  it('of a project one may not know of is not there', async () => {
    for (const id of [foreignId, 'f'.repeat(24), 'avatars', '..%2f..']) {
      const read = await fetch(at('x', id), { headers: bearer(viewer) })
      const written = await fetch(at('x', id), { headers: bearer(viewer), method: 'PUT', body: 'x' })
      expect([id, read.status, written.status]).toEqual([id, 404, 404])
    }
  })
})

describe('a viewer', () => {
  it('reads and does not write; nobody does neither', async () => {
    expect((await put('v.txt', 'x', bearer(viewer))).status).toBe(403)
    expect((await fetch(at('kept.txt'), { headers: bearer(viewer) })).status).toBe(200)
    expect([(await fetch(at('kept.txt'))).status, (await put('v.txt', 'x', {})).status]).toEqual([401, 401])
    expect((await get('v.txt')).status).toBe(404)
  })
})

describe('a link', () => {
  const make = (path: string, expiresInMs?: number) =>
    panel.mutate<{ url: string; link: { id: string } }>('storage.link', { projectId, path, expiresInMs })

  it('gives its file to anybody until it is revoked', async () => {
    const { url, link } = await make('kept.txt')
    const response = await fetch(agent.url + url)
    expect([response.status, await response.text()]).toEqual([200, 'before'])
    await panel.mutate('storage.links.revoke', { projectId, linkId: link.id })
    const revoked = await fetch(agent.url + url)
    expect([revoked.status, await codeOf(revoked)]).toEqual([403, 'STORAGE_LINK_ENDED'])
    const unknown = await fetch(`${agent.url}/files/s/${'0'.repeat(48)}/kept.txt`)
    expect([unknown.status, await codeOf(unknown)]).toEqual([404, 'STORAGE_NO_LINK'])
  })

  it('ends by itself, and with its file', async () => {
    const short = await make('kept.txt', 1_000)
    const gone = await make('kept.txt')
    await until(async () => (await fetch(agent.url + short.url)).status === 403, 'its expiry')
    await panel.mutate('storage.remove', { projectId, paths: ['kept.txt'] })
    await put('kept.txt', 'another')
    expect((await fetch(agent.url + gone.url)).status).toBe(403)
  })
})
