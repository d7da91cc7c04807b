// Plugins as services meet them: real runner processes, real isolates.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openTestAgent, type TestAgent } from '../testing/open-agent.ts'
import { hostOf, openTestPlugins, type TestPlugins } from './testing.ts'

async function get(agent: TestAgent, path: string): Promise<unknown> {
  return await (await fetch(agent.base('shop') + path)).json()
}

/** Of all runs, or of one. */
function logs(agent: TestAgent, run = ''): string {
  const folder = join(agent.folder, 'logs')
  const files = readdirSync(folder, { recursive: true }).map(String)
  return files
    .filter((name) => name.endsWith('.log') && name.includes(run))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('')
}

const failuresOf = async ({ catalogue }: TestPlugins, name: string) =>
  (await catalogue.list()).find((plugin) => plugin.name === name)!.failures.map(({ reason }) => reason)

/** Answers what a call came to. */
const answering = (calls: Record<string, string>) =>
  Object.entries(calls)
    .map(
      ([path, code]) =>
        `router.get('/${path}', async () => { try { return { value: ${code} } } catch (error) { return { code: error.code, message: error.message } } })`,
    )
    .join('\n')

test('a plugin has both spellings, its context, and answers with values, codes and nothing of the server', async () => {
  using plugins = openTestPlugins({ config: { bot: { word: 'hi' } } })
  plugins.add(
    'bot',
    {
      'main.js': hostOf(
        `hello: ([who]) => context.config.word + ' ' + who + ' of ' + context.project.slug,
         bytes: ([data]) => new Uint8Array([...data].reverse()),
         refuse: () => { throw pluginFailure('BOT_REFUSED', 'The bot refused "x"; ask nicely.', 409) },
         fall: () => { throw new Error('secret path /srv/m3m') },
         frozen: () => { try { context.config.word = 'x' } catch {} return context.config.word }`,
        `bootData: () => ({ at: 'boot' })`,
      ),
    },
    { config: { word: { type: 'string' } } },
  )
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  await agent.run(
    'shop',
    answering({
      bare: `await bot.hello('Ann')`,
      dollar: `$bot.hello('Bob')`,
      bytes: `[...await bot.bytes(new Uint8Array([1, 2, 3]))]`,
      refuse: `await bot.refuse()`,
      fall: `$bot.fall()`,
      frozen: `await bot.frozen()`,
      keys: `Object.keys(bot)`,
      unknown: `typeof bot.toString + typeof bot.constructor.constructor('return typeof process')()`,
    }),
    { plugins: ['bot'] },
  )
  expect(await get(agent, '/bare')).toEqual({ value: 'hi Ann of shop' })
  expect(await get(agent, '/dollar')).toEqual({ value: 'hi Bob of shop' })
  expect(await get(agent, '/bytes')).toEqual({ value: [3, 2, 1] })
  expect(await get(agent, '/refuse')).toEqual({
    code: 'BOT_REFUSED',
    message: 'The bot refused "x"; ask nicely.',
  })
  expect(await get(agent, '/fall')).toEqual({
    code: 'PLUGIN_CALL_FAILED',
    message: `"bot.fall" failed inside of the plugin; the agent's log has the details.`,
  })
  expect(await get(agent, '/frozen')).toEqual({ value: 'hi' })
  expect(await get(agent, '/keys')).toEqual({ value: ['hello', 'bytes', 'refuse', 'fall', 'frozen'] })
})

test('what was not asked for is not handed in; what was is bound to the project and guarded', async () => {
  const server = createServer((_request, response) => response.end('{"from":"outside"}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  using plugins = openTestPlugins()
  const host = hostOf(
    `net: async ([url]) => (await context.http.request({ url })).json(),
     store: async () => { await context.storage.write('a/b.txt', 'kept'); return new TextDecoder().decode(await context.storage.read('a/b.txt')) },
     climb: async () => context.storage.write('../../../x', 'out')`,
  )
  plugins.add('poor', { 'main.js': host })
  plugins.add('rich', { 'main.js': host }, { permissions: ['network', 'storage'] })
  const code = answering({
    net: `await poor.net('http://127.0.0.1:${port}/')`,
    store: `await poor.store()`,
    allowedNet: `await rich.net('http://127.0.0.1:${port}/')`,
    metadata: `await rich.net('http://169.254.169.254/')`,
    allowedStore: `await rich.store()`,
    climb: `await rich.climb()`,
  })
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  const spec = agent.spec('shop', code, { plugins: ['poor', 'rich'] })
  const run = await agent.supervisor.boot({ ...spec, outbound: { allow: ['loopback'], hosts: [] } })
  await run.activate()
  for (const [path, permission] of [
    ['/net', 'network'],
    ['/store', 'storage'],
  ])
    expect(await get(agent, path!)).toMatchObject({
      code: 'PLUGIN_PERMISSION',
      message: expect.stringContaining(`the permission "${permission}"`),
    })
  expect(await get(agent, '/allowedNet')).toEqual({ value: { from: 'outside' } })
  expect(await get(agent, '/metadata')).toMatchObject({ code: 'OUTBOUND_REFUSED' })
  expect(await get(agent, '/allowedStore')).toEqual({ value: 'kept' })
  expect(await get(agent, '/climb')).toMatchObject({ code: 'STORAGE_PATH' })
  server.close()
})

test('a broken plugin is a stand-in that says why, and the service and its other plugins go on', async () => {
  using plugins = openTestPlugins()
  plugins.add('fine')
  plugins.add('old', undefined, { api: '^9.0.0' })
  plugins.add('thrower', { 'main.js': hostOf('ping: () => 1').replace('calls: {', 'calls: boom, x: {') })
  plugins.add('slow-boot', {
    'main.js': hostOf('ping: () => 1', 'bootData() { throw new Error("no boot") }'),
  })
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  await agent.run(
    'shop',
    answering({
      fine: 'await fine.ping()',
      old: 'await old.ping()',
      gone: '$gone.anything',
      thrower: 'await thrower.ping()',
      slowBoot: 'await slowBoot.ping()',
      type: 'typeof old + String(await Promise.resolve(1))',
    }),
    { plugins: ['fine', 'old', 'gone', 'thrower', 'slow-boot'] },
  )
  expect(await get(agent, '/fine')).toEqual({ value: 1 })
  expect(await get(agent, '/type')).toEqual({ value: 'object1' })
  for (const [path, reason] of [
    ['/old', 'is made for version ^9.0.0 of the plugin API'],
    ['/gone', 'There is no plugin "gone"'],
    ['/thrower', 'boom is not defined'],
    ['/slowBoot', 'no boot'],
  ])
    expect(await get(agent, path!)).toMatchObject({
      code: 'PLUGIN_UNAVAILABLE',
      message: expect.stringContaining(reason!),
    })
  expect(logs(agent)).toMatch(/\[ERROR\] \[plugin old\] .*version \^9/)
  expect(await failuresOf(plugins, 'thrower')).toEqual([expect.stringContaining('boom is not defined')])
})

test('a plugin that never answers, floods, rejects in the dark or ends the process harms its call only', async () => {
  using plugins = openTestPlugins()
  plugins.add('bad', {
    'main.js': hostOf(
      `hang: () => new Promise(() => {}),
       exit: () => process.exit(3),
       float: () => { setTimeout(() => { throw new Error('out of nowhere') }, 1); return 'begun' },
       flood: () => { for (let i = 0; i < 10_000; i++) context.logger.info('line ' + i); return 'flooded' },
       enter: async () => (await Promise.allSettled(Array.from({ length: 150 }, () => context.enter('x', []))))
         .filter(({ reason }) => reason?.code === 'PLUGIN_BUSY').length`,
    ),
  })
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  await agent.run(
    'shop',
    answering({
      hang: 'await bad.hang()',
      exit: 'await bad.exit()',
      float: 'await bad.float()',
      flood: 'await bad.flood()',
      enter: 'await bad.enter()',
      alive: '"yes"',
    }),
    { plugins: ['bad'], limits: { requestWallMs: 1_500 } },
  )
  const hanging = fetch(`${agent.base('shop')}/hang`)
  expect(await get(agent, '/exit')).toMatchObject({ code: 'PLUGIN_CALL_FAILED' })
  expect(await get(agent, '/float')).toEqual({ value: 'begun' })
  await expect.poll(() => failuresOf(plugins, 'bad')).toEqual([expect.stringContaining('out of nowhere')])
  expect(await get(agent, '/flood')).toEqual({ value: 'flooded' })
  expect(await get(agent, '/enter')).toEqual({ value: 50 })
  expect(await (await hanging).json()).toMatchObject({ code: 'SERVICE_CALL_TIMEOUT' })
  expect(await get(agent, '/alive')).toEqual({ value: 'yes' })
  await expect.poll(() => logs(agent).match(/\[bad\] line/g)?.length ?? 0).toBeGreaterThan(0)
  expect(logs(agent).match(/\[bad\] line/g)!.length).toBeLessThan(500)
})

test.for([
  ['a file', `(await import('node:fs')).readFile('/', () => { throw new TypeError('thrown late') })`],
  [
    'a connection it made',
    `const { createServer, connect } = await import('node:net')
     const server = createServer((socket) => socket.end('x')).listen(0, '127.0.0.1', () =>
       connect(server.address().port, '127.0.0.1').on('data', () => { server.close(); throw new Error('thrown late') }))`,
  ],
  [
    'a connection it was sent',
    `const { createServer, connect } = await import('node:net')
     const server = createServer((socket) => socket.on('data', () => { socket.destroy(); server.close(); throw new Error('thrown late') }))
       .listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1').on('error', () => {}).end('x'))`,
  ],
  [
    'an HTTP server',
    `const { createServer, get } = await import('node:http')
     const server = createServer((request, response) => { response.end(); server.close(); throw new Error('thrown late') })
       .listen(0, '127.0.0.1', () => get({ port: server.address().port }, (answer) => answer.resume()))`,
  ],
  [
    'a fetch that nobody awaits',
    `void fetch('http://thrown.late.invalid/').then(null, () => { throw new Error('thrown late') })`,
  ],
  [
    'a promise after a pause',
    `const { setTimeout } = await import('node:timers/promises')
     void (async () => { await setTimeout(1); throw new Error('thrown late') })()`,
  ],
  [
    'an event nobody listens to',
    `const { EventEmitter } = await import('node:events')
     queueMicrotask(() => new EventEmitter().emit('error', new Error('thrown late')))`,
  ],
] as const)(
  'what a plugin throws in a callback of %s is put down to it and to the project it worked for',
  async ([, body]) => {
    using plugins = openTestPlugins()
    const permissions = ['node']
    plugins.add(
      'bad',
      { 'main.js': hostOf(`go: async () => { ${body} }, well: () => 'well'`) },
      { permissions },
    )
    plugins.add('good', { 'main.js': hostOf(`well: () => 'well'`) })
    await using agent = await openTestAgent({ plugins: plugins.catalogue })
    const shared = { isolation: 'shared' as const }
    const code = answering({ '': 'await bad.go()' }) + `; router.get('/well', async () => [await bad.well()])`
    // First, so that its context is the one the process was begun with.
    const neighbours = [
      await agent.run('same', code, { ...shared, plugins: ['bad', 'good'] }),
      await agent.run('cafe', `router.get('/', () => 'open')`, shared),
    ]
    const guilty = await agent.run('shop', code, { ...shared, plugins: ['bad'] })
    await fetch(`${agent.base('shop')}/`)
    await expect.poll(() => logs(agent, guilty.runId)).toMatch(/\[ERROR\] \[plugin bad\] .*thrown late/)
    for (const { runId } of neighbours) expect(logs(agent, runId)).not.toContain('thrown late')
    const { failures } = (await plugins.catalogue.list()).find(({ name }) => name === 'bad')!
    expect(failures).toMatchObject([{ runId: guilty.runId, reason: expect.stringContaining('thrown late') }])
    expect(await failuresOf(plugins, 'good')).toEqual([])
    expect(await get(agent, '/well')).toEqual(['well'])
  },
)

// The watchdog waits for a heartbeat that does not come: three times as long as one takes, which all of them wait at once.
test.concurrent.for([
  ['at once', `for (;;);`],
  ['after an await of what is there', `await null; await null; for (;;);`],
  ['in promises without end', `for (;;) await null`],
  ['after an answer it waited for', `await context.storage.exists('a'); await null; for (;;);`],
  ['after a handler of the service', `await context.enter('ask', []).catch(() => {}); for (;;);`],
  ['in a timer', `await new Promise(() => setTimeout(() => setImmediate(() => { for (;;); }), 5))`],
  ['in a callback of a file', `(await import('node:fs')).readFile('/', () => { for (;;); })`],
  [
    'in a request to its server',
    `const { createServer, get } = await import('node:http')
     const server = createServer(() => { for (;;); }).listen(0, '127.0.0.1', () => get({ port: server.address().port }).on('error', () => {}))`,
  ],
  [
    'on a connection it was sent',
    `const { createServer, connect } = await import('node:net')
     const server = createServer((socket) => socket.on('data', () => { for (;;); }))
       .listen(0, '127.0.0.1', () => connect(server.address().port, '127.0.0.1').end('x'))`,
  ],
  [
    'after a file was read',
    `await (await import('node:fs/promises')).readFile('/dev/null'); await null; for (;;);`,
  ],
  ['after a pause', `await (await import('node:timers/promises')).setTimeout(5); for (;;);`],
] as const)(
  'a plugin that computes for ever %s is put down to its own service, not to a neighbour',
  { timeout: 120_000 },
  async ([, body], { expect }) => {
    using plugins = openTestPlugins()
    const permissions = ['storage', 'node']
    plugins.add('bad', { 'main.js': hostOf(`loop: async () => { ${body} }`) }, { permissions })
    await using agent = await openTestAgent({ plugins: plugins.catalogue, silentMs: 3_000 })
    const options = { isolation: 'shared' as const }
    const guilty = await agent.run('shop', `router.get('/', () => bad.loop())`, {
      ...options,
      plugins: ['bad'],
    })
    const neighbour = await agent.run('cafe', `router.get('/', () => 'open')`, options)
    await fetch(`${agent.base('shop')}/`, { signal: AbortSignal.timeout(1_000) }).catch(() => {})
    expect(await guilty.ended).toMatchObject({ kind: 'displaced', suspect: true })
    expect(await neighbour.ended).toMatchObject({ kind: 'displaced', suspect: false })
  },
)

test('a sandbox half is confined to its own host half, and prototypes stay clean on both sides', async () => {
  using plugins = openTestPlugins()
  plugins.add(
    'bot',
    {
      'main.js': hostOf(
        `take: ([value]) => { const copy = Object.assign({}, value); return { polluted: ({}).polluted ?? null, own: Object.keys(value ?? {}), copied: copy.polluted ?? null } },
         give: () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}')`,
        `arm: async () => { await context.enter('began', ['armed']) }`,
      ),
      'b.js': `let began = 'no'
        export const room = (lane, kernel) => {
          kernel.on('bot.began', (how) => { began = how })
          return {
            take: (value) => lane.call('bot.take', [value]),
            give: () => lane.call('bot.give', []),
            reach: (name) => lane.call(name, ['x']),
            began: () => began,
          }
        }`,
    },
    { sandbox: 'b.js' },
  )
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  await agent.run(
    'shop',
    answering({
      take: `await bot.take(JSON.parse('{"__proto__": {"polluted": true}, "a": 1}'))`,
      give: `(await bot.give(), ({}).polluted === undefined)`,
      reach: `await bot.reach('database.find')`,
      proto: `await bot.reach('bot.__proto__')`,
      constructor: `await bot.reach('bot.constructor')`,
      began: `bot.began() + $bot.began()`,
    }),
    { plugins: ['bot'] },
  )
  expect(await get(agent, '/take')).toMatchObject({ value: { polluted: null } })
  expect(await get(agent, '/give')).toEqual({ value: true })
  expect(await get(agent, '/reach')).toMatchObject({
    message: expect.stringContaining('may only name "bot.…"'),
  })
  for (const path of ['/proto', '/constructor'])
    expect(await get(agent, path)).toMatchObject({ code: 'SERVICE_CALL_UNKNOWN' })
  await expect.poll(() => get(agent, '/began')).toEqual({ value: 'armedarmed' })
})

test('a run that ends tells the plugin once, however little it listens', async () => {
  using plugins = openTestPlugins()
  plugins.add(
    'bot',
    {
      'main.js': hostOf(
        'ping: () => 1',
        `async shutdown() { await context.storage.write('bye.txt', 'aborted ' + context.signal.aborted) }`,
      ),
    },
    { permissions: ['storage'] },
  )
  plugins.add('deaf', { 'main.js': hostOf('ping: () => 1', 'shutdown() { throw new Error("no") }') })
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  const run = await agent.run('shop', answering({ ping: 'await bot.ping()' }), { plugins: ['bot', 'deaf'] })
  await run.stop({ graceMs: 1_000 })
  expect(await run.ended).toEqual({ kind: 'stopped' })
  const files = readdirSync(agent.folder, { recursive: true }).map(String)
  const bye = files.find((name) => name.endsWith('bye.txt'))!
  expect(readFileSync(join(agent.folder, bye), 'utf8')).toBe('aborted true')
})

test('services that share a process share no plugin: each has its own host half, and new code is loaded anew', async () => {
  using plugins = openTestPlugins()
  const counting = (version: number) =>
    `import { definePlugin } from '@m3m/runtime/plugin'
     import { version } from './version.js'
     export default definePlugin({ host: ({ project }) => { let n = 0; return { calls: { count: () => project.slug + ++n + 'v' + version } } } }) // ${version}`
  const write = (version: number) =>
    plugins.add('bot', { 'main.js': counting(version), 'version.js': `export const version = ${version}` })
  write(1)
  await using agent = await openTestAgent({ plugins: plugins.catalogue })
  const options = { plugins: ['bot'], isolation: 'shared' as const }
  const code = answering({ count: 'await bot.count()' })
  await agent.run('shop', code, options)
  await agent.run('cafe', code, options)
  const count = async (slug: string) => await (await fetch(`${agent.base(slug)}/count`)).json()
  expect([await count('shop'), await count('shop'), await count('cafe')]).toEqual([
    ...[{ value: 'shop1v1' }, { value: 'shop2v1' }, { value: 'cafe1v1' }],
  ])
  write(22)
  await agent.run('late', code, options)
  expect(await count('late')).toEqual({ value: 'late1v22' })
  expect(await count('cafe')).toEqual({ value: 'cafe2v1' })
})
