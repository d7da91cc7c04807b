// Settings of plugins: what the panel sets over config.yaml, secrets sealed.
import type { Clock, Logger } from '@m3m/base'
import type { SecretBox } from '@m3m/data'
import type { z } from 'zod'
import type { Actor } from '../access/actor.schema.ts'
import type { FoundSetting, PluginCatalogue, PluginValues } from './plugin-catalogue.port.ts'
import { pluginsErrors } from './plugins.errors.ts'
import type { PluginSettingsDoc, PluginsRepo } from './plugins.repo.ts'
import type { configurePluginInput, PluginSettingSource } from './plugins.schema.ts'

export interface PluginSettingsDeps {
  repo: PluginsRepo
  catalogue: PluginCatalogue
  /** `plugins.config` of config.yaml. */
  fromConfig: PluginValues
  secrets: SecretBox | undefined
  clock: Clock
  logger: Logger
}

/** Before and after, for the audit; secrets only say that they changed. */
export interface SettingsChange {
  before: Record<string, unknown>
  after: Record<string, unknown>
}

export interface PluginSettings {
  /** All that is set, panel over config.yaml, secrets open. Never for the wire. */
  values(): PluginValues
  revisionOf(plugin: string): number
  sourceOf(plugin: string, setting: FoundSetting): PluginSettingSource
  /** Settings of the panel that the plugin, as it is now, does not have; they go with the next change. */
  staleOf(plugin: string, settings: readonly FoundSetting[]): string[]
  /**
   * All at once, or nothing.
   * @throws PLUGINS_SETTINGS with `fields`, PLUGINS_CHANGED, PLUGINS_NO_KEY, PLUGIN_MISSING, why its plugin.json cannot be read
   */
  save(
    actor: Actor,
    input: z.output<typeof configurePluginInput>,
    settings: readonly FoundSetting[],
  ): Promise<SettingsChange>
  /** Seals secrets with the first key; gives back how many. @throws ENV_SECRET_KEY */
  reseal(): Promise<number>
  /** Reads what is stored. Called once, before anything is served. */
  load(): Promise<void>
}

export function createPluginSettings(deps: PluginSettingsDeps): PluginSettings {
  const { repo, fromConfig } = deps
  let docs = new Map<string, PluginSettingsDoc>()
  let values: PluginValues = fromConfig

  function hold(next: Iterable<PluginSettingsDoc>): void {
    docs = new Map([...next].map((doc) => [doc._id, doc]))
    values = merged(deps, docs)
  }
  async function replace(next: PluginSettingsDoc): Promise<void> {
    const expected = docs.get(next._id)?.revision ?? 0
    if (!(await repo.replace(next, expected))) throw pluginsErrors.PLUGINS_CHANGED({ plugin: next._id })
    hold([...docs.values()].filter(({ _id }) => _id !== next._id).concat(next))
  }

  return {
    values: () => values,
    revisionOf: (plugin) => docs.get(plugin)?.revision ?? 0,
    sourceOf(plugin, { key, set, secret, default: fallback }) {
      const doc = docs.get(plugin)
      if (doc && (Object.hasOwn(doc.values, key) || Object.hasOwn(doc.sealed, key))) return 'panel'
      if (set) return 'config'
      // The default of a secret is never shown, nor that it has one.
      return fallback !== null || secret ? 'default' : 'none'
    },
    staleOf: (plugin, settings) => staleKeys(docs.get(plugin), settings),
    async save(actor, { plugin, settings: changes, revision }, settings) {
      const before = docs.get(plugin)
      if (revision !== undefined && revision !== (before?.revision ?? 0))
        throw pluginsErrors.PLUGINS_CHANGED({ plugin })
      const secret = new Set(settings.flatMap((each) => (each.secret ? [each.key] : [])))
      const stale = staleKeys(before, settings)
      const next = changed(deps, { plugin, before, changes, stale, secret, by: actor.name })
      await check(deps, plugin, merged(deps, new Map([[plugin, next]]))[plugin] ?? {}, changes)
      await replace(next)
      const shown = (doc: PluginSettingsDoc | undefined, mark: string) =>
        Object.fromEntries(
          Object.keys(changes).map((key) => [key, secret.has(key) ? mark : (doc?.values[key] ?? null)]),
        )
      return { before: shown(before, 'secret'), after: shown(next, 'changed') }
    },
    async reseal() {
      let count = 0
      for (const doc of docs.values()) {
        const entries = Object.entries(doc.sealed)
        const { secrets } = deps
        if (entries.length === 0 || !secrets) continue
        const sealed = Object.fromEntries(
          entries.map(([key, text]) => [key, secrets.seal(secrets.open(text))]),
        )
        await replace({ ...doc, revision: doc.revision + 1, sealed })
        count += entries.length
      }
      return count
    },
    load: async () => hold(await repo.all()),
  }
}

/** The panel's values over those of config.yaml. A secret that cannot be opened is not set: its plugin then says so. */
function merged(
  { fromConfig, secrets, logger }: PluginSettingsDeps,
  docs: ReadonlyMap<string, PluginSettingsDoc>,
): PluginValues {
  const all: Record<string, Record<string, unknown>> = {}
  for (const plugin of new Set([...Object.keys(fromConfig), ...docs.keys()])) {
    const { values = {}, sealed = {} } = docs.get(plugin) ?? {}
    all[plugin] = { ...fromConfig[plugin], ...values }
    for (const [key, text] of Object.entries(sealed)) {
      try {
        if (!secrets) throw new Error('this agent has no key for secrets')
        all[plugin][key] = JSON.parse(secrets.open(text)) as unknown
      } catch (error) {
        logger.error('a secret setting of a plugin cannot be opened; type it again', { plugin, key, error })
      }
    }
  }
  return all
}

interface Change {
  plugin: string
  before: PluginSettingsDoc | undefined
  changes: Readonly<Record<string, unknown>>
  stale: readonly string[]
  secret: ReadonlySet<string>
  by: string
}

function staleKeys(doc: PluginSettingsDoc | undefined, settings: readonly FoundSetting[]): string[] {
  const known = new Set(settings.map(({ key }) => key))
  return [...Object.keys(doc?.values ?? {}), ...Object.keys(doc?.sealed ?? {})].filter(
    (key) => !known.has(key),
  )
}

function changed(
  { secrets, clock }: PluginSettingsDeps,
  { plugin, before, changes, stale, secret, by }: Change,
): PluginSettingsDoc {
  const values = { ...before?.values }
  const sealed = { ...before?.sealed }
  const gone = stale.map((key) => [key, null] as const)
  for (const [key, value] of [...Object.entries(changes), ...gone]) {
    delete values[key]
    delete sealed[key]
    if (value === null) continue
    if (!secret.has(key)) values[key] = value
    else if (secrets) sealed[key] = secrets.seal(JSON.stringify(value))
    else throw pluginsErrors.PLUGINS_NO_KEY({ key })
  }
  const revision = (before?.revision ?? 0) + 1
  return { _id: plugin, revision, values, sealed, at: new Date(clock.now()), by }
}

/** A setting that is wrong because nobody ever set it keeps nobody from setting another one. */
async function check(
  { catalogue }: PluginSettingsDeps,
  plugin: string,
  values: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const problems = Object.entries(await catalogue.settingProblems(plugin, values)).filter(
    ([key]) => Object.hasOwn(changes, key) && (changes[key] !== null || Object.hasOwn(values, key)),
  )
  if (problems.length === 0) return
  const fields = Object.fromEntries(
    problems.map(([key, problem]) => {
      const { code, message } = pluginsErrors.PLUGINS_SETTING({ problem })
      return [`settings.${key}`, { code, message }]
    }),
  )
  const text = problems.map(([key, problem]) => `"${key}" ${problem}`).join('; ')
  throw pluginsErrors.PLUGINS_SETTINGS({ plugin, problems: text }, { fields })
}
