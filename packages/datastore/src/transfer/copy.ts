import { MongoBulkWriteError, type Db, type Document } from 'mongodb'
import { decode } from '../bson/decode.ts'
import { keptOptions } from './collection-options.ts'
import { toDriver } from './driver-values.ts'
import { createFingerprinter, sameFingerprint, type Fingerprint } from './fingerprint.ts'
import { transferErrors } from './transfer.errors.ts'

/** Documents of one insert: well below a message's 48 MB for all but huge ones, which are counted by bytes too. */
const BATCH_DOCUMENTS = 1000
const BATCH_BYTES = 16 * 1024 * 1024

/** How far a copy is. */
export interface CopyProgress {
  collection: string
  documents: number
}

export interface CopyOptions {
  from: Db
  to: Db
  onProgress?: (progress: CopyProgress) => void
}

/**
 * Copies a database to another server: documents as they are stored, then indexes, then views; at last count and
 * hash of each collection are compared. May be run again after an interruption: what is there already stays.
 *
 * @throws MIGRATE_DIFFERS
 */
export async function copyDatabase(options: CopyOptions): Promise<Record<string, Fingerprint>> {
  const { from, to } = options
  const result: Record<string, Fingerprint> = {}
  const infos = await from.listCollections().toArray()
  for (const info of infos) {
    if (info.type === 'view') continue
    const kept = keptOptions((info as { options?: Document }).options)
    result[info.name] = await copyCollection(options, info.name, kept)
  }
  for (const info of infos) {
    if (info.type === 'view') await copyView(to, info.name, (info as { options?: Document }).options ?? {})
  }
  return result
}

async function copyView(to: Db, name: string, options: Document): Promise<void> {
  const existing = await to.listCollections({ name }).toArray()
  if (existing.length === 0) await to.createCollection(name, options)
}

async function copyCollection(
  { from, to, onProgress }: CopyOptions,
  name: string,
  kept: Document,
): Promise<Fingerprint> {
  let documents = 0
  const existing = await to.listCollections({ name }).toArray()
  if (existing.length === 0) await to.createCollection(name, kept)
  for await (const batch of rawBatches(from, name)) {
    await insertMissing(to, name, batch)
    documents += batch.length
    onProgress?.({ collection: name, documents })
  }
  const indexes = (await from.collection(name).indexes()).filter((index) => index['name'] !== '_id_')
  if (indexes.length > 0)
    await to.collection(name).createIndexes(indexes.map(({ v: _, ...index }) => index) as never)
  const [here, there] = [await fingerprintOf(from, name), await fingerprintOf(to, name)]
  if (!sameFingerprint(here, there)) {
    const told = ({ documents, hash }: Fingerprint): string => `${documents} documents, hash ${hash}`
    throw transferErrors.MIGRATE_DIFFERS({ collection: name, from: told(here), to: told(there) })
  }
  return here
}

/** Inserts raw documents; those whose `_id` is there already are left as they are. */
export async function insertMissing(to: Db, name: string, batch: readonly Uint8Array[]): Promise<void> {
  const documents = batch.map((raw) => toDriver(decode(Buffer.from(raw))))
  try {
    await to.collection(name).insertMany(documents as never, {
      ordered: false,
      forceServerObjectId: true,
      // a document that was let in there is let in here
      bypassDocumentValidation: true,
    })
  } catch (error) {
    const onlyDuplicates =
      error instanceof MongoBulkWriteError && [error.writeErrors].flat().every(({ code }) => code === 11000)
    if (!onlyDuplicates) throw error
  }
}

/** The documents of a collection as they are stored, in batches. */
export async function* rawBatches(db: Db, name: string): AsyncGenerator<Uint8Array[]> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for await (const raw of db
    .collection(name)
    .find({}, { raw: true, batchSize: BATCH_DOCUMENTS, sort: { $natural: 1 } })) {
    const document = raw as unknown as Uint8Array
    if (batch.length >= BATCH_DOCUMENTS || bytes + document.length > BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    // the driver reads on into the same memory
    batch.push(Uint8Array.from(document))
    bytes += document.length
  }
  if (batch.length > 0) yield batch
}

export async function fingerprintOf(db: Db, name: string): Promise<Fingerprint> {
  const fingerprinter = createFingerprinter()
  for await (const batch of rawBatches(db, name)) for (const raw of batch) fingerprinter.add(raw)
  return fingerprinter.result()
}

/** Of every collection of a database, by its name. */
export async function fingerprintDatabase(db: Db): Promise<Record<string, Fingerprint>> {
  const result: Record<string, Fingerprint> = {}
  for (const { name, type } of await db.listCollections().toArray())
    if (type !== 'view') result[name] = await fingerprintOf(db, name)
  return result
}
