// What agent and runner process agree on besides frames.
import type { LogLevel } from '@m3m/base'
import type { RunOrder } from './service-run.ts'

/** File descriptors a runner inherits. */
export const FD = {
  /** The socket of frames. */
  frames: 3,
  /** A pipe nobody writes to: its end is the agent's end. */
  parent: 4,
  /** JSON of {@link RunnerSetup}, then the end. */
  setup: 5,
  /** The black box: a byte for each run, not 0 while the run is being executed. */
  box: 6,
} as const

/** Handed to a runner by pipe, never by arguments or environment. */
export interface RunnerSetup {
  secrets: Readonly<Record<string, unknown>>
  logsPath: string
  storagePath: string
  /** Where the runner's own children are recorded for the next agent start. */
  processFolder: string
  settings: Readonly<Record<string, unknown>>
  logLevel: LogLevel
}

/** Methods of call frames. */
export const CONTROL_CALLS = {
  boot: 'boot',
  arm: 'arm',
  start: 'start',
  disarm: 'disarm',
  shutdown: 'shutdown',
  close: 'close',
  invalidate: 'invalidate',
  /** A line for the run's log: what the agent saw of it. */
  note: 'note',
  /** `[name, args]`: a control of a module (`schedule.list`). */
  module: 'module',
} as const

/** What a runner boots a run by. */
export interface BootOrder {
  order: RunOrder
  /** The run's byte in the black box; null in a runner of its own. */
  slot: number | null
}

/** How often a runner reports; the report is its heartbeat too. */
export const METRIC_MS = 1000

/** A runner's report. */
export interface RunnerFigures {
  cpuMs: number
  rssBytes: number
  lagMs: number
  /** Handle, CPU time of the isolate, bytes of its heap. */
  runs: [handle: number, cpuMs: number, heapBytes: number][]
}
