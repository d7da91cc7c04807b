import { jobChoiceSchema, jobListSchema } from '@m3m/data/schema'
import { z } from 'zod'
import { idSchema } from '../../ids.schema.ts'

export const listQueueInput = z.strictObject({ projectId: idSchema, ...jobListSchema.shape })
export const queueJobInput = z.strictObject({ projectId: idSchema, jobId: idSchema })
export const queueJobsInput = z.strictObject({ projectId: idSchema, ...jobChoiceSchema.shape })
