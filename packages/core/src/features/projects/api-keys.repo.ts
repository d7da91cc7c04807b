import type { Db } from 'mongodb'
import type { ApiKeyScope } from './api-keys.schema.ts'

export interface ApiKeyDoc {
  _id: string
  projectId: string
  name: string
  hint: string
  /** SHA-256 of the whole key, which has 192 random bits. */
  hash: string
  scopes: ApiKeyScope[]
  /** Absent or null: all. */
  models?: string[] | null
  createdAt: Date
  createdBy: string | null
  expiresAt: Date | null
  lastUsedAt: Date | null
}

export type ApiKeysRepo = ReturnType<typeof createApiKeysRepo>

export function createApiKeysRepo(db: Db) {
  const keys = db.collection<ApiKeyDoc>('api_keys')
  return {
    async ensureIndexes() {
      await keys.createIndex({ hash: 1 }, { unique: true })
      await keys.createIndex({ projectId: 1 })
    },
    add: async (key: ApiKeyDoc) => void (await keys.insertOne(key)),
    list: (projectId: string) => keys.find({ projectId }).sort({ createdAt: 1 }).toArray(),
    byHash: (hash: string) => keys.findOne({ hash }),
    replaceSecret: (projectId: string, id: string, set: Pick<ApiKeyDoc, 'hash' | 'hint'>) =>
      keys.findOneAndUpdate({ _id: id, projectId }, { $set: set }, { returnDocument: 'after' }),
    remove: (projectId: string, id: string) => keys.findOneAndDelete({ _id: id, projectId }),
    touch: async (id: string, at: Date) =>
      void (await keys.updateOne({ _id: id }, { $set: { lastUsedAt: at } })),
    removeProject: async (projectId: string) => void (await keys.deleteMany({ projectId })),
  }
}
