import { equal } from '../bson/order.ts'
import type { Doc } from '../bson/value.ts'
import { mongoError } from '../server/mongo-error.ts'

/** The new document with the old one's `_id`, first. @throws ImmutableField (66) for another one */
export function keepId(before: Doc, after: Doc): Doc {
  const id = before.get('_id')
  const given = after.get('_id')
  if (id === undefined) {
    if (given === undefined) return after
    after.delete('_id')
    return new Map([['_id', given], ...after])
  }
  if (given !== undefined && !equal(id, given)) {
    throw mongoError(
      'ImmutableField',
      "After applying the update, the (immutable) field '_id' was found to have been altered to a different value",
    )
  }
  after.delete('_id')
  return new Map([['_id', id], ...after])
}
