import type { z } from 'zod'
import type { Actor, SignedIn } from '../access/actor.schema.ts'
import type { AuditEntry, auditListInput } from './audit.schema.ts'

/** What one mutation adds. */
export interface AuditRecord {
  action: string
  projectId?: string | null
  target?: string | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/** Who did what. Entries are only added. */
export interface AuditService {
  add(actor: Actor, record: AuditRecord): Promise<void>
  /** Newest first. Entries of projects that the one who asks may not see are left out. */
  list(actor: SignedIn, query: z.output<typeof auditListInput>): Promise<AuditEntry[]>
}
