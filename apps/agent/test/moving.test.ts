// One project, out of an agent and into another one, or beside itself.
import {
  createWriteStream,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readArchive, writeArchive, type ArchiveEntry } from '../src/archive/archive.ts'
import { runAgent, startAgent, type TestAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'm3m-moving-'))
const home = join(folder, 'home')
const file = join(folder, 'tea.m3m.tar.zst')
const sealed = join(folder, 'sealed.m3m.tar.zst')
const CODE = "service.boot(() => { router.get('/secret', () => env.get('TOKEN') ?? 'none') })"
const env = { M3M_SERVER_SERVICES_PORT: 'off' }
let agent: TestAgent
let panel: PanelClient
let projectId: string

beforeAll(async () => {
  mkdirSync(home)
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  agent = await startAgent({ home, env })
  panel = await signIn(agent.url)
  projectId = String(
    (await panel.mutate('projects.create', { name: 'Tea', slug: 'tea', color: 'green' }))['id'],
  )
  await fill()
  expect((await runAgent(['export', 'tea', file], { home })).output).toMatch(/the project "Tea"/)
  await runAgent(['export', 'tea', sealed, '--with-secrets'], { home })
}, 120_000)
afterAll(async () => {
  await agent.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Something of everything a project has. */
async function fill(): Promise<void> {
  const model = (slug: string, fields: object[], more = {}) =>
    panel.mutate('models.create', { projectId, name: slug, slug, fields, ...more })
  await model('farms', [{ key: 'name', type: 'string', required: true, unique: true }])
  const ref = { key: 'farm', type: 'ref', refModel: 'farms' }
  await model('teas', [{ key: 'title', type: 'string' }, ref, { key: 'picture', type: 'file' }], {
    revisions: true,
    trash: { days: 30 },
  })
  const create = (slug: string, data: object) =>
    panel.mutate('records.create', { projectId, model: slug, data })
  const farm = String((await create('farms', { name: 'Uji' }))['id'])
  await panel.mutate('storage.writeText', { projectId, path: 'records/зелёный.txt', content: 'leaf' })
  const tea = await create('teas', { title: 'Sencha', farm, picture: 'records/зелёный.txt' })
  await panel.mutate('records.update', {
    projectId,
    model: 'teas',
    id: tea['id'],
    data: { title: 'Gyokuro' },
  })
  const gone = await create('teas', { title: 'Bancha' })
  await panel.mutate('records.remove', { projectId, model: 'teas', id: gone['id'] })
  await panel.mutate('views.save', { projectId, model: 'teas', name: 'Mine', sort: '-title' })
  await panel.mutate('env.save', {
    projectId,
    variables: [
      { key: 'TOKEN', type: 'secret', value: 'leaf' },
      { key: 'CUPS', type: 'integer', value: 3 },
    ],
  })
  await panel.mutate('goals.create', { projectId, name: 'Cups', slug: 'cups', type: 'counter' })
  const files = [{ path: 'main.js', code: CODE }]
  await panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files })
  for (let times = 0; times < 2; times++)
    await panel.mutate('pipeline.createRelease', {
      projectId,
      branch: 'develop',
      bump: 'minor',
      tag: 'stable',
    })
  await panel.mutate('pipeline.removeRelease', { projectId, version: '1.1' })
  await panel.mutate('projects.update', {
    projectId,
    settings: { autoStart: false, limits: { memoryMb: 64 } },
  })
}

interface Tea {
  id: string
  title: string
  expand: { farm: { name: string } }
}

/** What is in a project, as the panel shows it; without ids and dates. */
async function contents(from: PanelClient, id: string) {
  const at = { projectId: id }
  const teas = (await from.query<{ items: Tea[] }>('records.list', { ...at, model: 'teas', expand: 'farm' }))
    .items
  const revisions = await from.query<unknown[]>('records.revisions', {
    ...at,
    model: 'teas',
    id: teas[0]!.id,
  })
  const goals = await from.query<{ name: string; slug: string }[]>('goals.list', at)
  const branches = await from.query<{ name: string }[]>('pipeline.branches', at)
  const releases = await from.query<{ version: string; tag: string }[]>('pipeline.releases', at)
  const views = await from.query<{ name: string; sort: string }[]>('views.list', { ...at, model: 'teas' })
  return {
    teas: teas.map(({ title, expand }) => [title, expand.farm.name]),
    revisions: revisions.length,
    goals: goals.map(({ name, slug }) => [name, slug]),
    branches: branches.map(({ name }) => name),
    releases: releases.map(({ version, tag }) => [version, tag]),
    views: views.map(({ name, sort }) => [name, sort]),
    variables: (await from.query<{ variables: object[] }>('env.list', at)).variables,
    text: (await from.query('storage.readText', { ...at, path: 'records/зелёный.txt' }))['content'],
  }
}

const slugs = async (from = panel) =>
  (await from.query<{ slug: string }[]>('projects.list', {})).map(({ slug }) => slug)

async function imported(slug: string, from = panel): Promise<string> {
  return String((await from.query('projects.get', { slug }))['id'])
}

test('beside itself under another slug, everything of it is there', { timeout: 60_000 }, async () => {
  const { output } = await runAgent(['import', file, '--slug', 'tea-two', '--name', 'Tea two'], { home })
  expect(output).toMatch(/Imported "Tea two" as tea-two/)
  const id = await imported('tea-two')
  const [was, is] = [await contents(panel, projectId), await contents(panel, id)]
  expect(is).toEqual({ ...was, goals: [['Cups', 'tea-two-cups']] })
  expect(is.revisions).toBeGreaterThan(1)
  expect(await panel.query('projects.get', { slug: 'tea-two' })).toMatchObject({
    color: 'green',
    settings: { autoStart: false, limits: { memoryMb: 64 } },
  })
  // Apart from then on: what is written to one is not in the other.
  await panel.mutate('records.create', { projectId: id, model: 'farms', data: { name: 'Shizuoka' } })
  const farms = await panel.query<{ total: number }>('records.list', { projectId, model: 'farms' })
  expect(farms.total).toBe(1)
  // Unique fields still are, a number that was given is not given again, and it runs.
  await expect(
    panel.mutate('records.create', { projectId: id, model: 'farms', data: { name: 'Uji' } }),
  ).rejects.toMatchObject({ code: 'RECORD_NOT_UNIQUE' })
  const release = { projectId: id, branch: 'develop', bump: 'minor', tag: 'stable' }
  expect(await panel.mutate('pipeline.createRelease', release)).toMatchObject({ version: '1.2' })
  await panel.mutate('runs.start', { projectId: id, source: { branch: 'develop' } })
  expect(await (await fetch(`${agent.url}/r/tea-two/secret`)).text()).toBe('none')
})

test('between agents its secrets need the key, and say so', { timeout: 180_000 }, async () => {
  const other = join(folder, 'other')
  mkdirSync(other)
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home: other })
  const refused = await runAgent(['import', sealed], { home: other })
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/sealed with a key/) })
  expect((await runAgent(['import', sealed, '--without-secrets'], { home: other })).code).toBe(0)
  await using second = await startAgent({ home: other, env })
  const there = await signIn(second.url)
  expect(await slugs(there)).toEqual(['tea'])
  expect(await contents(there, await imported('tea', there))).toEqual(await contents(panel, projectId))
})

test('with its key, secrets come along sealed', { timeout: 60_000 }, async () => {
  await runAgent(['import', sealed, '--slug', 'tea-three'], { home })
  const id = await imported('tea-three')
  await panel.mutate('runs.start', { projectId: id, source: { release: '1.0' } })
  expect(await (await fetch(`${agent.url}/r/tea-three/secret`)).text()).toBe('leaf')
})

test('a slug that is taken is refused by its name', async () => {
  expect(await runAgent(['import', file], { home })).toMatchObject({
    code: 1,
    output: expect.stringMatching(/slug "tea" is taken/),
  })
})

describe('over HTTP', () => {
  const ADMIN = { email: 'ann@example.com', password: 'correct horse battery' }
  const upload = (token: string | null, body: Buffer<ArrayBuffer> | string, query = '') =>
    fetch(`${agent.url}/files/imports${query}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/zstd', ...(token && { authorization: `Bearer ${token}` }) },
      body,
    })

  test(
    'an owner downloads it and a creator imports it, and gains nothing by that',
    { timeout: 60_000 },
    async () => {
      await panel.mutate('projects.update', {
        projectId,
        settings: { outbound: { allow: ['private'], hosts: [] } },
      })
      await panel.mutate('users.create', {
        ...ADMIN,
        name: 'Ann',
        rights: { createProjects: true, projects: [{ projectId, role: 'owner' }] },
      })
      const ann = await signIn(agent.url, ADMIN)
      const download = await fetch(`${agent.url}/files/exports/${projectId}?revisions=false`, {
        headers: { authorization: `Bearer ${ann.token}` },
      })
      expect(download.headers.get('content-disposition')).toContain('tea.m3m.tar.zst')
      const bytes = Buffer.from(await download.arrayBuffer())
      const answer = await upload(ann.token, bytes, '?slug=tea-four')
      expect(await answer.json()).toMatchObject({ name: 'Tea', slug: 'tea-four' })
      const made = await ann.query('projects.get', { slug: 'tea-four' })
      // The way into the network that root gave the first one is not copied by somebody else.
      expect(made).toMatchObject({ role: 'owner', settings: { outbound: { allow: [], hosts: [] } } })
      const log = await panel.query<{ action: string; target: string }[]>('audit.list', {
        action: 'projects.',
      })
      expect(log.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['projects.export', 'projects.import']),
      )
    },
  )

  test('nobody else does either', { timeout: 60_000 }, async () => {
    const developer = { email: 'dev@example.com', password: 'correct horse battery', name: 'Dev' }
    await panel.mutate('users.create', {
      ...developer,
      rights: { projects: [{ projectId, role: 'developer' }] },
    })
    const dev = await signIn(agent.url, developer)
    const status = async (token: string | null) =>
      (
        await fetch(`${agent.url}/files/exports/${projectId}`, {
          headers: token ? { authorization: `Bearer ${token}` } : {},
        })
      ).status
    expect([await status(null), await status(dev.token)]).toEqual([401, 403])
    expect([(await upload(null, 'x')).status, (await upload(dev.token, 'x')).status]).toEqual([401, 403])
  })
})

/** A copy of the export with other entries. */
async function altered(
  to: string,
  change: (name: string, text: string) => string | null,
  more: ArchiveEntry[] = [],
) {
  const at = mkdtempSync(join(folder, 'altered-'))
  const names = await readArchive(file, { folder: at })
  const entries = names.flatMap((name): ArchiveEntry[] => {
    if (name.startsWith('files/')) return [{ name, file: join(at, name) }]
    const text = change(name, readFileSync(join(at, name), 'utf8'))
    return text === null ? [] : [{ name, text }]
  })
  await writeArchive(to, [...entries, ...more])
}

const same = (_name: string, text: string) => text

/** What an attacker, another program or a bad disk may hand over. */
const bad: [string, (to: string) => Promise<void> | void][] = [
  ['a cut file', (to) => (cpSync(file, to), truncateSync(to, readFileSync(file).length - 500))],
  ['no archive at all', (to) => writeFileSync(to, 'hello')],
  [
    'a backup of an agent',
    (to) => altered(to, (name, text) => (name === 'manifest.json' ? '{"format":"m3m-backup"}' : text)),
  ],
  [
    'an export of a later agent',
    (to) => altered(to, (_name, text) => text.replace('"version": 1,', '"version": 2,')),
  ],
  [
    'a manifest that is a bomb',
    // 200 MB of one letter pack to some KB.
    (to) =>
      altered(to, (name, text) =>
        name === 'manifest.json' ? text.replace('{', `{"x": "${'a'.repeat(200_000_000)}",`) : text,
      ),
  ],
  [
    'a manifest that is nested without end',
    (to) => altered(to, (name, text) => (name === 'manifest.json' ? '['.repeat(1_000_000) : text)),
  ],
  [
    'a file that leads out',
    (to) =>
      foreign(to, [
        ['manifest.json', '{}'],
        ['files/../../escaped.txt', 'x'],
      ]),
  ],
  ['a name that the storage refuses', (to) => altered(to, same, [{ name: 'files/con', text: 'x' }])],
  ['an entry of another kind', (to) => altered(to, same, [{ name: 'secrets.key', text: 'x' }])],
  [
    'documents that are no JSON',
    (to) => altered(to, (name, text) => (name.startsWith('documents/') ? 'x\n' : text)),
  ],
  [
    'a part that is none',
    (to) => altered(to, (_name, text) => text.replaceAll('"part":"goals"', '"part":"users"')),
  ],
  [
    'a model that no panel would take',
    (to) => altered(to, (_name, text) => text.replace('"slug":"farms"', '"slug":"then"')),
  ],
  [
    'code that leads out of its folder',
    (to) => altered(to, (_name, text) => text.replaceAll('"path":"main.js"', '"path":"../main.js"')),
  ],
  [
    'records before their model',
    (to) => altered(to, (_name, text) => text.replaceAll('"part":"models"', '"part":"records"')),
  ],
]

async function foreign(to: string, entries: [string, string][]): Promise<void> {
  const tar = pack()
  for (const [name, text] of entries) tar.entry({ name }, text)
  tar.finalize()
  await pipeline(tar, createZstdCompress(), createWriteStream(to))
}

test.each(bad)('%s is refused and changes nothing', { timeout: 60_000 }, async (name, make) => {
  const to = join(folder, `${name.replaceAll(' ', '-')}.tar.zst`)
  await make(to)
  const [before, stored] = [await slugs(), readdirSync(join(home, 'storage'))]
  const answer = await fetch(`${agent.url}/files/imports?slug=bad`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${panel.token}`, 'content-type': 'application/zstd' },
    body: readFileSync(to),
  })
  expect([answer.status, await answer.text()]).toEqual([422, expect.stringMatching(/PROJECT_IMPORT_INVALID/)])
  expect(await slugs()).toEqual(before)
  expect(readdirSync(join(home, 'storage'))).toEqual(stored)
  expect(existsSync(join(home, 'escaped.txt'))).toBe(false)
  // Its slug is free again.
  const { id } = await panel.mutate('projects.create', { name: 'bad', slug: 'bad' })
  await panel.mutate('projects.remove', { projectId: id, confirmName: 'bad' })
})

test('one that was cut goes on where it stopped, for its sender alone', { timeout: 60_000 }, async () => {
  const whole = readFileSync(file)
  const half = Math.floor(whole.length / 2)
  const send = (range: string, body?: Uint8Array, { token = panel.token, method = 'PUT' } = {}) =>
    fetch(`${agent.url}/files/imports?slug=in-parts`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/zstd',
        'content-range': `bytes ${range}/${whole.length}`,
        'x-upload-id': 'the-same-file',
      },
      ...(body && { body: new Uint8Array(body) }),
    })
  const had = async (answer: Response) => [answer.status, (await answer.json()) as unknown]
  expect(await had(await send('*'))).toEqual([202, { receivedBytes: 0 }])
  const first = await send(`0-${whole.length - 1}`, whole.subarray(0, half))
  expect(await had(first)).toEqual([202, { receivedBytes: half }])
  expect(await had(await send('*'))).toEqual([202, { receivedBytes: half }])
  // Another operator's of the same name is another one.
  const ann = { email: 'half@example.com', password: 'correct horse battery', name: 'Ann' }
  await panel.mutate('users.create', { ...ann, rights: { createProjects: true } })
  const { token } = await signIn(agent.url, ann)
  expect(await had(await send('*', undefined, { token }))).toEqual([202, { receivedBytes: 0 }])
  // A gap is refused, and what has come stays.
  expect((await send(`${half + 1}-${whole.length - 1}`, whole.subarray(half + 1))).status).toBe(409)
  const rest = await send(`${half}-${whole.length - 1}`, whole.subarray(half))
  expect(await had(rest)).toMatchObject([200, { slug: 'in-parts' }])
  // Nothing of it is left; one that is given up begins anew.
  expect(await had(await send('*'))).toEqual([202, { receivedBytes: 0 }])
  await send(`0-${whole.length - 1}`, whole.subarray(0, half))
  expect((await send('*', undefined, { method: 'DELETE' })).status).toBe(200)
  expect(await had(await send('*'))).toEqual([202, { receivedBytes: 0 }])
})

test(
  'files beyond the quota of the project are refused, as if they were uploaded',
  { timeout: 60_000 },
  async () => {
    const to = join(folder, 'quota.tar.zst')
    const small = (name: string, text: string) =>
      name === 'manifest.json'
        ? text.replace('"memoryMb": 64', '"memoryMb": 64, "storageQuotaBytes": 1048576')
        : text
    await altered(to, small, [{ name: 'files/big', text: 'x'.repeat(1_100_000) }])
    expect(await runAgent(['import', to, '--slug', 'quota'], { home })).toMatchObject({
      code: 1,
      output: expect.stringMatching(/1048576/),
    })
    expect(await slugs()).not.toContain('quota')
  },
)

test('a bomb ends early', { timeout: 60_000 }, async () => {
  const zeros = join(folder, 'zeros')
  writeFileSync(zeros, '')
  truncateSync(zeros, 400_000_000)
  const to = join(folder, 'bomb.tar.zst')
  await altered(to, same, [{ name: 'files/zeros', file: zeros }])
  expect(await runAgent(['import', to, '--slug', 'bomb'], { home })).toMatchObject({
    code: 1,
    output: expect.stringMatching(/unpacks to more than/),
  })
  expect(await slugs()).not.toContain('bomb')
})
