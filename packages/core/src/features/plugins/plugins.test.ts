import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { foundPlugin } from '../../testing/memory-plugins.ts'
import { openTestCore } from '../../testing/open-test-core.ts'
import type { Caller, TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string
beforeEach(async () => {
  test = await openTestCore('plugins')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Shop' })).id
  await root.pipeline.saveFiles({ projectId, branch: 'develop', files: [{ path: 'main.js', code: '' }] })
  await root.pipeline.createRelease({ projectId, branch: 'develop', bump: 'minor', tag: 'stable' })
})
afterEach(() => test[Symbol.asyncDispose]())

async function specOfNextStart() {
  await root.runs.start({ projectId, source: { release: '1.0' } })
  const { spec } = test.supervisor.runs.at(-1)!
  await root.runs.stop({ projectId })
  return spec
}
const bot = async () => (await root.plugins.list()).find(({ name }) => name === 'bot')!
const settingOf = async (key: string) => (await bot()).settings.find((setting) => setting.key === key)
const broken = (message: string) => ({
  ...{ manifest: null, members: [], details: 'at main.js:1' },
  problem: { code: 'PLUGIN_LOAD_FAILED', blame: 'host' as const, status: 503, message },
})

describe('a plugin of a project', () => {
  it('is given to the next start, and to none when it is switched off', async () => {
    expect(await specOfNextStart()).toMatchObject({ nativePlugins: false })
    expect((await specOfNextStart()).plugins).toBeUndefined()
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: true })
    expect(await specOfNextStart()).toMatchObject({ plugins: ['bot'], nativePlugins: false })
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: false })
    expect((await specOfNextStart()).plugins).toBeUndefined()
  })

  it('that is native gives the service a process of its own', async () => {
    await root.plugins.enable({ projectId, plugin: 'tool', enabled: true })
    expect(await specOfNextStart()).toMatchObject({ plugins: ['tool'], nativePlugins: true })
  })

  it('asks for a restart of what runs, and is in the audit', async () => {
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: true })
    const { settings, settingsChangedAt } = await root.projects.get({ projectId })
    expect(settings.plugins).toEqual(['bot'])
    expect(settingsChangedAt).toBe(new Date(test.clock.now()).toISOString())
    expect((await root.audit.list({}))[0]).toMatchObject({
      action: 'plugins.enable',
      projectId,
      target: 'bot',
    })
  })

  it('stays when other settings are saved, and cannot be slipped in with them', async () => {
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: true })
    const settings = { autoStart: false, plugins: ['tool'] } as object
    await root.projects.update({ projectId, settings })
    expect((await root.projects.get({ projectId })).settings).toMatchObject({
      autoStart: false,
      plugins: ['bot'],
    })
  })

  it('must exist to be switched on, and may be gone to be switched off', async () => {
    await expect(root.plugins.enable({ projectId, plugin: 'gone', enabled: true })).rejects.toMatchObject({
      cause: { code: 'PLUGINS_UNKNOWN' },
    })
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: true })
    test.plugins.found.length = 0
    expect(await root.runtime.plugins({ projectId })).toMatchObject([
      { name: 'bot', enabled: true, state: 'broken', problem: { code: 'PLUGINS_UNKNOWN' } },
    ])
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: false })
    expect(await root.runtime.plugins({ projectId })).toEqual([])
  })

  it.each(['../etc', 'Bot', 'a--b', ''])('with the name "%s" is refused as input', async (plugin) => {
    await expect(root.plugins.enable({ projectId, plugin, enabled: true })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  })

  it('are at most 20, and two that are switched at one moment are both kept', async () => {
    for (let i = 0; i < 21; i++) test.plugins.found.push(foundPlugin(`p${i}`))
    const enable = (plugin: string) => root.plugins.enable({ projectId, plugin, enabled: true })
    await Promise.all([enable('p0'), enable('p1')])
    for (let i = 2; i < 20; i++) await enable(`p${i}`)
    await expect(enable('p20')).rejects.toMatchObject({ cause: { code: 'PLUGINS_TOO_MANY' } })
    expect((await root.projects.get({ projectId })).settings.plugins).toHaveLength(20)
  })

  it('shows its members what went wrong in their project, and nothing of others', async () => {
    const failure = { runId: 'f'.repeat(24), reason: 'no luck', atMs: test.clock.now() }
    const other = (await root.projects.create({ name: 'Other' })).id
    const failures = [
      { ...failure, projectId },
      { ...failure, projectId: other, reason: 'foreign' },
    ]
    test.plugins.found[0] = { ...test.plugins.found[0]!, failures }
    const { caller } = await test.operator('viewer', { projects: [{ projectId, role: 'viewer' }] })
    const seen = await caller.runtime.plugins({ projectId })
    expect(seen[0]).toMatchObject({ name: 'bot', failures: [{ reason: 'no luck' }] })
    expect(JSON.stringify(seen)).not.toMatch(/foreign|settings|config\.yaml/)
    expect((await caller.runtime.plugins({}))[0]).toMatchObject({ failures: [], enabled: false })
    expect((await bot()).failures).toHaveLength(2)
  })
})

describe("the agent's plugins", () => {
  it('are listed with who uses them, and what is broken with the reason', async () => {
    test.plugins.found.push(foundPlugin('sick', broken('It is sick; heal it.')))
    test.plugins.found.push(foundPlugin('new', { checking: true }))
    const unbuilt = broken('Build it.')
    test.plugins.found.push(
      foundPlugin('raw', { ...unbuilt, problem: { ...unbuilt.problem, code: 'PLUGIN_NOT_BUILT' } }),
    )
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: true })
    expect(await root.plugins.list()).toMatchObject([
      { name: 'bot', state: 'ready', projects: [{ id: projectId, name: 'Shop', slug: 'shop' }] },
      { name: 'tool', state: 'ready', ownProcess: true, projects: [] },
      {
        name: 'sick',
        state: 'broken',
        problem: { message: 'It is sick; heal it.' },
        details: 'at main.js:1',
      },
      { name: 'new', state: 'checking' },
      { name: 'raw', state: 'unbuilt', problem: { message: 'Build it.' } },
    ])
    expect((await root.runtime.plugins({ projectId })).map(({ name }) => name)).toEqual([
      ...['bot', 'tool', 'new'],
    ])
  })

  it('are looked at anew when root asks', async () => {
    await root.plugins.rescan({})
    await root.plugins.check({ plugin: 'bot' })
    expect(test.plugins.journal).toEqual(['rescan', 'check bot'])
    await expect(root.plugins.check({ plugin: 'gone' })).rejects.toMatchObject({
      cause: { code: 'PLUGINS_UNKNOWN' },
    })
    expect((await root.audit.list({})).map(({ action }) => action).slice(0, 2)).toEqual([
      ...['plugins.check', 'plugins.rescan'],
    ])
  })
})

describe('settings of a plugin', () => {
  const values = () => test.core.services.plugins.values()['bot']

  it('are those of config.yaml until the panel sets them, and again when they are given back', async () => {
    expect(values()).toEqual({ word: 'from config.yaml' })
    expect(await settingOf('word')).toMatchObject({ source: 'config', value: 'from config.yaml' })
    const { revision } = await root.plugins.configure({ plugin: 'bot', settings: { word: 'mine' } })
    expect(revision).toBe(1)
    expect(values()).toEqual({ word: 'mine' })
    expect(await settingOf('word')).toMatchObject({ source: 'panel' })
    await root.plugins.configure({ plugin: 'bot', settings: { word: null }, revision })
    expect(values()).toEqual({ word: 'from config.yaml' })
  })

  it('live through a restart; secrets are sealed at rest and never read back', async () => {
    await root.plugins.configure({ plugin: 'bot', settings: { token: 'hunter2' } })
    expect(values()).toMatchObject({ token: 'hunter2' })
    const stored = await test.store.control.collection('pluginSettings').find().toArray()
    const wire = JSON.stringify([await root.plugins.list(), await root.audit.list({}), stored])
    expect(wire).not.toContain('hunter2')
    expect((await root.audit.list({}))[0]).toMatchObject({
      action: 'plugins.configure',
      target: 'bot',
      after: { token: 'changed' },
    })
    await using again = await test.restarted()
    expect(again.core.services.plugins.values()['bot']).toMatchObject({ token: 'hunter2' })
    expect(await again.core.services.plugins.reseal()).toBe(1)
    expect(again.core.services.plugins.values()['bot']).toMatchObject({ token: 'hunter2' })
  })

  it('are refused with the setting at fault, all or none', async () => {
    const settings = { word: 'good', token: 5 }
    await expect(root.plugins.configure({ plugin: 'bot', settings })).rejects.toMatchObject({
      cause: {
        code: 'PLUGINS_SETTINGS',
        message: 'Settings of the plugin "bot" are wrong: "token" must be of type string.',
        fields: { 'settings.token': { message: 'This setting must be of type string.' } },
      },
    })
    expect(values()).toEqual({ word: 'from config.yaml' })
    await expect(root.plugins.configure({ plugin: 'bot', settings: { typo: 'x' } })).rejects.toMatchObject({
      cause: { fields: { 'settings.typo': {} } },
    })
  })

  it('that a newer version of the plugin does not have any more go with the next change', async () => {
    await root.plugins.configure({ plugin: 'bot', settings: { word: 'mine', token: 'x' } })
    const [plugin] = test.plugins.found
    test.plugins.found[0] = { ...plugin!, settings: plugin!.settings.slice(0, 1) }
    expect((await bot()).staleSettings).toEqual(['token'])
    await root.plugins.configure({ plugin: 'bot', settings: {} })
    expect((await bot()).staleSettings).toEqual([])
    expect(values()).toEqual({ word: 'mine' })
  })

  it('of two people who save at one moment are not mixed', async () => {
    await root.plugins.configure({ plugin: 'bot', settings: { word: 'one' }, revision: 0 })
    await expect(
      root.plugins.configure({ plugin: 'bot', settings: { word: 'two' }, revision: 0 }),
    ).rejects.toMatchObject({ cause: { code: 'PLUGINS_CHANGED' } })
  })

  it('ask the services that use it for a restart, and no other', async () => {
    const other = (await root.projects.create({ name: 'Other' })).id
    await root.plugins.enable({ projectId, plugin: 'bot', enabled: true })
    test.clock.advance(1_000)
    await root.plugins.configure({ plugin: 'bot', settings: { word: 'mine' } })
    const changedAt = async (id: string) => (await root.projects.get({ projectId: id })).settingsChangedAt
    expect(await changedAt(projectId)).toBe(new Date(test.clock.now()).toISOString())
    expect(await changedAt(other)).toBeNull()
  })
})
