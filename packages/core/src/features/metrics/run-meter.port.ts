/** Counters of one route pattern of a run, since its start. Latencies in milliseconds. */
export interface RouteFigures {
  method: string
  pattern: string
  hits: number
  /** Answers with a status of 500 and above, time-outs included. */
  errors: number
  p50Ms: number
  p95Ms: number
}

/** What a run's process and routes say at this moment. Counters grow from the run's start. */
export interface RunFigures {
  /** CPU time, in milliseconds. */
  cpuMs: number
  /** Resident memory of the process. */
  rssBytes: number
  /** Heap of the run's isolate. */
  heapBytes: number
  /** Event-loop delay in the last second. */
  lagMs: number
  requests: number
  errors: number
  /** Answers of 2xx, 3xx, 4xx and 5xx. */
  statusClasses: readonly [number, number, number, number]
  /** Of bodies and of messages on sockets; heads are not counted. */
  bytesIn: number
  bytesOut: number
  /** Times that jobs began. */
  jobRuns: number
  /** Requests that wait for their answer now. */
  inFlight: number
  routes: readonly RouteFigures[]
  /** How often each limit was passed, by its name in `runtime.limits`. Absent: not counted. */
  limits?: Readonly<Record<string, number>>
  /**
   * Answers by class of latency, since the run's start: class `i` holds what took at most 0.1·1.25^i ms, the
   * last one all that took longer. Absent: latencies have no history.
   */
  latencyClasses?: readonly number[]
}

/** A job a service has registered. Times are Unix milliseconds. */
export interface JobFigures {
  id: string
  /** Names the job in every run of the project. */
  key: string
  name?: string
  type: string
  status: string
  expression?: string
  timezone?: string
  intervalMs?: number
  /** What becomes of times that came while nothing ran. Absent: such times do not count. */
  missed?: 'skip' | 'once'
  executionCount: number
  /** How many of it run now. */
  running: number
  lastRunMs?: number
  nextRunMs?: number
}

/** Measures runs. Implemented by the supervisor of @m3m/runtime. */
export interface RunMeter {
  /** `null` when the run is not alive. */
  figures(runId: string): RunFigures | null
  /** Empty for an unknown run. */
  jobs(runId: string): Promise<readonly JobFigures[]>
  /** False for an unknown run or job. */
  controlJob(runId: string, jobId: string, action: 'run' | 'pause' | 'resume'): Promise<boolean>
}
