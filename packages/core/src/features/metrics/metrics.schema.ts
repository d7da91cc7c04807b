import type { IsoDate } from '../../ids.schema.ts'
import type { RouteFigures } from './run-meter.port.ts'

/** The ring: 24 hours in steps of 5 minutes (product.md, Monitoring). */
export const METRICS_STEP_MS = 300_000
export const METRICS_POINTS = 288

export const METRICS_SERIES = [
  'cpuPercent',
  'heapBytes',
  'rssBytes',
  'requests',
  'errors',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'status2xx',
  'status3xx',
  'status4xx',
  'status5xx',
  'bytesIn',
  'bytesOut',
  'lagMs',
  'inFlight',
  'jobRuns',
  'restarts',
  'queueWaiting',
  'queueDead',
  'delayedTasks',
  'databaseBytes',
  'storageBytes',
] as const
export type MetricsSeries = (typeof METRICS_SERIES)[number]

/** One second. 100 % is one core. */
export interface MetricsSample {
  at: IsoDate
  cpuPercent: number
  heapBytes: number
  rssBytes: number
  /** Event-loop delay. */
  lagMs: number
  inFlight: number
  requestsPerSecond: number
  errorsPerSecond: number
  bytesInPerSecond: number
  bytesOutPerSecond: number
}

/** What is counted in the background, not each second. `null`: not yet. */
export interface Gauges {
  /** Durable jobs nobody has begun, and those whose tries are used up. */
  queueWaiting: number | null
  queueDead: number | null
  /** Tasks of `delayed.run` that wait or run. */
  delayedTasks: number | null
  databaseBytes: number | null
  storageBytes: number | null
}

export interface LiveMetrics {
  /** `null` while nothing runs. */
  now: MetricsSample | null
  /** The last 60 seconds, oldest first. */
  samples: MetricsSample[]
  /** What the heap may grow to, or for the agent the memory of the machine; `null` when unknown. */
  memoryLimitBytes: number | null
  /** How often the live run passed each limit, by its name; only those it passed. */
  limits: Record<string, number>
  /** As of the last count, at most some minutes ago. */
  gauges: Gauges
  /** After crashes, since the agent started. */
  restarts: number
}

/**
 * Oldest first, `points` of each series; `null` where nothing ran. Sums: requests, errors, answers by status class,
 * bytes, jobRuns, restarts. Most: lagMs, inFlight. The last count: {@link Gauges}. Percentiles: of that step. The rest are means.
 */
export interface MetricsHistory {
  stepMs: number
  points: number
  /** When the first step begins. */
  from: IsoDate
  series: Record<MetricsSeries, (number | null)[]>
}

export type { RouteFigures }
