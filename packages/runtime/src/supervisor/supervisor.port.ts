// The shapes in which core asks for runs (core/features/runs/supervisor.port.ts), restated: core and runtime do not
// know each other, the agent joins them and TypeScript compares the two there.
import type { ErrorShape, FieldError, SourcePosition } from '@m3m/base'

/** A file of a service. `path` is relative, `/`-separated, confined. */
export interface SourceFile {
  path: string
  code: string
}

export type ReleaseTag = 'stable' | 'hot-fix' | 'night-build' | 'develop'

/** What a run is made of: an immutable release, or a branch as a debug run. */
export type RunSource = { release: string } | { branch: string }

/** Hard limits of one run. Sources and defaults: runtime-api.md "Limits", config.yaml `runtime.limits`. */
export interface RunLimits {
  memoryMb: number
  cpuStretchMs: number
  requestWallMs: number
  requestBodyBytes: number
  responseBodyBytes: number
  maxRoutes: number
  maxJobs: number
  /** Of its last requests, kept in memory to be looked at. 0: none. */
  requestsKept: number
  delayedQueue: number
  bootMs: number
  logLineBytes: number
  logFileBytes: number
  /** Bytes of all files of the project; absent: no limit. */
  storageQuotaBytes?: number
}

/** One time a job of a service ran: told when it begins, and again when it has ended. */
export interface JobNote {
  /** Number of this time among all of its run, from 1. */
  n: number
  /** Names the job in every run of the project: its own name, else what it was made by (`cron 0 3 * * *`). */
  key: string
  /** Its time had come; it had come while nothing ran (`missed: 'once'`); somebody asked. */
  trigger: 'due' | 'missed' | 'by-hand'
  /** Unix milliseconds, as the two below. When it was due. */
  plannedMs: number
  startedMs: number
  /** Absent while it runs. */
  endedMs?: number
  /** Why it failed. */
  error?: FieldError & { position?: SourcePosition }
  /** It did not run at all: the time before was still going (`overlap`), or nothing ran then (`missed`). */
  skipped?: 'overlap' | 'missed'
  /** How many due times the note stands for, the first of them `plannedMs`; absent: one. At most 1,000. */
  times?: number
}

/** What a run tells of its jobs, once a second at most but for what must not be lost. */
export interface JobReport {
  notes: readonly JobNote[]
  /** By key, for jobs with times of day: until when every due time was looked after, Unix milliseconds. */
  attended: Readonly<Record<string, number>>
}

/** What is kept of a project's jobs from run to run, by key. */
export type JobMarks = Readonly<Record<string, { attendedMs?: number; paused?: boolean }>>

/** All that is needed to boot one run. */
export interface RunSpec {
  runId: string
  projectId: string
  slug: string
  projectName: string
  source: RunSource
  branch: string
  tag: ReleaseTag | null
  files: readonly SourceFile[]
  /** `main.js` or `main.ts`. */
  entry: string
  limits: RunLimits
  /** `shared`: with other services in one process. Debug runs and runs with native plugins have their own in any case. */
  isolation: 'process' | 'shared'
  /** The project has native plugins enabled: their code reaches the whole process, so nobody shares it. */
  nativePlugins: boolean
  /** Names of the plugins that the project has enabled. Absent: none. */
  plugins?: readonly string[]
  /** The first line of the run's log: why it is started as it is. */
  notice?: string
  /** What earlier runs left of the project's jobs. Absent: nothing. */
  jobs?: JobMarks
  fence: number
  /** What the service may reach beside the open internet: names of ranges, addresses, subnets; hosts wherever they are. */
  outbound: { allow: readonly string[]; hosts: readonly string[] }
}

export type RunEnd =
  | { kind: 'stopped' }
  | { kind: 'crashed'; error: ErrorShape }
  | { kind: 'displaced'; suspect: boolean; named?: boolean; error: ErrorShape }

export interface SupervisedRun {
  readonly runId: string
  /** How often each limit was passed since the start, by its name in `runtime.limits`. */
  readonly limitHits: Readonly<Record<string, number>>
  activate(): Promise<void>
  disarm(): Promise<void>
  rearm(): Promise<void>
  stop(options: { graceMs: number }): Promise<void>
  kill(): Promise<void>
  readonly ended: Promise<RunEnd>
  invalidate(what: 'models' | 'env'): void
}

export interface BootOptions {
  /** Cuts the boot off: the run is killed and boot rejects. */
  signal?: AbortSignal
  /** Told of the run's jobs as long as it lives. */
  onJobs?: (report: JobReport) => void
}

export interface Supervisor {
  boot(spec: RunSpec, options?: BootOptions): Promise<SupervisedRun>
  expect(project: { projectId: string; slug: string }): () => void
}
