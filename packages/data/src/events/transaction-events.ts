import { ObjectId } from 'mongodb'
import { isDuplicateKey } from '../mongo-errors.ts'
import type { Collections } from '../collections.ts'
import type { NewEvent } from './event-log.ts'
import type { Outbox } from './outbox.ts'
import type { EventDocument } from './outbox.repo.ts'

/** What writers of a transaction tell their changes to: nothing is written ahead, the commit makes both true at once. */
export interface TransactionEvents {
  outbox: Pick<Outbox, 'append' | 'confirm' | 'cancel'>
  /** Puts what was told into the log, in the place of the reserved number and after it. The last step before the commit. */
  write(): Promise<void>
}

/** Another process took the number between the look and the insert. */
export class NumberTaken extends Error {}

interface Reservation {
  /** Within the transaction. */
  collections: Collections
  projectId: string
  /** The number after the last, as it was read just before the transaction. */
  seq: number
  at: Date
}

/**
 * Takes the next number of the log, first of all: whoever else appends then waits for the commit, so that the
 * numbers after it are this transaction's, however many it needs. @throws NumberTaken
 */
export async function reserveEvents(reservation: Reservation): Promise<TransactionEvents> {
  const { collections, projectId, seq, at } = reservation
  const log = collections.of<EventDocument>('recordEvents')
  const first = new ObjectId()
  try {
    await log.insertOne({ _id: first, projectId, seq, at, void: true } as EventDocument)
  } catch (error) {
    throw isDuplicateKey(error) ? new NumberTaken('the log has grown', { cause: error }) : error
  }
  const told = new Map<string, NewEvent>()
  return {
    outbox: {
      append(_projectId, events) {
        const ids = events.map((event) => {
          const id = new ObjectId()
          told.set(id.toHexString(), event)
          return id
        })
        return Promise.resolve({ projectId, ids })
      },
      confirm() {},
      cancel({ ids }) {
        for (const id of ids) told.delete(id.toHexString())
        return Promise.resolve()
      },
    },
    async write() {
      const documents = [...told].map(([id, event], n) => ({
        _id: n === 0 ? first : new ObjectId(id),
        ...event,
        seq: seq + n,
        at,
      }))
      const [head, ...rest] = documents
      if (!head) await log.deleteOne({ _id: first })
      else await log.replaceOne({ _id: first }, head)
      if (rest.length > 0) await log.insertMany(rest)
    },
  }
}
