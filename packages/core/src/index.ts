export { createCore } from './create-core.ts'
export type { AppRouter, CoreServices } from './app-router.ts'
export type { Core } from './create-core.ts'
export type { CoreConfig, CoreDeps } from './core-deps.ts'
export type { RequestContext, RequestInput } from './context.ts'
export type { AgentDefaults } from './features/agent/agent-settings.service.ts'
export type { BackupStore, BackupWork } from './features/backups/backup-store.port.ts'
export type { BackupProof, BackupView, RestoreNote } from './features/backups/backups.schema.ts'
export type { AnnouncedVersion, ReleaseFeed } from './features/agent/release-feed.port.ts'
export type { AgentIdentity } from './features/agent/agent.service.ts'
export type { AlertPost, DiskMeter } from './features/alerts/alert-post.port.ts'
export type { AccessClaims, AccessTokens } from './features/auth/access-tokens.port.ts'
export type { Passwords } from './features/auth/passwords.port.ts'
export type {
  MailAccount,
  MailMessage,
  MailReceipt,
  MailTransport,
} from './features/mail/mail-transport.port.ts'
export type { AgentFigures, AgentMeter } from './features/metrics/agent-meter.port.ts'
export type { MetricsSnapshot } from './features/metrics/metrics-snapshot.ts'
export type { JobFigures, RouteFigures, RunFigures, RunMeter } from './features/metrics/run-meter.port.ts'
export type { Compiler, Problem } from './features/pipeline/compiler.port.ts'
export type { PluginCatalogue, PluginValues } from './features/plugins/plugin-catalogue.port.ts'
export type { ProjectFiles } from './features/projects/project-files.port.ts'
export type { LogLine, LogPage, LogQuery, RunLogs } from './features/runs/run-logs.port.ts'
export type {
  ReleaseTag,
  RunEnd,
  RunLimits,
  RunSource,
  RunSpec,
  SourceFile,
  SupervisedRun,
  Supervisor,
} from './features/runs/supervisor.port.ts'
export type { FileTickets } from './features/storage/file-tickets.port.ts'
export type { ProjectFolder, StoredFiles } from './features/storage/stored-files.port.ts'
export type { Starter, StarterShelf } from './features/starters/starter-shelf.port.ts'
export { starterManifestSchema } from './features/starters/starters.schema.ts'
export type { ServiceTypes } from './features/runtime/service-types.port.ts'
export { emailSchema, passwordSchema } from './features/users/users.schema.ts'
export { codeSourceSchema } from './features/pipeline/pipeline.schema.ts'
export { runHistoryInput } from './features/runs/runs.schema.ts'
export type { ApiKeyScope } from './features/projects/api-keys.schema.ts'
export type { ImportedProject, ImportOrder, MovingService } from './features/moving/moving.service.ts'
export { AGENT_ACTOR, programActor } from './features/access/actor.schema.ts'
export type { Actor, SignedIn } from './features/access/actor.schema.ts'
export type { AgentNeed, Need } from './procedure-rights.ts'
