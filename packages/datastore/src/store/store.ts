import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { isNumber, type Doc, type Value } from '../bson/value.ts'
import { toNumber, type Num } from '../bson/number.ts'
import { mongoError } from '../server/mongo-error.ts'
import { Collection } from './collection.ts'
import { sameIndex } from './index-spec.ts'
import { Index } from './indexes.ts'

interface NamespaceRow {
  id: number
  db: string
  coll: string
  uuid: Uint8Array
  options: Uint8Array
}

interface IndexRow {
  id: number
  ns: number
  spec: Uint8Array
  multikey: number
}

/** The catalogue of one connection: databases, collections, indexes. Identifiers in SQL are made of numbers only. */
export class Store {
  readonly sqlite: DatabaseSync
  readonly #collections = new Map<string, Collection>()
  #version = -1

  constructor(sqlite: DatabaseSync) {
    this.sqlite = sqlite
    this.reload()
  }

  /** Reads the catalogue anew: after a rolled-back transaction, or when another connection changed it. */
  reload(): void {
    for (const collection of this.#collections.values()) collection.end()
    this.#collections.clear()
    this.#version = this.#storedVersion()
    const namespaces = this.sqlite.prepare('SELECT id, db, coll, uuid, options FROM _ns').all()
    const byId = new Map<number, Collection>()
    for (const row of namespaces as unknown as NamespaceRow[]) byId.set(row.id, this.#remember(row))
    const indexes = this.sqlite.prepare('SELECT id, ns, spec, multikey FROM _ix ORDER BY id').all()
    for (const row of indexes as unknown as IndexRow[]) {
      const spec = decode(asBuffer(row.spec))
      byId
        .get(row.ns)
        ?.indexes.push(new Index(this.sqlite, { id: row.id, spec, multikey: row.multikey !== 0 }))
    }
  }

  /** For readers: takes over what the writer changed in the catalogue since the last look. */
  refresh(): void {
    if (this.#storedVersion() !== this.#version) this.reload()
  }

  #storedVersion(): number {
    return Number(this.sqlite.prepare("SELECT v FROM _meta WHERE k='catalogue'").get()!['v'])
  }

  #changed(): void {
    this.sqlite.exec("UPDATE _meta SET v=v+1 WHERE k='catalogue'")
    this.#version = this.#storedVersion()
  }

  #remember(row: NamespaceRow): Collection {
    const collection = new Collection(
      this.sqlite,
      {
        id: row.id,
        db: row.db,
        name: row.coll,
        uuid: asBuffer(row.uuid),
        options: decode(asBuffer(row.options)),
      },
      (index) => this.#becameMultikey(index),
    )
    this.#collections.set(collection.ns, collection)
    return collection
  }

  #becameMultikey(index: Index): void {
    index.multikey = true
    this.sqlite.prepare('UPDATE _ix SET multikey=1 WHERE id=?').run(index.id)
    this.#changed()
  }

  get collections(): Iterable<Collection> {
    return this.#collections.values()
  }

  get(db: string, name: string): Collection | null {
    return this.#collections.get(`${db}.${name}`) ?? null
  }

  /** Bytes of the pages of a collection's documents and indexes, by SQLite's own book-keeping. */
  tableBytes(collection: Collection): number {
    const names = [`c${collection.id}`, ...collection.indexes.map((index) => `x${index.id}`)]
    return names.reduce((sum, name) => sum + this.#pagesOf(name), 0)
  }

  #pagesOf(table: string): number {
    const row = this.sqlite
      .prepare('SELECT sum(pgsize) AS bytes FROM dbstat WHERE name=? AND aggregate=1')
      .get(table)
    return Number(row?.['bytes'] ?? 0)
  }

  /** What `collStats` tells; sizes divided by `scale`. */
  statsOf(collection: Collection, scale: number): Doc {
    const row = collection
      .sql('SELECT count(*), coalesce(sum(length(doc)), 0) FROM {c}')
      .get() as unknown as [number, number]
    const scaled = (bytes: number): number => Math.floor(bytes / scale)
    const indexSizes = new Map<string, Value>([
      ['_id_', scaled(this.#pagesOf(`sqlite_autoindex_c${collection.id}_1`))],
    ])
    for (const index of collection.indexes) indexSizes.set(index.name, scaled(this.#pagesOf(`x${index.id}`)))
    return new Map<string, Value>([
      ['ns', collection.ns],
      ['size', scaled(row[1])],
      ['count', row[0]],
      ['avgObjSize', row[0] > 0 ? Math.round(row[1] / row[0]) : 0],
      ['storageSize', scaled(this.#pagesOf(`c${collection.id}`))],
      ['capped', false],
      ['nindexes', collection.indexes.length + 1],
      ['indexSizes', indexSizes],
      ['totalIndexSize', [...indexSizes.values()].reduce<number>((sum, size) => sum + Number(size), 0)],
      ['scaleFactor', scale],
    ])
  }

  create(db: string, name: string, options: Doc = new Map()): Collection {
    checkName(db, name)
    const uuid = randomBytes(16)
    uuid[6] = (uuid[6]! & 0x0f) | 0x40
    uuid[8] = (uuid[8]! & 0x3f) | 0x80
    const encoded = encode(options)
    const insert = this.sqlite.prepare('INSERT INTO _ns(db, coll, uuid, options) VALUES(?, ?, ?, ?)')
    const id = Number(insert.run(db, name, uuid, encoded).lastInsertRowid)
    this.sqlite.exec(
      `CREATE TABLE c${id}(rid INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, doc BLOB NOT NULL)`,
    )
    this.#changed()
    return this.#remember({ id, db, coll: name, uuid, options: encoded })
  }

  drop(collection: Collection): void {
    for (const index of collection.indexes) this.sqlite.exec(`DROP TABLE x${index.id}`)
    this.sqlite.exec(`DROP TABLE c${collection.id}`)
    this.sqlite.prepare('DELETE FROM _ix WHERE ns=?').run(collection.id)
    this.sqlite.prepare('DELETE FROM _ns WHERE id=?').run(collection.id)
    this.#collections.delete(collection.ns)
    collection.end()
    this.#changed()
  }

  rename(collection: Collection, db: string, name: string): void {
    checkName(db, name)
    this.sqlite.prepare('UPDATE _ns SET db=?, coll=? WHERE id=?').run(db, name, collection.id)
    this.#changed()
    this.reload()
  }

  setOptions(collection: Collection, options: Doc): void {
    this.sqlite.prepare('UPDATE _ns SET options=? WHERE id=?').run(encode(options), collection.id)
    this.#changed()
    this.reload()
  }

  /** Makes and fills an index; false when the very same one exists. */
  createIndex(collection: Collection, spec: Doc): boolean {
    if (sameIndex(collection.indexes, spec)) return false
    const unique = isNumber(spec.get('unique'))
      ? toNumber(spec.get('unique') as Num) !== 0
      : spec.get('unique') === true
    const insert = this.sqlite.prepare('INSERT INTO _ix(ns, name, spec) VALUES(?, ?, ?)')
    const id = Number(insert.run(collection.id, spec.get('name') as string, encode(spec)).lastInsertRowid)
    this.sqlite.exec(Index.tableSql(id, unique))
    const index = new Index(this.sqlite, { id, spec, multikey: false })
    try {
      collection.build(index)
    } catch (error) {
      this.#forgetIndex(index)
      throw error
    }
    collection.indexes.push(index)
    this.#changed()
    return true
  }

  dropIndex(collection: Collection, index: Index): void {
    this.#forgetIndex(index)
    index.end()
    collection.indexes = collection.indexes.filter((other) => other !== index)
    this.#changed()
  }

  #forgetIndex(index: Index): void {
    this.sqlite.exec(`DROP TABLE x${index.id}`)
    this.sqlite.prepare('DELETE FROM _ix WHERE id=?').run(index.id)
  }

  /** Changes what may change in an index without rebuilding it (TTL, hidden). */
  setIndexSpec(index: Index, spec: Doc): void {
    this.sqlite.prepare('UPDATE _ix SET spec=? WHERE id=?').run(encode(spec), index.id)
    this.#changed()
    this.reload()
  }
}

/** MongoDB's restrictions on names (manual, "Naming Restrictions"). */
function checkName(db: string, name: string): void {
  if (
    name === '' ||
    name.startsWith('.') ||
    name.endsWith('.') ||
    name.includes('\0') ||
    name.includes('$')
  ) {
    throw mongoError('InvalidNamespace', `Invalid collection name: ${name}`)
  }
  if (name.startsWith('system.') && name !== 'system.views') {
    throw mongoError('InvalidNamespace', `Invalid system namespace: ${db}.${name}`)
  }
  if (Buffer.byteLength(`${db}.${name}`) > 255) {
    throw mongoError(
      'InvalidNamespace',
      `Fully qualified namespace is too long. Namespace: ${db}.${name} Max: 255`,
    )
  }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
