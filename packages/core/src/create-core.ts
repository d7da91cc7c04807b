import { newId } from '@m3m/base'
import type { Logger } from '@m3m/base'
import { NO_PLUGINS } from './features/plugins/no-plugins.ts'
import { admit, createIdentity } from './admission.ts'
import type { AdmissionDeps } from './admission.ts'
import { createAppRouter } from './app-router.ts'
import type { AppRouter, CoreServices } from './app-router.ts'
import type { RequestContext, RequestInput } from './context.ts'
import { createAccess } from './features/access/access.service.ts'
import type { AccessService } from './features/access/access.service.ts'
import { createActions } from './features/actions/actions.service.ts'
import type { RunControl } from './features/actions/run-control.port.ts'
import { createAgentSettings } from './features/agent/agent-settings.service.ts'
import { createUpdateCheck } from './features/agent/update-check.service.ts'
import { createAgentService } from './features/agent/agent.service.ts'
import { createAlerts } from './features/alerts/alerts.service.ts'
import { createAudit } from './features/audit/audit.service.ts'
import { createAuth } from './features/auth/auth.service.ts'
import { createLoginLimits } from './features/auth/login-limits.service.ts'
import { createSetUp } from './features/auth/set-up.service.ts'
import { createSessions } from './features/auth/sessions.service.ts'
import { createBackups } from './features/backups/backups.service.ts'
import { createEnvironment } from './features/environment/environment.service.ts'
import { createGoals } from './features/goals/goals.service.ts'
import { createJobLedger } from './features/jobs/job-ledger.ts'
import { createJobs } from './features/jobs/jobs.service.ts'
import { createMailer } from './features/mail/mailer.service.ts'
import { createProjectMail } from './features/mail/project-mail.service.ts'
import type { AgentMeter } from './features/metrics/agent-meter.port.ts'
import { createMetrics } from './features/metrics/metrics.service.ts'
import type { RunMeter } from './features/metrics/run-meter.port.ts'
import { createModels } from './features/models/models.service.ts'
import type { CodeUse } from './features/pipeline/code-use.port.ts'
import { createMoving } from './features/moving/moving.service.ts'
import { createPipeline } from './features/pipeline/pipeline.service.ts'
import { createApiKeys } from './features/projects/api-keys.service.ts'
import { LIMIT_BOUNDS, LIMIT_NAMES } from './features/projects/projects.schema.ts'
import type { LimitName, ProjectLimitsView } from './features/projects/projects.schema.ts'
import { createPluginSettings } from './features/plugins/plugin-settings.ts'
import { createPlugins } from './features/plugins/plugins.service.ts'
import { createProjects } from './features/projects/projects.service.ts'
import { createQueue } from './features/queue/queue.service.ts'
import { createRecordImports } from './features/records/record-imports.service.ts'
import { createRecords } from './features/records/records.service.ts'
import type { RequestRecorder } from './features/requests/request-recorder.port.ts'
import { createRequests } from './features/requests/requests.service.ts'
import { createRuns } from './features/runs/runs.service.ts'
import type { RunsService } from './features/runs/runs.service.ts'
import { createLinks } from './features/storage/links.service.ts'
import { createStorage } from './features/storage/storage.service.ts'
import { createUsers } from './features/users/users.service.ts'
import { createViews } from './features/views/views.service.ts'
import type { CoreConfig, CoreDeps } from './core-deps.ts'
import { createLife } from './core-life.ts'
import type { CoreLife } from './core-life.ts'
import { createRepos } from './core-repos.ts'
import type { Repos } from './core-repos.ts'

export type { CoreConfig, CoreDeps } from './core-deps.ts'

/** The control plane. Whoever creates it ends it: running services are drained, what should run stays desired. */
export interface Core extends CoreLife {
  router: AppRouter
  services: CoreServices
  createContext(input: RequestInput): RequestContext
}

/** @example await using core = createCore(deps); await core.start() */
export function createCore(deps: CoreDeps): Core {
  const { db, data, clock, logger, config } = deps
  const repos = createRepos(db)
  const access = createAccess({ repo: repos.access, clock, projectExists: repos.projects.exists })
  const audit = createAudit({ repo: repos.audit, access, clock, logger })
  const agentCare = createAgentCare(deps, { repos, audit })
  const { agentSettings, mailer } = agentCare
  const { sessions, users, auth, setUp } = createAccounts(deps, { repos, access, audit, agentSettings })
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
  const jobs = createScheduling(deps, { repos, runs: running.runs, audit })
  const metrics = createMeasuring(deps, { repos, projects, queue, jobs, runs: running.runs })
  const projectMail = createProjectMail({ data, mailer, transport: deps.mailTransport, audit })
  const services: CoreServices = {
    alerts: createAlerting(deps, {
      repos,
      projects,
      audit,
      metrics,
      runs: running.runs,
      projectMail,
    }),
    agent: createAgentService({ identity: deps.identity, mailer, audit, log: deps.agentLog, clock }),
    ...agentCare,
    projectMail,
    apiKeys,
    audit,
    auth,
    setUp,
    ...running,
    actions: createPressing(deps, { audit, runs: running.runs }),
    metrics,
    environment: createEnvironment({ data, audit }),
    goals,
    moving: createMoving({
      data,
      projects,
      code: repos.pipeline,
      views: repos.views,
      audit,
      clock,
      logger,
    }),
    models: createModels({ data, audit, removed: (model) => repos.views.removeModel(model) }),
    plugins: createPluginCare(deps, { repos, projects, audit }),
    jobs,
    queue,
    requests: createRequests(deps.requestRecorder ?? NO_RECORDER),
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

/** Operators, how they sign in, and for how long. */
function createAccounts(
  { clock, passwords, tokens, operatorPictures: pictures }: CoreDeps,
  { repos, access, audit, agentSettings }: Omit<Ground, 'users' | 'projects'> & { access: AccessService },
) {
  const settings = () => agentSettings.current().sessions
  const sessions = createSessions({
    repo: repos.sessions,
    clock,
    signInMs: () => settings().signInMinutes * 60_000,
  })
  const limits = createLoginLimits(clock)
  const users = createUsers({
    repo: repos.users,
    access,
    sessions,
    limits,
    passwords,
    audit,
    clock,
    projectNames: async (ids) => (await repos.projects.many(ids)).map(({ name }) => name),
    ...(pictures && { pictures }),
  })
  const auth = createAuth({
    users,
    sessions,
    limits,
    passwords,
    tokens,
    audit,
    clock,
    accessMs: () => settings().accessMinutes * 60_000,
  })
  return { sessions, users, auth, setUp: createSetUp({ users }) }
}

function createPluginCare(
  { plugins: catalogue = NO_PLUGINS, config, secrets, clock, logger }: CoreDeps,
  { repos, projects, audit }: Pick<Ground, 'repos' | 'projects' | 'audit'>,
) {
  const { plugins: fromConfig = {} } = config
  const repo = repos.plugins
  const settings = createPluginSettings({ repo, catalogue, fromConfig, secrets, clock, logger })
  return createPlugins({ catalogue, settings, projects, audit })
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
  const backups = createBackups({
    store: deps.backupStore,
    settings: () => agentSettings.current().backups,
    audit,
    clock,
    logger,
  })
  return { agentSettings, mailer, updates, backups }
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
    plugins: deps.plugins ?? NO_PLUGINS,
  })
  return { pipeline, runs }
}

function createAlerting(
  { data, clock, logger, disk, alertPost, secrets }: CoreDeps,
  {
    repos,
    ...services
  }: Omit<Ground, 'users' | 'agentSettings'> & Pick<CoreServices, 'runs' | 'metrics' | 'projectMail'>,
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
  {
    repos,
    runs,
    projects,
    queue,
    jobs,
  }: Pick<Ground, 'repos' | 'projects'> & Pick<CoreServices, 'runs' | 'queue' | 'jobs'>,
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
    jobs,
    data: deps.data,
    storedFiles: deps.storedFiles,
    memoryMb,
    clock,
    logger,
  })
}

const NO_RECORDER: RequestRecorder = {
  list: () => [],
  get: () => null,
  forget: () => {},
  listen: () => () => {},
}
const NO_RUN_CONTROL: RunControl = { control: async () => null }
const NO_RUN_METER: RunMeter = { figures: () => null, jobs: async () => [], controlJob: async () => false }
const NO_AGENT_METER: AgentMeter = { figures: () => null, memoryBytes: null }

/** After the run, which createRuns registered first, everything else of a project. */
function removeWithProject(
  { data, files }: CoreDeps,
  { projects, pipeline, apiKeys, requests }: CoreServices,
  repos: Repos,
): void {
  projects.onRemove(async ({ id }) => {
    await pipeline.removeProject(id)
    await data.removeProject(id)
    await files.removeProject(id)
    await apiKeys.removeProject(id)
    await repos.links.removeProject(id)
    await repos.alerts.removeProject(id)
    await repos.views.removeProject(id)
    requests.clear(id)
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
