import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { silentLogger } from '@m3m/base'
import { createPluginCatalogue } from '@m3m/runtime'
import { expect, test } from 'vitest'
import { pluginFiles } from './plugin.ts'

test('what new:plugin lays out loads as it is, with a page for each member', async () => {
  const home = mkdtempSync(join(tmpdir(), 'm3m-new-plugin-'))
  try {
    for (const [path, text] of Object.entries(pluginFiles('sea-weather'))) {
      mkdirSync(dirname(join(home, path)), { recursive: true })
      writeFileSync(join(home, path), text)
    }
    const plugins = createPluginCatalogue({
      folder: join(home, 'plugins'),
      config: () => ({}),
      logger: silentLogger,
    })
    const [plugin] = await plugins.list()
    expect(plugin).toMatchObject({ name: 'sea-weather', problem: null, members: ['greet', 'shout'] })
    const [page] = await plugins.pages()
    expect(page).toMatchObject({ name: 'seaWeather', plugin: 'sea-weather' })
    expect(page!.members.map(({ name }) => name)).toEqual(['greet', 'shout', 'Errors'])
    expect(page!.declarations).toContain('interface SeaWeatherModule')
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})
