// Small pictures of what lies in the storage, made outside of the agent's process.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createDeflate, deflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'
import { photo, png, sizeOf } from './pictures.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

const home = mkdtempSync(join(tmpdir(), 'm3m-previews-'))
let agent: TestAgent
let panel: PanelClient
let projectId: string

beforeAll(async () => {
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home })
  panel = await signIn(agent.url)
  projectId = (await panel.mutate<{ id: string }>('projects.create', { name: 'Pictures' })).id
})
afterAll(async () => {
  await agent?.stop()
  rmSync(home, { recursive: true, force: true })
})

const headers = () => ({ authorization: `Bearer ${panel.token}` })
const put = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
  fetch(`${agent.url}/files/storage/${projectId}/${path}`, { method: 'PUT', body, headers: headers() })
const preview = (path: string, query = '', more: Record<string, string> = {}) =>
  fetch(`${agent.url}/files/preview/${projectId}/${path}${query}`, { headers: { ...headers(), ...more } })
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code
const kept = () => readdirSync(join(home, 'storage', projectId, 'previews'))

const avatar = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
  fetch(`${agent.url}/files/avatar`, { method: 'PUT', body, headers: { ...headers(), 'content-type': type } })

/** Ten groups, each of which draws the one before ten times. */
function laughs(): string {
  const groups = Array.from(
    { length: 9 },
    (_, level) => `<g id="g${level + 1}">${`<use href="#g${level}"/>`.repeat(10)}</g>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><defs><g id="g0"><rect width="1" height="1"/></g>${groups.join('')}</defs><use href="#g9"/></svg>`
}

/** Entities that grow, and one that would read a file of the machine. */
function foreign(): string {
  const entities = Array.from(
    { length: 9 },
    (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`,
  )
  return `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "file:///etc/passwd">${entities.join('')}]>
    <svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><text>&f;&e9;</text></svg>`
}

/** A whole PNG, black and white, all of it black: made line by line. */
async function bitmap(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const line = Buffer.alloc(1 + Math.ceil(width / 8))
  const lines = Readable.from(
    (function* () {
      for (let row = 0; row < height; row += 1) yield line
    })(),
  )
  return png(width, height, await buffer(lines.pipe(createDeflate({ level: 9 }))), 1)
}

it('a picture has a square, a finer square and a whole one, kept by content', async () => {
  await put('wide.png', photo(1600, 400, [255, 0, 0]))
  const sizes = []
  for (const query of ['', '?size=100', '?size=1024']) {
    const response = await preview('wide.png', query)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-security-policy': expect.stringMatching(/^sandbox;/),
      'x-content-type-options': 'nosniff',
    })
    sizes.push(sizeOf(Buffer.from(await response.arrayBuffer())))
  }
  expect(sizes).toEqual([
    [50, 50],
    [100, 100],
    [1024, 256],
  ])
  const etag = (await preview('wide.png')).headers.get('etag')!
  expect((await preview('wide.png', '', { 'if-none-match': etag })).status).toBe(304)
  const before = kept().length
  await put('copy.png', photo(1600, 400, [255, 0, 0]))
  expect((await preview('copy.png')).headers.get('etag')).toBe(etag)
  expect(kept()).toHaveLength(before)
  await put('wide.png', photo(1600, 400, [0, 0, 255]))
  expect((await preview('wide.png')).headers.get('etag')).not.toBe(etag)
})

it('a preview that was cleared away is made again', async () => {
  await put('again.png', photo(60, 60, [0, 255, 0]))
  await (await preview('again.png')).arrayBuffer()
  rmSync(join(home, 'storage', projectId, 'previews'), { recursive: true })
  expect((await preview('again.png')).status).toBe(200)
})

it('a bomb that is whole is refused by its head, drawn by nobody, as a preview and as a picture of an operator', async () => {
  // 30,000 × 30,000 in a bit each: 113 MB of lines that pack to 110 KB, and would be 3.6 GB of pixels.
  const bomb = await bitmap(30_000, 30_000)
  expect(bomb.length).toBeLessThan(200_000)
  await put('whole-bomb.png', bomb)
  const refused = await preview('whole-bomb.png')
  expect([refused.status, await codeOf(refused)]).toEqual([413, 'IMAGE_TOO_LARGE'])
  expect((await avatar(bomb, 'image/png')).status).toBe(400)
})

it.each([
  [
    'wide',
    `<svg xmlns="http://www.w3.org/2000/svg" width="100000" height="100000"><rect width="9" height="9"/></svg>`,
  ],
  ['that draws itself a billion times', laughs()],
  ['that is read from elsewhere', foreign()],
])('a drawing %s ends in time, and the agent goes on', async (name, drawing) => {
  const path = `${name.replaceAll(' ', '-')}.svg`
  await put(path, drawing)
  // Refused, or drawn small: either way soon, and by a helper.
  expect([200, 413, 422]).toContain((await preview(path)).status)
  expect((await avatar(drawing, 'image/svg+xml')).status).toBeGreaterThanOrEqual(400)
  expect((await fetch(`${agent.url}/health`)).status).toBe(200)
})

it('a bomb of pixels, half a picture, a page and a script in a drawing are refused or harmless', async () => {
  const whole = photo(300, 300, [18, 52, 86])
  // It says that it is enormous: its head is right, its data hardly there.
  await put('bomb.png', png(60_000, 60_000, deflateSync(Buffer.alloc(1_000_000))))
  await put('half.png', whole.subarray(0, whole.length / 2))
  await put('page.png', '<html><script>alert(1)</script></html>')
  await put(
    'drawing.svg',
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="60" height="60">
      <script>alert(1)</script><image xlink:href="file:///etc/passwd" width="9" height="9"/><rect width="60" height="60" fill="red"/></svg>`,
  )
  const bombed = await preview('bomb.png')
  expect([bombed.status, await codeOf(bombed)]).toEqual([413, 'IMAGE_TOO_LARGE'])
  const half = await preview('half.png')
  expect([half.status, await codeOf(half)]).toEqual([422, 'IMAGE_INVALID'])
  const page = await preview('page.png')
  expect([page.status, await codeOf(page)]).toEqual([415, 'HTTP_NO_PREVIEW'])
  expect((await preview('drawing.svg')).headers.get('content-type')).toBe('image/webp')
  expect((await preview('drawing.svg', '?size=9999')).status).toBe(400)
  expect((await preview('none.png')).status).toBe(404)
  expect((await preview('..%2f..%2fx.png')).status).toBe(400)
  expect((await fetch(`${agent.url}/files/preview/${projectId}/drawing.svg`)).status).toBe(401)
})
