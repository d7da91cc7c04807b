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

/** Events that wait for their place, or a turn of somebody who needs the log for a while. */
type Waiting = { failed: (error: unknown) => void } & (
  | { kind: 'append'; events: EventDocument[]; done: (ids: ObjectId[]) => void }
  | { kind: 'turn'; work: () => Promise<void> }
)
type Append = Extract<Waiting, { kind: 'append' }>

/** Events in one insert: 100 records of the largest allowed size would exceed a message, but they are rare and retried singly by the driver's own split. */
const MAX_BATCH = 500
const MAX_RACES = 100

/** Appends to the dense log of each project; resolves when the events, all of one project, are in it, in order. */
export type AppendEvents = (projectId: string, events: readonly NewEvent[]) => Promise<Ticket>

export interface EventLog {
  append: AppendEvents
  /** Runs `work` when what came before is in the log; nothing of this process is appended meanwhile. */
  turn<T>(projectId: string, work: () => Promise<T>): Promise<T>
}

export function createEventLog({ repo, clock, engineId }: OutboxDeps): EventLog {
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
      enqueue(projectId, { kind: 'append', events: documents, done, failed })
    })
    return { projectId, ids }
  }

  function turn<T>(projectId: string, work: () => Promise<T>): Promise<T> {
    return new Promise((done, failed) => {
      const whole = async () => done(await work())
      enqueue(projectId, { kind: 'turn', work: whole, failed })
    })
  }

  function enqueue(projectId: string, waiting: Waiting): void {
    const queue = queues.get(projectId)
    if (queue) queue.push(waiting)
    else {
      queues.set(projectId, [waiting])
      void drain(projectId)
    }
  }

  /** One batch of a project at a time; what comes meanwhile forms the next. */
  async function drain(projectId: string): Promise<void> {
    for (;;) {
      const queue = queues.get(projectId)!
      if (queue.length === 0) {
        queues.delete(projectId)
        return
      }
      const [next] = queue
      if (next?.kind === 'turn') {
        queue.shift()
        heads.delete(projectId)
        await next.work().catch(next.failed)
        continue
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

  return { append, turn }
}

/** Takes what stands first in the queue, up to the next turn. */
function takeBatch(queue: Waiting[]): Append[] {
  const batch: Append[] = []
  let size = 0
  for (let next = queue[0]; next?.kind === 'append'; next = queue[0]) {
    size += next.events.length
    if (batch.length > 0 && size > MAX_BATCH) break
    batch.push(next)
    queue.shift()
  }
  return batch
}

/** How many of an ordered insert were written before the one that failed. */
function insertedBefore(error: unknown): number {
  const index = (error as { writeErrors?: { index?: number }[] }).writeErrors?.[0]?.index
  return typeof index === 'number' ? index : 0
}
