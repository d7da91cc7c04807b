// How files of plugins find what they import. Works in any process that loads plugins (runner, probe).
import { isBuiltin, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { PluginOrder } from './plugin.contract.ts'
import { pluginErrors } from './plugin.errors.ts'
import { isInside } from './plugin-folder.ts'

const SDK = '@m3m/runtime/plugin'
const SDK_URL = new URL('../plugin.ts', import.meta.url).href

/** What the hooks know of a plugin. */
export type Linked = Pick<PluginOrder, 'name' | 'folder' | 'revision' | 'permissions'>

const linked = new Map<string, Linked>()
let installed = false

/**
 * From here on the plugin's files import the SDK by its name, each other, packages of their own `node_modules`, and Node's
 * modules if they asked for the permission. This keeps honest plugins to their manifest; it is no cage: a plugin is
 * code that the operator put on the machine (docs/guides/writing-a-plugin.md, "What a plugin may do").
 */
export function linkPlugin(plugin: Linked): void {
  linked.set(plugin.folder, plugin)
  if (installed) return
  installed = true
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const plugin = context.parentURL === undefined ? null : pluginAt(context.parentURL)
      if (!plugin) return nextResolve(specifier, context)
      if (specifier === SDK) return { url: SDK_URL, shortCircuit: true }
      if (isBuiltin(specifier)) {
        if (plugin.permissions.includes('node')) return nextResolve(specifier, context)
        throw pluginErrors.PLUGIN_PERMISSION({ plugin: plugin.name, what: specifier, permission: 'node' })
      }
      const found = nextResolve(specifier, context)
      if (pluginAt(found.url) !== plugin)
        throw pluginErrors.PLUGIN_ESCAPE({ plugin: plugin.name, what: `import of "${specifier}"` })
      return { ...found, url: withRevision(found.url, plugin) }
    },
  })
}

/** The address of a plugin's file: another one after every change, for a module is loaded once. */
export function withRevision(url: string, { revision }: Linked): string {
  return url.includes('?') ? url : `${url}?m3m=${revision}`
}

/** The plugin that a stack speaks of, or null. */
export function pluginInStack(stack: string): Linked | null {
  for (const plugin of linked.values())
    if (stack.includes(`file://${plugin.folder}/`) || stack.includes(`(${plugin.folder}/`)) return plugin
  return null
}

function pluginAt(url: string): Linked | null {
  if (!url.startsWith('file:')) return null
  const path = fileURLToPath(url.split('?')[0]!)
  for (const plugin of linked.values()) if (isInside(plugin.folder, path)) return plugin
  return null
}
