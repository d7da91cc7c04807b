import { z } from 'zod'
import type { IsoDate } from '../../ids.schema.ts'
import { idSchema } from '../../ids.schema.ts'
import type { ActorRef } from '../access/actor.schema.ts'

/** What narrows the log. */
export const auditFilterSchema = z.object({
  projectId: idSchema.optional(),
  userId: idSchema.optional(),
  /** The beginning of an action: `projects.` or `runs.start`. */
  action: z.string().max(60).optional(),
  /** Found in who, what and from where, whatever its case. */
  text: z.string().trim().max(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
})

export const auditListInput = auditFilterSchema
  .extend({
    limit: z.number().int().min(1).max(500).default(100),
    /** Older than this entry: the `id` of the last one of the page before. */
    before: idSchema.optional(),
    /** Newer than this entry: the `id` of the first one that is shown. The answer is still newest first. */
    after: idSchema.optional(),
  })
  .default({ limit: 100 })

export const AUDIT_FORMATS = ['csv', 'ndjson'] as const
export const exportAuditInput = auditFilterSchema.extend({ format: z.enum(AUDIT_FORMATS) })

/** Who did what, when, from where. Entries are only ever added. */
export interface AuditEntry {
  id: string
  at: IsoDate
  /** `null`: the agent itself or its command line. */
  actor: ActorRef | null
  address: string | null
  /** As the procedure is named: `projects.update`. */
  action: string
  projectId: string | null
  /** What it was done to: a name, a version, an e-mail address. */
  target: string | null
  /** What was and what is; never a password or a secret's value. */
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}
