import type { Collection, Document, ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'

/**
 * A job. `dueAt` is when it may be begun; while somebody works on it, when the lease ends: a job whose worker
 * died becomes due again by itself.
 */
export interface JobDocument {
  _id: ObjectId
  projectId: string
  name: string
  /** JSON text: a key such as `$gt` or `a.b` in it means nothing to the datastore. */
  payload: string
  /** `<projectId>/<name>/<key>`, unique among jobs that are not dead. */
  dedupe?: string
  key?: string
  dueAt?: Date
  /** Who has it; whoever comes with another one has lost it. */
  lease?: string
  attempts: number
  error?: string
  dead?: true
  createdAt: Date
}

export interface QueueRepo {
  readonly jobs: Collection<JobDocument>
  ensureIndexes(): Promise<void>
}

export function createQueueRepo(collections: Collections): QueueRepo {
  const jobs: Collection<JobDocument> = collections.of<JobDocument & Document>('queueJobs')
  return {
    jobs,
    async ensureIndexes() {
      await jobs.createIndex({ projectId: 1, name: 1, dueAt: 1 })
      await jobs.createIndex({ dedupe: 1 }, { unique: true, sparse: true })
    },
  }
}
