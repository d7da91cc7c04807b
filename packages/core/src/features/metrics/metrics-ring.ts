import type { Gauges, MetricsHistory, MetricsSeries } from './metrics.schema.ts'
import { METRICS_POINTS, METRICS_SERIES, METRICS_STEP_MS } from './metrics.schema.ts'

const MEANS = ['cpuPercent', 'heapBytes', 'rssBytes'] as const
const MOST = ['lagMs', 'inFlight'] as const
/** Counted since the second before. */
export const SUMS = [
  'requests',
  'errors',
  'status2xx',
  'status3xx',
  'status4xx',
  'status5xx',
  'bytesIn',
  'bytesOut',
  'jobRuns',
] as const
const PERCENTILES = { p50Ms: 0.5, p95Ms: 0.95, p99Ms: 0.99 } as const

type Figure = (typeof MEANS)[number] | (typeof MOST)[number] | (typeof SUMS)[number]

/** What one second adds. */
export interface Measurement extends Record<Figure, number> {
  latencyClasses?: readonly number[] | undefined
}

/** One step of the ring as it is stored. Sums of means are divided by `seconds` when they are read. */
export type Bucket = Record<Figure | 'restarts', number> &
  Record<keyof typeof PERCENTILES | keyof Gauges, number | null> & {
    /** Number of the step since 1970. */
    step: number
    seconds: number
  }

/** The step that is being filled, with what its percentiles are made of. */
export interface OpenStep {
  bucket: Bucket
  classes: number[]
}

/** 24 hours of one project or of the agent, 288 steps whatever happens. */
export class MetricsRing {
  #buckets: Bucket[]
  /** Latencies of the newest step: they become a few numbers when it is read or closed. */
  #classes: number[] = []

  /** @param stored by this version or an earlier one, which knew fewer figures */
  constructor(stored: readonly (Partial<Bucket> & Pick<Bucket, 'step'>)[] = []) {
    this.#buckets = stored.slice(-METRICS_POINTS).map((bucket) => ({ ...EMPTY, ...bucket }))
  }

  /** Adds a second. True when a new step began, so that the one before can be stored. */
  add(nowMs: number, measured: Measurement): boolean {
    const [bucket, began] = this.#bucketAt(nowMs)
    bucket.seconds++
    for (const name of MEANS) bucket[name] += measured[name]
    for (const name of SUMS) bucket[name] += measured[name]
    for (const name of MOST) bucket[name] = Math.max(bucket[name], measured[name])
    for (const [index, count] of (measured.latencyClasses ?? []).entries()) {
      this.#classes[index] = (this.#classes[index] ?? 0) + count
    }
    return began
  }

  restarted(nowMs: number): void {
    this.#bucketAt(nowMs)[0].restarts++
  }

  /** What was counted in the background. */
  gauge(nowMs: number, gauges: Partial<Gauges>): void {
    Object.assign(this.#bucketAt(nowMs)[0], gauges)
  }

  /** What is to be stored. */
  dump(): Bucket[] {
    this.#settle()
    return this.#buckets.map((bucket) => ({ ...bucket }))
  }

  /** What a kill would lose of the newest step; null while there is none. */
  openStep(): OpenStep | null {
    const newest = this.#buckets.at(-1)
    return newest ? { bucket: { ...newest }, classes: [...this.#classes] } : null
  }

  /** Goes on where {@link openStep} was taken, unless the ring was stored after that. */
  resume({ bucket, classes }: OpenStep): void {
    const newest = this.#buckets.at(-1)
    if (newest && newest.step > bucket.step) return
    if (newest?.step === bucket.step && newest.seconds >= bucket.seconds) return
    const earlier = this.#buckets.filter(({ step }) => step < bucket.step)
    this.#buckets = [...earlier, { ...EMPTY, ...bucket }].slice(-METRICS_POINTS)
    this.#classes = [...classes]
  }

  history(nowMs: number): MetricsHistory {
    this.#settle()
    const last = stepOf(nowMs)
    const first = last - METRICS_POINTS + 1
    const known = new Map(this.#buckets.map((bucket) => [bucket.step, bucket]))
    const steps = Array.from({ length: METRICS_POINTS }, (_, index) => known.get(first + index))
    const series = METRICS_SERIES.map((name) => [name, steps.map((bucket) => valueOf(bucket, name))])
    return {
      stepMs: METRICS_STEP_MS,
      points: METRICS_POINTS,
      from: new Date(first * METRICS_STEP_MS).toISOString(),
      series: Object.fromEntries(series) as MetricsHistory['series'],
    }
  }

  #bucketAt(nowMs: number): [Bucket, boolean] {
    const step = stepOf(nowMs)
    const newest = this.#buckets.at(-1)
    // A clock that was set back goes on filling the newest step.
    if (newest && newest.step >= step) return [newest, false]
    this.#settle()
    this.#classes = []
    const bucket = { ...EMPTY, step }
    this.#buckets = [...this.#buckets.filter((old) => old.step > step - METRICS_POINTS), bucket]
    return [bucket, newest !== undefined]
  }

  #settle(): void {
    const newest = this.#buckets.at(-1)
    if (!newest || this.#classes.length === 0) return
    for (const [name, share] of Object.entries(PERCENTILES))
      newest[name as keyof typeof PERCENTILES] = percentile(this.#classes, share)
  }
}

const EMPTY: Omit<Bucket, 'step'> = {
  seconds: 0,
  cpuPercent: 0,
  heapBytes: 0,
  rssBytes: 0,
  requests: 0,
  errors: 0,
  status2xx: 0,
  status3xx: 0,
  status4xx: 0,
  status5xx: 0,
  bytesIn: 0,
  bytesOut: 0,
  jobRuns: 0,
  lagMs: 0,
  inFlight: 0,
  restarts: 0,
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  queueWaiting: null,
  queueDead: null,
  delayedTasks: null,
  databaseBytes: null,
  storageBytes: null,
}

const IDLE_TOO: readonly MetricsSeries[] = [
  'restarts',
  'queueWaiting',
  'queueDead',
  'delayedTasks',
  'databaseBytes',
  'storageBytes',
]

function valueOf(bucket: Bucket | undefined, name: MetricsSeries): number | null {
  if (!bucket) return null
  if (bucket.seconds === 0) return IDLE_TOO.includes(name) ? bucket[name] : null
  const value = bucket[name]
  return value !== null && (MEANS as readonly string[]).includes(name) ? value / bucket.seconds : value
}

function stepOf(ms: number): number {
  return Math.floor(ms / METRICS_STEP_MS)
}

/** The upper end of the class that holds this share of the answers; `null` without any. */
export function percentile(classes: readonly number[], share: number): number | null {
  const total = classes.reduce((sum, count) => sum + (count ?? 0), 0)
  if (total === 0) return null
  let seen = 0
  for (const [index, count] of classes.entries()) {
    seen += count ?? 0
    if (seen >= total * share) return Number((0.1 * 1.25 ** index).toFixed(2))
  }
  return null
}
