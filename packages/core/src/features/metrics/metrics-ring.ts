import type { MetricsHistory, MetricsSeries } from './metrics.schema.ts'
import { METRICS_POINTS, METRICS_SERIES, METRICS_STEP_MS } from './metrics.schema.ts'

/** What one second adds. Requests, errors and latencies are those of that second. */
export interface Measurement {
  cpuPercent: number
  heapBytes: number
  rssBytes: number
  lagMs: number
  inFlight: number
  requests: number
  errors: number
  latencyClasses?: readonly number[] | undefined
}

/** One step of the ring as it is stored. Sums are divided by `seconds` when they are read. */
export interface Bucket {
  /** Number of the step since 1970. */
  step: number
  seconds: number
  cpuPercent: number
  heapBytes: number
  rssBytes: number
  requests: number
  errors: number
  lagMs: number
  inFlight: number
  restarts: number
  p50Ms: number | null
  p95Ms: number | null
}

/** 24 hours of one project or of the agent, 288 steps whatever happens. */
export class MetricsRing {
  #buckets: Bucket[]
  /** Latencies of the newest step: they become two numbers when it is read or closed. */
  #classes: number[] = []

  constructor(stored: readonly Bucket[] = []) {
    this.#buckets = stored.slice(-METRICS_POINTS)
  }

  /** Adds a second. True when a new step began, so that the one before can be stored. */
  add(nowMs: number, measured: Measurement): boolean {
    const [bucket, began] = this.#bucketAt(nowMs)
    bucket.seconds++
    bucket.cpuPercent += measured.cpuPercent
    bucket.heapBytes += measured.heapBytes
    bucket.rssBytes += measured.rssBytes
    bucket.requests += measured.requests
    bucket.errors += measured.errors
    bucket.lagMs = Math.max(bucket.lagMs, measured.lagMs)
    bucket.inFlight = Math.max(bucket.inFlight, measured.inFlight)
    for (const [index, count] of (measured.latencyClasses ?? []).entries()) {
      this.#classes[index] = (this.#classes[index] ?? 0) + count
    }
    return began
  }

  restarted(nowMs: number): void {
    this.#bucketAt(nowMs)[0].restarts++
  }

  /** What is to be stored. */
  dump(): Bucket[] {
    this.#settle()
    return this.#buckets.map((bucket) => ({ ...bucket }))
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
    newest.p50Ms = percentile(this.#classes, 0.5)
    newest.p95Ms = percentile(this.#classes, 0.95)
  }
}

const EMPTY: Omit<Bucket, 'step'> = {
  seconds: 0,
  cpuPercent: 0,
  heapBytes: 0,
  rssBytes: 0,
  requests: 0,
  errors: 0,
  lagMs: 0,
  inFlight: 0,
  restarts: 0,
  p50Ms: null,
  p95Ms: null,
}

const MEANS: readonly MetricsSeries[] = ['cpuPercent', 'heapBytes', 'rssBytes']

function valueOf(bucket: Bucket | undefined, name: MetricsSeries): number | null {
  if (!bucket) return null
  if (name === 'restarts') return bucket.restarts
  if (bucket.seconds === 0) return null
  const value = bucket[name]
  return value !== null && MEANS.includes(name) ? value / bucket.seconds : value
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
