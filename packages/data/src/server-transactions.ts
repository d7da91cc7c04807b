import type { ClientSession, Db } from 'mongodb'

/** Multi-document transactions of the server, where it has them. */
export interface ServerTransactions {
  /** A standalone MongoDB has none; a replica set, a sharded cluster and the embedded datastore do. Asked once. */
  available(): Promise<boolean>
  /** Runs `work` in a transaction and commits it; again from the start when another writer was in the way. */
  run<T>(work: (session: ClientSession) => Promise<T>): Promise<T>
}

export function createServerTransactions(db: Db): ServerTransactions {
  let known: Promise<boolean> | undefined
  return {
    async available() {
      known ??= ask(db)
      try {
        return await known
      } catch (error) {
        // The server could not be reached: the next call asks again.
        known = undefined
        throw error
      }
    },
    run: (work) =>
      db.client.withSession((session) =>
        session.withTransaction(() => work(session), {
          readConcern: { level: 'snapshot' },
          writeConcern: { w: 'majority' },
        }),
      ),
  }
}

async function ask(db: Db): Promise<boolean> {
  const hello = await db.command({ hello: 1 })
  return typeof hello['setName'] === 'string' || hello['msg'] === 'isdbgrid'
}
