import type { Db } from 'mongodb'
import type { Operator } from '../access/actor.schema.ts'

interface UserDoc extends Omit<Operator, 'id' | 'root'> {
  _id: string
  passwordHash: string
  /** On root alone, with a sparse unique index: there cannot be two. */
  rootKey?: 1
}

export type NewUser = Operator & { passwordHash: string }
export type UsersRepo = ReturnType<typeof createUsersRepo>

export function createUsersRepo(db: Db) {
  const users = db.collection<UserDoc>('users')
  return {
    async ensureIndexes() {
      await users.createIndex({ email: 1 }, { unique: true })
      await users.createIndex({ rootKey: 1 }, { unique: true, sparse: true })
    },
    /** @throws duplicate key for a known address or a second root */
    async add({ id, root, ...rest }: NewUser) {
      await users.insertOne({ _id: id, ...rest, ...(root && { rootKey: 1 as const }) })
    },
    byId: async (id: string) => toOperator(await users.findOne({ _id: id })),
    byEmail: async (email: string) => toOperator(await users.findOne({ email })),
    root: async () => toOperator(await users.findOne({ rootKey: 1 })),
    async credentials(email: string) {
      const doc = await users.findOne({ email })
      return doc && { user: toOperator(doc)!, passwordHash: doc.passwordHash }
    },
    passwordHash: async (id: string) => (await users.findOne({ _id: id }))?.passwordHash ?? null,
    list: async () => (await users.find().sort({ createdAt: 1 }).toArray()).map((doc) => toOperator(doc)!),
    many: async (ids: readonly string[]) =>
      (await users.find({ _id: { $in: [...ids] } }).toArray()).map((doc) => toOperator(doc)!),
    async update(id: string, set: Partial<Omit<UserDoc, '_id' | 'rootKey'>>) {
      return toOperator(await users.findOneAndUpdate({ _id: id }, { $set: set }, { returnDocument: 'after' }))
    },
    remove: async (id: string) => void (await users.deleteOne({ _id: id })),
  }
}

function toOperator(doc: UserDoc | null): Operator | null {
  if (!doc) return null
  const { _id: id, rootKey, passwordHash: _, ...rest } = doc
  return { id, root: rootKey === 1, ...rest }
}
