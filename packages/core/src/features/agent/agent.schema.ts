import { runLogsInput, tailInput } from '../runs/runs.schema.ts'

/**
 * Grows when a client of one version and an agent of the other misunderstand each other: a procedure changed its
 * meaning. One that was only added is told by `agent.procedures`.
 */
export const PROTOCOL_VERSION = 1

export const agentLogsInput = runLogsInput.omit({ projectId: true, runId: true })
export const agentTailInput = tailInput.omit({ projectId: true, runId: true })

/** What `agent.info` tells, also to somebody who is not signed in: enough to show which agent this is. */
export interface AgentInfo {
  version: string
  /** The agent's {@link PROTOCOL_VERSION}. */
  protocol: number
  node: string
  /** Seconds since the agent started. */
  uptime: number
  /** Another one after each start: who waits for a restart knows it by this, however short the outage was. */
  life: string
  services: ServicesAddress
}

/** Where services answer, for the addresses the panel shows. */
export interface ServicesAddress {
  /** `server.servicesUri`, when the operator set one. */
  uri: string | null
  /** Port of the services' own origin on the host the panel is reached by; `null`: under `/r/` of the panel only. */
  port: number | null
}
