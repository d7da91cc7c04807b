import type { Clock } from '@m3m/base'
import type { AgentInfo, ServicesAddress } from './agent.schema.ts'

/** What the agent knows of itself at start. */
export interface AgentIdentity {
  version: string
  node: string
  /** Asked at each call: the port is known when the agent listens. */
  services(): ServicesAddress
}

/** Grows when an older client cannot speak with this agent. */
export const PROTOCOL_VERSION = 1

export interface AgentService {
  info(): AgentInfo
}

export function createAgentService(deps: { identity: AgentIdentity; clock: Clock }): AgentService {
  const { identity, clock } = deps
  const startedAt = clock.now()
  return {
    info: () => ({
      version: identity.version,
      protocol: PROTOCOL_VERSION,
      node: identity.node,
      uptime: Math.floor((clock.now() - startedAt) / 1_000),
      services: identity.services(),
    }),
  }
}
