import type { Db } from 'mongodb'
import type { ClientKind } from './auth.schema.ts'

export interface SessionDoc {
  _id: string
  userId: string
  client: ClientKind
  userAgent: string
  address: string
  /** SHA-256 of the part of the refresh token that all tokens of this sign-in share. */
  familyHash: string
  /** SHA-256 of the part that is good once. */
  currentHash: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

export type SessionsRepo = ReturnType<typeof createSessionsRepo>

export function createSessionsRepo(db: Db) {
  const sessions = db.collection<SessionDoc>('sessions')
  return {
    async ensureIndexes() {
      await sessions.createIndexes([{ key: { userId: 1 } }, { key: { expiresAt: 1 } }])
    },
    add: async (session: SessionDoc) => void (await sessions.insertOne(session)),
    find: (id: string) => sessions.findOne({ _id: id }),
    ofUser: (userId: string) => sessions.find({ userId }).sort({ lastSeenAt: -1 }).toArray(),
    /** False when another request rotated first. */
    async rotate(
      id: string,
      from: string,
      to: Pick<SessionDoc, 'currentHash' | 'lastSeenAt' | 'address' | 'userAgent'>,
    ) {
      const result = await sessions.updateOne({ _id: id, currentHash: from }, { $set: to })
      return result.matchedCount === 1
    },
    touch: async (id: string, seen: Pick<SessionDoc, 'lastSeenAt' | 'address'>) =>
      void (await sessions.updateOne({ _id: id }, { $set: seen })),
    remove: async (ids: readonly string[]) => void (await sessions.deleteMany({ _id: { $in: [...ids] } })),
    expired: (now: Date) => sessions.find({ expiresAt: { $lte: now } }).toArray(),
  }
}
