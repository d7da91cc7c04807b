// Where core, runtime and data meet: each states ports, here they are joined.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DisposableStack, systemClock, type Logger } from '@m3m/base'
import { createCore, type AgentIdentity, type Core } from '@m3m/core'
import { createDataEngine, createFileStore, createSecretBox, type DataEngine } from '@m3m/data'
import type { Datastore } from '@m3m/datastore'
import {
  createFront,
  createPluginCatalogue,
  createAgentLogs,
  createRequestRecorder,
  createRunLogs,
  createServiceReference,
  createServiceTypes,
  createSupervisor,
  createToolPool,
  createZipStreams,
  type Front,
  type PluginCatalogue,
  type RequestRecorder,
  type AgentLogFiles,
  type RunLogFiles,
  type RuntimeSupervisor,
  type ToolPool,
  type ZipStreams,
} from '@m3m/runtime'
import { agentDefaults } from './adapters/agent-defaults.ts'
import { createAgentMeter } from './adapters/agent-meter.ts'
import { createAlertPost } from './adapters/alert-post.ts'
import { createAvatars, type Avatars } from './adapters/avatars.ts'
import { createCompiler } from './adapters/compiler.ts'
import { keepUp, repairAfterCrash } from './adapters/data-care.ts'
import { createMailTransport } from './adapters/mail-transport.ts'
import { createPreviews, type Previews } from './adapters/previews.ts'
import { createWaitingArchives, type WaitingArchives } from './moving/waiting-archives.ts'
import { expireUploads } from './adapters/expire-uploads.ts'
import { createDiskMeter } from './adapters/disk-meter.ts'
import { createIdleReasons } from './adapters/idle-reasons.ts'
import { createProjectFiles } from './adapters/project-files.ts'
import { createReleaseFeed } from './adapters/release-feed.ts'
import { createStarterShelf } from './adapters/starter-shelf.ts'
import { createStoredFiles, type AgentFiles } from './adapters/stored-files.ts'
import { createBackupFolder, type Restarter } from './backup/backup-folder.ts'
import { createAccessTokens } from './auth/access-tokens.ts'
import { createFileLinkKeys } from './auth/file-link-keys.ts'
import { createPasswords } from './auth/passwords.ts'
import { createTickets } from './auth/tickets.ts'
import type { AgentConfig } from './config/read-config.ts'
import { AGENT_VERSION } from './version.ts'

/** Beside `apps`, in the repository and in the agent that the desktop app brings along. */
const STARTERS = fileURLToPath(new URL('../../../examples', import.meta.url))

interface AgentParts {
  config: AgentConfig
  /** What signs the sign-ins. */
  secret: string
  /** What opens variables of the type Secret: 32 bytes each in base64url, the first seals. */
  secretKeys: readonly string[]
  datastore: Datastore
  /** Names of cookies that services must never see. */
  panelCookies: readonly string[]
  /** Folder of the files by which the next start ends what this one left behind. */
  processFolder: string
  /** The agent's own ports, as far as they are open: no service reaches them. */
  ownPorts(): readonly number[]
  /** Where the panel answers on this machine, once it does. */
  panelUrl(): string | null
  /** Restores a backup in place of this agent's data. Absent where nothing starts the agent again. */
  restart?: Restarter | undefined
  /** Where services answer, as far as it is known yet. */
  services: AgentIdentity['services']
  logger: Logger
}

/** The whole agent but its ports. Whoever composes it ends it: services drain, then the helpers go. */
export interface ComposedAgent extends AsyncDisposable {
  core: Core
  data: DataEngine
  supervisor: RuntimeSupervisor
  front: Front
  runLogs: RunLogFiles
  agentLogs: AgentLogFiles
  storedFiles: AgentFiles
  previews: Previews
  avatars: Avatars
  zips: ZipStreams
  waitingArchives: WaitingArchives
}

/** What modules read: how many tasks run at once, and what no service may reach from inside. */
function runtimeSettings({ runtime, server, mongodb }: AgentConfig): Readonly<Record<string, unknown>> {
  const { port, servicesPort = port + 1 } = server
  const uris = [mongodb.uri, mongodb.runtimeUri].filter((uri) => uri !== undefined)
  return {
    workerPoolSize: runtime.workerPoolSize,
    // Those of the configuration; the ones really open come with each start.
    ownPorts: [port, servicesPort].filter((each) => typeof each === 'number' && each > 0),
    ownServers: uris.flatMap(mongoHosts),
  }
}

/** Limits of a project that says nothing. */
function defaultLimits({ runtime, storage }: AgentConfig) {
  const { quotaBytes } = storage
  return { ...runtime.limits, ...(quotaBytes !== undefined && { storageQuotaBytes: quotaBytes }) }
}

/** `host:port` of every member that a mongodb:// address names; 27017 where it names no port. */
function mongoHosts(uri: string): string[] {
  const members = /^mongodb:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? ''
  return members.split(',').map((host) => (/:\d+$/.test(host) ? host : `${host}:27017`))
}

export async function composeAgent(parts: AgentParts): Promise<ComposedAgent> {
  const { config, datastore, logger, processFolder } = parts
  const stack = new DisposableStack()
  const data = stack.use(openData(parts))
  const tools = stack.use(openTools(parts))
  const plugins = createPluginCatalogue({
    folder: config.plugins.path,
    config: () => core.services.plugins.values(),
    processFolder,
    logger: logger.with({ part: 'plugins' }),
  })
  const supervisor = stack.use(await openSupervisor(parts, { tools, plugins, core: () => core }))
  stack.use(keepUp(data, systemClock, logger))
  const requestRecorder = createRequestRecorder()
  const runLogs = createRunLogs({ folder: config.logging.path })
  const agentLogs = createAgentLogs({ folder: config.logging.path })
  const storedFiles = createStoredFiles(config, (projectId) =>
    core.services.projects.storageQuotaOf(projectId),
  )
  const zips = stack.use(createZipStreams({ processFolder }))
  const waitingArchives = openArchives(parts, storedFiles, stack)
  const previews = openPreviews(parts, storedFiles, stack)
  // Beside the projects' folders, which are named by ids.
  const avatars = createAvatars({ folder: join(config.storage.path, 'avatars'), tools })
  const core: Core = stack.use(
    createCore({
      db: datastore.control,
      data,
      clock: systemClock,
      logger,
      identity: { version: AGENT_VERSION, node: process.versions.node, services: parts.services },
      passwords: createPasswords(),
      tokens: createAccessTokens(parts.secret),
      compiler: createCompiler(tools),
      supervisor: repairAfterCrash(supervisor, data, logger),
      meter: supervisor,
      runControl: supervisor,
      requestRecorder,
      agentMeter: stack.use(createAgentMeter()),
      runLogs,
      agentLog: agentLogs,
      plugins,
      serviceReference: createServiceReference({ plugins }),
      serviceTypes: createServiceTypes({ data, pluginsOf: (id) => declarationsFor(core, plugins, id) }),
      starterShelf: createStarterShelf(STARTERS, logger),
      files: createProjectFiles(config.storage.path),
      operatorPictures: avatars,
      storedFiles,
      fileTickets: createTickets(parts.secret, systemClock),
      secrets: secretBox(parts),
      ...alertPorts(config, () => core),
      releaseFeed: createReleaseFeed(),
      backupStore: createBackupFolder(config, parts.restart),
      config: {
        limits: defaultLimits(config),
        maxLimits: config.runtime.maxLimits,
        isolation: config.runtime.isolation,
        plugins: config.plugins.config,
        agent: agentDefaults(config),
      },
    }),
  )
  const front = openFront(parts, { supervisor, recorder: requestRecorder, core })
  const end = () => stack[Symbol.asyncDispose]()
  return {
    core,
    data,
    supervisor,
    front,
    runLogs,
    agentLogs,
    storedFiles,
    previews,
    avatars,
    zips,
    waitingArchives,
    [Symbol.asyncDispose]: end,
  }
}

/** Exports on their way in, and the clock by which they and uploads that were cut are cleared away. */
function openArchives(
  { config, logger }: AgentParts,
  files: AgentFiles,
  stack: DisposableStack,
): WaitingArchives {
  const archives = createWaitingArchives(config.storage)
  stack.use(expireUploads({ storagePath: config.storage.path, files, archives, logger }))
  return archives
}

function openFront(
  { panelCookies, logger }: AgentParts,
  { supervisor, recorder, core }: { supervisor: RuntimeSupervisor; recorder: RequestRecorder; core: Core },
): Front {
  return createFront({
    supervisor,
    recorder,
    whyIdle: createIdleReasons(core.services),
    trustedProxies: () => core.services.agentSettings.current().proxies.trusted,
    panelCookies,
    logger: logger.with({ part: 'front' }),
  })
}

function openTools({ config, processFolder, logger }: AgentParts): ToolPool {
  return createToolPool({
    processFolder,
    checkedFolder: join(config.datastore.path, 'checked'),
    logger: logger.with({ part: 'tools' }),
  })
}

/** With a helper of their own: a folder full of pictures keeps no code from being compiled. */
function openPreviews(
  { config, processFolder, logger }: AgentParts,
  files: AgentFiles,
  stack: DisposableStack,
): Previews {
  const tools = createToolPool({
    processFolder,
    size: 1,
    maxWaiting: 256,
    logger: logger.with({ part: 'previews' }),
  })
  return createPreviews({ storagePath: config.storage.path, files, tools: stack.use(tools) })
}

/** `core` is made after it, and asked when a run starts. */
function openSupervisor(
  parts: AgentParts,
  { tools, plugins, core }: { tools: ToolPool; plugins: PluginCatalogue; core: () => Core },
): Promise<RuntimeSupervisor> {
  const { config, datastore, logger, processFolder } = parts
  const fileLinkKey = createFileLinkKeys(parts.secret)
  return createSupervisor({
    runnerEntry: fileURLToPath(new URL('compose-runner.ts', import.meta.url)),
    secrets: {
      uri: datastore.runtimeUri,
      database: datastore.dataDatabase,
      secretKeys: parts.secretKeys,
      storagePath: config.storage.path,
    },
    processFolder,
    logsPath: config.logging.path,
    storagePath: config.storage.path,
    settings: runtimeSettings(config),
    ownPorts: parts.ownPorts,
    fileLinks: (projectId) => {
      const base = core().services.agentSettings.current().address.publicUri ?? parts.panelUrl()
      return base === null ? null : { base, key: fileLinkKey(projectId).toString('base64url') }
    },
    tools,
    plugins,
    logger: logger.with({ part: 'supervisor' }),
  })
}

/** Of the plugins that a project has enabled. */
async function declarationsFor({ services }: Core, plugins: PluginCatalogue, projectId: string) {
  const project = await services.projects.find(projectId)
  return await plugins.declarations(project?.settings.plugins ?? [])
}

const secretBox = ({ secretKeys }: AgentParts) =>
  createSecretBox(secretKeys.map((key) => Buffer.from(key, 'base64url')))

/** What alerts look at and send by. */
function alertPorts(config: AgentConfig, core: () => Core) {
  const outbound = () => ({
    ...runtimeSettings(config),
    outboundAllow: core().services.agentSettings.current().outbound.allow,
  })
  return {
    alertPost: createAlertPost(outbound),
    mailTransport: createMailTransport(outbound),
    disk: createDiskMeter([config.datastore.path, config.storage.path, config.logging.path]),
  }
}

function openData(parts: AgentParts): DataEngine {
  const { config, datastore, logger } = parts
  return createDataEngine({
    db: datastore.data,
    clock: systemClock,
    logger,
    secrets: secretBox(parts),
    files: createFileStore(config.storage.path, systemClock),
  })
}
