import type { FieldError } from '@m3m/base'
import type { DataEngine } from '@m3m/data'
import type { MetricsHistory } from '../metrics/metrics.schema.ts'
import type { MetricsService } from '../metrics/metrics.service.ts'
import type { Project } from '../projects/projects.service.ts'
import type { ObservedRun } from '../runs/runs.schema.ts'
import type { RunsService } from '../runs/runs.service.ts'
import type { AlertFacts } from './alert-conditions.ts'
import type { DiskMeter } from './alert-post.port.ts'

export interface FactsDeps {
  runs: Pick<RunsService, 'state'>
  metrics: Pick<MetricsService, 'live' | 'history'>
  data: Pick<DataEngine, 'goals'>
  disk: DiskMeter
}

const NOTHING: AlertFacts = {
  crashed: null,
  restartsInHour: 0,
  requests: 0,
  errors: 0,
  memoryPercent: null,
  yesterday: new Map(),
  diskFreePercent: null,
}

/** Steps of 5 minutes (metrics.schema.ts). */
const HOUR_STEPS = 12
const RECENT_STEPS = 2

export async function agentFacts({ disk }: FactsDeps): Promise<AlertFacts> {
  return { ...NOTHING, diskFreePercent: await disk.freePercent() }
}

/** @param goals slugs of daily goals that a rule asks for @param day yesterday, `2026-01-31` */
export async function projectFacts(
  { runs, metrics, data }: FactsDeps,
  project: Project,
  { goals, day }: { goals: ReadonlySet<string>; day: string },
): Promise<AlertFacts> {
  const [{ observed }, live] = await Promise.all([runs.state(project.id), metrics.live(project.id)])
  const { series } = metrics.history(project.id)
  return {
    ...NOTHING,
    crashed: observed.state === 'crashed' ? { reason: reasonOf(observed) } : null,
    restartsInHour: sum(series.restarts, HOUR_STEPS),
    requests: sum(series.requests, RECENT_STEPS),
    errors: sum(series.errors, RECENT_STEPS),
    memoryPercent:
      live.now && live.memoryLimitBytes ? (live.now.heapBytes / live.memoryLimitBytes) * 100 : null,
    yesterday: goals.size > 0 ? await counted(data, project, { goals, day }) : new Map(),
  }
}

/** Why the run ended, without its place in the code. */
function reasonOf({ reason }: ObservedRun): FieldError | null {
  if (!reason) return null
  const { code, message, params } = reason
  return { code, message, ...(params && { params }) }
}

const sum = (series: MetricsHistory['series'][keyof MetricsHistory['series']], steps: number): number =>
  series.slice(-steps).reduce<number>((total, value) => total + (value ?? 0), 0)

async function counted(
  { goals: service }: Pick<DataEngine, 'goals'>,
  project: Project,
  { goals, day }: { goals: ReadonlySet<string>; day: string },
): Promise<Map<string, number>> {
  const asked = (await service.list(project.id)).filter(
    ({ slug, type }) => type === 'daily' && goals.has(slug),
  )
  // One that is younger than that day could not count then.
  const old = asked.filter(({ createdAt }) => createdAt.slice(0, 10) <= day)
  if (old.length === 0) return new Map()
  const stats = await service.stats({ goalIds: old.map(({ id }) => id), from: day, to: day })
  return new Map(old.map(({ slug }, index) => [slug, stats[index]!.total]))
}
