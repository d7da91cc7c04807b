import type { Logger } from '@m3m/base'
import type { AccessTokens, Core } from '@m3m/core'
import type { DataEngine } from '@m3m/data'
import type { Front, RunLogFiles } from '@m3m/runtime'
import type { Previews } from '../adapters/previews.ts'
import type { AgentFiles } from '../adapters/stored-files.ts'
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
  storedFiles: AgentFiles
  previews: Previews
  tokens: AccessTokens
  tickets: Tickets
  origins: Origins
  peerOf(request: IncomingMessage): Peer
  cookie: RefreshCookie
  /** The API waits for it: core has made its indexes and looked at what a killed agent left. */
  ready: Promise<void>
  /** Folder of the built panel. */
  uiFolder: string
  /** Folder of operators' pictures. */
  avatarsFolder: string
  logger: Logger
}
