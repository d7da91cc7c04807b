import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hostOf, openTestPlugins, type TestPlugins } from './testing.ts'

async function problemOf(plugins: TestPlugins, name: string) {
  return (await plugins.catalogue.list()).find((plugin) => plugin.name === name)?.problem
}

describe('the catalogue of plugins', () => {
  it('is empty where there is no folder', async () => {
    using plugins = openTestPlugins({ folder: join(import.meta.dirname, 'no-such-folder') })
    expect(await plugins.catalogue.list()).toEqual([])
  })

  it('shows a plugin with what it gives and its settings, and never a value of them', async () => {
    using plugins = openTestPlugins({ config: { bot: { token: 'hunter2' } } })
    const room = `import type { SandboxRoom } from '@m3m/runtime/plugin'
      import { twice } from './twice.ts'
      export const room: SandboxRoom = (lane) => ({ ping: () => lane.call('bot.ping', []), twice })`
    plugins.add(
      'bot',
      {
        'main.ts': hostOf('ping: () => 1'),
        'src/bot.sandbox.ts': room,
        'src/twice.ts': 'export const twice = (n: number): number => n * 2',
      },
      {
        main: 'main.ts',
        sandbox: 'src/bot.sandbox.ts',
        config: {
          token: { type: 'string', secret: true, default: 'swordfish' },
          url: { type: 'string', default: 'https://example.com' },
        },
      },
    )
    const list = await plugins.catalogue.list()
    expect(list).toMatchObject([
      {
        name: 'bot',
        members: ['ping', 'twice'],
        problem: null,
        settings: [
          { key: 'token', secret: true, set: true, default: null },
          { key: 'url', secret: false, set: false, default: 'https://example.com' },
        ],
      },
    ])
    expect(JSON.stringify(list)).not.toMatch(/hunter2|swordfish/)
    const [order] = await plugins.catalogue.orders(['bot'])
    expect(order).toMatchObject({ config: { token: 'hunter2' }, problem: null })
    expect(order!.sandboxCode).toContain('bot.ping')
  })

  it('tries a plugin out again when its files changed, and when it is asked to', async () => {
    using plugins = openTestPlugins()
    plugins.add('bot', { 'main.js': 'throw new Error("not yet")' })
    expect(await problemOf(plugins, 'bot')).toMatchObject({ message: expect.stringContaining('not yet') })
    plugins.add('bot', { 'main.js': hostOf('ready: () => true') })
    expect(await problemOf(plugins, 'bot')).toBeNull()
    plugins.catalogue.noteFailure('bot', { atMs: 1, projectId: 'p', runId: 'r', reason: 'it fell' })
    expect(await plugins.catalogue.list()).toMatchObject([{ failures: [{ reason: 'it fell' }] }])
    await plugins.catalogue.check('bot')
    expect(await plugins.catalogue.list()).toMatchObject([{ failures: [], problem: null }])
    await expect(plugins.catalogue.check('nobody')).rejects.toMatchObject({ code: 'PLUGIN_MISSING' })
  })

  it('gives a global to one plugin only', async () => {
    using plugins = openTestPlugins()
    plugins.add('alpha', undefined, { global: 'bot' })
    plugins.add('bot')
    expect(await problemOf(plugins, 'alpha')).toBeNull()
    expect(await problemOf(plugins, 'bot')).toMatchObject({
      code: 'PLUGIN_NAME_TAKEN',
      message: expect.stringContaining('belongs to the plugin "alpha"'),
    })
  })

  it('knows which need a process of their own, and what is not there', async () => {
    using plugins = openTestPlugins()
    plugins.add('plain')
    plugins.add('deep', undefined, { permissions: ['node'] })
    plugins.add('metal', { 'metal.so': '' }, { main: undefined, native: 'metal.so' })
    const need = (...names: string[]) => plugins.catalogue.needOwnProcess(names)
    expect(await Promise.all([need('plain'), need('deep'), need('plain', 'metal'), need('gone')])).toEqual([
      ...[false, true, true, false],
    ])
    expect(await plugins.catalogue.orders(['gone', '../../etc', '__proto__', 'constructor'])).toMatchObject([
      { name: 'gone', problem: expect.stringContaining('There is no plugin "gone"') },
      { name: 'constructor', problem: expect.stringContaining('There is no plugin') },
    ])
  })

  it('has declarations and a page, also where the plugin says little', async () => {
    using plugins = openTestPlugins()
    plugins.add('bare', undefined, { description: 'Ends */ comments.' })
    plugins.add(
      'told',
      {
        'main.js': '',
        't.d.ts': 'interface ToldModule {\n  a(): void\n}\n',
        'd.md': '# told\n\nTells what it does in one sentence.\n\n## a\n\nDoes.\n',
      },
      { types: 't.d.ts', docs: 'd.md' },
    )
    const declarations = await plugins.catalogue.declarations(['bare', 'told', 'gone'])
    expect(declarations.map(({ definition }) => definition.name)).toEqual(['bare', 'told'])
    expect(declarations[0]!.dts).toContain('[member: string]: any')
    expect(declarations[1]!.dts).toContain('a(): void')
    expect(await plugins.catalogue.pages()).toMatchObject([
      { name: 'told', summary: 'Tells what it does in one sentence.', members: [{ name: 'a' }] },
    ])
  })
})

describe('a plugin that', () => {
  it.each<[string, string, RegExp, Record<string, unknown>?]>([
    ['throws while it is loaded', 'throw new Error("no such luck")', /could not be loaded: no such luck/],
    ['throws nothing at all', 'throw undefined', /could not be loaded/],
    ['is no code', 'export default {{', /could not be loaded: /],
    ['exports something else', 'export default { host() {} }', /does not export definePlugin/],
    ['imports what it may not', 'import "node:fs"', /may not use node:fs.*permission "node"/],
    ['imports what is not there', 'import "left-pad"', /left-pad/],
    ['ends the process', 'process.exit(0)', /process\.exit cannot be called by a plugin/],
    ['kills the process', 'process.kill(process.pid, "SIGKILL")', /its process ended \(signal SIGKILL\)/],
    ['has no entry', '', /has no file gone\.js/, { main: 'gone.js' }],
  ])('%s is shown with the reason and touches nobody else', async (_what, code, problem, manifest = {}) => {
    using plugins = openTestPlugins()
    plugins.add('bad', { 'main.js': code }, manifest)
    const found = await problemOf(plugins, 'bad')
    expect(found?.message).toMatch(problem)
    expect(found?.message).not.toContain(plugins.folder)
  })

  it('computes for ever is given up', async () => {
    using plugins = openTestPlugins({ deadlineMs: 2_500 })
    plugins.add('bad', { 'main.js': 'for (;;);' })
    expect(await problemOf(plugins, 'bad')).toMatchObject({
      message: expect.stringContaining('within 2.5 s'),
    })
  })

  it('is a shared object of garbage is refused by the system, not by a crash', async () => {
    using plugins = openTestPlugins()
    plugins.add('bad', { 'bad.so': '\x7fELF garbage' }, { main: undefined, native: 'bad.so' })
    expect(await problemOf(plugins, 'bad')).toMatchObject({
      code: 'PLUGIN_LOAD_FAILED',
      message: expect.stringMatching(/bad\.so: /),
    })
  })

  it('reaches out of its folder by a link or an import is refused', async () => {
    using plugins = openTestPlugins()
    writeFileSync(join(plugins.folder, 'secret.js'), hostOf('steal: () => 1'))
    plugins.add('linked', { 'plugin.json.bak': '' })
    rmSync(join(plugins.folder, 'linked/main.js'), { force: true })
    symlinkSync(join(plugins.folder, 'secret.js'), join(plugins.folder, 'linked/main.js'))
    plugins.add('climbs', { 'main.js': 'import "../secret.js"' })
    expect(await problemOf(plugins, 'linked')).toMatchObject({ code: 'PLUGIN_ESCAPE' })
    expect(await problemOf(plugins, 'climbs')).toMatchObject({ code: 'PLUGIN_ESCAPE' })
  })

  it('is no folder with a good name, or without plugin.json, is shown as wrong', async () => {
    using plugins = openTestPlugins()
    for (const name of ['Bad Name', 'empty', '.hidden', 'node_modules'])
      mkdirSync(join(plugins.folder, name), { recursive: true })
    plugins.add('Bad Name')
    const list = await plugins.catalogue.list()
    expect(list.map(({ name, problem }) => [name, problem?.code])).toEqual([
      ['Bad Name', 'PLUGIN_MANIFEST'],
      ['empty', 'PLUGIN_MANIFEST'],
    ])
  })
})
