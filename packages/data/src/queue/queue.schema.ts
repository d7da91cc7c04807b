import { z } from 'zod'

export const JOB_STATES = ['waiting', 'active', 'dead'] as const
export type JobState = (typeof JOB_STATES)[number]

export const jobListSchema = z.strictObject({
  state: z.enum(JOB_STATES).optional(),
  name: z.string().max(100).optional(),
  page: z.number().int().min(1).max(10_000).default(1),
  pageSize: z.number().int().min(1).max(200).default(50),
})
export type JobListQuery = z.input<typeof jobListSchema>

/** A job as the panel shows it. Done jobs are not kept. */
export interface JobView {
  id: string
  name: string
  state: JobState
  payload: unknown
  key: string | null
  /** How often it was begun. */
  attempts: number
  /** When it may be begun; while active, when its lease ends. `null` when dead. */
  dueAt: string | null
  error: string | null
  createdAt: string
}
