// Examples of docs/guides: a reader copies them, so they compile and run as they stand there.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { newId, silentLogger, systemClock } from '@m3m/base'
import { createDataEngine } from '@m3m/data'
import { openTestDatabase } from '@m3m/datastore/testing'
import { expect, test } from 'vitest'
import { openTestService } from '../src/module/testing.ts'
import { openTestPlugins } from '../src/plugins/testing.ts'
import { openTestAgent } from '../src/testing/open-agent.ts'

const root = resolve(import.meta.dirname, '../../..')
const API = 'https://api.example.com'

/** Code blocks of a guide in one language, in order. */
function blocksOf(guide: string, language: string): string[] {
  const text = readFileSync(join(root, 'docs/guides', `${guide}.md`), 'utf8')
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    (block) => block[1]!,
  )
}

/** Files of the plugin that the guide builds: each block says its path in its first line. */
function pluginOfGuide(): Record<string, string> {
  const files = blocksOf('writing-a-plugin', 'ts').map((code) => {
    const path = /^\/\/ (src\/\S+)\n/.exec(code)?.[1]
    expect(path, `The block has no path in its first line:\n${code}`).toBeDefined()
    return [path!, code] as const
  })
  return Object.fromEntries(files)
}

test('the plugin of the guide compiles', { timeout: 120_000 }, async () => {
  using plugins = openTestPlugins()
  const config = {
    extends: join(root, 'tsconfig.node.json'),
    compilerOptions: {
      noEmit: true,
      composite: false,
      incremental: false,
      typeRoots: [join(root, 'node_modules/@types')],
      paths: { '@m3m/runtime/plugin': [join(root, 'packages/runtime/src/plugin.ts')] },
    },
    include: ['src'],
    references: [],
  }
  for (const [path, text] of Object.entries({
    ...pluginOfGuide(),
    'tsconfig.json': JSON.stringify(config),
    'package.json': '{"type":"module"}',
  })) {
    mkdirSync(dirname(join(plugins.folder, path)), { recursive: true })
    writeFileSync(join(plugins.folder, path), text)
  }
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', plugins.folder]).catch(
    (error: { stdout: string }) => error,
  )
  expect(stdout).toBe('')
})

test('the plugin of the guide runs, in both spellings, with its setting and its error', async () => {
  await using api = createServer((request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ of: request.url })),
  )
  await new Promise<void>((done) => api.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`
  using plugins = openTestPlugins()
  const { 'src/weather.host.ts': host = '', ...files } = pluginOfGuide()
  expect(host).toContain(API)
  const manifest = JSON.parse(blocksOf('writing-a-plugin', 'json')[0]!) as Record<string, unknown>
  plugins.add('weather', { ...files, 'src/weather.host.ts': host.replace(API, url) }, manifest)
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  const code = `${blocksOf('writing-a-plugin', 'js').join('\n')}
    router.get('/more', async () => [$weather.today('a/b'), await weather.today(), await weather.today(5).catch((error) => error.code)])`
  const spec = agent.spec('shop', code, { plugins: ['weather'] })
  const run = await agent.supervisor.boot({ ...spec, outbound: { allow: ['loopback'], hosts: [] } })
  await run.activate()
  const get = async (path: string) => (await fetch(agent.base('shop') + path)).json()
  expect(await get('/weather')).toEqual({ today: { of: '/Riga' }, boiling: 100 })
  expect(await get('/more')).toEqual([{ of: '/a%2Fb' }, { of: '/Riga' }, 'WEATHER_CITY'])
})

test('the service of the guide boots, answers and keeps its data', async () => {
  await using store = await openTestDatabase('runtime-guides')
  await using engine = createDataEngine({ db: store.data, clock: systemClock, logger: silentLogger })
  await engine.ensureIndexes()
  const projectId = newId()
  const project = engine.project(projectId, { kind: 'operator', id: newId(), name: 'Ada' })
  await project.models.create({ name: 'Visits', slug: 'visits', fields: [{ key: 'path', type: 'string' }] })
  await project.models.create({
    name: 'Orders',
    slug: 'orders',
    fields: [
      { key: 'title', type: 'string' },
      { key: 'price', type: 'float' },
      { key: 'state', type: 'select', options: ['open', 'paid', 'refunded'], default: 'open' },
    ],
  })
  await project.environment.save({ variables: [{ key: 'ADMIN_TOKEN', type: 'string', value: 'secret' }] })
  const [first, routes, statements, buttons] = blocksOf('writing-a-service', 'js')
  await using service = await openTestService({
    code: `${first}\n${routes}\n${buttons}
      router.get('/data', async () => { ${statements}; return [order.state, open.length, (await database.orders.findById(order.id)).state] })
      router.get('/admin/x', () => 'in')`,
    files: { 'lib/greet.js': 'export const greet = (name) => `Hello, ${name}!`' },
    kind: 'module',
    projectId,
    data: engine.project(projectId, { kind: 'service', source: 'release:1.0' }, { dates: 'date' }),
  })
  await service.logged(/^ready 0$/)
  expect((await service.get('/hello/Ann')).json).toEqual({ text: 'Hello, Ann!' })
  expect((await service.get('/data')).json).toEqual(['open', 0, 'paid'])
  expect((await service.get('/admin/x')).status).toBe(401)
  const admin = await service.request('GET', '/admin/x', { headers: ['authorization', 'Bearer secret'] })
  expect(admin.body).toBe('in')
  const live = service.request('GET', '/live')
  expect((await live).status).toBe(200)
  await service.until(() => (service.bodies.get(live.stream)?.chunks.length ?? 0) > 0)
  await service.run.shutdown()
  await service.logged(/^bye$/)
})
