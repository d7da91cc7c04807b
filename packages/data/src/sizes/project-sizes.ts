import type { Clock } from '@m3m/base'
import type { Collection, Document } from 'mongodb'
import type { Collections } from '../collections.ts'
import { isMissingNamespace } from '../mongo-errors.ts'
import type { ModelsRepo } from '../models/models.repo.ts'

/** A size is trusted so long while the number of documents stays the same: documents may have grown. */
const TRUST_MS = 3_600_000

export interface ProjectSizes {
  /** Bytes of a project's records, their trash and the indexes of both. Not cheap (MongoDB answers from memory, the embedded server reads): ask in the background. */
  bytesOf(projectId: string): Promise<number>
  forget(projectId: string): void
}

interface Known {
  count: number
  bytes: number
  atMs: number
}

/** What the records of projects take in the database. Shared collections (events, revisions, the queue) are nobody's alone and left out. */
export function createProjectSizes(
  { collections, modelsRepo }: { collections: Collections; modelsRepo: Pick<ModelsRepo, 'list'> },
  clock: Clock,
): ProjectSizes {
  const known = new Map<string, Map<string, Known>>()

  async function sizeOf(collection: Collection, before: Known | undefined): Promise<Known> {
    const count = await collection.estimatedDocumentCount()
    if (before && before.count === count && Math.abs(clock.now() - before.atMs) < TRUST_MS) return before
    return { count, bytes: count === 0 ? 0 : await bytesIn(collection), atMs: clock.now() }
  }

  return {
    async bytesOf(projectId) {
      const before = known.get(projectId)
      const now = new Map<string, Known>()
      const models = await modelsRepo.list(projectId)
      for (const { id } of models) {
        for (const collection of [collections.records(id), collections.trash(id)]) {
          const name = collection.collectionName
          now.set(name, await sizeOf(collection, before?.get(name)))
        }
      }
      known.set(projectId, now)
      return [...now.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    },
    forget: (projectId) => void known.delete(projectId),
  }
}

async function bytesIn(collection: Collection): Promise<number> {
  try {
    const [stats] = await collection.aggregate<Document>([{ $collStats: { storageStats: {} } }]).toArray()
    const { size = 0, totalIndexSize = 0 } = (stats?.['storageStats'] ?? {}) as {
      size?: number
      totalIndexSize?: number
    }
    return size + totalIndexSize
  } catch (error) {
    // Dropped between the two questions.
    if (isMissingNamespace(error)) return 0
    throw error
  }
}
