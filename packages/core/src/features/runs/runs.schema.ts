import { z } from 'zod'
import type { ErrorParams, SourcePosition } from '@m3m/base'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import type { ActorRef } from '../access/actor.schema.ts'
import type { CodeSource, ReleaseTagName } from '../pipeline/pipeline.schema.ts'
import { codeSourceSchema } from '../pipeline/pipeline.schema.ts'

export const RUN_STATES = ['starting', 'running', 'stopping', 'stopped', 'crashed'] as const
export type RunStateName = (typeof RUN_STATES)[number]

/** What is true beside the state: waiting before the next restart, alone in a process, slowed by a limit. */
export const RUN_CONDITIONS = ['backing-off', 'quarantined', 'limited'] as const
export type RunCondition = (typeof RUN_CONDITIONS)[number]

export const startRunInput = z.object({ projectId: idSchema, source: codeSourceSchema })
export const runHistoryInput = z.object({
  projectId: idSchema,
  limit: z.number().int().min(1).max(200).default(50),
  /** The `id` of the last entry of the page before. */
  before: idSchema.optional(),
})
export const runLogsInput = z.object({
  projectId: idSchema,
  /** Absent: the latest run. */
  runId: idSchema.optional(),
  cursor: z.string().max(40).optional(),
  direction: z.enum(['forward', 'backward']).default('backward'),
  limit: z.number().int().min(1).max(1_000).default(200),
  level: z.enum(['debug', 'info', 'warn', 'error']).optional(),
  search: z.string().max(200).optional(),
})
export const tailInput = z.object({
  projectId: idSchema,
  /** Absent: the latest run, and each later one as it starts. */
  runId: idSchema.optional(),
  /** `after` of a page of `logs`: from there on. Absent: from the end. */
  cursor: z.string().max(40).optional(),
  /** Set by the client when it connects again. */
  lastEventId: z.string().max(80).optional(),
})

/** Why a run is not running, or why the last one ended. */
export interface RunReason {
  code: string
  message: string
  params?: ErrorParams
  position?: SourcePosition
}

export interface ObservedRun {
  state: RunStateName
  source: CodeSource | null
  /** The branch of the release, or of the debug run. */
  branch: string | null
  tag?: ReleaseTagName
  since: IsoDate
  runId: string | null
  conditions: RunCondition[]
  reason?: RunReason
  /** With `backing-off`: when the next start is tried. */
  nextStartAt?: IsoDate
}

/** What should run and what does. One place of the server makes it; `watch` pushes it. */
export interface RunState {
  projectId: string
  /** During a debug run the release that returns after it stays here. */
  desired: { run: boolean; source: CodeSource | null }
  observed: ObservedRun
  /**
   * What works now, and so has the mark "running" in every list. While another version starts it is the one before;
   * `null` when nothing does.
   */
  live: CodeSource | null
  /** The version of the last release started with the tag `stable`. */
  activeRelease: string | null
}

/** The answer to a start: the run has booted and is active. */
export interface StartResult {
  runId: string
  state: RunStateName
  source: CodeSource
}

export const RUN_CAUSES = [
  'start',
  'restart',
  'autostart',
  'crash-restart',
  'return',
  'rollback',
  'relocated',
  'quarantined',
] as const
/**
 * Why a run began: a person, the agent's start, a restart after a crash, the release returning after a debug run, a
 * rollback; moved to another process because a neighbour ended the one they shared, or because it may share again; moved
 * to a process of its own because it is suspected of having ended the shared one.
 */
export type RunCause = (typeof RUN_CAUSES)[number]

/** Why it ended: a person, another version, the agent's end, a crash, the end of the process it shared, the agent being killed. */
export type RunEndCause =
  'stop' | 'replaced' | 'agent-stop' | 'crash' | 'displaced' | 'boot-failed' | 'agent-killed' | 'removed'

export interface RunHistoryEntry {
  id: string
  runId: string
  source: CodeSource
  branch: string
  tag: ReleaseTagName | null
  cause: RunCause
  /** How often it was started anew after a crash since a person started it, this start included. */
  restarts: number
  /** Who asked; `null` for the agent itself. */
  startedBy: ActorRef | null
  startedAt: IsoDate
  /** When it became active; `null` when it never did. */
  activeAt: IsoDate | null
  endedAt: IsoDate | null
  endCause: RunEndCause | null
  endedBy: ActorRef | null
  reason?: RunReason
  /** How often each limit was passed, by its name; absent when none was. */
  limits?: Record<string, number>
}

/** One message of `tail`. */
export interface TailChunk {
  runId: string
  lines: { cursor: string; at: IsoDate; level: 'debug' | 'info' | 'warn' | 'error'; text: string }[]
  /** Lines left out because the reader was slow. */
  dropped: number
}

/** One message of a tail, and where to go on after it. */
export type ResumableChunk = TailChunk & { resume: string }
