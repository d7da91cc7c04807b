import { randomBytes } from 'node:crypto'
import { decode } from '../bson/decode.ts'
import { MAX_DOCUMENT_BYTES } from '../bson/validate.ts'
import { isDoc, Regex, T, Undefined, type Doc, type Value } from '../bson/value.ts'
import { findField } from '../bson/walk.ts'
import type { Collection } from '../store/collection.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { MongoServerFault, mongoError } from '../server/mongo-error.ts'
import { documentsOf } from '../server/wire.ts'
import { checkDocument, isValidated } from './document-validation.ts'
import { refuseCappedInTransaction } from './capped.ts'
import { collectionName } from './options.ts'
import { refuseView } from './views.ts'
import { runStatements } from './statements.ts'

const ID = Buffer.from('_id')
const PROCESS_PART = randomBytes(5)
let counter = randomBytes(3).readUIntBE(0, 3)

/** Twelve bytes as drivers make them: seconds, a part of this process, a counter. */
export function newObjectId(): Buffer {
  const bytes = Buffer.allocUnsafe(12)
  bytes.writeUInt32BE(Math.floor(Date.now() / 1000), 0)
  PROCESS_PART.copy(bytes, 4)
  counter = (counter + 1) & 0xffffff
  bytes.writeUIntBE(counter, 9, 3)
  return bytes
}

export const insert: Command = async (context) => {
  const { body, request } = context
  const name = collectionName(body, 'insert')
  const documents = documentsOf(request, 'documents')
  checkBatch(documents.length)
  refuseView(context, name)
  refuseCappedInTransaction(context, name)
  let n = 0
  return runStatements(context, {
    count: documents.length,
    run: (at) => {
      const collection = writableCollection(context, name)
      const raw = readyToStore(documents[at]!)
      if (isValidated(context, collection)) checkDocument(context, collection, decode(raw))
      collection.insert(raw)
      n++
    },
    restore: (reply) => {
      n = Number(reply.get('n'))
    },
    reply: () => new Map<string, Value>([['n', n]]),
  })
}

export function checkBatch(count: number): void {
  if (count === 0 || count > 100_000) {
    throw mongoError(
      'InvalidLength',
      `Write batch sizes must be between 1 and 100000. Got ${count} operations.`,
    )
  }
}

/** The collection to write to, made when missing. */
export function writableCollection(context: Context, name: string): Collection {
  return collectionOf(context, name) ?? context.store.create(context.db, name)
}

/**
 * The bytes to store: with an `_id`, and that first.
 *
 * @throws BSONObjectTooLarge (10334), InvalidIdField and others for an `_id` that may not be
 */
export function readyToStore(raw: Buffer): Buffer {
  const id = findField(raw, ID)
  const stored = id === null ? withNewId(raw) : id.start === 4 ? raw : withIdFirst(raw, id)
  if (id) checkId(id.type, raw, id.value)
  checkSize(stored)
  return stored
}

export function checkSize(raw: Buffer): void {
  if (raw.length > MAX_DOCUMENT_BYTES) {
    throw mongoError(
      'BSONObjectTooLarge',
      `BSONObj size: ${raw.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT_BYTES}`,
    )
  }
}

function checkId(type: number, raw: Buffer, at: number): void {
  if (type === T.array)
    throw new MongoServerFault(53, 'InvalidIdField', { message: "The '_id' value cannot be of type array" })
  if (type === T.regex)
    throw new MongoServerFault(53, 'InvalidIdField', { message: "The '_id' value cannot be of type regex" })
  if (type === T.undefined)
    throw new MongoServerFault(53, 'InvalidIdField', {
      message: "The '_id' value cannot be of type undefined",
    })
  if (type === T.object) checkIdDocument(decode(raw, at))
}

function checkIdDocument(id: Doc): void {
  for (const name of id.keys()) {
    if (name.startsWith('$')) {
      throw mongoError(
        'DollarPrefixedFieldName',
        `_id fields may not contain '$'-prefixed fields: ${name} is not valid for storage.`,
      )
    }
  }
}

/** The same rules for an `_id` that is already a value (upserts, replacements). */
export function checkIdValue(id: Value): void {
  const kind = Array.isArray(id)
    ? 'array'
    : id instanceof Regex
      ? 'regex'
      : id instanceof Undefined
        ? 'undefined'
        : null
  if (kind)
    throw new MongoServerFault(53, 'InvalidIdField', { message: `The '_id' value cannot be of type ${kind}` })
  if (isDoc(id)) checkIdDocument(id)
}

function withNewId(raw: Buffer): Buffer {
  const id = Buffer.concat([Buffer.from('\u0007_id\0'), newObjectId()])
  const stored = Buffer.concat([raw.subarray(0, 4), id, raw.subarray(4)])
  stored.writeInt32LE(stored.length, 0)
  return stored
}

function withIdFirst(raw: Buffer, id: { start: number; end: number }): Buffer {
  return Buffer.concat([
    raw.subarray(0, 4),
    raw.subarray(id.start, id.end),
    raw.subarray(4, id.start),
    raw.subarray(id.end),
  ])
}
