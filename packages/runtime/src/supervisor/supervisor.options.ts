import type { Clock, Logger } from '@m3m/base'
import type { PluginCatalogue } from '../plugins/plugin-catalogue.ts'
import type { Stripper } from '../tools/tools.contract.ts'
import type { RunSource, Supervisor } from './supervisor.port.ts'

/** What a run needs to make links that the agent honours (packages/data/src/storage/signed-links.ts). */
export interface FileLinks {
  /** Scheme, host and port of the panel, without a slash at the end. */
  base: string
  /** base64url; good for that project only. */
  key: string
}

export interface SupervisorOptions {
  /** Absolute path of the file a runner process starts with; it calls `runRunner` (apps/agent/src/compose-runner.ts). */
  runnerEntry: string
  /** What the runner's `openData` gets, by a pipe and never by arguments or environment. */
  secrets: Readonly<Record<string, unknown>>
  /** Folder for pid files; the next agent start reaps what they name (`reapProcesses`). */
  processFolder: string
  /** `logging.path`: a run's log is written below it by its runner. */
  logsPath: string
  /** `storage.path`: a project's files are in `{storagePath}/{projectId}/storage`. */
  storagePath: string
  /** `runtime` of config.yaml: modules read their settings from it. */
  settings?: Readonly<Record<string, unknown>>
  /** Ports of the agent on this machine, which no service reaches; asked at each start, when they are known. */
  ownPorts?: () => readonly number[]
  /** Lets services sign links to their files: where the agent answers, and the project's own key. Asked at each start. */
  fileLinks?: (projectId: string) => FileLinks | null
  tools: Stripper
  /** Knows what a runner needs to load a plugin, and is told of those that fail. Absent: there are no plugins. */
  plugins?: Pick<PluginCatalogue, 'orders' | 'noteFailure'>
  /** Keep one runner process loaded for the next start: 25 MB for some hundred milliseconds. Default true. */
  spare?: boolean
  /**
   * A runner that reports nothing for so long is stuck and is ended (it reports once a second, and user code never runs on its
   * main thread; a plugin's does). Default 15,000: a healthy one on a machine with ten times the work of its cores is not that late.
   */
  silentMs?: number
  clock?: Clock
  logger: Logger
}

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

/** What a run's processes and routes say at this moment. */
export interface RunFigures {
  runId: string
  projectId: string
  /** CPU time used by the runner process since its start, in milliseconds; in a shared runner, by the run's isolate. */
  cpuMs: number
  /** Resident memory of the runner process; in a shared runner, the run's heap and an equal part of the rest. */
  rssBytes: number
  /** Heap of the run's isolate as of its last turn. */
  heapBytes: number
  /** Event-loop delay of the runner's main thread in the last second. */
  lagMs: number
  requests: number
  errors: number
  /** Answers of 2xx, 3xx, 4xx and 5xx. */
  statusClasses: readonly [number, number, number, number]
  /** Of bodies and of messages on sockets. */
  bytesIn: number
  bytesOut: number
  /** Times that jobs began. */
  jobRuns: number
  inFlight: number
  /** Answers by class of latency since the start: class i holds what took at most 0.1·1.25^i ms, the last one the rest. */
  latencyClasses: readonly number[]
  routes: RouteFigures[]
  /** How often each limit was passed since the start, by its name in `runtime.limits`. */
  limits: Readonly<Record<string, number>>
}

/** One line of the panel's list of jobs. */
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

/** The supervisor as the agent holds it: core's port, and what front and metrics ask. */
export interface RuntimeSupervisor extends Supervisor, AsyncDisposable {
  /** Live figures of a run; null when it is not in its care. */
  figures(runId: string): RunFigures | null
  /** The run that has the project's route, or null. */
  active(projectId: string): { runId: string; source: RunSource } | null
  /** The jobs a run has registered. Empty for an unknown run. */
  jobs(runId: string): Promise<JobFigures[]>
  /** What a control of a module answers (`actions.list`); null for an unknown run or control. @throws when the run ends before */
  control(runId: string, name: string, args: readonly unknown[]): Promise<unknown>
  /** Runs, pauses or resumes a job by hand. False for an unknown run or job. */
  controlJob(runId: string, jobId: string, action: 'run' | 'pause' | 'resume'): Promise<boolean>
}
