// Looks at the folder of plugins: which there are, and what their plugin.json says.
import { readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError, messageOf } from '@m3m/base'
import { MAX_MANIFEST_BYTES, parseManifest, settingsOf } from './manifest.ts'
import type { PluginManifest } from './plugin.contract.ts'
import { pluginErrors } from './plugin.errors.ts'
import { revisionOf, textOf } from './plugin-folder.ts'

/** A folder that was looked at. */
export interface SeenPlugin {
  readonly name: string
  readonly folder: string
  readonly revision: string
  readonly manifest: PluginManifest | null
  readonly settings: Readonly<Record<string, unknown>>
  /** The settings that somebody set, as they are. */
  readonly given: Readonly<Record<string, unknown>>
  readonly problem: AppError | null
}

export interface PluginPlaces {
  /** `plugins.path`; it may not exist. */
  readonly folder: string
  /** Settings that were set, by plugin. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const MAX_PLUGINS = 200

/** Manifests of all folders, in the order of their names: of two that want one global the first has it. */
export function readPlugins({ folder, config }: PluginPlaces): SeenPlugin[] {
  const globals = new Map<string, string>()
  return foldersOf(folder).map((name) => {
    const plugin = read(join(folder, name), name, config)
    const global = plugin.manifest?.global
    const owner = global === undefined ? undefined : globals.get(global)
    if (global === undefined || owner === undefined) {
      if (global !== undefined) globals.set(global, name)
      return plugin
    }
    const problem = pluginErrors.PLUGIN_NAME_TAKEN({ plugin: name, global, owner: `the plugin "${owner}"` })
    return { ...plugin, problem }
  })
}

function foldersOf(folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch {
    // No folder, no plugins.
    return []
  }
  return names
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true)
    .sort()
    .slice(0, MAX_PLUGINS)
}

function read(path: string, name: string, config: PluginPlaces['config']): SeenPlugin {
  let folder = path
  let revision = ''
  let manifest: PluginManifest | null = null
  let settings: Record<string, unknown> = {}
  let problem: AppError | null = null
  const given = Object.hasOwn(config, name) ? config[name]! : {}
  try {
    folder = realpathSync(path)
    revision = revisionOf(folder)
    const text = textOf(folder, 'plugin.json', MAX_MANIFEST_BYTES)
    if (text === null)
      throw pluginErrors.PLUGIN_MANIFEST({
        plugin: name,
        problem: 'there is none, or it is longer than 64 KB',
      })
    manifest = parseManifest(text, name)
    settings = settingsOf(manifest, given)
  } catch (error) {
    problem =
      error instanceof AppError
        ? error
        : pluginErrors.PLUGIN_LOAD_FAILED({
            plugin: name,
            reason: (error as NodeJS.ErrnoException).code ?? messageOf(error),
          })
  }
  return { name, folder, revision, manifest, settings, given, problem }
}
