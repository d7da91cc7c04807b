import type { Logger } from '@m3m/base'
import type { AccessTokens, Core } from '@m3m/core'
import type { DataEngine } from '@m3m/data'
import type { AgentLogFiles, Front, RunLogFiles, ZipStreams } from '@m3m/runtime'
import type { Avatars } from '../adapters/avatars.ts'
import type { Previews } from '../adapters/previews.ts'
import type { AgentFiles } from '../adapters/stored-files.ts'
import type { ProjectArchives } from '../moving/project-archives.ts'
import type { Tickets } from '../auth/tickets.ts'
import type { Origins } from './origins.ts'
import type { Peer } from './peer.ts'
import type { IncomingMessage } from 'node:http'
import type { RefreshCookie } from './refresh-cookie.ts'

/** What the routes of the panel's port share. */
export interface PanelDeps {
  core: Core
  data: DataEngine
  front: Front
  runLogs: RunLogFiles
  agentLogs: AgentLogFiles
  storedFiles: AgentFiles
  previews: Previews
  zips: ZipStreams
  tokens: AccessTokens
  tickets: Tickets
  /** The key by which the project's services sign links to files. */
  fileLinkKey(projectId: string): Uint8Array
  origins: Origins
  peerOf(request: IncomingMessage): Peer
  cookie: RefreshCookie
  /** The API waits for it: core has made its indexes and looked at what a killed agent left. */
  ready: Promise<void>
  /** What Prometheus has to send; null: there is no `/metrics`. */
  metricsToken: string | null
  /** Folder of the built panel. */
  uiFolder: string
  avatars: Avatars
  moving: ProjectArchives
  logger: Logger
}
