import type { Clock, Logger } from '@m3m/base'
import { newId } from '@m3m/base'
import type { z } from 'zod'
import type { AccessService } from '../access/access.service.ts'
import type { Actor, SignedIn } from '../access/actor.schema.ts'
import type { AuditDoc, AuditRepo } from './audit.repo.ts'
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
  /** Never fails the mutation it tells of: an entry that cannot be written becomes an error in the agent's log. */
  add(actor: Actor, record: AuditRecord): Promise<void>
  /** Entries of one action in one project, newest first; the caller has looked who may see them. */
  ofAction(query: {
    projectId: string
    action: string
    before?: string | undefined
    limit: number
  }): Promise<AuditEntry[]>
  /** Newest first. Entries of projects that the one who asks does not own are left out. */
  list(actor: SignedIn, query: z.output<typeof auditListInput>): Promise<AuditEntry[]>
}

export interface AuditDeps {
  repo: AuditRepo
  access: Pick<AccessService, 'demand' | 'membershipsOf'>
  clock: Clock
  logger: Logger
}

export function createAudit({ repo, access, clock, logger }: AuditDeps): AuditService {
  let lastMs = 0
  async function visible(actor: SignedIn, projectId: string | undefined): Promise<(string | null)[] | null> {
    if (projectId) {
      await access.demand(actor.user, projectId, 'settings')
      return [projectId]
    }
    if (actor.user.root) return null
    const memberships = await access.membershipsOf(actor.userId)
    return [null, ...memberships.filter(({ role }) => role === 'owner').map(({ projectId }) => projectId)]
  }

  return {
    async add(actor, record) {
      // Two things done in one millisecond are kept apart by one: the order is what an audit is about.
      const now = Math.max(clock.now(), lastMs + 1)
      lastMs = now
      const entry: AuditDoc = {
        _id: newId(now),
        at: new Date(now),
        actorId: actor.userId,
        actorName: actor.name,
        address: actor.address,
        action: record.action,
        projectId: record.projectId ?? null,
        target: record.target ?? null,
        before: record.before ?? null,
        after: record.after ?? null,
      }
      await repo.add(entry).catch((error: unknown) => {
        logger.error('audit entry lost', { action: record.action, actor: actor.userId, error })
      })
    },
    async ofAction({ projectId, action, before, limit }) {
      const docs = await repo.list({ projectIds: [projectId], actionPrefix: action, before, limit })
      return docs.map(toEntry)
    },
    async list(actor, query) {
      const projectIds = await visible(actor, query.projectId)
      const docs = await repo.list({
        ...(projectIds && { projectIds }),
        actorId: query.userId,
        actionPrefix: query.action,
        from: query.from,
        to: query.to,
        before: query.before,
        limit: query.limit,
      })
      return docs.map(toEntry)
    },
  }
}

function toEntry(doc: AuditDoc): AuditEntry {
  return {
    id: doc._id,
    at: doc.at.toISOString(),
    actor: doc.actorId ? { id: doc.actorId, name: doc.actorName } : null,
    address: doc.address,
    action: doc.action,
    projectId: doc.projectId,
    target: doc.target,
    before: doc.before,
    after: doc.after,
  }
}
