// Loads the code of a plugin into this process: a runner, or the process of a probe. Never the agent.
import { pathToFileURL } from 'node:url'
import { AppError, messageOf } from '@m3m/base'
import { isPlugin, type PluginDefinition } from '../plugin.ts'
import { linkPlugin, withRevision } from './module-hooks.ts'
import { loadNative } from './native-plugin.ts'
import type { PluginOrder } from './plugin.contract.ts'
import { pluginErrors } from './plugin.errors.ts'
import { fileOf } from './plugin-folder.ts'

/** A plugin connects to the world in its first call, not while it is loaded. */
export const LOAD_LIMIT_MS = 10_000

type Loadable = Pick<PluginOrder, 'name' | 'kind' | 'folder' | 'revision' | 'entry' | 'permissions'>

/**
 * The plugin's definition.
 *
 * @throws PLUGIN_LOAD_FAILED, PLUGIN_ESCAPE, PLUGIN_PERMISSION
 */
export async function loadPlugin(plugin: Loadable): Promise<PluginDefinition> {
  const { name, kind, folder, entry } = plugin
  const failed = (reason: string, cause?: unknown) =>
    pluginErrors.PLUGIN_LOAD_FAILED({ plugin: name, reason }, { cause })
  const file = fileOf(name, folder, entry)
  if (kind === 'native') return loadNative(name, file)
  linkPlugin(plugin)
  const loading = import(withRevision(pathToFileURL(file).href, plugin)) as Promise<{ default?: unknown }>
  let exported: { default?: unknown }
  try {
    exported = await within(loading, LOAD_LIMIT_MS)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw failed(withoutFolder(messageOf(error), folder), error)
  }
  if (!isPlugin(exported.default)) throw failed(`${entry} does not export definePlugin({…}) by default`)
  return exported.default
}

/** Paths of the server are nobody's business: what is left of them begins at the plugin's folder. */
export function withoutFolder(text: string, folder: string): string {
  return text
    .replaceAll(`file://${folder}/`, '')
    .replaceAll(`${folder}/`, '')
    .replaceAll(/\?m3m=[0-9a-f]{16}/g, '')
}

/** What a promise comes to. @throws Error after `ms`; what was begun goes on, and nobody listens to it any more. */
export async function within<T>(value: T | Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not settle within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([value, late])
  } finally {
    clearTimeout(timer)
  }
}
