import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { basename, join } from 'node:path'
import { BSON, type Db, type Document, type MongoClient } from 'mongodb'
import { messageOf } from '@m3m/base'
import { MAX_DOCUMENT_BYTES, validateBson } from '../bson/validate.ts'
import { keptOptions } from './collection-options.ts'
import { insertMissing, rawBatches } from './copy.ts'
import { transferErrors } from './transfer.errors.ts'

/**
 * Writes a database in the layout of mongodump: `<folder>/<database>/<collection>.bson` and
 * `<collection>.metadata.json`, which `mongorestore <folder>` reads.
 */
export async function dumpDatabase(db: Db, folder: string): Promise<{ documents: number }> {
  const target = join(folder, db.databaseName)
  await mkdir(target, { recursive: true, mode: 0o700 })
  let documents = 0
  for (const info of await db.listCollections().toArray()) {
    const name = encodeURIComponent(info.name)
    await writeFile(join(target, `${name}.metadata.json`), await metadataOf(db, info), { mode: 0o600 })
    if (info.type !== 'view') documents += await dumpDocuments(db, info.name, join(target, `${name}.bson`))
  }
  return { documents }
}

async function metadataOf(db: Db, info: Document): Promise<string> {
  const view = info['type'] === 'view'
  const indexes = view ? [] : await db.collection(info['name']).indexes()
  const uuid = info['info']?.uuid?.toString('hex')
  const metadata = {
    options: info['options'] ?? {},
    indexes,
    ...(uuid && { uuid }),
    collectionName: info['name'],
    type: info['type'],
  }
  return BSON.EJSON.stringify(metadata, { relaxed: false })
}

async function dumpDocuments(db: Db, name: string, file: string): Promise<number> {
  const out = createWriteStream(file, { mode: 0o600 })
  let documents = 0
  for await (const batch of rawBatches(db, name)) {
    documents += batch.length
    if (!out.write(Buffer.concat(batch))) await once(out, 'drain')
  }
  out.end()
  await once(out, 'finish')
  return documents
}

/**
 * Reads a dump (ours or mongodump's, uncompressed) into a server: documents whose `_id` is there already stay as
 * they are, then indexes and views.
 *
 * @throws DUMP_UNREADABLE with the file at fault
 */
export async function loadDump(client: MongoClient, folder: string): Promise<{ documents: number }> {
  let documents = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) documents += await loadDatabase(client.db(entry.name), join(folder, entry.name))
  }
  return { documents }
}

async function loadDatabase(db: Db, folder: string): Promise<number> {
  let documents = 0
  const views: Document[] = []
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.metadata.json')).sort()) {
    const metadata = await readMetadata(join(folder, file))
    const name = decodeURIComponent(basename(file, '.metadata.json'))
    if (metadata['options']?.viewOn) {
      views.push({ ...metadata, name })
      continue
    }
    await db.createCollection(name, keptOptions(metadata['options'])).catch(ignoreExisting)
    const bson = join(folder, file.replace('.metadata.json', '.bson'))
    if (existsSync(bson)) documents += await loadDocuments(db, name, bson)
    const indexes = (metadata['indexes'] as Document[]).filter((index) => index['name'] !== '_id_')
    if (indexes.length > 0)
      await db.collection(name).createIndexes(indexes.map(({ v: _, ns: __, ...index }) => index) as never)
  }
  for (const { name, options } of views) await db.createCollection(name, options).catch(ignoreExisting)
  return documents
}

function ignoreExisting(error: { code?: number }): void {
  if (error.code !== 48) throw error
}

async function readMetadata(file: string): Promise<Document> {
  try {
    return BSON.EJSON.parse(await readFile(file, 'utf8'), { relaxed: false }) as Document
  } catch (cause) {
    throw transferErrors.DUMP_UNREADABLE({ file, reason: messageOf(cause) }, { cause })
  }
}

async function loadDocuments(db: Db, name: string, file: string): Promise<number> {
  let documents = 0
  let batch: Uint8Array[] = []
  for await (const raw of readDocuments(file)) {
    batch.push(raw)
    documents++
    if (batch.length < 1000) continue
    await insertMissing(db, name, batch)
    batch = []
  }
  if (batch.length > 0) await insertMissing(db, name, batch)
  return documents
}

/** Cuts a file of documents one after the other; each is validated. */
async function* readDocuments(file: string): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file)) {
    rest = Buffer.concat([rest, chunk as Buffer])
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const size = rest.readInt32LE(0)
      const raw = size >= 5 && size <= MAX_DOCUMENT_BYTES ? rest.subarray(0, size) : rest.subarray(0, 4)
      try {
        validateBson(raw)
      } catch (cause) {
        throw transferErrors.DUMP_UNREADABLE({ file, reason: messageOf(cause) }, { cause })
      }
      yield raw
      rest = rest.subarray(size)
    }
  }
  if (rest.length > 0)
    throw transferErrors.DUMP_UNREADABLE({ file, reason: 'it ends in the middle of a document' })
}
