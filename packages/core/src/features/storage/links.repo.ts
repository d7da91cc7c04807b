import type { Db } from 'mongodb'

export interface LinkDoc {
  _id: string
  projectId: string
  path: string
  /** SHA-256 of the token, which has 192 random bits. */
  hash: string
  createdAt: Date
  createdBy: string | null
  expiresAt: Date | null
  /** Kept for a while, so that its visitors are told why. */
  revokedAt: Date | null
}

export type LinksRepo = ReturnType<typeof createLinksRepo>

export function createLinksRepo(db: Db) {
  const links = db.collection<LinkDoc>('storage_links')
  return {
    async ensureIndexes() {
      await links.createIndex({ hash: 1 }, { unique: true })
      await links.createIndex({ projectId: 1, path: 1 })
    },
    add: async (link: LinkDoc) => void (await links.insertOne(link)),
    list: (projectId: string) => links.find({ projectId, revokedAt: null }).sort({ createdAt: -1 }).toArray(),
    byHash: (hash: string) => links.findOne({ hash }),
    revoke: (projectId: string, id: string, at: Date) =>
      links.findOneAndUpdate({ _id: id, projectId, revokedAt: null }, { $set: { revokedAt: at } }),
    revokeIds: async (projectId: string, ids: string[], at: Date) =>
      void (await links.updateMany({ _id: { $in: ids }, projectId }, { $set: { revokedAt: at } })),
    /** Forgets those of the project that ended before. */
    async forgetEnded(projectId: string, before: Date) {
      await links.deleteMany({ projectId, revokedAt: { $ne: null, $lt: before } })
      await links.deleteMany({ projectId, expiresAt: { $ne: null, $lt: before } })
    },
    removeProject: async (projectId: string) => void (await links.deleteMany({ projectId })),
  }
}
