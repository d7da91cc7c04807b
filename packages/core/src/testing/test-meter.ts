import type { AgentMeter } from '../features/metrics/agent-meter.port.ts'
import type { JobFigures, RouteFigures, RunFigures, RunMeter } from '../features/metrics/run-meter.port.ts'

/** A meter that shows what the test counted. */
export interface TestMeter extends RunMeter {
  /** How often the agent was looked at. */
  looks: number
  /** 0: the runner has not spoken of the run yet. */
  heapBytes: number
  routes: RouteFigures[]
  statusClasses: [number, number, number, number]
  bytes: { in: number; out: number }
  /** Counts on in one array, as the supervisor does. */
  latencyClasses: number[]
  jobList: JobFigures[]
  controlled: string[]
  grow(runId: string, by: Partial<Pick<RunFigures, 'cpuMs' | 'requests' | 'errors'>>): void
  agent: AgentMeter
}

export function createTestMeter(): TestMeter {
  const counted = new Map<string, { cpuMs: number; requests: number; errors: number }>()
  const of = (runId: string) => counted.get(runId) ?? { cpuMs: 0, requests: 0, errors: 0 }
  const meter: TestMeter = {
    looks: 0,
    heapBytes: 1_000,
    routes: [],
    statusClasses: [0, 0, 0, 0],
    bytes: { in: 0, out: 0 },
    latencyClasses: Array.from({ length: 63 }, () => 0),
    jobList: [],
    controlled: [],
    grow(runId, { cpuMs = 0, requests = 0, errors = 0 }) {
      const before = of(runId)
      counted.set(runId, {
        cpuMs: before.cpuMs + cpuMs,
        requests: before.requests + requests,
        errors: before.errors + errors,
      })
    },
    figures: (runId) => ({
      ...of(runId),
      rssBytes: 2_000,
      heapBytes: meter.heapBytes,
      lagMs: 3,
      inFlight: 2,
      statusClasses: meter.statusClasses,
      bytesIn: meter.bytes.in,
      bytesOut: meter.bytes.out,
      jobRuns: 0,
      latencyClasses: meter.latencyClasses,
      routes: meter.routes,
    }),
    jobs: async () => meter.jobList,
    async controlJob(_runId, jobId, action) {
      meter.controlled.push(`${action} ${jobId}`)
      return meter.jobList.some(({ id }) => id === jobId)
    },
    agent: {
      memoryBytes: 8_000,
      figures() {
        meter.looks++
        return { cpuMs: meter.looks, rssBytes: 1, heapBytes: 1, lagMs: 0 }
      },
    },
  }
  return meter
}
