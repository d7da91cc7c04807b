import type { Collection, Document, Filter, ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { RecordEvent } from './record-events.ts'

/** An event in the log of its project. Neither `pending` nor `void`: it happened. */
export interface EventDocument extends Omit<RecordEvent, 'id' | 'at'> {
  _id: ObjectId
  at: Date
  /** Written ahead of the change, not yet confirmed; the name of the engine that will. */
  pending?: string
  /** The change did not happen. */
  void?: true
  /** The record's id, where the model keeps revisions: the event is one, and is not trimmed. */
  revisionOf?: string
}

export interface ConsumerDocument {
  /** `<projectId>:<consumer>` */
  _id: string
  projectId: string
  seq: number
  at: Date
}

export interface OutboxRepo {
  readonly events: Collection<EventDocument>
  readonly consumers: Collection<ConsumerDocument>
  /** The highest number given out in a project; 0 when none was. */
  head(projectId: string): Promise<number>
  /** Projects that have events. */
  projects(): Promise<string[]>
  after(projectId: string, seq: number, limit: number): Promise<EventDocument[]>
  ensureIndexes(): Promise<void>
  removeProject(projectId: string): Promise<void>
}

export function createOutboxRepo(collections: Collections): OutboxRepo {
  const events: Collection<EventDocument> = collections.of<EventDocument & Document>('recordEvents')
  const consumers: Collection<ConsumerDocument> = collections.of<ConsumerDocument & Document>(
    'eventConsumers',
  )
  return {
    events,
    consumers,
    async head(projectId) {
      const [last] = await events
        .find({ projectId })
        .sort({ seq: -1 })
        .limit(1)
        .project<{ seq: number }>({ seq: 1 })
        .toArray()
      return last?.seq ?? 0
    },
    projects: () => events.distinct('projectId'),
    after: (projectId, seq, limit) =>
      events
        .find({ projectId, seq: { $gt: seq } } as Filter<EventDocument>)
        .sort({ seq: 1 })
        .limit(limit)
        .toArray(),
    async ensureIndexes() {
      await events.createIndex({ projectId: 1, seq: 1 }, { unique: true })
      await events.createIndex({ pending: 1 }, { sparse: true })
      await events.createIndex({ revisionOf: 1 }, { sparse: true })
    },
    async removeProject(projectId) {
      await events.deleteMany({ projectId })
      await consumers.deleteMany({ projectId })
    },
  }
}
