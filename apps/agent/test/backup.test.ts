import { execFileSync } from 'node:child_process'
import {
  cpSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createZstdCompress } from 'node:zlib'
import { pipeline } from 'node:stream/promises'
import { pack } from 'tar-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAgent, startAgent } from '../src/testing.ts'
import { ROOT, signIn, type PanelClient } from './panel-client.ts'

// A whole agent, taken out and put back: by the command line, as a person would do it.
const folder = mkdtempSync(join(tmpdir(), 'm3m-backup-'))
const home = join(folder, 'home')
const file = join(folder, 'backup.tar.zst')
const keyed = join(folder, 'with-key.tar.zst')
const CODE = "service.boot(() => { router.get('/secret', () => env.get('TOKEN')) })"
let projectId: string

beforeAll(async () => {
  mkdirSync(home)
  await runAgent(['new-admin', ROOT.email, ROOT.password], { home })
  await using agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  const panel = await signIn(agent.url)
  projectId = String((await panel.mutate('projects.create', { name: 'tea', slug: 'tea' }))['id'])
  await panel.mutate('models.create', {
    projectId,
    name: 'Teas',
    slug: 'teas',
    fields: [{ key: 'title', type: 'string', required: true }],
  })
  await panel.mutate('env.save', { projectId, variables: [{ key: 'TOKEN', type: 'secret', value: 'leaf' }] })
  await panel.mutate('storage.writeText', { projectId, path: 'menu/зелёный.txt', content: 'sencha' })
  const files = [{ path: 'main.js', code: CODE }]
  await panel.mutate('pipeline.saveFiles', { projectId, branch: 'develop', files })
  await panel.mutate('records.create', { projectId, model: 'teas', data: { title: 'Sencha' } })
  // While it serves.
  expect((await runAgent(['backup', file], { home })).output).toMatch(/documents, 1 files/)
  await runAgent(['backup', keyed, '--with-key'], { home })
  await panel.mutate('records.create', { projectId, model: 'teas', data: { title: 'Too late' } })
}, 90_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function teas(panel: PanelClient): Promise<string[]> {
  const { items } = (await panel.query('records.list', { projectId, model: 'teas' })) as {
    items: { title: string }[]
  }
  return items.map(({ title }) => title)
}

test('a backup brings everything back as it was, and keeps what was there', async () => {
  const restored = await runAgent(['restore', file], { home })
  expect(restored.output).toMatch(/before-restore/)
  await using agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  const panel = await signIn(agent.url)
  expect(await teas(panel)).toEqual(['Sencha'])
  expect(await panel.query('storage.readText', { projectId, path: 'menu/зелёный.txt' })).toMatchObject({
    content: 'sencha',
  })
  await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  expect(await (await fetch(`${agent.url}/r/tea/secret`)).text()).toBe('leaf')
})

test('on another machine it needs the key of its secrets, and says so', async () => {
  const other = join(folder, 'other')
  mkdirSync(other)
  const refused = await runAgent(['restore', file], { home: other })
  expect(refused).toMatchObject({ code: 1, output: expect.stringMatching(/secrets\.key.*--without-secrets/) })
  expect(existsSync(join(other, 'data/mongo.sqlite'))).toBe(false)

  await runAgent(['restore', keyed], { home: other })
  await using agent = await startAgent({ home: other, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  const panel = await signIn(agent.url)
  await panel.mutate('runs.start', { projectId, source: { branch: 'develop' } })
  expect(await (await fetch(`${agent.url}/r/tea/secret`)).text()).toBe('leaf')
})

test('an agent that runs is not pulled away from its data', async () => {
  await using _agent = await startAgent({ home, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  expect(await runAgent(['restore', file], { home })).toMatchObject({
    code: 1,
    output: expect.stringMatching(/Stop it/),
  })
})

/** What an attacker or a bad disk may hand over. */
const damaged: [string, (to: string) => Promise<void> | void][] = [
  ['a cut file', (to) => (cpSync(file, to), truncateSync(to, readFileSync(file).length - 2_000))],
  ['no archive at all', (to) => writeFileSync(to, 'hello')],
  ['an entry that leads out', (to) => archive(to, [['../escaped.txt', 'x']])],
  ['an absolute entry', (to) => archive(to, [['/tmp/escaped.txt', 'x']])],
  ['an archive without a manifest', (to) => archive(to, [['storage/a.txt', 'x']])],
  ['a manifest of something else', (to) => archive(to, [['manifest.json', '{"format":"zip"}']])],
]

async function archive(to: string, entries: [string, string][]): Promise<void> {
  const tar = pack()
  for (const [name, text] of entries) tar.entry({ name }, text)
  tar.finalize()
  await pipeline(tar, createZstdCompress(), createWriteStream(to))
}

test.each(damaged)('%s is refused and changes nothing', async (name, make) => {
  const bad = join(folder, `${name.replaceAll(' ', '-')}.tar.zst`)
  await make(bad)
  const before = execFileSync('sha256sum', [join(home, 'data/mongo.sqlite')], { encoding: 'utf8' })
  expect(await runAgent(['restore', bad], { home })).toMatchObject({
    code: 1,
    output: expect.stringMatching(/no whole backup/),
  })
  expect(execFileSync('sha256sum', [join(home, 'data/mongo.sqlite')], { encoding: 'utf8' })).toBe(before)
  expect(existsSync(join(home, '../escaped.txt'))).toBe(false)
  expect(existsSync(join(home, 'storage', projectId, 'storage/menu/зелёный.txt'))).toBe(true)
})

test('a backup never overwrites a file', async () => {
  expect(await runAgent(['backup', file], { home })).toMatchObject({
    code: 1,
    output: expect.stringMatching(/exists/),
  })
})

test('a dump is loaded by another agent', async () => {
  const out = join(folder, 'dump')
  expect((await runAgent(['dump', out], { home })).output).toMatch(/m3m_data: \d+ documents/)
  const third = join(folder, 'third')
  mkdirSync(third)
  await runAgent(['load', out], { home: third })
  await using agent = await startAgent({ home: third, env: { M3M_SERVER_SERVICES_PORT: 'off' } })
  expect(await teas(await signIn(agent.url))).toEqual(['Sencha'])
})
