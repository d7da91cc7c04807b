import type { ErrorParams, FieldError } from '@m3m/base'
import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'

/** What a plugin may ask for in its plugin.json. */
export type PluginPermission = 'network' | 'storage' | 'node'

/** The folder's name. What lies there may be named in any way; nothing but these can be enabled. */
export const pluginNameSchema = z
  .string()
  .max(50)
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'A plugin has lower-case letters, digits and single dashes.')

/** With a project: what it may enable, what it has enabled, and how that went. Without: only what there is. */
export const pluginsInput = z.object({ projectId: idSchema.optional() }).default({})
export const checkPluginInput = z.object({ plugin: z.string().min(1).max(200) })
export const enablePluginInput = z.object({
  projectId: idSchema,
  plugin: pluginNameSchema,
  enabled: z.boolean(),
})

const settingValue = z.union([
  z.string().max(20_000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(2_000)).max(500),
])

/** Settings that are absent stay; `null` gives one back to config.yaml, or to the plugin's default. */
export const configurePluginInput = z.object({
  plugin: pluginNameSchema,
  settings: z.record(z.string().max(50), settingValue.nullable()),
  /** From the last `plugins.list`: refused when somebody saved in between. */
  revision: z.int().min(0).optional(),
})

/** plugin.json, as far as people look at it. */
export interface PluginManifestView {
  name: string
  /** The module's name in services; its twin is `$global`. */
  global: string
  version: string
  /** The versions of the plugin API that it is made for. */
  api: string
  author: string
  /** Where to read more; `''` for none. */
  url: string
  description: string
  kind: 'js' | 'native'
  permissions: readonly PluginPermission[]
}

/** Where the value of a setting comes from. */
export type PluginSettingSource = 'panel' | 'config' | 'default' | 'none'

/** Null: none. What config.yaml has of another shape is shown as JSON. */
export type PluginSettingValue = string | number | boolean | string[] | null

export interface PluginSettingView {
  key: string
  /** `string`, `integer`, `number`, `boolean` or `strings` (a list of texts). */
  type: string
  description: string
  secret: boolean
  required: boolean
  source: PluginSettingSource
  /** As it was set; null where it was not, and always for a secret. */
  value: PluginSettingValue
  /** Null where there is none, and always for a secret. */
  default: PluginSettingValue
}

/**
 * `checking`: it is still being tried out. `unbuilt`: its shared object has to be made first, `problem` says so.
 * `broken`: it cannot be used, `problem` says why.
 */
export type PluginState = 'ready' | 'checking' | 'unbuilt' | 'broken'

export interface PluginProblem {
  code: string
  /** Names the value at fault and the cure. */
  message: string
  /** The values that it names. */
  params?: ErrorParams
}

/** A run in which it failed. */
export interface PluginFailure {
  at: IsoDate
  projectId: string
  runId: string
  reason: string
  /** The same as a code with its values, for another language; absent where the plugin itself said it. */
  because?: FieldError
}

interface PluginFacts {
  name: string
  /** Null when plugin.json cannot be read, or when the folder is gone. */
  manifest: PluginManifestView | null
  /** Members of its module, as far as they are known. */
  members: readonly string[]
  state: PluginState
  problem: PluginProblem | null
  /** The last ones first. */
  failures: PluginFailure[]
  /** Projects that enable it have a process of their own. */
  ownProcess: boolean
}

/** A plugin on the agent's page. */
export interface PluginView extends PluginFacts {
  /** Lines of the problem's stack in the plugin's own files; may be empty. */
  details: string
  settings: PluginSettingView[]
  /** Settings of the panel that the plugin does not have any more; they go with the next change. */
  staleSettings: string[]
  /** Counts the changes of its settings in the panel. */
  revision: number
  /** Projects that enable it, by name. */
  projects: { id: string; name: string; slug: string }[]
}

/** A plugin as members of a project see it. */
export interface ProjectPlugin extends PluginFacts {
  /** By the project that was asked for. */
  enabled: boolean
}
