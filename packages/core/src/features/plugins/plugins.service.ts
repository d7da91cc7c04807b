import type { z } from 'zod'
import { accessErrors } from '../access/access.errors.ts'
import type { SignedIn } from '../access/actor.schema.ts'
import type { AuditService } from '../audit/audit.service.ts'
import type { Project, ProjectsService } from '../projects/projects.service.ts'
import type { FoundPlugin, PluginCatalogue, PluginValues } from './plugin-catalogue.port.ts'
import type { PluginSettings } from './plugin-settings.ts'
import { pluginsErrors } from './plugins.errors.ts'
import type {
  configurePluginInput,
  enablePluginInput,
  PluginFailure,
  PluginSettingValue,
  PluginState,
  PluginView,
  ProjectPlugin,
} from './plugins.schema.ts'

/** Plugins of the agent: which there are, what they are set to, and which project uses which. */
export interface PluginsService {
  /** The agent's list, with settings and who uses what. */
  list(): Promise<PluginView[]>
  /** What a project may enable, and what it has enabled even if that is gone; without a project what there is. @throws ACCESS_NO_PROJECT */
  available(projectId?: string): Promise<ProjectPlugin[]>
  /** Looks at the folder and tries everything out again. */
  rescan(actor: SignedIn): Promise<PluginView[]>
  /** Tries one out again. @throws PLUGINS_UNKNOWN */
  check(actor: SignedIn, plugin: string): Promise<PluginView>
  /** Holds from the next start of a service on. @throws PLUGINS_UNKNOWN when there is none to switch on, PLUGINS_TOO_MANY */
  enable(actor: SignedIn, input: z.output<typeof enablePluginInput>): Promise<ProjectPlugin[]>
  /** Holds from the next start of the services that use it on. @throws PLUGINS_UNKNOWN and what {@link PluginSettings} throws */
  configure(actor: SignedIn, input: z.output<typeof configurePluginInput>): Promise<PluginView>
  /** All settings that hold, secrets open: for those who load plugins, never for the wire. */
  values(): PluginValues
  /** Seals secret settings with the first key; gives back how many. @throws ENV_SECRET_KEY */
  reseal(): Promise<number>
  load(): Promise<void>
}

export interface PluginsDeps {
  catalogue: PluginCatalogue
  settings: PluginSettings
  projects: Pick<ProjectsService, 'all' | 'find' | 'setPlugin' | 'noteSettingsChange'>
  audit: AuditService
}

/** A project that needs more has made something else of plugins; each of them is loaded at every start. */
export const MAX_PLUGINS_OF_PROJECT = 20
/** A plugin is tried out in a second or two; one that hangs must not hold up the page. */
const PATIENCE_MS = 2_000

export function createPlugins({ catalogue, settings, projects, audit }: PluginsDeps): PluginsService {
  const found = () => catalogue.list({ patienceMs: PATIENCE_MS })
  async function foundOne(name: string): Promise<FoundPlugin> {
    const plugin = (await found()).find((each) => each.name === name)
    if (!plugin) throw pluginsErrors.PLUGINS_UNKNOWN({ plugin: name })
    return plugin
  }
  const view = (plugin: FoundPlugin, all: readonly Project[]) => viewOf(plugin, all, settings)
  const viewNamed = async (name: string) => view(await foundOne(name), await projects.all())

  async function list(): Promise<PluginView[]> {
    const [plugins, all] = await Promise.all([found(), projects.all()])
    return plugins.map((plugin) => view(plugin, all))
  }
  async function projectOf(projectId: string): Promise<Project> {
    const project = await projects.find(projectId)
    if (!project) throw accessErrors.ACCESS_NO_PROJECT({ project: projectId })
    return project
  }
  async function available(projectId?: string): Promise<ProjectPlugin[]> {
    const [project, plugins] = await Promise.all([projectId ? projectOf(projectId) : null, found()])
    return projectViews(project, plugins)
  }

  return {
    list,
    available,
    async rescan(actor) {
      catalogue.rescan()
      await audit.add(actor, { action: 'plugins.rescan' })
      return list()
    },
    async check(actor, plugin) {
      await foundOne(plugin)
      await catalogue.check(plugin)
      await audit.add(actor, { action: 'plugins.check', target: plugin })
      return viewNamed(plugin)
    },
    async enable(actor, { projectId, plugin, enabled }) {
      const { plugins: had } = (await projectOf(projectId)).settings
      if (had.includes(plugin) === enabled) return available(projectId)
      if (enabled) await foundOne(plugin)
      if (enabled && had.length >= MAX_PLUGINS_OF_PROJECT)
        throw pluginsErrors.PLUGINS_TOO_MANY({ max: MAX_PLUGINS_OF_PROJECT })
      await projects.setPlugin(projectId, plugin, enabled)
      const action = enabled ? 'plugins.enable' : 'plugins.disable'
      await audit.add(actor, { action, projectId, target: plugin })
      return available(projectId)
    },
    async configure(actor, input) {
      const { name, settings: declared } = await foundOne(input.plugin)
      const change = await settings.save(actor, input, declared)
      const users = (await projects.all()).filter((project) => project.settings.plugins.includes(name))
      await projects.noteSettingsChange(users.map(({ id }) => id))
      await audit.add(actor, { action: 'plugins.configure', target: name, ...change })
      return viewNamed(name)
    },
    values: settings.values,
    reseal: settings.reseal,
    load: settings.load,
  }
}

function viewOf(plugin: FoundPlugin, all: readonly Project[], settings: PluginSettings): PluginView {
  const { name, details } = plugin
  const users = all.filter((project) => project.settings.plugins.includes(name))
  return {
    ...factsOf(plugin, () => true),
    details,
    settings: plugin.settings.map((setting) => {
      const { set: _, value, default: fallback, ...rest } = setting
      const source = settings.sourceOf(name, setting)
      return { ...rest, source, value: shown(value), default: shown(fallback) }
    }),
    staleSettings: settings.staleOf(name, plugin.settings),
    revision: settings.revisionOf(name),
    projects: users.map(({ id, name: title, slug }) => ({ id, name: title, slug })),
  }
}

function shown(value: unknown): PluginSettingValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  const isTexts = Array.isArray(value) && value.every((each) => typeof each === 'string')
  return isTexts ? (value as string[]) : JSON.stringify(value)
}

/** A member of a project learns nothing of other projects, and no place on the server. */
function projectViews(project: Project | null, found: readonly FoundPlugin[]): ProjectPlugin[] {
  const enabled = project?.settings.plugins ?? []
  const there = found
    .filter(({ name, manifest }) => manifest !== null || enabled.includes(name))
    .map((plugin) => ({
      ...factsOf(plugin, (id) => id === project?.id),
      enabled: enabled.includes(plugin.name),
    }))
  const gone = enabled.filter((name) => !found.some((plugin) => plugin.name === name)).map(goneView)
  return [...there, ...gone]
}

function factsOf(plugin: FoundPlugin, mayKnow: (projectId: string) => boolean) {
  const { name, manifest, members, problem, failures } = plugin
  return {
    name,
    manifest,
    members,
    state: stateOf(plugin),
    problem: problem && {
      code: problem.code,
      message: problem.message,
      ...(problem.params && { params: problem.params }),
    },
    failures: failures
      .filter(({ projectId }) => mayKnow(projectId))
      .map(({ atMs, ...failure }): PluginFailure => ({ at: new Date(atMs).toISOString(), ...failure })),
    ownProcess: manifest?.kind === 'native' || manifest?.permissions.includes('node') === true,
  }
}

function stateOf({ problem, checking }: FoundPlugin): PluginState {
  if (problem) return problem.code === 'PLUGIN_NOT_BUILT' ? 'unbuilt' : 'broken'
  return checking ? 'checking' : 'ready'
}

function goneView(name: string): ProjectPlugin {
  return {
    ...{ name, manifest: null, members: [], state: 'broken', failures: [], ownProcess: false },
    problem: pluginsErrors.PLUGINS_UNKNOWN({ plugin: name }).toField(),
    enabled: true,
  }
}
