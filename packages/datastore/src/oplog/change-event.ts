import { decode } from '../bson/decode.ts'
import type { Doc, Value } from '../bson/value.ts'
import type { OplogEntry } from './oplog.ts'
import { timestampOf, wallTimeOf } from './position.ts'
import { encodeToken } from './token.ts'

interface EventOptions {
  history: number
  /** The document as it is now, for `fullDocument: 'updateLookup'`; absent where none is wanted. */
  lookup?: ((entry: OplogEntry) => Doc | null) | undefined
}

/** The change event of an entry, fields in MongoDB's order. */
export function changeEvent(entry: OplogEntry, { history, lookup }: EventOptions): Doc {
  const { operation, db, collection, key, doc, position } = entry
  const event = new Map<string, Value>([
    ['_id', encodeToken({ history, position, kind: 'event' })],
    ['operationType', operation],
    ['clusterTime', timestampOf(position)],
    ['wallTime', wallTimeOf(position)],
  ])
  if (entry.transaction) for (const [name, value] of decode(entry.transaction)) event.set(name, value)
  if (operation === 'insert' || operation === 'replace') event.set('fullDocument', decode(doc!))
  else if (operation === 'update' && lookup) event.set('fullDocument', lookup(entry))
  event.set('ns', collection === '' ? new Map([['db', db]]) : namespace(db, collection))
  if (operation === 'rename') event.set('to', decode(doc!))
  if (key) event.set('documentKey', decode(key))
  if (operation === 'update') event.set('updateDescription', decode(doc!))
  return event
}

/** The event that ends a stream whose collection or database is gone. */
export function invalidateEvent({ position }: OplogEntry, history: number): Doc {
  return new Map<string, Value>([
    ['_id', encodeToken({ history, position, kind: 'invalidate' })],
    ['operationType', 'invalidate'],
    ['clusterTime', timestampOf(position)],
    ['wallTime', wallTimeOf(position)],
  ])
}

function namespace(db: string, coll: string): Doc {
  return new Map([
    ['db', db],
    ['coll', coll],
  ])
}
