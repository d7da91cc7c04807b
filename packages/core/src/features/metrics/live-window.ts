import type { Measurement } from './metrics-ring.ts'
import type { MetricsSample } from './metrics.schema.ts'
import type { RunFigures } from './run-meter.port.ts'

const WINDOW = 60

type Counters = Pick<RunFigures, 'cpuMs' | 'rssBytes' | 'heapBytes' | 'lagMs'> &
  Partial<Pick<RunFigures, 'requests' | 'errors' | 'inFlight' | 'latencyClasses'>>

/** The last 60 seconds of one run or of the agent: makes rates of counters. */
export class LiveWindow {
  readonly samples: MetricsSample[] = []
  #source: string | null = null
  #before: { at: number; figures: Counters } | null = null

  /**
   * `source` names the run. Its counters begin with it, so that the first look at another one counts all it has
   * done; only its rate of CPU time needs a second look.
   */
  look(nowMs: number, source: string, figures: Counters): Measurement {
    const before = this.#source === source ? this.#before : null
    this.#source = source
    this.#before = { at: nowMs, figures }
    const elapsedMs = before ? Math.max(1, nowMs - before.at) : 0
    const grown = (key: 'cpuMs' | 'requests' | 'errors') =>
      Math.max(0, (figures[key] ?? 0) - (before?.figures[key] ?? 0))
    const measured: Measurement = {
      cpuPercent: before ? (grown('cpuMs') / elapsedMs) * 100 : 0,
      heapBytes: figures.heapBytes,
      rssBytes: figures.rssBytes,
      lagMs: figures.lagMs,
      inFlight: figures.inFlight ?? 0,
      requests: grown('requests'),
      errors: grown('errors'),
      latencyClasses: figures.latencyClasses?.map(
        (count, index) => count - (before?.figures.latencyClasses?.[index] ?? 0),
      ),
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
    const { cpuPercent, heapBytes, rssBytes, lagMs, inFlight, requests, errors } = measured
    this.samples.push({
      at: new Date(nowMs).toISOString(),
      cpuPercent,
      heapBytes,
      rssBytes,
      lagMs,
      inFlight,
      requestsPerSecond: requests / seconds,
      errorsPerSecond: errors / seconds,
    })
    if (this.samples.length > WINDOW) this.samples.shift()
  }
}
