import { DisposableStack } from '@m3m/base'
import type { ProjectsService } from '../projects/projects.service.ts'
import type { RunsService } from '../runs/runs.service.ts'
import type { AgentIdentity } from '../agent/agent.service.ts'
import { beginCounting, NO_GAUGES, summed } from './background-counts.ts'
import type { CountsDeps } from './background-counts.ts'
import type { AgentFigures, AgentMeter } from './agent-meter.port.ts'
import { LiveWindow } from './live-window.ts'
import { MetricsRing } from './metrics-ring.ts'
import { takeSnapshot, type MetricsSnapshot } from './metrics-snapshot.ts'
import type { MetricsRepo } from './metrics.repo.ts'
import type { Gauges, LiveMetrics, MetricsHistory } from './metrics.schema.ts'
import type { RouteFigures, RunFigures, RunMeter } from './run-meter.port.ts'

/** Live figures, 24 hours of them, and the routes of what runs. */
export interface MetricsService extends AsyncDisposable {
  live(projectId: string): Promise<LiveMetrics>
  history(projectId: string): MetricsHistory
  agent(): LiveMetrics
  agentHistory(): MetricsHistory
  /** Of the live run, by hits. */
  routes(projectId: string): Promise<RouteFigures[]>
  /** Everything at this moment, for programs that keep figures themselves. */
  snapshot(): Promise<MetricsSnapshot>
  /**
   * Reads the rings of the agent before, and begins to measure each second.
   *
   * @param servicesStarted settles when the agent has tried to start all its services
   */
  start(servicesStarted: () => Promise<void>): Promise<void>
}

export interface MetricsDeps extends CountsDeps {
  repo: MetricsRepo
  runs: RunsService
  projects: ProjectsService
  meter: RunMeter
  agentMeter: AgentMeter
  identity: Pick<AgentIdentity, 'version' | 'node'>
  /** Default of `runtime.limits.memoryMb`. */
  memoryMb: number
}

const EVERY_MS = 1_000
/** A kill of the agent loses at most so much of the step that is being filled: one write of some kilobytes. */
const CHECKPOINT_MS = 15_000
const AGENT = 'agent'
const MIB = 1_048_576

export function createMetrics(deps: MetricsDeps): MetricsService {
  const { runs, projects, meter, agentMeter, clock } = deps
  const recorder = createRecorder(deps)

  const liveRun = async (projectId: string) =>
    (await runs.live()).find((run) => run.projectId === projectId)?.runId

  async function limitOf(projectId: string): Promise<number> {
    const project = await projects.find(projectId)
    return (project?.settings.limits.memoryMb ?? deps.memoryMb) * MIB
  }

  return {
    async live(projectId) {
      const runId = await liveRun(projectId)
      const limits = { ...(runId && meter.figures(runId)?.limits) }
      return { ...recorder.live(projectId, await limitOf(projectId)), limits }
    },
    history: (projectId) => recorder.ringOf(projectId).history(clock.now()),
    agent: () => recorder.live(AGENT, agentMeter.memoryBytes),
    agentHistory: () => recorder.ringOf(AGENT).history(clock.now()),
    async routes(projectId) {
      const runId = await liveRun(projectId)
      const figures = runId ? meter.figures(runId) : null
      return [...(figures?.routes ?? [])].sort((a, b) => b.hits - a.hits)
    },
    snapshot: () => takeSnapshot(deps, recorder),
    start: recorder.start,
    [Symbol.asyncDispose]: recorder.stop,
  }
}

/** Everything that is known of projects and of the agent, by id. */
function createFigureStore() {
  const rings = new Map<string, MetricsRing>()
  const windows = new Map<string, LiveWindow>()
  /** After a crash, by project, since the agent started. */
  const restarts = new Map<string, number>()
  const gauges = new Map<string, Gauges>()
  /** Projects removed since the agent started: a count that was under way must not bring them back. */
  const removed = new Set<string>()
  const of = <T>(map: Map<string, T>, id: string, make: () => T): T => {
    let known = map.get(id)
    if (!known) map.set(id, (known = make()))
    return known
  }
  const windowOf = (id: string) => of(windows, id, () => new LiveWindow())
  return {
    rings,
    windows,
    restarts,
    gauges,
    removed,
    ringOf: (id: string) => of(rings, id, () => new MetricsRing()),
    windowOf,
    live(id: string, memoryLimitBytes: number | null): LiveMetrics {
      const { samples } = windowOf(id)
      return {
        now: samples.at(-1) ?? null,
        samples: [...samples],
        memoryLimitBytes,
        limits: {},
        gauges: gauges.get(id) ?? NO_GAUGES,
        restarts: restarts.get(id) ?? 0,
      }
    },
    forget(id: string): void {
      removed.add(id)
      for (const map of [rings, windows, gauges, restarts]) map.delete(id)
    },
  }
}

/** Looks at everything each second, counts the dearer things in the background, and keeps what it saw. */
function createRecorder(deps: MetricsDeps) {
  const { repo, runs, projects, meter, agentMeter, clock, logger } = deps
  const store = createFigureStore()
  const { rings, windows, restarts, gauges, removed, ringOf, windowOf } = store
  let agent: AgentFigures | null = null
  const ends = new DisposableStack()

  async function save(id: string): Promise<void> {
    await repo.save(id, ringOf(id).dump()).catch((error: unknown) => {
      logger.warn('figures not stored', { of: id, error })
    })
  }

  function measure(id: string, source: string, figures: Parameters<LiveWindow['look']>[2] | null): void {
    const measured = figures && windowOf(id).look(clock.now(), source, figures)
    if (measured && ringOf(id).add(clock.now(), measured)) void save(id)
  }

  let checkpointAtMs = clock.now()
  let checkpointing = false

  /** Not awaited by the looks, which go on each second; one at a time. */
  function checkpoint(): void {
    if (checkpointing || Math.abs(clock.now() - checkpointAtMs) < CHECKPOINT_MS) return
    checkpointAtMs = clock.now()
    checkpointing = true
    const open = [...rings].flatMap(([id, ring]) => {
      const step = ring.openStep()
      return step ? [[id, step] as const] : []
    })
    repo
      .saveOpenSteps(Object.fromEntries(open))
      .catch((error: unknown) => logger.warn('figures of the last seconds not stored', { error }))
      .finally(() => (checkpointing = false))
      .catch(() => {})
  }

  async function restore(): Promise<void> {
    for (const { _id, buckets } of await repo.all()) rings.set(_id, new MetricsRing(buckets))
    for (const [id, step] of Object.entries(await repo.openSteps())) ringOf(id).resume(step)
  }

  async function look(): Promise<void> {
    agent = agentMeter.figures()
    measure(AGENT, AGENT, agent)
    const live = await runs.live()
    for (const { projectId, runId } of live) measure(projectId, runId, measured(meter.figures(runId)))
    const running = new Set([AGENT, ...live.map(({ projectId }) => projectId)])
    for (const [id, window] of windows) if (!running.has(id)) window.clear()
    checkpoint()
  }

  function counted(of: ReadonlyMap<string, Gauges>): void {
    const now = clock.now()
    for (const [id, values] of [...of, [AGENT, summed(of)] as const]) {
      if (removed.has(id)) continue
      gauges.set(id, values)
      // A step that begins here is stored with the next second of what runs, or at the end.
      ringOf(id).gauge(now, values)
    }
  }

  projects.onRemove(async ({ id }) => {
    store.forget(id)
    await repo.remove(id)
  })

  return {
    ringOf,
    live: store.live,
    gauges: gauges as ReadonlyMap<string, Gauges>,
    restarts: restarts as ReadonlyMap<string, number>,
    /** As seen last: a second reader would take the delay of the loop away from the first. */
    agent: () => agent,
    async start(servicesStarted: () => Promise<void>): Promise<void> {
      await restore()
      ends.use(eachSecond(deps, look))
      ends.defer(
        runs.onRestart((projectId) => {
          ringOf(projectId).restarted(clock.now())
          restarts.set(projectId, (restarts.get(projectId) ?? 0) + 1)
        }),
      )
      ends.use(beginCounting(deps, counted, servicesStarted))
    },
    async stop(): Promise<void> {
      await ends[Symbol.asyncDispose]()
      await Promise.all([...rings.keys()].map(save))
    },
  }
}

/**
 * A runner speaks of its runs once a second: a run it has not spoken of yet has no figures, and least of all 0 bytes.
 * Nothing is lost, its counters begin with it.
 */
const measured = (figures: RunFigures | null): RunFigures | null =>
  figures && figures.heapBytes > 0 ? figures : null

/** Looks again a second after the last look ended, until it is disposed of. */
function eachSecond(
  { clock, logger }: Pick<MetricsDeps, 'clock' | 'logger'>,
  look: () => Promise<void>,
): Disposable {
  let stopped = false
  let cancel = () => {}
  const again = () => {
    cancel = clock.after(EVERY_MS, () => {
      look()
        .catch((error: unknown) => logger.warn('figures not taken', { error }))
        .finally(() => !stopped && again())
        .catch(() => {})
    })
  }
  again()
  return {
    [Symbol.dispose]() {
      stopped = true
      cancel()
    },
  }
}
