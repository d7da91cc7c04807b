import type { FieldError, SourcePosition } from '@m3m/base'
import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import type { CodeSource } from '../pipeline/pipeline.schema.ts'

export const jobInput = z.object({ projectId: idSchema, jobId: z.string().min(1).max(200) })

export const jobHistoryInput = z.strictObject({
  projectId: idSchema,
  /** Of one job; absent: of all, those that are no longer in the code too. */
  key: z.string().min(1).max(200).optional(),
  limit: z.number().int().min(1).max(200).default(50),
  /** `id` of the last entry of the page before. */
  before: z.string().max(100).optional(),
})

export const delayedTaskInput = z.strictObject({ projectId: idSchema, taskId: z.string().min(1).max(40) })

const at = z.number().min(0).max(8.64e15)
/** What a run says of its delayed tasks; checked, for it holds user code. At most 200 of them, the oldest first. Times are Unix milliseconds. */
export const delayedTasksSchema = z.object({
  waiting: z.number().int().min(0),
  running: z.number().int().min(0),
  tasks: z
    .array(
      z.object({
        id: z.string().max(40),
        key: z.string().nullable(),
        state: z.enum(['waiting', 'running']),
        attempt: z.number().int().min(0),
        retriesLeft: z.number().int().min(0),
        addedMs: at,
        beganMs: at.nullable(),
        dueMs: at.nullable(),
      }),
    )
    .max(200),
})
/** Tasks of `delayed.run`: they live in the run's memory and end with it. */
export type DelayedTasks = z.output<typeof delayedTasksSchema>

export const JOB_RESULTS = ['running', 'done', 'failed', 'timed-out', 'interrupted', 'skipped'] as const
/**
 * `interrupted`: its run was over before the job was; `timed-out`: nobody waits for it any more, it may go on; `skipped`:
 * it was due and did not run, see `skipped`.
 */
export type JobResult = (typeof JOB_RESULTS)[number]

/** Its time had come; it had come while nothing ran; somebody asked. */
export type JobTrigger = 'due' | 'missed' | 'by-hand'

/** One time a job ran, or times in a row that were left out. */
export interface JobTime {
  id: string
  key: string
  trigger: JobTrigger
  plannedAt: IsoDate
  startedAt: IsoDate
  endedAt: IsoDate | null
  result: JobResult
  /** Why it was left out: the time before was still going, or nothing ran then (`missed: 'skip'`). */
  skipped?: 'overlap' | 'missed'
  /** How many due times this entry stands for, the first of them `plannedAt`. 1,000 stands for more. */
  times: number
  error?: FieldError & { position?: SourcePosition }
  /** The run it was of: its log has the rest, and its code the place of the error. */
  runId: string
  source: CodeSource
  branch: string
}

/** A job of the running service. */
export interface ScheduledJob {
  id: string
  /** Names the job in every run of the project. */
  key: string
  name: string | null
  type: string
  status: string
  expression: string | null
  timezone: string | null
  intervalMs: number | null
  /** What becomes of times that came while nothing ran; `null` for jobs without times of day. */
  missed: 'skip' | 'once' | null
  /** How often it ran in this run, and how many of it run now. */
  runs: number
  running: number
  lastRunAt: IsoDate | null
  nextRunAt: IsoDate | null
  /** The latest time it ran, in this run or an earlier one. */
  last: JobTime | null
}
