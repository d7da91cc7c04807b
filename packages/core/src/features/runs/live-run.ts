import type { Actor } from '../access/actor.schema.ts'
import type { CodeSource, ReleaseTagName } from '../pipeline/pipeline.schema.ts'
import type { RunnableCode } from '../pipeline/pipeline.service.ts'
import type { Project } from '../projects/projects.service.ts'
import type { Observation } from './run-ledger.ts'
import type { RunCause, RunEndCause, RunReason } from './runs.schema.ts'
import type { JobMarks, RunEnd, SupervisedRun } from './supervisor.port.ts'

/** A start that is asked for or under way. */
export interface Start {
  source: CodeSource
  cut: AbortController
}

/** What a start needs of the database and does not change. What is not there is read when it is needed. */
export interface ReadAhead {
  project?: Project | null
  code?: RunnableCode
  jobs?: JobMarks
}

/** A start and why. */
export interface Wish extends Start, ReadAhead {
  cause: RunCause
  actor: Actor
  /** What the badge goes on telling beside "running": why the run before ended. */
  reason?: RunReason
}

/** One booted run and what is to be written when it ends. */
export interface LiveRun {
  runId: string
  source: CodeSource
  branch: string
  tag: ReleaseTagName | null
  supervised: SupervisedRun
  /** Why it has a process of its own although it would share one; null when it has no such reason. */
  quarantined: RunReason | null
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

/** A run that works, as it is observed. */
export function runningAs({ source, branch, tag, runId, quarantined }: LiveRun): Observation {
  const beside = quarantined ? { conditions: ['quarantined' as const], reason: quarantined } : {}
  return { state: 'running', source, branch, tag, runId, ...beside }
}
