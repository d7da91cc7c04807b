import type { Clock, Logger } from '@m3m/base'
import { newId } from '@m3m/base'
import type { z } from 'zod'
import type { AccessService } from '../access/access.service.ts'
import type { Actor, SignedIn } from '../access/actor.schema.ts'
import type { AuditDoc, AuditRepo } from './audit.repo.ts'
import { cellsOf, CSV_HEAD, csvLine } from './audit-csv.ts'
import type { AuditEntry, auditListInput, exportAuditInput } from './audit.schema.ts'

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
  /** All of it, newest first, as text of a file: a head and a line each, or one JSON document a line. */
  export(actor: SignedIn, query: z.output<typeof exportAuditInput>): AsyncGenerator<string>
}

export interface AuditDeps {
  repo: AuditRepo
  access: Pick<AccessService, 'demand' | 'membershipsOf'>
  clock: Clock
  logger: Logger
}

/** Entries of one question while the log is written to a file. */
const EXPORT_PAGE = 500

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

  async function list(actor: SignedIn, query: z.output<typeof auditListInput>): Promise<AuditEntry[]> {
    const { userId: actorId, action: actionPrefix, projectId, ...rest } = query
    const projectIds = await visible(actor, projectId)
    const docs = await repo.list({ ...rest, actorId, actionPrefix, ...(projectIds && { projectIds }) })
    return docs.map(toEntry)
  }

  return {
    async add(actor, record) {
      // Two things done in one millisecond are kept apart by one: the order is what an audit is about.
      const now = Math.max(clock.now(), lastMs + 1)
      lastMs = now
      const entry: AuditDoc = {
        _id: newId(now),
        at: new Date(now),
        actorId: actor.userId ?? actor.apiKeyId ?? null,
        ...(actor.apiKeyId !== undefined && { actorKind: 'apiKey' }),
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
    list,
    async *export(actor, { format, ...filter }) {
      if (format === 'csv') yield csvLine(CSV_HEAD)
      for (let before: string | undefined; ;) {
        const page = await list(actor, { ...filter, limit: EXPORT_PAGE, ...(before && { before }) })
        for (const entry of page)
          yield format === 'csv' ? csvLine(cellsOf(entry)) : `${JSON.stringify(entry)}\n`
        if (page.length < EXPORT_PAGE) return
        before = page.at(-1)!.id
      }
    },
  }
}

function toEntry(doc: AuditDoc): AuditEntry {
  return {
    id: doc._id,
    at: doc.at.toISOString(),
    actor: doc.actorId
      ? { id: doc.actorId, name: doc.actorName, ...(doc.actorKind === 'apiKey' && { apiKey: true }) }
      : null,
    address: doc.address,
    action: doc.action,
    projectId: doc.projectId,
    target: doc.target,
    before: doc.before,
    after: doc.after,
  }
}
