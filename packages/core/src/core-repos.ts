import type { Db } from 'mongodb'
import { createAccessRepo } from './features/access/access.repo.ts'
import { createAgentSettingsRepo } from './features/agent/agent-settings.repo.ts'
import { createAlertsRepo } from './features/alerts/alerts.repo.ts'
import { createAuditRepo } from './features/audit/audit.repo.ts'
import { createSessionsRepo } from './features/auth/auth.repo.ts'
import { createMetricsRepo } from './features/metrics/metrics.repo.ts'
import { createPipelineRepo } from './features/pipeline/pipeline.repo.ts'
import { createPluginsRepo } from './features/plugins/plugins.repo.ts'
import { createApiKeysRepo } from './features/projects/api-keys.repo.ts'
import { createProjectsRepo } from './features/projects/projects.repo.ts'
import { createRunsRepo } from './features/runs/runs.repo.ts'
import { createJobsRepo } from './features/jobs/jobs.repo.ts'
import { createLinksRepo } from './features/storage/links.repo.ts'
import { createUsersRepo } from './features/users/users.repo.ts'
import { createViewsRepo } from './features/views/views.repo.ts'

/** Every collection of the control database. */
export function createRepos(db: Db) {
  return {
    access: createAccessRepo(db),
    alerts: createAlertsRepo(db),
    agentSettings: createAgentSettingsRepo(db),
    apiKeys: createApiKeysRepo(db),
    audit: createAuditRepo(db),
    jobs: createJobsRepo(db),
    links: createLinksRepo(db),
    pipeline: createPipelineRepo(db),
    plugins: createPluginsRepo(db),
    metrics: createMetricsRepo(db),
    projects: createProjectsRepo(db),
    runs: createRunsRepo(db),
    sessions: createSessionsRepo(db),
    users: createUsersRepo(db),
    views: createViewsRepo(db),
  }
}

export type Repos = ReturnType<typeof createRepos>
