import { randomBytes } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { isNumber, type Doc, type Value } from '../bson/value.ts'
import { toNumber, type Num } from '../bson/number.ts'
import { mongoError } from '../server/mongo-error.ts'
import type { Collation } from '../bson/collation.ts'
import { Collection } from './collection.ts'
import { noteCollations } from './collations.ts'
import { ID_INDEX } from './id-index.ts'
import { sameIndex } from './index-spec.ts'
import { Index } from './indexes.ts'
import { NO_RECORDER, type Recorder } from './recorder.ts'
import type { Link } from './statements.ts'

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
  readonly #link: Link
  readonly #own: DatabaseSync
  readonly #recorder: Recorder
  readonly #collections = new Map<string, Collection>()
  #version = -1

  constructor(sqlite: DatabaseSync, recorder: Recorder = NO_RECORDER) {
    this.#own = sqlite
    this.#link = { current: sqlite }
    this.#recorder = recorder
    this.reload()
  }

  get sqlite(): DatabaseSync {
    return this.#link.current
  }

  get recorder(): Recorder {
    return this.#recorder
  }

  /** Lets everything that rests on this catalogue read by another connection, until {@link Store.takeBack}. */
  lend(reader: DatabaseSync): void {
    this.#link.current = reader
  }

  /** Works on its own connection again, and takes over what happened there meanwhile. */
  takeBack(): void {
    this.#link.current = this.#own
    this.refresh()
  }

  /**
   * Reads the catalogue anew: after a rolled-back transaction, or when another connection changed it. What is the
   * same stays the same object, so that commands that rest on it go on; what is gone or changed is ended.
   */
  reload(): void {
    this.#version = this.#storedVersion()
    const before = new Map([...this.#collections.values()].map((item) => [item.id, item]))
    this.#collections.clear()
    const byId = new Map<number, Collection>()
    const namespaces = this.sqlite.prepare('SELECT id, db, coll, uuid, options FROM _ns').all()
    for (const row of namespaces as unknown as NamespaceRow[]) {
      const old = before.get(row.id)
      if (!old || !isSame(old, row)) {
        byId.set(row.id, this.#remember(row))
        continue
      }
      before.delete(row.id)
      old.cap?.forget()
      this.#collections.set(old.ns, old)
      byId.set(row.id, old)
    }
    for (const gone of before.values()) gone.end()
    this.#reloadIndexes(byId)
  }

  #reloadIndexes(byId: ReadonlyMap<number, Collection>): void {
    const kept = new Map<number, Index>()
    for (const collection of byId.values()) {
      for (const index of collection.indexes) kept.set(index.id, index)
      collection.indexes = []
    }
    const rows = this.sqlite.prepare('SELECT id, ns, spec, multikey FROM _ix ORDER BY id').all()
    for (const row of rows as unknown as IndexRow[]) {
      const old = kept.get(row.id)
      const same = old && !old.gone && encode(old.spec).equals(row.spec)
      if (same) kept.delete(row.id)
      const index = same
        ? old
        : new Index(this.#link, { id: row.id, spec: decode(asBuffer(row.spec)), multikey: false })
      index.multikey = row.multikey !== 0
      byId.get(row.ns)?.indexes.push(index)
    }
    for (const gone of kept.values()) gone.end()
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
      { link: this.#link, recorder: this.#recorder, onMultikey: (index) => this.#becameMultikey(index) },
      {
        id: row.id,
        db: row.db,
        name: row.coll,
        uuid: asBuffer(row.uuid),
        options: decode(asBuffer(row.options)),
      },
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
    const totalIndexSize = [...indexSizes.values()].reduce<number>((sum, size) => sum + Number(size), 0)
    const storageSize = scaled(this.#pagesOf(`c${collection.id}`))
    return new Map<string, Value>([
      ['ns', collection.ns],
      ['size', scaled(row[1])],
      ['count', row[0]],
      ['avgObjSize', row[0] > 0 ? Math.round(row[1] / row[0]) : 0],
      ['storageSize', storageSize],
      ['freeStorageSize', 0],
      ...cappedStats(collection, scaled),
      ['nindexes', collection.indexCount],
      ['indexBuilds', []],
      ['indexSizes', indexSizes],
      ['totalIndexSize', totalIndexSize],
      ['totalSize', storageSize + totalIndexSize],
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
      `CREATE TABLE c${id}(rid ${placeType(options)}, id BLOB NOT NULL UNIQUE, doc BLOB NOT NULL)`,
    )
    this.#changed()
    const collection = this.#remember({ id, db, coll: name, uuid, options: encoded })
    this.#recorder.created(collection)
    const { collation } = collection
    if (collation && !options.has('viewOn')) this.createIndex(collection, idIndexBy(collation))
    return collection
  }

  drop(collection: Collection): void {
    for (const index of collection.indexes) this.sqlite.exec(`DROP TABLE x${index.id}`)
    this.sqlite.exec(`DROP TABLE c${collection.id}`)
    this.sqlite.prepare('DELETE FROM _ix WHERE ns=?').run(collection.id)
    this.sqlite.prepare('DELETE FROM _ns WHERE id=?').run(collection.id)
    this.#collections.delete(collection.ns)
    collection.end()
    this.#changed()
    this.#recorder.dropped(collection)
  }

  rename(collection: Collection, db: string, name: string): void {
    checkName(db, name)
    this.sqlite.prepare('UPDATE _ns SET db=?, coll=? WHERE id=?').run(db, name, collection.id)
    this.#recorder.renamed(collection, { db, name })
    this.#changed()
    this.reload()
  }

  /** Puts a capped collection with the newest documents in the place of this one; its indexes go, as in MongoDB. */
  convertToCapped(collection: Collection, options: Doc): void {
    const { db, name } = collection
    const part = randomBytes(5).toString('base64url').slice(0, 5)
    const fresh = this.create(db, `tmp${part}.convertToCapped.${name}`, options)
    fresh.copyNewest(collection)
    this.drop(collection)
    this.rename(fresh, db, name)
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
    const collated = spec.has('collation')
    this.sqlite.exec(Index.tableSql(id, { unique, collated }))
    if (collated) noteCollations(this.sqlite)
    const index = new Index(this.#link, { id, spec, multikey: false })
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

  /** Makes the keys of indexes with a collation anew: the rules by which they were made are others now. */
  rebuildCollated(): void {
    for (const collection of this.#collections.values()) {
      for (const index of collection.indexes) {
        if (!index.collation) continue
        index.sql('DELETE FROM {x}').run()
        collection.build(index, { probing: false })
      }
    }
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

/** The index of `_id` by the collation of its collection: `a` and `A` may be one and the same. */
function idIndexBy(collation: Collation): Doc {
  return new Map<string, Value>([...ID_INDEX, ['unique', true], ['collation', collation.spec]])
}

/** Whoever follows a capped collection goes by places: none of it is ever given twice. */
function placeType(options: Doc): string {
  return options.get('capped') === true ? 'INTEGER PRIMARY KEY AUTOINCREMENT' : 'INTEGER PRIMARY KEY'
}

function cappedStats({ cap }: Collection, scaled: (bytes: number) => number): [string, Value][] {
  if (!cap) return [['capped', false]]
  return [
    ['capped', true],
    ['max', cap.max],
    ['maxSize', scaled(cap.size)],
  ]
}

/** Whether a row of the catalogue is what the object already says. */
function isSame(collection: Collection, row: NamespaceRow): boolean {
  return (
    !collection.gone &&
    collection.db === row.db &&
    collection.name === row.coll &&
    collection.uuid.equals(row.uuid) &&
    encode(collection.options).equals(row.options)
  )
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
