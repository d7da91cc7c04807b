import type { JobCounts } from '@m3m/data/schema'
import type { RunStateName } from '../runs/runs.schema.ts'
import { NO_GAUGES, NO_JOBS } from './background-counts.ts'
import type { Gauges } from './metrics.schema.ts'
import type { AgentFigures } from './agent-meter.port.ts'
import type { MetricsDeps } from './metrics.service.ts'
import type { RunFigures } from './run-meter.port.ts'

/** All that is measured, at one moment. Counters of a run grow from its start. */
export interface MetricsSnapshot {
  version: string
  node: string
  agent: AgentFigures | null
  services: {
    slug: string
    state: RunStateName
    /** After a crash, since the agent started. */
    restarts: number
    /** `null` while nothing runs. */
    figures: RunFigures | null
    queue: JobCounts
    /** As of the last count in the background. */
    gauges: Gauges
  }[]
}

/** Reads every project at once. */
export async function takeSnapshot(
  { identity, projects, runs, meter, queue }: MetricsDeps,
  seen: {
    agent(): AgentFigures | null
    restarts: ReadonlyMap<string, number>
    gauges: ReadonlyMap<string, Gauges>
  },
): Promise<MetricsSnapshot> {
  const live = new Map((await runs.live()).map(({ projectId, runId }) => [projectId, runId]))
  const queues = await queue.countsOfAll()
  const services = await Promise.all(
    (await projects.all()).map(async ({ id, slug }) => {
      const runId = live.get(id)
      const state = await runs.state(id)
      return {
        slug,
        state: state.observed.state,
        restarts: seen.restarts.get(id) ?? 0,
        figures: runId ? meter.figures(runId) : null,
        queue: queues.get(id) ?? NO_JOBS,
        gauges: seen.gauges.get(id) ?? NO_GAUGES,
      }
    }),
  )
  const { version, node } = identity
  return { version, node, agent: seen.agent(), services }
}
