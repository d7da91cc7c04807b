import type { Actor } from '../access/actor.schema.ts'
import type { CodeSource, ReleaseTagName } from '../pipeline/pipeline.schema.ts'
import type { RunEndCause, RunReason } from './runs.schema.ts'
import type { RunEnd, SupervisedRun } from './supervisor.port.ts'

/** One booted run and what is to be written when it ends. */
export interface LiveRun {
  runId: string
  source: CodeSource
  branch: string
  tag: ReleaseTagName | null
  supervised: SupervisedRun
  /** Its activation is through. */
  active: boolean
  /** Set once it is meant to end: then its end is no crash. */
  retired: { cause: RunEndCause; by: Actor | null; reason?: RunReason } | null
  /** Set in the moment it is over. */
  end: RunEnd | null
  /** Settles when it is over and written down. */
  over: Promise<void>
}

export const isDebug = (source: CodeSource): source is { branch: string } => 'branch' in source

export function sameSource(a: CodeSource | null | undefined, b: CodeSource | null | undefined): boolean {
  if (!a || !b) return false
  if (isDebug(a)) return isDebug(b) && a.branch === b.branch
  return !isDebug(b) && a.release === b.release
}

/** For messages: `release 1.2`, `branch develop`. */
export function nameOf(source: CodeSource): string {
  return isDebug(source) ? `branch ${source.branch}` : `release ${source.release}`
}
