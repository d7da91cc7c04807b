import type { Collection } from 'mongodb'
import type { Actor } from '../actor.ts'
import { isDuplicateKey } from '../mongo-errors.ts'
import type { Variable } from './environment.schema.ts'

/** All variables of a project are one document: a save is atomic by nature. `secret` holds a sealed value. */
export interface EnvironmentDocument {
  _id: string
  revision: number
  variables: Variable[]
  updatedAt: Date
  updatedBy: Actor
}

export interface EnvironmentRepo {
  get(projectId: string): Promise<EnvironmentDocument | null>
  /** Replaces the variables when the revision is `expected` (`undefined`: whatever it is). `null` when it is another. */
  replace(next: Omit<EnvironmentDocument, 'revision'>, expected: number | undefined): Promise<number | null>
  removeProject(projectId: string): Promise<void>
  /** Of every project. */
  all(): AsyncIterable<EnvironmentDocument>
  /** Puts other sealed texts for the same values, which is no revision. False when somebody saved in between. */
  reseal(projectId: string, revision: number, variables: Variable[]): Promise<boolean>
}

export function createEnvironmentRepo(collection: Collection<EnvironmentDocument>): EnvironmentRepo {
  return {
    get: (projectId) => collection.findOne({ _id: projectId }),
    async replace({ _id, ...rest }, expected) {
      try {
        if (expected === 0) {
          await collection.insertOne({ _id, ...rest, revision: 1 })
          return 1
        }
        const saved = await collection.findOneAndUpdate(
          expected === undefined ? { _id } : { _id, revision: expected },
          { $set: rest, $inc: { revision: 1 } },
          { upsert: expected === undefined, returnDocument: 'after' },
        )
        return saved?.revision ?? null
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },
    all: () => collection.find(),
    async reseal(_id, revision, variables) {
      return (await collection.updateOne({ _id, revision }, { $set: { variables } })).matchedCount === 1
    },
    async removeProject(projectId) {
      await collection.deleteOne({ _id: projectId })
    },
  }
}
