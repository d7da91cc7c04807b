import { newId } from '@m3m/base'
import type { Clock, Logger } from '@m3m/base'
import type { DataEngine, SecretBox } from '@m3m/data'
import type { Db } from 'mongodb'
import { admit, createIdentity } from './admission.ts'
import type { AdmissionDeps } from './admission.ts'
import { createAppRouter } from './app-router.ts'
import type { AppRouter, CoreServices } from './app-router.ts'
import type { RequestContext, RequestInput } from './context.ts'
import { createAccessRepo } from './features/access/access.repo.ts'
import { createAccess } from './features/access/access.service.ts'
import { createActions } from './features/actions/actions.service.ts'
import type { RunControl } from './features/actions/run-control.port.ts'
import { createAgentSettingsRepo } from './features/agent/agent-settings.repo.ts'
import { createAgentSettings } from './features/agent/agent-settings.service.ts'
import type { AgentDefaults } from './features/agent/agent-settings.service.ts'
import type { AgentIdentity } from './features/agent/agent.service.ts'
import type { ReleaseFeed } from './features/agent/release-feed.port.ts'
import { createUpdateCheck } from './features/agent/update-check.service.ts'
import { createAgentService } from './features/agent/agent.service.ts'
import type { AlertPost, DiskMeter } from './features/alerts/alert-post.port.ts'
import { createAlertsRepo } from './features/alerts/alerts.repo.ts'
import { createAlerts } from './features/alerts/alerts.service.ts'
import { createAuditRepo } from './features/audit/audit.repo.ts'
import { createAudit } from './features/audit/audit.service.ts'
import type { AccessTokens } from './features/auth/access-tokens.port.ts'
import { createSessionsRepo } from './features/auth/auth.repo.ts'
import { createAuth } from './features/auth/auth.service.ts'
import { createLoginLimits } from './features/auth/login-limits.service.ts'
import type { Passwords } from './features/auth/passwords.port.ts'
import { createSessions } from './features/auth/sessions.service.ts'
import type { SessionsService } from './features/auth/sessions.service.ts'
import { createEnvironment } from './features/environment/environment.service.ts'
import { createGoals } from './features/goals/goals.service.ts'
import { createJobLedger } from './features/jobs/job-ledger.ts'
import { createJobsRepo } from './features/jobs/jobs.repo.ts'
import { createJobs } from './features/jobs/jobs.service.ts'
import type { MailTransport } from './features/mail/mail-transport.port.ts'
import { createMailer } from './features/mail/mailer.service.ts'
import type { AgentMeter } from './features/metrics/agent-meter.port.ts'
import { createMetricsRepo } from './features/metrics/metrics.repo.ts'
import { createMetrics } from './features/metrics/metrics.service.ts'
import type { RunMeter } from './features/metrics/run-meter.port.ts'
import { createModels } from './features/models/models.service.ts'
import type { CodeUse } from './features/pipeline/code-use.port.ts'
import type { Compiler } from './features/pipeline/compiler.port.ts'
import { createPipelineRepo } from './features/pipeline/pipeline.repo.ts'
import { createPipeline } from './features/pipeline/pipeline.service.ts'
import { createApiKeysRepo } from './features/projects/api-keys.repo.ts'
import { createApiKeys } from './features/projects/api-keys.service.ts'
import type { ProjectFiles } from './features/projects/project-files.port.ts'
import { createProjectsRepo } from './features/projects/projects.repo.ts'
import { LIMIT_BOUNDS, LIMIT_NAMES } from './features/projects/projects.schema.ts'
import type { LimitName, ProjectLimitsView } from './features/projects/projects.schema.ts'
import { createProjects } from './features/projects/projects.service.ts'
import { createQueue } from './features/queue/queue.service.ts'
import { createRecordImports } from './features/records/record-imports.service.ts'
import { createRecords } from './features/records/records.service.ts'
import type { RunLogs } from './features/runs/run-logs.port.ts'
import { createRunsRepo } from './features/runs/runs.repo.ts'
import { createRuns } from './features/runs/runs.service.ts'
import type { RunsService } from './features/runs/runs.service.ts'
import type { RunLimits, Supervisor } from './features/runs/supervisor.port.ts'
import type { ServiceReference } from './features/runtime/service-reference.port.ts'
import type { ServiceTypes } from './features/runtime/service-types.port.ts'
import type { StarterShelf } from './features/starters/starter-shelf.port.ts'
import type { FileTickets } from './features/storage/file-tickets.port.ts'
import { createLinksRepo } from './features/storage/links.repo.ts'
import { createLinks } from './features/storage/links.service.ts'
import { createStorage } from './features/storage/storage.service.ts'
import type { StoredFiles } from './features/storage/stored-files.port.ts'
import { createUsersRepo } from './features/users/users.repo.ts'
import { createUsers } from './features/users/users.service.ts'
import { createViewsRepo } from './features/views/views.repo.ts'
import { createViews } from './features/views/views.service.ts'

/** Everything core needs from outside; apps/agent/src/compose-agent.ts gives it. */
export interface CoreDeps {
  /** The control database. */
  db: Db
  data: DataEngine
  clock: Clock
  logger: Logger
  identity: AgentIdentity
  passwords: Passwords
  tokens: AccessTokens
  compiler: Compiler
  supervisor: Supervisor
  runLogs: RunLogs
  /** The supervisor of @m3m/runtime is one. Absent: runs have no actions. */
  runControl?: RunControl
  /** The supervisor of @m3m/runtime is one. Absent: runs have no figures, routes or jobs. */
  meter?: RunMeter
  /** Absent: the agent has no figures. */
  agentMeter?: AgentMeter
  serviceReference: ServiceReference
  serviceTypes: ServiceTypes
  starterShelf: StarterShelf
  files: ProjectFiles
  storedFiles: StoredFiles
  fileTickets: FileTickets
  /** Seals the password of the mail server. Absent: none can be kept. */
  secrets?: SecretBox
  mailTransport: MailTransport
  alertPost: AlertPost
  disk: DiskMeter
  releaseFeed: ReleaseFeed
  config: CoreConfig
}

export interface CoreConfig {
  /** Defaults of every project (`runtime.limits`). */
  limits: RunLimits
  isolation: 'process' | 'shared'
  /** The most a project may set for itself (`runtime.maxLimits`). Absent: the bounds of the schema. */
  maxLimits?: Partial<Record<LimitName, number>>
  /** What config.yaml says where Agent settings says nothing. */
  agent: AgentDefaults
}

/** The control plane. Whoever creates it ends it: running services are drained, what should run stays desired. */
export interface Core extends AsyncDisposable {
  router: AppRouter
  services: CoreServices
  createContext(input: RequestInput): RequestContext
  /**
   * Makes indexes, writes down what a killed agent left behind and begins to start all that should run.
   * Answers when the API may be served; `services.runs` tells how the starts go on.
   */
  start(): Promise<void>
}

/** Sessions that have expired are ended so often: their sockets live on for at most this long. */
const SWEEP_MS = 60_000

/** @example await using core = createCore(deps); await core.start() */
export function createCore(deps: CoreDeps): Core {
  const { db, clock, logger, config } = deps
  const repos = createRepos(db)
  const access = createAccess({ repo: repos.access, clock, projectExists: repos.projects.exists })
  const audit = createAudit({ repo: repos.audit, access, clock, logger })
  const agentCare = createAgentCare(deps, { repos, audit })
  const { agentSettings, mailer } = agentCare
  const sessions = createSessions({
    repo: repos.sessions,
    clock,
    signInMs: () => agentSettings.current().sessions.signInMinutes * 60_000,
  })
  const limits = createLoginLimits(clock)
  const { passwords, tokens, data } = deps
  const users = createUsers({ repo: repos.users, access, sessions, limits, passwords, audit, clock })
  const auth = createAuth({
    users,
    sessions,
    limits,
    passwords,
    tokens,
    audit,
    clock,
    accessMs: () => agentSettings.current().sessions.accessMinutes * 60_000,
  })
  const projects = createProjects({
    repo: repos.projects,
    access,
    users,
    sessions,
    audit,
    limits: () => limitsView(config, agentSettings.current().outbound.allow),
    clock,
    logger,
  })
  const running = createRunning(deps, { repos, users, projects, audit, agentSettings })
  const goals = createGoals({ data, access, projects, audit, logger })
  const records = createRecords({ data, audit })
  const apiKeys = createApiKeys({ repo: repos.apiKeys, users, audit, clock })
  const queue = createQueue({ data, audit })
  const metrics = createMeasuring(deps, { repos, projects, queue, runs: running.runs })
  const services: CoreServices = {
    alerts: createAlerting(deps, {
      repos,
      projects,
      audit,
      metrics,
      runs: running.runs,
      mailer: agentCare.mailer,
    }),
    agent: createAgentService({ identity: deps.identity, mailer, audit, clock }),
    ...agentCare,
    apiKeys,
    audit,
    auth,
    ...running,
    actions: createPressing(deps, { audit, runs: running.runs }),
    metrics,
    environment: createEnvironment({ data, audit }),
    goals,
    models: createModels({ data, audit, removed: (model) => repos.views.removeModel(model) }),
    jobs: createScheduling(deps, { repos, runs: running.runs, audit }),
    queue,
    records,
    recordImports: createRecordImports({ records, clock, logger }),
    projects,
    serviceReference: deps.serviceReference,
    serviceTypes: deps.serviceTypes,
    starterShelf: deps.starterShelf,
    storage: createFiles(deps, { repos, users, projects, audit }),
    users,
    views: createViews({ repo: repos.views, data, audit, clock }),
  }
  removeWithProject(deps, services, repos)
  data.onChange((projectId, what) => running.runs.invalidate(projectId, what))

  return {
    router: createAppRouter(services),
    services,
    createContext: (input) => createContext({ auth, sessions, access, projects, goals }, logger, input),
    ...createLife(deps, { repos, services, sessions }),
  }
}

/** The agent's own settings, and what follows them. */
function createAgentCare(deps: CoreDeps, { repos, audit }: Pick<Ground, 'repos' | 'audit'>) {
  const { clock, logger, config } = deps
  const agentSettings = createAgentSettings({
    repo: repos.agentSettings,
    defaults: config.agent,
    secrets: deps.secrets,
    audit,
    clock,
    logger,
  })
  const mailer = createMailer({ account: () => agentSettings.mailAccount(), transport: deps.mailTransport })
  const updates = createUpdateCheck({
    version: deps.identity.version,
    settings: () => agentSettings.current().updates,
    feed: deps.releaseFeed,
    clock,
  })
  return { agentSettings, mailer, updates }
}

function createFiles(deps: CoreDeps, { repos, users, projects, audit }: Omit<Ground, 'agentSettings'>) {
  const { clock, storedFiles: files, fileTickets: tickets } = deps
  const links = createLinks({ repo: repos.links, users, audit, clock })
  return createStorage({ files, quotaOf: projects.storageQuotaOf, links, tickets, audit, clock })
}

function createScheduling(
  { clock, meter = NO_RUN_METER, runControl: control = NO_RUN_CONTROL }: CoreDeps,
  { repos, runs, audit }: Pick<Ground, 'repos' | 'audit'> & Pick<CoreServices, 'runs'>,
) {
  return createJobs({ repo: repos.jobs, runs, meter, control, audit, clock })
}

function createPressing(deps: CoreDeps, { runs, audit }: Pick<CoreServices, 'runs' | 'audit'>) {
  const { clock, logger, runControl: control = NO_RUN_CONTROL } = deps
  return createActions({ runs, audit, control, clock, logger })
}

function limitsView(
  { limits, isolation, maxLimits = {} }: CoreConfig,
  outboundAllow: readonly string[],
): ProjectLimitsView {
  const boundsOf = (name: LimitName) => {
    const { min, max } = LIMIT_BOUNDS[name]
    return { min, max: Math.max(min, Math.min(max, maxLimits[name] ?? max)) }
  }
  const of = <T>(value: (name: LimitName) => T) =>
    Object.fromEntries(LIMIT_NAMES.map((name) => [name, value(name)])) as Record<LimitName, T>
  return {
    defaults: of((name) => limits[name] ?? null),
    bounds: of(boundsOf),
    isolation,
    outboundAllow: [...outboundAllow],
  }
}

function createRepos(db: Db) {
  return {
    access: createAccessRepo(db),
    alerts: createAlertsRepo(db),
    agentSettings: createAgentSettingsRepo(db),
    apiKeys: createApiKeysRepo(db),
    audit: createAuditRepo(db),
    jobs: createJobsRepo(db),
    links: createLinksRepo(db),
    pipeline: createPipelineRepo(db),
    metrics: createMetricsRepo(db),
    projects: createProjectsRepo(db),
    runs: createRunsRepo(db),
    sessions: createSessionsRepo(db),
    users: createUsersRepo(db),
    views: createViewsRepo(db),
  }
}

type Repos = ReturnType<typeof createRepos>
type Ground = Pick<CoreServices, 'users' | 'projects' | 'audit' | 'agentSettings'> & { repos: Repos }

/** Runs take code from the pipeline, and the pipeline asks runs what is in use. */
function createRunning(deps: CoreDeps, { repos, users, projects, audit, agentSettings }: Ground) {
  const { compiler, clock, logger, supervisor, runLogs, config } = deps
  const codeUse: CodeUse = {
    live: (projectId) => runs.codeUse.live(projectId),
    removeUnused: (projectId, source, remove) => runs.codeUse.removeUnused(projectId, source, remove),
  }
  const pipeline = createPipeline({ repo: repos.pipeline, compiler, codeUse, users, projects, audit, clock })
  const runs: RunsService = createRuns({
    repo: repos.runs,
    projects,
    pipeline,
    supervisor,
    jobs: createJobLedger({ repo: repos.jobs, clock, logger }),
    runLogs,
    users,
    audit,
    clock,
    logger,
    limits: config.limits,
    isolation: config.isolation,
    outboundAllow: () => agentSettings.current().outbound.allow,
  })
  return { pipeline, runs }
}

function createAlerting(
  { data, clock, logger, disk, alertPost, secrets }: CoreDeps,
  {
    repos,
    ...services
  }: Omit<Ground, 'users' | 'agentSettings'> & Pick<CoreServices, 'runs' | 'metrics' | 'mailer'>,
) {
  return createAlerts({
    ...services,
    repo: repos.alerts,
    data,
    clock,
    logger,
    disk,
    post: alertPost,
    secrets,
  })
}

function createMeasuring(
  deps: CoreDeps,
  { repos, runs, projects, queue }: Pick<Ground, 'repos' | 'projects'> & Pick<CoreServices, 'runs' | 'queue'>,
) {
  const { clock, logger, config, meter = NO_RUN_METER, agentMeter = NO_AGENT_METER } = deps
  const { memoryMb } = config.limits
  return createMetrics({
    repo: repos.metrics,
    runs,
    projects,
    meter,
    agentMeter,
    identity: deps.identity,
    queue,
    memoryMb,
    clock,
    logger,
  })
}

const NO_RUN_CONTROL: RunControl = { control: async () => null }
const NO_RUN_METER: RunMeter = { figures: () => null, jobs: async () => [], controlJob: async () => false }
const NO_AGENT_METER: AgentMeter = { figures: () => null, memoryBytes: null }

/** After the run, which createRuns registered first, everything else of a project. */
function removeWithProject(
  { data, files }: CoreDeps,
  { projects, pipeline }: CoreServices,
  repos: Repos,
): void {
  projects.onRemove(async ({ id }) => {
    await pipeline.removeProject(id)
    await data.removeProject(id)
    await files.removeProject(id)
    await repos.apiKeys.removeProject(id)
    await repos.links.removeProject(id)
    await repos.alerts.removeProject(id)
    await repos.views.removeProject(id)
  })
}

function createContext(deps: AdmissionDeps, logger: Logger, input: RequestInput): RequestContext {
  const identify = createIdentity(deps.auth, input)
  return {
    ...input,
    requestId: newId(),
    logger,
    admit: (need, rawInput) => admit(deps, identify, { need, rawInput }),
  }
}

function createLife(
  { clock, logger }: CoreDeps,
  { repos, services, sessions }: { repos: Repos; services: CoreServices; sessions: SessionsService },
): Pick<Core, 'start'> & AsyncDisposable {
  let stopSweeping = () => {}
  let ended = false
  let ending: Promise<void> | undefined
  let starting: Promise<void> = Promise.resolve()

  function sweepLater(): void {
    stopSweeping = clock.after(SWEEP_MS, () => {
      sessions
        .sweep()
        .catch((error: unknown) => logger.error('expired sessions not ended', { error }))
        .finally(() => !ended && sweepLater())
        .catch(() => {})
    })
  }

  return {
    async start() {
      for (const repo of Object.values(repos)) await ensureIndexes(repo)
      await services.agentSettings.load()
      await services.runs.recover()
      await services.projects.finishRemovals()
      sweepLater()
      services.updates.start()
      await services.metrics.start()
      await services.alerts.start()
      starting = services.runs.startDesired()
      starting.catch((error: unknown) => logger.error('desired runs not started', { error }))
    },
    [Symbol.asyncDispose]: () => (ending ??= end()),
  }

  async function end(): Promise<void> {
    ended = true
    stopSweeping()
    services.updates[Symbol.dispose]()
    await services.alerts[Symbol.asyncDispose]()
    await services.metrics[Symbol.asyncDispose]()
    await services.runs[Symbol.asyncDispose]()
    await starting.catch(() => {})
  }
}

async function ensureIndexes(repo: object & { ensureIndexes?: () => Promise<void> }): Promise<void> {
  await repo.ensureIndexes?.()
}
