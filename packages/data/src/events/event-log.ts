import type { Clock, Logger } from '@m3m/base'
import { ObjectId } from 'mongodb'
import { isDuplicateKey } from '../mongo-errors.ts'
import type { EventDocument, OutboxRepo } from './outbox.repo.ts'

/** An event before it has its place in the log. */
export type NewEvent = Omit<EventDocument, '_id' | 'seq' | 'at' | 'pending' | 'void'>

/** Events that are in the log and wait for the end of their change. */
export interface Ticket {
  projectId: string
  ids: readonly ObjectId[]
}

export interface OutboxDeps {
  repo: OutboxRepo
  clock: Clock
  logger: Logger
  /** Names this process in pending events. */
  engineId: string
}

interface Waiting {
  events: EventDocument[]
  done: (ids: ObjectId[]) => void
  failed: (error: unknown) => void
}

/** Events in one insert: 100 records of the largest allowed size would exceed a message, but they are rare and retried singly by the driver's own split. */
const MAX_BATCH = 500
const MAX_RACES = 100

/** Appends to the dense log of each project; resolves when the events, all of one project, are in it, in order. */
export type AppendEvents = (projectId: string, events: readonly NewEvent[]) => Promise<Ticket>

export function createEventLog({ repo, clock, engineId }: OutboxDeps): AppendEvents {
  const queues = new Map<string, Waiting[]>()
  const heads = new Map<string, number>()

  async function append(projectId: string, events: readonly NewEvent[]): Promise<Ticket> {
    if (events.length === 0) return { projectId, ids: [] }
    const at = new Date(clock.now())
    const documents = events.map((event) => ({
      _id: new ObjectId(),
      ...event,
      seq: 0,
      at,
      pending: engineId,
    }))
    const ids = await new Promise<ObjectId[]>((done, failed) => {
      const queue = queues.get(projectId)
      if (queue) queue.push({ events: documents, done, failed })
      else {
        queues.set(projectId, [{ events: documents, done, failed }])
        void drain(projectId)
      }
    })
    return { projectId, ids }
  }

  /** One batch of a project at a time; what comes meanwhile forms the next. */
  async function drain(projectId: string): Promise<void> {
    for (;;) {
      const queue = queues.get(projectId)!
      if (queue.length === 0) {
        queues.delete(projectId)
        return
      }
      const batch = takeBatch(queue)
      try {
        await place(
          projectId,
          batch.flatMap((one) => one.events),
        )
        for (const one of batch) one.done(one.events.map((event) => event._id))
      } catch (error) {
        heads.delete(projectId)
        for (const one of batch) one.failed(error)
      }
    }
  }

  /** Gives numbers and inserts, again from where another process was faster. */
  async function place(projectId: string, events: EventDocument[]): Promise<void> {
    let from = 0
    for (let races = 0; from < events.length; races += 1) {
      const head = heads.get(projectId) ?? (await repo.head(projectId))
      for (const [index, event] of events.entries()) if (index >= from) event.seq = head + 1 + index - from
      try {
        await repo.events.insertMany(events.slice(from), { ordered: true })
        heads.set(projectId, events.at(-1)!.seq)
        return
      } catch (error) {
        heads.delete(projectId)
        if (!isDuplicateKey(error) || races > MAX_RACES) throw error
        from += insertedBefore(error)
      }
    }
  }

  return append
}

function takeBatch(queue: Waiting[]): Waiting[] {
  let size = 0
  let take = 0
  while (take < queue.length && (take === 0 || size + queue[take]!.events.length <= MAX_BATCH)) {
    size += queue[take]!.events.length
    take += 1
  }
  return queue.splice(0, take)
}

/** How many of an ordered insert were written before the one that failed. */
function insertedBefore(error: unknown): number {
  const index = (error as { writeErrors?: { index?: number }[] }).writeErrors?.[0]?.index
  return typeof index === 'number' ? index : 0
}
