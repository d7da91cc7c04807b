// The plugins of this agent: what lies in the folder, whether it works, and what a runner needs to load it.
import type { ErrorShape, FieldError } from '@m3m/base'
import { describePage } from '../reference/reference-page.ts'
import type { ReferencePage } from '../reference/reference-page.ts'
import { PLUGIN_NAME, settingProblems } from './manifest.ts'
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
  /** The same as a code with its values; absent where the plugin itself said it. */
  readonly because?: FieldError
}

/** A setting as people see it; of a secret never the value. */
export interface PluginSetting {
  readonly key: string
  readonly type: string
  readonly description: string
  readonly secret: boolean
  readonly required: boolean
  /** Somebody set it; otherwise its default holds. */
  readonly set: boolean
  /** As it was set. Null for a secret, and where it is not set. */
  readonly value: unknown
  /** Null for a secret, and where there is none. */
  readonly default: unknown
}

/** A plugin as the panel shows it. */
export interface PluginInfo {
  /** The folder's name. */
  readonly name: string
  /** Null when plugin.json cannot be read. */
  readonly manifest: Omit<PluginManifest, 'config' | 'entry' | 'sandbox' | 'types' | 'docs'> | null
  readonly members: readonly string[]
  readonly settings: readonly PluginSetting[]
  /** It is still being tried out; whether it works is not known yet. */
  readonly checking: boolean
  /** Why it cannot be used; null when it can. */
  readonly problem: ErrorShape | null
  /** Stack lines of the problem in the plugin's own files; may be empty. */
  readonly details: string
  /** The last ones first. */
  readonly failures: readonly PluginFailure[]
}

/** What the agent asks about its plugins. Nothing of a plugin is evaluated or parsed in this process but its plugin.json. */
export interface PluginCatalogue {
  /**
   * All of them, by name. New and changed ones are tried out, each in a process of its own; it is waited for them as long
   * as `patienceMs` says (default: to the end), and those that take longer are `checking`.
   */
  list(options?: { patienceMs?: number }): Promise<PluginInfo[]>
  /** Tries one out again, changed or not, and forgets its failures. @throws PLUGIN_MISSING */
  check(name: string): Promise<void>
  /** Tries all of them out again when they are asked for next, changed or not, and forgets their failures. */
  rescan(): void
  /** What would be wrong with these settings of a plugin, by their names. @throws PLUGIN_MISSING, or why its plugin.json cannot be read */
  settingProblems(name: string, given: Readonly<Record<string, unknown>>): Promise<Record<string, string>>
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

export interface PluginCatalogueOptions extends Pick<PluginPlaces, 'folder'>, TrialOptions {
  /** Settings that were set, by plugin; asked anew at every question. */
  config(): PluginPlaces['config']
}

const MAX_FAILURES = 20
const MAX_TEXT_BYTES = 256 * 1024

/** Reads the folder anew at every question: plugins come and go while the agent runs. */
export function createPluginCatalogue(options: PluginCatalogueOptions): PluginCatalogue {
  const trials = createTrials(options)
  const failures = new Map<string, PluginFailure[]>()
  const seen = () => readPlugins({ folder: options.folder, config: options.config() })
  const named = (names: readonly string[]) => seen().filter(({ name }) => names.includes(name))
  const one = (name: string): SeenPlugin => {
    const [plugin] = named([name])
    if (!plugin) throw pluginErrors.PLUGIN_MISSING({ plugin: name.slice(0, 100) })
    return plugin
  }

  return {
    async list({ patienceMs } = {}) {
      const plugins = seen()
      const tried = plugins.map((plugin) => trials.of(plugin))
      const answers = await withPatience(tried, patienceMs)
      return plugins.map((plugin, i) => infoOf(plugin, answers[i], failures.get(plugin.name) ?? []))
    },
    async check(name) {
      const plugin = one(name)
      failures.delete(name)
      trials.forget(name)
      await trials.of(plugin)
    },
    rescan() {
      failures.clear()
      trials.forget()
    },
    async settingProblems(name, given) {
      const { manifest, problem } = one(name)
      if (!manifest) throw problem!
      return settingProblems(manifest, given)
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

/** What each promise came to; undefined for those that did not within the time. */
async function withPatience<T>(promises: Promise<T>[], patienceMs?: number): Promise<(T | undefined)[]> {
  const answers: (T | undefined)[] = promises.map(() => undefined)
  const all = Promise.all(promises.map(async (promise, i) => void (answers[i] = await promise)))
  if (patienceMs === undefined) await all
  else await pause(patienceMs, all)
  return answers
}

/** Settles after `ms`, or with `first` when that is sooner. */
async function pause(ms: number, first: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([first, late])
  clearTimeout(timer)
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

/** `undefined` as a trial: it goes on. */
function infoOf(
  plugin: SeenPlugin,
  answer: ProbeAnswer | null | undefined,
  failures: readonly PluginFailure[],
): PluginInfo {
  const { name, folder, manifest } = plugin
  const trial = answer ?? null
  const members = trial?.ok ? trial.members : null
  return {
    name,
    manifest: manifest && shown(manifest),
    members:
      members ?? (manifest ? declaredMembers(manifest, textOf(folder, manifest.types, MAX_TEXT_BYTES)) : []),
    settings: manifest ? settingsShown(manifest, plugin) : [],
    checking: answer === undefined,
    problem: problemOf(plugin, trial),
    details: trial && !trial.ok ? trial.details : '',
    failures,
  }
}

function settingsShown({ config }: PluginManifest, { given }: SeenPlugin): PluginSetting[] {
  return Object.entries(config).map(([key, { type, description, secret, required, default: fallback }]) => {
    const set = Object.hasOwn(given, key)
    return {
      ...{ key, type, description, secret, required, set },
      value: secret || !set ? null : given[key],
      default: secret ? null : (fallback ?? null),
    }
  })
}

function shown({ config: _, entry: __, sandbox: ___, types: ____, docs: _____, ...rest }: PluginManifest) {
  return rest
}

function pageOf({ folder, manifest }: SeenPlugin): ReferencePage | null {
  const docs = manifest && textOf(folder, manifest.docs, MAX_TEXT_BYTES)
  if (!manifest || docs === null) return null
  const declarations = declarationsOf(manifest, textOf(folder, manifest.types, MAX_TEXT_BYTES)).trim()
  return {
    name: manifest.global,
    aliases: [],
    twin: true,
    ...describePage(manifest.global, docs, declarations),
    plugin: manifest.name,
  }
}
