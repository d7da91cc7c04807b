import { mongoError } from '../server/mongo-error.ts'
import type { Collection } from '../store/collection.ts'
import type { Plan } from './plan.ts'
import { openScan } from './scan.ts'
import { rowTest, window, type Query, type Selection } from './select.ts'

const NATURAL: Plan = {
  kind: 'collection',
  index: null,
  ranges: [],
  bounded: 0,
  reverse: false,
  sorted: true,
}

/**
 * Follows a capped collection in natural order: an empty page is not the end, later ones may have what was inserted
 * meanwhile. `sort`, `hint` and indexes have no part in it. The selection throws CappedPositionLost (136) when the document
 * it had come to is gone, for others may be gone behind it.
 */
export function openTail(
  collection: Collection,
  { filter, variables, skip = 0, limit = 0 }: Query,
): Selection {
  const scan = openScan(collection, NATURAL, { first: 128 })
  const test = filter.size === 0 ? () => true : rowTest(filter, variables)
  let last: number | null = null
  const follow: Selection = async (pause) => {
    for (;;) {
      const page = await pause.page(() => {
        if (last !== null && !collection.holds(last)) throw positionLost(last)
        return scan()
      })
      if (page.length === 0) return page
      last = page.at(-1)!.rid
      const rows = page.filter(test)
      if (rows.length > 0) return rows
    }
  }
  return window(follow, skip, limit)
}

function positionLost(rid: number): Error {
  return mongoError(
    'CappedPositionLost',
    `CollectionScan died due to position in capped collection being deleted. Last seen record id: RecordId(${rid})`,
  )
}
