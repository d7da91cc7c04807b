// The shapes in which core asks for runs (core/features/runs/supervisor.port.ts), restated: core and runtime do not
// know each other, the agent joins them and TypeScript compares the two there.
import type { ErrorShape } from '@m3m/base'

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
  delayedQueue: number
  bootMs: number
  logLineBytes: number
  logFileBytes: number
  /** Bytes of all files of the project; absent: no limit. */
  storageQuotaBytes?: number
}

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
  fence: number
  /** What the service may reach beside the open internet: names of ranges, addresses, subnets; hosts wherever they are. */
  outbound: { allow: readonly string[]; hosts: readonly string[] }
}

export type RunEnd =
  | { kind: 'stopped' }
  | { kind: 'crashed'; error: ErrorShape }
  | { kind: 'displaced'; suspect: boolean; error: ErrorShape }

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

export interface Supervisor {
  boot(spec: RunSpec, options?: { signal?: AbortSignal }): Promise<SupervisedRun>
}
