/** What the agent's own process says at this moment. */
export interface AgentFigures {
  /** CPU time since the process began, in milliseconds. */
  cpuMs: number
  rssBytes: number
  heapBytes: number
  /** Event-loop delay in the last second. */
  lagMs: number
}

/** Measures the agent. Implemented in apps/agent. */
export interface AgentMeter {
  /** `null` when nothing is measured. */
  figures(): AgentFigures | null
  /** Memory of the machine. */
  readonly memoryBytes: number | null
}
