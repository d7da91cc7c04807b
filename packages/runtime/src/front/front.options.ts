import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock, Logger } from '@m3m/base'
import type { RequestRecorder } from './request-recorder.ts'
import type { RuntimeSupervisor } from '../supervisor/supervisor.options.ts'

/** Which of the agent's origins a request came to. */
export type FrontOrigin = 'panel' | 'services'

export interface FrontOptions {
  supervisor: RuntimeSupervisor
  /**
   * Asked only when no run has the slug's route. `projectId` is for `/bot-{id}/…`.
   * @returns null for an unknown project, else why nothing answers.
   */
  whyIdle(
    project: { slug: string } | { projectId: string },
  ): Promise<'stopped' | 'starting' | 'crashed' | null>
  /** Addresses whose `X-Forwarded-For` is believed (Agent settings, Trusted proxies); asked at each request. */
  trustedProxies?: () => readonly string[]
  /** Cookies of the panel: never forwarded to a service. */
  panelCookies?: readonly string[]
  /** Keeps the last requests of each project. Absent: none are kept. */
  recorder?: RequestRecorder
  clock?: Clock
  logger: Logger
}

/** Answers `/r/{slug}/…` and `/bot-{projectId}/…` before fastify sees them. */
export interface Front {
  /** True for a URL the front answers. Cheap: two comparisons. */
  owns(url: string): boolean
  /** A `request` listener of node:http for URLs it owns. Never throws. */
  request(request: IncomingMessage, response: ServerResponse, origin: FrontOrigin): void
  /** An `upgrade` listener of node:http for URLs it owns: `router.websocket`. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, origin: FrontOrigin): void
}
