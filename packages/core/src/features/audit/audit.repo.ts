import type { Db, Filter } from 'mongodb'

export interface AuditDoc {
  _id: string
  at: Date
  actorId: string | null
  actorName: string
  address: string | null
  action: string
  projectId: string | null
  target: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

export interface AuditFilter {
  /** Only entries of these projects, and with `null` in it those of no project. Absent: all. */
  projectIds?: (string | null)[]
  actorId?: string | undefined
  actionPrefix?: string | undefined
  from?: string | undefined
  to?: string | undefined
  before?: string | undefined
  limit: number
}

export type AuditRepo = ReturnType<typeof createAuditRepo>

/** Entries are added and read; there is nothing to change or remove one by. */
export function createAuditRepo(db: Db) {
  const entries = db.collection<AuditDoc>('audit')
  return {
    async ensureIndexes() {
      await entries.createIndexes([{ key: { at: -1 } }, { key: { projectId: 1, at: -1 } }])
    },
    async add(entry: AuditDoc) {
      await entries.insertOne(entry)
    },
    async list(query: AuditFilter): Promise<AuditDoc[]> {
      const parts: Filter<AuditDoc>[] = []
      if (query.projectIds) parts.push({ projectId: { $in: query.projectIds } })
      if (query.actorId) parts.push({ actorId: query.actorId })
      if (query.actionPrefix)
        parts.push({ action: { $gte: query.actionPrefix, $lt: `${query.actionPrefix}\uFFFF` } })
      if (query.from) parts.push({ at: { $gte: new Date(query.from) } })
      if (query.to) parts.push({ at: { $lt: new Date(query.to) } })
      if (query.before) parts.push(await olderThan(query.before))
      return entries
        .find(parts.length > 0 ? { $and: parts } : {})
        .sort({ at: -1, _id: -1 })
        .limit(query.limit)
        .toArray()
    },
  }

  async function olderThan(id: string): Promise<Filter<AuditDoc>> {
    const last = await entries.findOne({ _id: id })
    if (!last) return {}
    return { $or: [{ at: { $lt: last.at } }, { at: last.at, _id: { $lt: id } }] }
  }
}
