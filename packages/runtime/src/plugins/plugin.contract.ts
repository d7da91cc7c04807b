// What agent, runner and isolate agree on about plugins: data only.

/** Version of the SDK. Major: plugins must be changed. Minor: something was added. */
export const PLUGIN_API_VERSION = '1.0.0'

/** What a plugin may ask for; everything else in its context is always there. */
export const PLUGIN_PERMISSIONS = ['network', 'storage', 'node'] as const
export type PluginPermission = (typeof PLUGIN_PERMISSIONS)[number]

/** Types of settings in a manifest. `strings` is a list of texts. */
export const CONFIG_TYPES = ['string', 'integer', 'number', 'boolean', 'strings'] as const
export type ConfigType = (typeof CONFIG_TYPES)[number]

/** One setting as the manifest declares it. */
export interface ConfigKey {
  readonly type: ConfigType
  readonly description: string
  /** Never leaves the agent, and the panel does not show its default. */
  readonly secret: boolean
  readonly required: boolean
  readonly default?: unknown
}

/** `plugin.json`, checked and with its defaults filled in. Paths are relative to the plugin's folder. */
export interface PluginManifest {
  readonly name: string
  /** The global's name in services; the twin is `$global`. */
  readonly global: string
  readonly version: string
  readonly api: string
  readonly author: string
  readonly url: string
  readonly description: string
  readonly kind: 'js' | 'native'
  /** The host half: a module for `js`, a shared object for `native`. */
  readonly entry: string
  readonly sandbox: string | null
  readonly types: string | null
  readonly docs: string | null
  readonly permissions: readonly PluginPermission[]
  readonly config: Readonly<Record<string, ConfigKey>>
}

/** All that a runner needs to load a plugin for a run. */
export interface PluginOrder {
  readonly name: string
  readonly global: string
  readonly kind: 'js' | 'native'
  /** Absolute, symbolic links resolved. */
  readonly folder: string
  /** Changes with the plugin's files. */
  readonly revision: string
  readonly entry: string
  readonly permissions: readonly PluginPermission[]
  readonly config: Readonly<Record<string, unknown>>
  /** The sandbox half as one classic script whose value is the room; null: every host call is a member. */
  readonly sandboxCode: string | null
  /** Why it cannot be used; it is then not loaded at all, and its global says this. */
  readonly problem: string | null
}

/** A plugin as the prelude installs it. */
export interface SandboxPlugin {
  readonly name: string
  readonly global: string
  readonly code: string | null
  /** Members that are calls of the host half; used where there is no code. */
  readonly members: readonly string[]
  readonly problem: string | null
}

/** Texts that the isolate needs too, for the table in plugin.errors.ts. */
export const pluginTexts = {
  PLUGIN_UNAVAILABLE: (p: { plugin: string; reason: string }) =>
    `The plugin "${p.plugin}" cannot be used: ${p.reason}`,
}
