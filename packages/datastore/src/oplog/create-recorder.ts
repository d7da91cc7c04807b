import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { findField } from '../bson/walk.ts'
import type { ChangeClock } from '../server/change-clock.ts'
import type { Collection } from '../store/collection.ts'
import type { Recorder } from '../store/recorder.ts'
import { updateDescription } from './update-description.ts'
import type { Oplog, OperationType } from './oplog.ts'

const ID = Buffer.from('_id')

/** Tells the clock of every change, and the oplog while it records. */
export function createRecorder(clock: ChangeClock, oplog: Oplog): Recorder {
  const ofDocument = (
    operation: OperationType,
    { db, name }: Collection,
    { raw, doc }: { raw: Buffer; doc: Buffer | null },
  ): void => oplog.append({ operation, db, collection: name, key: documentKey(raw), doc })
  const ofNamespace = (operation: OperationType, { db, name }: { db: string; name: string }): void =>
    oplog.append({ operation, db, collection: name, key: null, doc: null })

  return {
    inserted(collection, raw) {
      clock.touch(collection.ns)
      if (oplog.recording) ofDocument('insert', collection, { raw, doc: raw })
    },
    replaced(collection, { before, after, kind, targets }) {
      clock.touch(collection.ns)
      if (!oplog.recording) return
      const doc =
        kind === 'replace' ? after : encode(updateDescription(decode(before), decode(after), targets))
      ofDocument(kind, collection, { raw: after, doc })
    },
    removed(collection, raw) {
      clock.touch(collection.ns)
      if (oplog.recording) ofDocument('delete', collection, { raw, doc: null })
    },
    created(collection) {
      clock.touch(collection.ns)
    },
    dropped(collection) {
      clock.touch(collection.ns)
      if (!collection.options.has('viewOn')) ofNamespace('drop', collection)
    },
    renamed({ db, name, ns }, to) {
      clock.touch(ns)
      clock.touch(`${to.db}.${to.name}`)
      const doc = encode(
        new Map([
          ['db', to.db],
          ['coll', to.name],
        ]),
      )
      oplog.append({ operation: 'rename', db, collection: name, key: null, doc })
    },
    databaseDropped(db) {
      ofNamespace('dropDatabase', { db, name: '' })
    },
  }
}

/** `{ _id }` of a stored document, by its bytes. */
function documentKey(raw: Buffer): Buffer {
  const { start, end } = findField(raw, ID)!
  const key = Buffer.alloc(end - start + 5)
  key.writeInt32LE(key.length, 0)
  raw.copy(key, 4, start, end)
  return key
}
