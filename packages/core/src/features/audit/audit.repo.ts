import type { Db, Filter } from 'mongodb'

export interface AuditDoc {
  _id: string
  at: Date
  /** Of an operator, or of the key of a program. */
  actorId: string | null
  /** Absent: an operator, or the agent where there is no `actorId`. */
  actorKind?: 'apiKey'
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
  text?: string | undefined
  before?: string | undefined
  after?: string | undefined
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
      const parts: Filter<AuditDoc>[] = query.text ? [holding(query.text)] : []
      if (query.projectIds) parts.push({ projectId: { $in: query.projectIds } })
      if (query.actorId) parts.push({ actorId: query.actorId })
      if (query.actionPrefix)
        parts.push({ action: { $gte: query.actionPrefix, $lt: `${query.actionPrefix}\uFFFF` } })
      if (query.from) parts.push({ at: { $gte: new Date(query.from) } })
      if (query.to) parts.push({ at: { $lt: new Date(query.to) } })
      if (query.before) parts.push(await beyond(query.before, '$lt'))
      if (query.after) parts.push(await beyond(query.after, '$gt'))
      // What follows an entry is counted from it, and shown as everything else is.
      const direction = query.after ? 1 : -1
      const found = await entries
        .find(parts.length > 0 ? { $and: parts } : {})
        .sort({ at: direction, _id: direction })
        .limit(query.limit)
        .toArray()
      return query.after ? found.reverse() : found
    },
  }

  /** Before or after an entry; everything when it is not there. */
  async function beyond(id: string, than: '$lt' | '$gt'): Promise<Filter<AuditDoc>> {
    const mark = await entries.findOne({ _id: id })
    if (!mark) return {}
    return { $or: [{ at: { [than]: mark.at } }, { at: mark.at, _id: { [than]: id } }] }
  }
}

function holding(text: string): Filter<AuditDoc> {
  const $regex = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
  const fields = ['actorName', 'target', 'action', 'address'] as const
  return { $or: fields.map((field) => ({ [field]: { $regex, $options: 'i' } })) }
}
