import type { ErrorShape, FieldError, SourcePosition } from '@m3m/base'

/** A file of a service as the author wrote it. `path` is relative, `/`-separated, confined (pipeline.schema.ts). */
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

/** All that the supervisor needs to boot one run. Models, records and environment are read by the runner itself. */
export interface RunSpec {
  runId: string
  projectId: string
  slug: string
  projectName: string
  source: RunSource
  /** The branch the release came from, or the debug run's branch. */
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
  /** Names of the plugins that the project has enabled, usable or not. Absent: none. */
  plugins?: readonly string[]
  /** The first line of the run's log: why it is started as it is. */
  notice?: string
  /** What earlier runs left of the project's jobs. Absent: nothing. */
  jobs?: JobMarks
  /** Grows with every start of the project: an older writer of observed state loses (ADR 0004). */
  fence: number
  /** What the service may reach beside the open internet: names of ranges, addresses, subnets; hosts wherever they are. */
  outbound: { allow: readonly string[]; hosts: readonly string[] }
}

/**
 * Why a run is over. `error` carries the code and, where one is known, the position in the author's source.
 * `displaced`: the process it shared with others ended. A suspect was being executed in that moment and is to be
 * started again in a process of its own; the others may share again, at once. `named`: there is no doubt about it.
 */
export type RunEnd =
  | { kind: 'stopped' }
  | { kind: 'crashed'; error: ErrorShape }
  | { kind: 'displaced'; suspect: boolean; named?: boolean; error: ErrorShape }

/** One run in the care of the supervisor. Phases: booting → standby → active → draining → stopped. */
export interface SupervisedRun {
  readonly runId: string
  /** How often each limit was passed since the start, by its name in `runtime.limits`. */
  readonly limitHits: Readonly<Record<string, number>>
  /** Arms jobs, takes the project's route, runs the start callbacks. Rejects with the run's error; the run is then over. */
  activate(): Promise<void>
  /** Stops jobs, queue, delayed and events; requests still come until another run of the project takes the route. */
  disarm(): Promise<void>
  /** Undoes {@link SupervisedRun.disarm} when the run that should have replaced this one failed. */
  rearm(): Promise<void>
  /** In flight ≤ `graceMs`, sockets closed with 1012, shutdown callbacks at most once, then gone. Idempotent. */
  stop(options: { graceMs: number }): Promise<void>
  /** Ends it at once, without shutdown callbacks. Idempotent. */
  kill(): Promise<void>
  /** Settles (never rejects) when the run is over, whatever ended it. */
  readonly ended: Promise<RunEnd>
  /** Tells the run that the project's models or variables changed. */
  invalidate(what: 'models' | 'env'): void
}

export interface BootOptions {
  /** Cuts the boot off: the run is killed and boot rejects. */
  signal?: AbortSignal
  /** Told of the run's jobs as long as it lives. */
  onJobs?: (report: JobReport) => void
}

/** Runs services. Implemented by @m3m/runtime, joined in apps/agent/src/compose-agent.ts. */
export interface Supervisor {
  /**
   * Boots a run in standby: main file, then boot callbacks.
   * @throws the reason when the code cannot boot (RUN_BOOT_FAILED and its kin, with `position`). With
   *   `blame: 'user'` it is the code's fault and is not tried again; anything else is.
   */
  boot(spec: RunSpec, options?: BootOptions): Promise<SupervisedRun>
  /**
   * The project is about to be started: requests for it are held, for 10 s at most, until it is active, cannot boot, or
   * what is returned is called.
   */
  expect(project: { projectId: string; slug: string }): () => void
}
