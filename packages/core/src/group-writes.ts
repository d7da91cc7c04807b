import type { AnyBulkWriteOperation, Collection, Document } from 'mongodb'
import { MongoBulkWriteError } from 'mongodb'

/** One write of a group. Settles when it is stored. @throws what the server said of this write, or of all of them */
export type GroupedWrite<T extends Document> = (write: AnyBulkWriteOperation<T>) => Promise<void>

interface Waiting<T extends Document> {
  write: AnyBulkWriteOperation<T>
  resolve(): void
  reject(error: unknown): void
}

/** As many as one command takes without being split (100,000), and far fewer than its 48 MB hold. */
const MAX_GROUP = 1_000

/**
 * Writes that come while one is under way go together in the next command: a hundred starts at one moment take a dozen
 * commands instead of a hundred. One that comes alone is sent at once. Writes of one group may take effect in any order:
 * whoever needs one before the other waits for it.
 */
export function groupWrites<T extends Document>(collection: Collection<T>): GroupedWrite<T> {
  let waiting: Waiting<T>[] = []
  let sending = false

  async function send(): Promise<void> {
    sending = true
    while (waiting.length > 0) {
      const group = waiting.splice(0, MAX_GROUP)
      const failed = await collection
        .bulkWrite(
          group.map(({ write }) => write),
          { ordered: false },
        )
        .then(() => noFailure, failureOf)
      for (const [index, { resolve, reject }] of group.entries()) {
        const error = failed(index)
        if (error === null) resolve()
        else reject(error)
      }
    }
    sending = false
  }

  return (write) =>
    new Promise((resolve, reject) => {
      waiting.push({ write, resolve, reject })
      if (!sending) void send()
    })
}

const noFailure = (): unknown => null

/** What to tell each write of a group that failed, by its place. */
function failureOf(error: unknown): (index: number) => unknown {
  // Without a list of writes the command as a whole failed: the connection was lost, say.
  if (!(error instanceof MongoBulkWriteError)) return () => error
  const failed = [error.writeErrors].flat()
  if (failed.length === 0) return () => error
  return (index) => failed.find((each) => each.index === index) ?? null
}
