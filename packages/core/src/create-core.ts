import type { Clock, Logger } from '@m3m/base'
import type { DataEngine } from '@m3m/data'
import type { Db } from 'mongodb'
import type { AppRouter, CoreServices } from './app-router.ts'
import type { RequestContext, RequestInput } from './context.ts'
import type { AgentIdentity } from './features/agent/agent.service.ts'
import type { AccessTokens } from './features/auth/access-tokens.port.ts'
import type { Passwords } from './features/auth/passwords.port.ts'
import type { Compiler } from './features/pipeline/compiler.port.ts'
import type { ProjectFiles } from './features/projects/project-files.port.ts'
import type { RunLogs } from './features/runs/run-logs.port.ts'
import type { RunLimits, Supervisor } from './features/runs/supervisor.port.ts'
import type { ServiceTypes } from './features/runtime/service-types.port.ts'

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
  serviceTypes: ServiceTypes
  files: ProjectFiles
  config: CoreConfig
}

export interface CoreConfig {
  /** Life of a sign-in (`jwt.expiration`). */
  signInMs: number
  /** Defaults of every project (`runtime.limits`). */
  limits: RunLimits
  isolation: 'process' | 'shared'
}

/** The control plane. Whoever creates it ends it: running services are drained, what should run stays desired. */
export interface Core extends AsyncDisposable {
  router: AppRouter
  services: CoreServices
  createContext(input: RequestInput): RequestContext
  /** Makes indexes, tells what a killed agent left behind, starts all that should run. Answers when all are tried. */
  start(): Promise<void>
}
