import { DateTime, type Doc, type Value } from '../bson/value.ts'
import { select } from '../query/select.ts'
import { createPause } from '../server/pause.ts'
import type { Floor } from '../server/run-command.ts'
import type { Collection, Row } from '../store/collection.ts'
import type { Index } from '../store/indexes.ts'

/** Removes what TTL indexes say is over. Rests like any command; each page is its own transaction. */
export async function expireDocuments(
  { store, writer }: Pick<Floor, 'store' | 'writer'>,
  nowMs: number,
): Promise<void> {
  for (const collection of [...store.collections]) {
    for (const index of [...collection.indexes]) {
      if (index.expireAfterSeconds === null || collection.gone) continue
      try {
        await expireBy({ collection, index, nowMs, writer })
      } catch (error) {
        // Dropped while we rested: nothing is left to expire. Anything else is the sweeper's to tell.
        if (!collection.gone) throw error
      }
    }
  }
}

interface Expiry {
  collection: Collection
  index: Index
  nowMs: number
  writer: Floor['writer']
}

async function expireBy({ collection, index, nowMs, writer }: Expiry): Promise<void> {
  const [path] = index.pattern.names
  const limit = new DateTime(nowMs - index.expireAfterSeconds! * 1000)
  const filter: Doc = new Map<string, Value>([[path!, new Map([['$lt', limit]])]])
  const pause = createPause()
  const selection = select(collection, { filter })
  for (let rows = await selection(pause); rows.length > 0; rows = await selection(pause)) {
    while (writer.held) await writer.released()
    const turn = writer.join()
    for (const row of rows) removeStill(collection, row)
    await writer.leave(turn)
  }
}

/** While we waited for the writer the document may have gone, or lived on with other bytes. */
function removeStill(collection: Collection, row: Row): void {
  const current = collection.byRid(row.rid)
  if (current?.raw.equals(row.raw)) collection.remove(current)
}
