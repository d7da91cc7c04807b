import type { ErrorShape, FieldError } from '@m3m/base'
import type { PluginManifestView } from './plugins.schema.ts'

/** A setting as the plugin declares it, with what it is set to. */
export interface FoundSetting {
  readonly key: string
  readonly type: string
  readonly description: string
  readonly secret: boolean
  readonly required: boolean
  /** Somebody set it; otherwise its default holds. */
  readonly set: boolean
  /** Null for a secret, and where it is not set. */
  readonly value: unknown
  /** Null for a secret, and where there is none. */
  readonly default: unknown
}

/** A folder in `plugins.path`, usable or not. */
export interface FoundPlugin {
  readonly name: string
  /** Null when its plugin.json cannot be read. */
  readonly manifest: PluginManifestView | null
  readonly members: readonly string[]
  readonly settings: readonly FoundSetting[]
  /** It is still being tried out. */
  readonly checking: boolean
  readonly problem: ErrorShape | null
  /** Lines of the problem's stack in the plugin's own files; may be empty. */
  readonly details: string
  /** What runs told of it, the last ones first. */
  readonly failures: readonly {
    atMs: number
    projectId: string
    runId: string
    reason: string
    because?: FieldError
  }[]
}

/** Settings that were set, by plugin and setting. */
export type PluginValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Knows the folder of plugins. Implemented by @m3m/runtime, joined in apps/agent/src/compose-agent.ts. */
export interface PluginCatalogue {
  /** All of them by name; those that are not tried out within `patienceMs` are `checking`. */
  list(options?: { patienceMs?: number }): Promise<FoundPlugin[]>
  /** Tries one out again. @throws PLUGIN_MISSING */
  check(name: string): Promise<void>
  /** Forgets what is known of all of them. */
  rescan(): void
  /** What would be wrong with settings, by their names. @throws PLUGIN_MISSING, or why its plugin.json cannot be read */
  settingProblems(name: string, given: Readonly<Record<string, unknown>>): Promise<Record<string, string>>
  /** True when a run with one of these has a process of its own. */
  needOwnProcess(names: readonly string[]): Promise<boolean>
}
