/** What `agent.info` tells, also to somebody who is not signed in: enough to show which agent this is. */
export interface AgentInfo {
  version: string
  /** Grows when an older client cannot speak with this agent. */
  protocol: number
  node: string
  /** Seconds since the agent started. */
  uptime: number
}
