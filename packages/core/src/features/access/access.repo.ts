import type { Db } from 'mongodb'
import type { ProjectRole } from './access.schema.ts'
import type { Membership } from './access.service.ts'

interface MemberDoc {
  /** `{projectId}:{userId}`: one role a person and project. */
  _id: string
  projectId: string
  userId: string
  role: ProjectRole
  addedAt: Date
}

export type AccessRepo = ReturnType<typeof createAccessRepo>

export function createAccessRepo(db: Db) {
  const members = db.collection<MemberDoc>('members')
  const keyOf = (projectId: string, userId: string) => `${projectId}:${userId}`
  return {
    async ensureIndexes() {
      await members.createIndexes([{ key: { projectId: 1 } }, { key: { userId: 1 } }])
    },
    async role(projectId: string, userId: string): Promise<ProjectRole | null> {
      return (await members.findOne({ _id: keyOf(projectId, userId) }))?.role ?? null
    },
    list: async (filter: { projectId: string } | { userId: string }): Promise<Membership[]> =>
      (await members.find(filter).sort({ addedAt: 1 }).toArray()).map(toMembership),
    async set(membership: Membership) {
      const { projectId, userId, role, addedAt } = membership
      const before = await members.findOneAndUpdate(
        { _id: keyOf(projectId, userId) },
        { $set: { role }, $setOnInsert: { projectId, userId, addedAt } },
        { upsert: true, returnDocument: 'before' },
      )
      return before?.role ?? null
    },
    async remove(projectId: string, userId: string) {
      return (await members.findOneAndDelete({ _id: keyOf(projectId, userId) }))?.role ?? null
    },
    async removeAll(filter: { projectId: string } | { userId: string }) {
      await members.deleteMany(filter)
    },
  }
}

function toMembership({ projectId, userId, role, addedAt }: MemberDoc): Membership {
  return { projectId, userId, role, addedAt }
}
