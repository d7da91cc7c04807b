import type { Transactions } from '../transaction/transactions.ts'
import type { ChangeFeed } from '../oplog/change-feed.ts'
import type { ChangeClock } from './change-clock.ts'
import type { Operations } from './operations.ts'

/** What commands that look at the server as a whole work with. */
export interface ServerControl {
  operations: Operations
  transactions: Transactions
  changes: ChangeFeed
  /** Tells of each commit. */
  clock: ChangeClock
  /** Whether a collection is there for those who are in no transaction. */
  exists(db: string, collection: string): boolean
}
