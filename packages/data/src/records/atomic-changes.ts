import type { Clock } from '@m3m/base'
import type { Actor } from '../actor.ts'
import { NumberTaken, reserveEvents } from '../events/transaction-events.ts'
import type { Outbox } from '../events/outbox.ts'
import type { OutboxRepo } from '../events/outbox.repo.ts'
import type { KeyedLock } from '../keyed-lock.ts'
import type { ServerTransactions } from '../server-transactions.ts'
import { withinSession } from '../session-collections.ts'
import type { OwnedFiles } from './owned-files.ts'
import { type ChangeDeps, createSingleChanges, type SingleChanges } from './record-changes.ts'
import { createRecordReader } from './record-reader.ts'
import { createRecordWriter, type RecordWriter } from './record-writer.ts'
import { recordErrors } from './records.errors.ts'

/** The changes of one transaction. */
export interface ChangeUnit {
  changes: SingleChanges
  writer: RecordWriter
}

/** Several changes of records that become true together, events included, or not at all. */
export interface AtomicChanges {
  /** `false` on a standalone MongoDB: changes are then made one after the other. */
  available(): Promise<boolean>
  /** `work` may run more than once, and must not touch anything but the unit. @throws RECORD_BATCH_BUSY, and what `work` throws */
  run<T>(work: (unit: ChangeUnit) => Promise<T>): Promise<T>
}

export interface AtomicDeps extends Omit<ChangeDeps, 'writer' | 'reader' | 'lock'> {
  transactions: ServerTransactions
  outbox: Outbox
  outboxRepo: OutboxRepo
  actor: Actor
  clock: Clock
  maxTimeMs: number
}

/** Attempts against writers of other processes before a batch gives up. */
const MAX_TRIES = 20
/** MongoDB refuses a transaction at once when another one writes the same: it is let to end first. 20 pauses take 4 s on the average. */
const FIRST_PAUSE_MS = 10
const LONGEST_PAUSE_MS = 500

/** Within a transaction the server tells writers apart; one that waited for a lock of ours would wait for itself. */
const noLock: KeyedLock = { run: (_key, action) => action() }

export function createAtomicChanges(deps: AtomicDeps): AtomicChanges {
  const { transactions, outbox, outboxRepo, projectId, collections } = deps

  function pause(tries: number): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1))
    return new Promise((resolve) => void deps.clock.after(Math.random() * longest, resolve))
  }

  async function attempt<T>(work: (unit: ChangeUnit) => Promise<T>, files: DeferredFiles): Promise<T> {
    let tries = 0
    let seq = (await outboxRepo.head(projectId)) + 1
    return transactions.run(async (session) => {
      // The driver repeats a transaction that another one was in the way of; the log has grown then, most likely.
      tries += 1
      if (tries > MAX_TRIES) throw recordErrors.RECORD_BATCH_BUSY({})
      if (tries > 1) {
        await pause(tries)
        seq = (await outboxRepo.head(projectId)) + 1
      }
      files.forget()
      const inside = withinSession(collections, session)
      const at = new Date(deps.clock.now())
      const events = await reserveEvents({ collections: inside, projectId, seq, at })
      const reader = createRecordReader(inside, deps.maxTimeMs)
      const writing = { ...deps, collections: inside, outbox: events.outbox, transactional: true }
      const writer = createRecordWriter(writing)
      const bound = { ...deps, collections: inside, reader, writer, lock: noLock, ownedFiles: files.owned }
      const result = await work({ changes: createSingleChanges(bound), writer })
      await events.write()
      return result
    })
  }

  return {
    available: () => transactions.available(),
    async run(work) {
      const files = deferFiles(deps.ownedFiles)
      const result = await outbox.turn(projectId, async () => {
        for (let races = 1; ; races += 1) {
          try {
            return await attempt(work, files)
          } catch (error) {
            if (!(error instanceof NumberTaken)) throw error
            if (races === MAX_TRIES) throw recordErrors.RECORD_BATCH_BUSY({}, { cause: error })
            await pause(races)
          }
        }
      })
      await files.release()
      return result
    },
  }
}

interface DeferredFiles {
  owned: OwnedFiles
  forget(): void
  release(): Promise<void>
}

/** No transaction brings a removed file back: files go when it is committed. */
function deferFiles(real: OwnedFiles): DeferredFiles {
  let due: (() => Promise<void>)[] = []
  const later = (release: () => Promise<void>): Promise<void> => {
    due.push(release)
    return Promise.resolve()
  }
  return {
    owned: {
      afterUpdate: (scope, before, after) => later(() => real.afterUpdate(scope, before, after)),
      afterRemove: (scope, before) => later(() => real.afterRemove(scope, before)),
    },
    forget() {
      due = []
    },
    async release() {
      for (const release of due) await release()
    },
  }
}
