// The plugins of this agent: what lies in the folder, whether it works, and what a runner needs to load it.
import type { ErrorShape } from '@m3m/base'
import { splitDocs } from '../reference/split-docs.ts'
import type { ReferencePage } from '../reference/service-reference.ts'
import { PLUGIN_NAME } from './manifest.ts'
import type { PluginManifest, PluginOrder } from './plugin.contract.ts'
import { pluginErrors } from './plugin.errors.ts'
import { textOf } from './plugin-folder.ts'
import { declaredMembers, declarationsOf } from './plugin-texts.ts'
import { createTrials, type TrialOptions } from './plugin-trials.ts'
import type { ProbeAnswer } from './probe.wire.ts'
import { readPlugins, type PluginPlaces, type SeenPlugin } from './read-plugins.ts'

/** What a run told of a plugin that failed in it. */
export interface PluginFailure {
  /** Unix time in milliseconds. */
  readonly atMs: number
  readonly projectId: string
  readonly runId: string
  readonly reason: string
}

/** A setting as people see it: never its value. */
export interface PluginSetting {
  readonly key: string
  readonly type: string
  readonly description: string
  readonly secret: boolean
  readonly required: boolean
  /** Set in config.yaml. */
  readonly set: boolean
  /** As JSON; null for a secret, and where there is none. */
  readonly default: string | null
}

/** A plugin as the panel shows it. */
export interface PluginInfo {
  /** The folder's name. */
  readonly name: string
  /** Null when plugin.json cannot be read. */
  readonly manifest: Omit<PluginManifest, 'config' | 'entry' | 'sandbox' | 'types' | 'docs'> | null
  readonly members: readonly string[]
  readonly settings: readonly PluginSetting[]
  /** Why it cannot be used; null when it can. */
  readonly problem: ErrorShape | null
  /** Stack lines of the problem in the plugin's own files; may be empty. */
  readonly details: string
  /** The last ones first. */
  readonly failures: readonly PluginFailure[]
}

/** What the agent asks about its plugins. Nothing of a plugin is evaluated or parsed in this process but its plugin.json. */
export interface PluginCatalogue {
  /** All of them, by name. New and changed ones are tried out first, each in a process of its own. */
  list(): Promise<PluginInfo[]>
  /** Tries one out again, changed or not. */
  check(name: string): Promise<void>
  /** Orders for a run, with the reason in those that cannot be used. A name that is none is left out. */
  orders(names: readonly string[]): Promise<PluginOrder[]>
  /** True when a run with one of these has a process of its own: the plugin is native, or asks for Node's modules. */
  needOwnProcess(names: readonly string[]): Promise<boolean>
  /** Declarations of those that have a valid plugin.json, for the editor. */
  declarations(names: readonly string[]): Promise<{ definition: { name: string }; dts: string }[]>
  /** Pages for the reference, of all that have docs. */
  pages(): Promise<ReferencePage[]>
  /** A run tells why a plugin failed in it. */
  noteFailure(plugin: string, failure: PluginFailure): void
}

export interface PluginCatalogueOptions extends PluginPlaces, TrialOptions {}

const MAX_FAILURES = 20
const MAX_TEXT_BYTES = 256 * 1024

/** Reads the folder anew at every question: plugins come and go while the agent runs. */
export function createPluginCatalogue(options: PluginCatalogueOptions): PluginCatalogue {
  const trials = createTrials(options)
  const failures = new Map<string, PluginFailure[]>()
  const seen = () => readPlugins(options)
  const named = (names: readonly string[]) => seen().filter(({ name }) => names.includes(name))

  return {
    async list() {
      return await Promise.all(
        seen().map(async (plugin) =>
          infoOf(plugin, await trials.of(plugin), failures.get(plugin.name) ?? []),
        ),
      )
    },
    async check(name) {
      const [plugin] = named([name])
      if (!plugin) throw pluginErrors.PLUGIN_MISSING({ plugin: name.slice(0, 100) })
      failures.delete(name)
      trials.forget(name)
      await trials.of(plugin)
    },
    async orders(names) {
      const there = new Map(named(names).map((plugin) => [plugin.name, plugin]))
      return await Promise.all(
        names
          .filter((name) => PLUGIN_NAME.test(name))
          .map(async (name) => {
            const plugin = there.get(name)
            return plugin ? orderOf(plugin, await trials.of(plugin)) : missing(name)
          }),
      )
    },
    async needOwnProcess(names) {
      return named(names).some(
        ({ manifest }) => manifest?.kind === 'native' || manifest?.permissions.includes('node') === true,
      )
    },
    async declarations(names) {
      return named(names).flatMap(({ manifest, folder }) =>
        manifest
          ? [
              {
                definition: { name: manifest.global },
                dts: declarationsOf(manifest, textOf(folder, manifest.types, MAX_TEXT_BYTES)),
              },
            ]
          : [],
      )
    },
    async pages() {
      return seen().flatMap((plugin) => pageOf(plugin) ?? [])
    },
    noteFailure(name, failure) {
      failures.set(name, [failure, ...(failures.get(name) ?? [])].slice(0, MAX_FAILURES))
    },
  }
}

function problemOf({ problem }: SeenPlugin, trial: ProbeAnswer | null): ErrorShape | null {
  if (problem) return problem.toShape()
  return trial && !trial.ok ? trial.error : null
}

function orderOf(plugin: SeenPlugin, trial: ProbeAnswer | null): PluginOrder {
  const { name, folder, revision, manifest, settings } = plugin
  const problem = problemOf(plugin, trial)?.message ?? null
  if (!manifest) return { ...missing(name), problem }
  return {
    name,
    global: manifest.global,
    kind: manifest.kind,
    folder,
    revision,
    entry: manifest.entry,
    permissions: manifest.permissions,
    config: settings,
    sandboxCode: trial?.ok ? trial.sandboxCode : null,
    problem,
  }
}

function missing(name: string): PluginOrder {
  const global = name.replace(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase())
  const { message } = pluginErrors.PLUGIN_MISSING({ plugin: name })
  const nothing = { folder: '', revision: '', entry: '', permissions: [], config: {}, sandboxCode: null }
  return { name, global, kind: 'js', ...nothing, problem: message }
}

function infoOf(
  plugin: SeenPlugin,
  trial: ProbeAnswer | null,
  failures: readonly PluginFailure[],
): PluginInfo {
  const { name, folder, manifest, given } = plugin
  const members = trial?.ok ? trial.members : null
  return {
    name,
    manifest: manifest && shown(manifest),
    members:
      members ?? (manifest ? declaredMembers(manifest, textOf(folder, manifest.types, MAX_TEXT_BYTES)) : []),
    settings: Object.entries(manifest?.config ?? {}).map(([key, each]) => ({
      key,
      type: each.type,
      description: each.description,
      secret: each.secret,
      required: each.required,
      set: given.includes(key),
      default: each.secret || each.default === undefined ? null : JSON.stringify(each.default),
    })),
    problem: problemOf(plugin, trial),
    details: trial && !trial.ok ? trial.details : '',
    failures,
  }
}

function shown({ config: _, entry: __, sandbox: ___, types: ____, docs: _____, ...rest }: PluginManifest) {
  return rest
}

function pageOf({ folder, manifest }: SeenPlugin): ReferencePage | null {
  const docs = manifest && textOf(folder, manifest.docs, MAX_TEXT_BYTES)
  if (!manifest || docs === null) return null
  const declarations = declarationsOf(manifest, textOf(folder, manifest.types, MAX_TEXT_BYTES)).trim()
  return { name: manifest.global, aliases: [], twin: true, ...splitDocs(docs), declarations }
}
