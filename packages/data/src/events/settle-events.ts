import { ObjectId } from 'mongodb'
import type { Collections } from '../collections.ts'
import type { EventDocument, OutboxRepo } from './outbox.repo.ts'

/**
 * Decides pending events of a writer that is gone, by looking whether their change is in the record. Exact,
 * because every change makes a new version of its record and writes its event before.
 * @returns how many were decided.
 */
export async function settleEvents(
  repo: OutboxRepo,
  collections: Collections,
  pending: readonly EventDocument[],
): Promise<number> {
  for (const event of pending) {
    const happened = await didHappen(event, repo, collections)
    const change = happened
      ? { $unset: { pending: '' as const } }
      : { $set: { void: true as const }, $unset: { pending: '' as const } }
    // Only while it is still pending: its writer may be slow and not gone.
    await repo.events.updateOne({ _id: event._id, pending: event.pending! }, change)
  }
  return pending.length
}

async function didHappen(event: EventDocument, repo: OutboxRepo, collections: Collections): Promise<boolean> {
  const record = await collections
    .records(event.modelId)
    .findOne({ _id: new ObjectId(event.recordId) }, { projection: { version: 1 } })
  const version = record?.version as number | undefined
  if (event.type === 'delete') return version === undefined && !(await hasRival(event, repo))
  if (version !== undefined) return version >= event.version && !(await hasRival(event, repo))
  // The record is gone: it had this version if a later event of it came true.
  return hasSuccessor(event, repo)
}

/** Two writers wanted to make the same version; the one whose event is settled made it. */
async function hasRival(event: EventDocument, repo: OutboxRepo): Promise<boolean> {
  const { projectId, modelId, recordId, version } = event
  const rival = await repo.events.findOne({
    projectId,
    modelId,
    recordId,
    version,
    _id: { $ne: event._id },
    pending: { $exists: false },
    void: { $exists: false },
  })
  return rival !== null
}

async function hasSuccessor(event: EventDocument, repo: OutboxRepo): Promise<boolean> {
  const { projectId, modelId, recordId, version, seq } = event
  const later = await repo.events.findOne({
    projectId,
    seq: { $gt: seq },
    modelId,
    recordId,
    version: { $gt: version },
    pending: { $exists: false },
    void: { $exists: false },
  })
  return later !== null && !(await hasRival(event, repo))
}
