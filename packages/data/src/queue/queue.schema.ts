import { z } from 'zod'

export const JOB_STATES = ['waiting', 'delayed', 'active', 'dead'] as const
/** `waiting`: nobody has begun it yet; `delayed`: its time has not come, at first or after a failure; `dead`: all tries are used up. */
export type JobState = (typeof JOB_STATES)[number]

const nameSchema = z.string().min(1).max(100)

export const jobListSchema = z.strictObject({
  state: z.enum(JOB_STATES).optional(),
  name: nameSchema.optional(),
  page: z.number().int().min(1).max(10_000).default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
})
export type JobListQuery = z.input<typeof jobListSchema>

/** Which jobs are meant; those that somebody works on never are. */
export const jobChoiceSchema = z.strictObject({
  state: z.enum(['waiting', 'delayed', 'dead']).default('dead'),
  /** One queue; absent: all. */
  name: nameSchema.optional(),
})
export type JobChoice = z.output<typeof jobChoiceSchema>

/** A job in a list. Done jobs are not kept. */
export interface JobRow {
  id: string
  name: string
  state: JobState
  /** The beginning of the payload as JSON text, at most 200 characters of it. */
  preview: string
  key: string | null
  /** How often it was begun. */
  attempts: number
  /** When it may be begun; while active, when its lease ends. `null` when dead. */
  dueAt: string | null
  /** Of the last try. */
  error: string | null
  createdAt: string
}

/** A job with all it carries. */
export interface JobView extends JobRow {
  payload: unknown
}

export type JobCounts = Record<JobState, number>

/** One queue: how many jobs of each state it has. */
export interface QueueSummary extends JobCounts {
  name: string
}
