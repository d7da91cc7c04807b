import { createActionsRouter } from './features/actions/actions.router.ts'
import type { ActionsService } from './features/actions/actions.service.ts'
import { createAgentRouter } from './features/agent/agent.router.ts'
import type { AgentService } from './features/agent/agent.service.ts'
import type { UpdateCheck } from './features/agent/update-check.service.ts'
import type { AgentSettingsService } from './features/agent/agent-settings.service.ts'
import { createAlertsRouter } from './features/alerts/alerts.router.ts'
import type { AlertsService } from './features/alerts/alerts.service.ts'
import { createAuditRouter } from './features/audit/audit.router.ts'
import type { AuditService } from './features/audit/audit.service.ts'
import { createBackupsRouter } from './features/backups/backups.router.ts'
import { createAuthRouter } from './features/auth/auth.router.ts'
import type { AuthService } from './features/auth/auth.service.ts'
import type { SetUpService } from './features/auth/set-up.service.ts'
import type { BackupsService } from './features/backups/backups.service.ts'
import { createEnvironmentRouter } from './features/environment/environment.router.ts'
import type { EnvironmentService } from './features/environment/environment.service.ts'
import { createGoalsRouter } from './features/goals/goals.router.ts'
import type { GoalsService } from './features/goals/goals.service.ts'
import { createJobsRouter } from './features/jobs/jobs.router.ts'
import type { JobsService } from './features/jobs/jobs.service.ts'
import { createMetricsRouter } from './features/metrics/metrics.router.ts'
import type { MetricsService } from './features/metrics/metrics.service.ts'
import type { Mailer } from './features/mail/mailer.service.ts'
import type { ProjectMail } from './features/mail/project-mail.service.ts'
import { createModelsRouter } from './features/models/models.router.ts'
import type { ModelsService } from './features/models/models.service.ts'
import type { MovingService } from './features/moving/moving.service.ts'
import { createPipelineRouter } from './features/pipeline/pipeline.router.ts'
import type { PipelineService } from './features/pipeline/pipeline.service.ts'
import type { ApiKeysService } from './features/projects/api-keys.service.ts'
import { createPluginsRouter } from './features/plugins/plugins.router.ts'
import type { PluginsService } from './features/plugins/plugins.service.ts'
import { createProjectsRouter } from './features/projects/projects.router.ts'
import type { ProjectsService } from './features/projects/projects.service.ts'
import { createQueueRouter } from './features/queue/queue.router.ts'
import type { QueueService } from './features/queue/queue.service.ts'
import { createRequestsRouter } from './features/requests/requests.router.ts'
import type { RequestsService } from './features/requests/requests.service.ts'
import type { RecordImports } from './features/records/record-imports.service.ts'
import { createRecordsRouter } from './features/records/records.router.ts'
import type { RecordsService } from './features/records/records.service.ts'
import { createRunsRouter } from './features/runs/runs.router.ts'
import type { RunsService } from './features/runs/runs.service.ts'
import { createRuntimeRouter } from './features/runtime/runtime.router.ts'
import type { ServiceReference } from './features/runtime/service-reference.port.ts'
import type { ServiceTypes } from './features/runtime/service-types.port.ts'
import { createSearchRouter } from './features/search/search.router.ts'
import { createSearch } from './features/search/search.service.ts'
import type { StarterShelf } from './features/starters/starter-shelf.port.ts'
import { createStartersRouter } from './features/starters/starters.router.ts'
import { createStarters } from './features/starters/starters.service.ts'
import { createStorageRouter } from './features/storage/storage.router.ts'
import type { StorageService } from './features/storage/storage.service.ts'
import { createProfileRouter, createUsersRouter } from './features/users/users.router.ts'
import type { UsersService } from './features/users/users.service.ts'
import { createViewsRouter } from './features/views/views.router.ts'
import type { ViewsService } from './features/views/views.service.ts'
import { router, t } from './trpc.ts'

/** Everything the API is made of; other doors of the agent (REST, files, command line) use the same services. */
export interface CoreServices {
  actions: ActionsService
  agent: AgentService
  agentSettings: AgentSettingsService
  alerts: AlertsService
  apiKeys: ApiKeysService
  audit: AuditService
  auth: AuthService
  setUp: SetUpService
  backups: BackupsService
  environment: EnvironmentService
  goals: GoalsService
  jobs: JobsService
  mailer: Mailer
  projectMail: ProjectMail
  metrics: MetricsService
  models: ModelsService
  moving: MovingService
  pipeline: PipelineService
  plugins: PluginsService
  projects: ProjectsService
  queue: QueueService
  requests: RequestsService
  records: RecordsService
  recordImports: RecordImports
  runs: RunsService
  serviceReference: ServiceReference
  serviceTypes: ServiceTypes
  starterShelf: StarterShelf
  storage: StorageService
  updates: UpdateCheck
  users: UsersService
  views: ViewsService
}

/** One line a feature. */
export const createAppRouter = (s: CoreServices) =>
  router({
    actions: createActionsRouter(s.actions),
    agent: t.mergeRouters(createAgentRouter(s), router({ backup: createBackupsRouter(s.backups) })),
    alerts: createAlertsRouter(s.alerts),
    audit: createAuditRouter(s.audit),
    auth: createAuthRouter(s),
    env: createEnvironmentRouter(s.environment),
    goals: createGoalsRouter(s.goals),
    jobs: createJobsRouter(s.jobs),
    metrics: createMetricsRouter(s.metrics, s.jobs),
    models: createModelsRouter(s.models),
    pipeline: createPipelineRouter(s.pipeline),
    plugins: createPluginsRouter(s.plugins),
    profile: createProfileRouter(s.users),
    projects: createProjectsRouter(s.projects, s.apiKeys, s),
    queue: createQueueRouter(s.queue),
    requests: createRequestsRouter(s.requests),
    records: createRecordsRouter(s.records, s.recordImports),
    runs: createRunsRouter(s.runs),
    runtime: createRuntimeRouter(s.serviceTypes, s.serviceReference, s.plugins),
    search: createSearchRouter(createSearch(s)),
    starters: createStartersRouter(createStarters({ ...s, shelf: s.starterShelf })),
    storage: createStorageRouter(s.storage),
    users: createUsersRouter(s.users),
    views: createViewsRouter(s.views),
  })

export type AppRouter = ReturnType<typeof createAppRouter>
