// Folders with plugins, for tests.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { silentLogger } from '@m3m/base'
import {
  createPluginCatalogue,
  type PluginCatalogue,
  type PluginCatalogueOptions,
} from './plugin-catalogue.ts'

export interface TestPlugins extends Disposable {
  readonly folder: string
  readonly catalogue: PluginCatalogue
  /** Writes a plugin: `manifest` over a valid one, `files` by path. `main.js` is its entry unless the manifest says otherwise. */
  add(name: string, files?: Record<string, string>, manifest?: Record<string, unknown>): void
}

/** A host half whose calls are these members, written as JavaScript: `add: ([a, b]) => a + b`. */
export function hostOf(calls: string, rest = ''): string {
  return `import { definePlugin, pluginFailure } from '@m3m/runtime/plugin'
export default definePlugin({ host: (context) => ({ calls: { ${calls} }, ${rest} }) })
`
}

type TestPluginsOptions = Partial<Omit<PluginCatalogueOptions, 'config'>> & {
  config?: ReturnType<PluginCatalogueOptions['config']>
}

/** An empty folder of plugins with its catalogue. */
export function openTestPlugins({ config = {}, ...options }: TestPluginsOptions = {}): TestPlugins {
  const folder = mkdtempSync(join(tmpdir(), 'm3m-plugins-'))
  return {
    folder,
    catalogue: createPluginCatalogue({ folder, config: () => config, logger: silentLogger, ...options }),
    add(name, files = { 'main.js': hostOf('ping: () => 1') }, manifest = {}) {
      const value = { name, version: '1.0.0', api: '^1.0.0', main: 'main.js', ...manifest }
      const all = { 'plugin.json': JSON.stringify(value), ...files }
      for (const [path, text] of Object.entries(all)) {
        const file = join(folder, name, path)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
