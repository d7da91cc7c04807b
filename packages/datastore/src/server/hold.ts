import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DatabaseSync } from 'node:sqlite'
import type { Store } from '../store/store.ts'
import { mongoError, type MongoServerFault } from './mongo-error.ts'

/** The writer in the hands of one transaction of a client's. */
export interface Hold {
  /** @throws MongoServerFault after which all is rolled back */
  commit(): void
  rollback(): void
  /** What a client is told of an error that is not its own; damage ends the process. */
  faultOf(error: unknown): MongoServerFault
}

/** Who holds the writer: nobody, or one transaction. */
export interface Holds {
  readonly held: boolean
  /** Resolves when the writer may have become free; to be asked again. */
  released(waitMs?: number): Promise<void>
  /** @throws WriteConflict (112) when another one holds it for longer than `waitMs` */
  take(waitMs: number): Promise<Hold>
}

interface HoldsOptions {
  sqlite: DatabaseSync
  /** The catalogue of those who are in no transaction: it reads elsewhere while the writer is held. */
  store: Store
  /** Opens, once, the connection that others read by while the writer is held. */
  reader: () => DatabaseSync
  commitOpenTurn: () => void
  committed: () => void
  rollback: () => void
  faultOf: (error: unknown) => MongoServerFault
}

export function createHolds(options: HoldsOptions): Holds {
  const { sqlite, store, reader, commitOpenTurn, committed, rollback, faultOf } = options
  let held = false
  let release = Promise.withResolvers<void>()

  const letGo = (): void => {
    held = false
    store.takeBack()
    release.resolve()
    release = Promise.withResolvers()
  }

  const released = async (waitMs = Infinity): Promise<void> => {
    if (!held) return
    if (waitMs === Infinity) return release.promise
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, waitMs))))
    await Promise.race([release.promise, late])
    clearTimeout(timer)
  }

  const hold: Hold = {
    commit() {
      try {
        sqlite.exec('COMMIT')
      } catch (error) {
        rollback()
        letGo()
        throw faultOf(error)
      }
      committed()
      letGo()
    },
    rollback() {
      rollback()
      letGo()
    },
    faultOf,
  }

  return {
    get held() {
      return held
    },
    released,
    async take(waitMs) {
      const end = performance.now() + waitMs
      // a turn of our own: nobody else is between two writes
      for (await nextTurn(); held; await nextTurn()) {
        const left = end - performance.now()
        if (left <= 0)
          throw mongoError(
            'WriteConflict',
            'Write conflict during plan execution: another transaction is writing.',
          )
        await released(left)
      }
      commitOpenTurn()
      const aside = reader()
      sqlite.exec('BEGIN IMMEDIATE')
      store.lend(aside)
      held = true
      return hold
    },
  }
}
