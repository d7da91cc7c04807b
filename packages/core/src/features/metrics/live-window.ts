import type { Measurement } from './metrics-ring.ts'
import { SUMS } from './metrics-ring.ts'
import type { MetricsSample } from './metrics.schema.ts'
import type { RunFigures } from './run-meter.port.ts'

const WINDOW = 60

type Counters = Pick<RunFigures, 'cpuMs' | 'rssBytes' | 'heapBytes' | 'lagMs'> & Partial<RunFigures>
type Sums = Record<(typeof SUMS)[number], number>

/** The last 60 seconds of one run or of the agent: makes rates of counters. */
export class LiveWindow {
  readonly samples: MetricsSample[] = []
  #source: string | null = null
  #before: { at: number; cpuMs: number; sums: Sums; latencyClasses: readonly number[] } | null = null

  /**
   * `source` names the run. Its counters begin with it, so that the first look at another one counts all it has
   * done; only its rate of CPU time needs a second look.
   */
  look(nowMs: number, source: string, figures: Counters): Measurement {
    const before = this.#source === source ? this.#before : null
    const { cpuMs, heapBytes, rssBytes, lagMs, inFlight = 0, latencyClasses = [] } = figures
    const sums = sumsOf(figures)
    this.#source = source
    // A copy: the meter goes on counting in its own.
    this.#before = { at: nowMs, cpuMs, sums, latencyClasses: [...latencyClasses] }
    const elapsedMs = before ? Math.max(1, nowMs - before.at) : 0
    const grown = SUMS.map((name) => [name, Math.max(0, sums[name] - (before?.sums[name] ?? 0))])
    const measured: Measurement = {
      ...(Object.fromEntries(grown) as Sums),
      cpuPercent: before ? (Math.max(0, cpuMs - before.cpuMs) / elapsedMs) * 100 : 0,
      heapBytes,
      rssBytes,
      lagMs,
      inFlight,
      latencyClasses: latencyClasses.map((count, index) => count - (before?.latencyClasses[index] ?? 0)),
    }
    if (before) this.#keep(nowMs, measured, elapsedMs / 1_000)
    return measured
  }

  /** Nothing runs: what was is no longer live. */
  clear(): void {
    this.samples.length = 0
    this.#source = null
    this.#before = null
  }

  #keep(nowMs: number, measured: Measurement, seconds: number): void {
    const { cpuPercent, heapBytes, rssBytes, lagMs, inFlight } = measured
    this.samples.push({
      at: new Date(nowMs).toISOString(),
      cpuPercent,
      heapBytes,
      rssBytes,
      lagMs,
      inFlight,
      requestsPerSecond: measured.requests / seconds,
      errorsPerSecond: measured.errors / seconds,
      bytesInPerSecond: measured.bytesIn / seconds,
      bytesOutPerSecond: measured.bytesOut / seconds,
    })
    if (this.samples.length > WINDOW) this.samples.shift()
  }
}

function sumsOf(figures: Counters): Sums {
  const { requests = 0, errors = 0, bytesIn = 0, bytesOut = 0, jobRuns = 0, statusClasses } = figures
  const [status2xx, status3xx, status4xx, status5xx] = statusClasses ?? [0, 0, 0, 0]
  return { requests, errors, bytesIn, bytesOut, jobRuns, status2xx, status3xx, status4xx, status5xx }
}
