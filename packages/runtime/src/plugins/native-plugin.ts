// Shared objects by Node-API: what they export are the members.
import { constants } from 'node:os'
import process from 'node:process'
import { messageOf } from '@m3m/base'
import {
  definePlugin,
  isFailureCode,
  pluginFailure,
  type PluginDefinition,
  type PluginHost,
} from '../plugin.ts'
import { pluginErrors } from './plugin.errors.ts'

type Exported = Record<string, (...args: unknown[]) => unknown>

/** Called when a run begins, with `{project, run, config}`, and when it ends; no members. */
const LIFE = ['open', 'close']

/**
 * Loads a shared object into this process. What it does to the process cannot be bounded: it runs beside nobody else's
 * services (architecture.md, placement).
 *
 * @throws PLUGIN_LOAD_FAILED
 */
export function loadNative(plugin: string, file: string): PluginDefinition {
  const exported = (loaded.get(file) ?? open(plugin, file)) as Exported
  loaded.set(file, exported)
  const members = Object.keys(exported).filter(
    (member) => typeof exported[member] === 'function' && !LIFE.includes(member),
  )
  if (members.length === 0)
    throw pluginErrors.PLUGIN_LOAD_FAILED({ plugin, reason: 'it exports no functions' })
  return definePlugin({
    host({ project, run, config }): PluginHost {
      exported['open']?.({ project: { ...project }, run: { ...run }, config: { ...config } })
      return {
        calls: Object.fromEntries(members.map((member) => [member, (args) => ask(exported[member]!, args)])),
        shutdown: () => void exported['close']?.({ run: { ...run } }),
      }
    },
  })
}

/** What it throws with a code of the form THING_FAILED reaches the service as it is. */
async function ask(member: Exported[string], args: readonly unknown[]): Promise<unknown> {
  try {
    return await member(...args)
  } catch (error) {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
    if (typeof code === 'string' && isFailureCode(code)) throw pluginFailure(code, String(message))
    throw error
  }
}

/** A shared object is loaded once: its second initialisation would be undefined. */
const loaded = new Map<string, object>()

function open(plugin: string, file: string): object {
  const module: { exports: unknown } = { exports: {} }
  try {
    process.dlopen(module, file, constants.dlopen.RTLD_NOW)
  } catch (error) {
    const reason = messageOf(error).replaceAll(file, file.slice(file.lastIndexOf('/') + 1))
    throw pluginErrors.PLUGIN_LOAD_FAILED({ plugin, reason: reason.split('\n')[0]! }, { cause: error })
  }
  if (typeof module.exports !== 'object' || module.exports === null)
    throw pluginErrors.PLUGIN_LOAD_FAILED({ plugin, reason: 'it exports no object' })
  return module.exports
}
