// Which process a run goes to: one pure decision, and the numbers that bound what shares a process.
import type { RunSpec } from './supervisor.port.ts'

/**
 * Runs in one shared runner. One main thread carries the frames and host calls of all of them, and all of them are
 * started again when it ends; 50 services share one in the Targets of the design.
 */
export const MAX_SHARED_RUNS = 64
/** A runner that uses so much takes no further run: what it costs to lose it grows with it. */
const FULL_BYTES = 1024 * 1024 * 1024
/** Memory a runner may use beyond the heaps of its services: Node, the addon, bodies on their way. */
const OVERHEAD_MB = 256
/** Code, context and stack of an isolate, beside its heap. */
const PER_RUN_MB = 4

/** What is asked about a runner before a run is put into it. */
export interface RunnerRoom {
  /** False: it is one run's alone. */
  readonly shared: boolean
  /** It is on its way out, or being ended. */
  readonly leaving: boolean
  /** Runs in it, those on their way there included. */
  readonly size: number
  /** Resident memory as of its last report. */
  readonly rssBytes: number
}

/**
 * Decides where a run goes: into one of `rooms`, into a new shared runner (`shared`), or into one of its own (`own`).
 * Debug runs, runs with native plugins and runs that were asked to be alone never share. Of the runners with room the
 * fullest is taken, so that runners become empty and end.
 */
export function place<R extends RunnerRoom>(
  run: Pick<RunSpec, 'isolation' | 'source' | 'nativePlugins'>,
  rooms: Iterable<R>,
): R | 'shared' | 'own' {
  if (run.isolation === 'process' || run.nativePlugins || 'branch' in run.source) return 'own'
  let best: R | null = null
  for (const room of rooms) {
    if (!room.shared || room.leaving || room.size >= MAX_SHARED_RUNS || room.rssBytes > FULL_BYTES) continue
    if (!best || room.size > best.size) best = room
  }
  return best ?? 'shared'
}

/**
 * Resident memory after which a runner is ended, in bytes: room for the heaps of its runs, but never more of all of them
 * together than half the machine has (or the largest of them needs). What a run may use itself its isolate sees to; this
 * catches what no isolate counts.
 *
 * @param memoryMb limits of its runs
 * @param machineBytes memory of the machine
 */
export function rssCapBytes(memoryMb: readonly number[], machineBytes: number): number {
  const all = memoryMb.reduce((sum, mb) => sum + mb + PER_RUN_MB, 0)
  const ceiling = Math.max(machineBytes / 2 / 1048576, ...memoryMb)
  return (OVERHEAD_MB + Math.min(all, ceiling)) * 1048576
}
