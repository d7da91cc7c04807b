import type { Clock, Logger } from '@m3m/base'
import type { DataEngine, SecretBox } from '@m3m/data'
import type { Db } from 'mongodb'
import type { RunControl } from './features/actions/run-control.port.ts'
import type { AgentLog } from './features/agent/agent-log.port.ts'
import type { AgentDefaults } from './features/agent/agent-settings.service.ts'
import type { AgentIdentity } from './features/agent/agent.service.ts'
import type { ReleaseFeed } from './features/agent/release-feed.port.ts'
import type { AlertPost, DiskMeter } from './features/alerts/alert-post.port.ts'
import type { AccessTokens } from './features/auth/access-tokens.port.ts'
import type { Passwords } from './features/auth/passwords.port.ts'
import type { BackupStore } from './features/backups/backup-store.port.ts'
import type { MailTransport } from './features/mail/mail-transport.port.ts'
import type { AgentMeter } from './features/metrics/agent-meter.port.ts'
import type { RunMeter } from './features/metrics/run-meter.port.ts'
import type { Compiler } from './features/pipeline/compiler.port.ts'
import type { PluginCatalogue, PluginValues } from './features/plugins/plugin-catalogue.port.ts'
import type { ProjectFiles } from './features/projects/project-files.port.ts'
import type { LimitName } from './features/projects/projects.schema.ts'
import type { RequestRecorder } from './features/requests/request-recorder.port.ts'
import type { RunLogs } from './features/runs/run-logs.port.ts'
import type { RunLimits, Supervisor } from './features/runs/supervisor.port.ts'
import type { ServiceReference } from './features/runtime/service-reference.port.ts'
import type { ServiceTypes } from './features/runtime/service-types.port.ts'
import type { StarterShelf } from './features/starters/starter-shelf.port.ts'
import type { OperatorPictures } from './features/users/operator-pictures.port.ts'
import type { FileTickets } from './features/storage/file-tickets.port.ts'
import type { StoredFiles } from './features/storage/stored-files.port.ts'

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
  /** Absent: the agent's own log cannot be read in the panel. */
  agentLog?: AgentLog
  /** The supervisor of @m3m/runtime is one. Absent: runs have no actions. */
  runControl?: RunControl
  /** The supervisor of @m3m/runtime is one. Absent: runs have no figures, routes or jobs. */
  meter?: RunMeter
  /** The one that the front records with. Absent: no requests are kept. */
  requestRecorder?: RequestRecorder
  /** Absent: the agent has no figures. */
  agentMeter?: AgentMeter
  /** Knows the folder of plugins; asks `services.plugins` for their settings. Absent: there are none. */
  plugins?: PluginCatalogue
  serviceReference: ServiceReference
  serviceTypes: ServiceTypes
  starterShelf: StarterShelf
  files: ProjectFiles
  /** Absent: operators have no pictures. */
  operatorPictures?: OperatorPictures
  storedFiles: StoredFiles
  fileTickets: FileTickets
  /** Seals the password of the mail server. Absent: none can be kept. */
  secrets?: SecretBox
  mailTransport: MailTransport
  backupStore: BackupStore
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
  /** `plugins.config` of config.yaml. */
  plugins?: PluginValues
  /** What config.yaml says where Agent settings says nothing. */
  agent: AgentDefaults
}
