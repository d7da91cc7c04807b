import type { ClientSession, Collection, Document } from 'mongodb'
import type { Collections } from './collections.ts'

/** Where the options stand among the arguments of the calls that may be made within a transaction. */
const OPTIONS_AT: Readonly<Record<string, number>> = {
  find: 1,
  findOne: 1,
  insertOne: 1,
  insertMany: 1,
  aggregate: 1,
  deleteOne: 1,
  deleteMany: 1,
  countDocuments: 1,
  updateOne: 2,
  updateMany: 2,
  replaceOne: 2,
}

/**
 * The same collections, every call of theirs within the session. A call that is not listed throws: it would
 * silently happen outside the transaction.
 */
export function withinSession(collections: Collections, session: ClientSession): Collections {
  const inside = <T extends Document>(collection: Collection<T>) => sessionCollection(collection, session)
  return {
    of: (name) => inside(collections.of(name)),
    records: (modelId) => inside(collections.records(modelId)),
    trash: (modelId) => inside(collections.trash(modelId)),
    dropModel: () => {
      throw new Error('a collection cannot be dropped within a transaction')
    },
  }
}

function sessionCollection<T extends Document>(
  collection: Collection<T>,
  session: ClientSession,
): Collection<T> {
  return new Proxy(collection, {
    get(target, name) {
      if (name === 'collectionName') return target.collectionName
      const at = typeof name === 'string' ? OPTIONS_AT[name] : undefined
      if (at === undefined) throw new Error(`"${String(name)}" is no call for a transaction`)
      const call = Reflect.get(target, name) as (...args: unknown[]) => unknown
      return (...args: unknown[]) => {
        const given = [...args]
        while (given.length <= at) given.push(undefined)
        given[at] = { ...(given[at] as object | undefined), session }
        return call.apply(target, given)
      }
    },
  })
}
