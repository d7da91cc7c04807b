import type { StatementSync } from 'node:sqlite'
import { storedCollation, type Collation } from '../bson/collation.ts'
import { decode, decodeValue } from '../bson/decode.ts'
import { keyOf } from '../bson/key.ts'
import type { Doc } from '../bson/value.ts'
import { findField } from '../bson/walk.ts'
import { mongoError, type MongoServerFault } from '../server/mongo-error.ts'
import { showValue } from '../bson/show.ts'
import { valueAt } from '../query/path.ts'
import { Cap } from './cap.ts'
import type { Index } from './indexes.ts'
import { inlineDocument, takePage } from './page.ts'
import type { Recorder, UpdateTargets } from './recorder.ts'
import { Statements, type Link } from './statements.ts'

/** A stored document: its place in natural order and its bytes, as the client sent them. */
export interface Row {
  rid: number
  raw: Buffer
}

const ID_FIELD = Buffer.from('_id')

/** No insert removes more from a capped collection (MongoDB's bound): some 0.2 s, when `collMod` has made it smaller. */
const MOST_REMOVED = 20_000

/** What a collection needs of its catalogue. */
interface Catalogue {
  link: Link
  recorder: Recorder
  onMultikey: (index: Index) => void
}

/** What kind of change {@link Collection.replace} is; `update` without targets unless said. */
interface ReplaceAs {
  kind: 'update' | 'replace'
  targets?: UpdateTargets | undefined
}

/** One collection: the table `c{id}` and its indexes, kept equal within the transaction of the caller. */
export class Collection {
  readonly id: number
  readonly db: string
  readonly name: string
  /** `db.name`. */
  readonly ns: string
  readonly uuid: Buffer
  readonly options: Doc
  /** Of a capped collection: how much it may hold. */
  readonly cap: Cap | null
  /** By which commands compare that name none; null: the simple one. */
  readonly collation: Collation | null
  indexes: Index[] = []
  /** How often this connection has looked up by `_id`. */
  idUses = 0
  readonly #statements: Statements
  readonly #recorder: Recorder
  readonly #onMultikey: (index: Index) => void
  #gone = false

  constructor(
    { link, recorder, onMultikey }: Catalogue,
    row: { id: number; db: string; name: string; uuid: Buffer; options: Doc },
  ) {
    this.#statements = new Statements(link, '{c}', `c${row.id}`)
    this.#recorder = recorder
    this.#onMultikey = onMultikey
    this.id = row.id
    this.db = row.db
    this.name = row.name
    this.ns = `${row.db}.${row.name}`
    this.uuid = row.uuid
    this.options = row.options
    this.cap = Cap.of(row.options)
    this.collation = storedCollation(row.options)
  }

  /** Where a collation holds different `_id` for equal: the index that keeps them apart. */
  get idIndex(): Index | null {
    return this.indexes.find(({ name }) => name === '_id_') ?? null
  }

  /** How many indexes there are, that of `_id` among them. */
  get indexCount(): number {
    return this.indexes.length + (this.idIndex ? 0 : 1)
  }

  /** True when the catalogue does not hold this object any more; see {@link Collection.end}. */
  get gone(): boolean {
    return this.#gone
  }

  /**
   * The collection was dropped, or the catalogue read anew: a command that rested meanwhile must not go on with
   * what it knows of tables and indexes.
   */
  end(): void {
    this.#gone = true
    for (const index of this.indexes) index.end()
  }

  /**
   * A prepared statement, made once. `{c}` in the text stands for the table's name. Ask for it after every rest.
   *
   * @throws QueryPlanKilled (175) as MongoDB does when a collection goes while an operation yields
   */
  sql(text: string): StatementSync {
    if (this.#gone)
      throw mongoError('QueryPlanKilled', `collection ${this.ns} was dropped or changed meanwhile`)
    return this.#statements.get(text)
  }

  count(): number {
    return (this.sql('SELECT count(*) FROM {c}').get() as unknown as [number])[0]
  }

  /** How far the first place is from the last one: an upper bound of the count that costs nothing. */
  roughCount(): number {
    const text = 'SELECT (SELECT max(rid) FROM {c}) - (SELECT min(rid) FROM {c}) + 1'
    return (this.sql(text).get() as unknown as [number | null])[0] ?? 0
  }

  /** The mean size of the newest documents, in bytes. */
  roughSize(): number {
    const text = 'SELECT avg(length(doc)) FROM (SELECT doc FROM {c} ORDER BY rid DESC LIMIT 20)'
    return (this.sql(text).get() as unknown as [number | null])[0] ?? 0
  }

  byId(idKey: Buffer): Row | null {
    return rowOf(this.sql('SELECT rid, doc FROM {c} WHERE id=?').get(idKey))
  }

  /** The bytes of a document that is there. */
  readonly documentOf = (rid: number): Uint8Array =>
    (this.sql('SELECT doc FROM {c} WHERE rid=?').get(rid) as unknown as [Uint8Array])[0]

  /** Whether there is a document at a place. */
  holds(rid: number): boolean {
    return this.sql('SELECT 1 FROM {c} WHERE rid=?').get(rid) !== undefined
  }

  byRid(rid: number): Row | null {
    return rowOf(this.sql('SELECT rid, doc FROM {c} WHERE rid=?').get(rid))
  }

  /**
   * Stores a document that has an `_id`. All unique keys are probed before the first write, so a refusal leaves
   * nothing behind. Where the collection is capped, the oldest documents make room.
   *
   * @throws DuplicateKey (11000), BadValue (2) for one that a capped collection could never hold
   */
  insert(raw: Buffer): void {
    this.cap?.admit(raw.length)
    const idKey = idKeyOf(raw)
    if (this.byId(idKey)) throw this.#duplicateId(raw)
    const keys = this.indexes.map((index) => index.keysOf(raw))
    this.indexes.forEach((index, i) => this.#probe(index, keys[i]!.keys, { rid: null, raw }))
    const rid = Number(this.sql('INSERT INTO {c}(id, doc) VALUES(?, ?)').run(idKey, raw).lastInsertRowid)
    this.indexes.forEach((index, i) => {
      index.add(keys[i]!.keys, rid)
      if (keys[i]!.multikey && !index.multikey) this.#onMultikey(index)
    })
    this.#recorder.inserted(this, raw)
    if (!this.cap) return
    this.cap.changed(1, raw.length)
    this.#makeRoom(this.cap)
  }

  /**
   * Takes the oldest documents away until the limits are kept, the rest of very many with the next inserts. To those who
   * watch they are deleted, as in MongoDB.
   */
  #makeRoom(cap: Cap): void {
    for (let n = 0; n < MOST_REMOVED && cap.isOver(() => this.#measure()); n++) this.remove(this.#oldest()!)
  }

  #oldest(): Row | null {
    return rowOf(this.sql('SELECT rid, doc FROM {c} ORDER BY rid LIMIT 1').get())
  }

  #measure(): { count: number; bytes: number } {
    const text = 'SELECT count(*), coalesce(sum(length(doc)), 0) FROM {c}'
    const [count, bytes] = this.sql(text).get() as unknown as [number, number]
    return { count, bytes }
  }

  /** Puts new bytes in the place of a document; its `_id` is the same. */
  replace(row: Row, raw: Buffer, as: ReplaceAs = { kind: 'update' }): void {
    const changes = this.indexes.map((index) => changedKeys(index, row.raw, raw))
    this.indexes.forEach((index, i) => this.#probe(index, changes[i]!.probed, { rid: row.rid, raw }))
    this.sql('UPDATE {c} SET doc=? WHERE rid=?').run(raw, row.rid)
    this.cap?.changed(0, raw.length - row.raw.length)
    this.indexes.forEach((index, i) => {
      const { added, removed, multikey } = changes[i]!
      index.remove(removed, row.rid)
      index.add(added, row.rid)
      if (multikey && !index.multikey) this.#onMultikey(index)
    })
    this.#recorder.replaced(this, { before: row.raw, after: raw, ...as })
  }

  remove(row: Row): void {
    for (const index of this.indexes) index.remove(index.keysOf(row.raw).keys, row.rid)
    this.sql('DELETE FROM {c} WHERE rid=?').run(row.rid)
    this.cap?.changed(-1, -row.raw.length)
    this.#recorder.removed(this, row.raw)
  }

  /** Takes over the newest documents of another collection, as many as its own limits let in. */
  copyNewest(from: Collection): void {
    const { size } = this.cap!
    const rows = from.sql('SELECT rid, length(doc) FROM {c} ORDER BY rid DESC')
    let first: number | null = null
    let bytes = 0
    for (const [rid, length] of rows.iterate() as unknown as Iterable<[number, number]>) {
      bytes += length
      if (bytes > size) break
      first = rid
    }
    if (first === null) return
    const text = `INSERT INTO {c}(id, doc) SELECT id, doc FROM c${from.id} WHERE rid>=? ORDER BY rid`
    this.sql(text).run(first)
    for (const index of this.indexes) this.build(index)
  }

  /** Fills a new index from the documents; pages keep memory flat. */
  build(index: Index, { probing = true }: { probing?: boolean } = {}): void {
    const page = this.sql(`SELECT rid, ${inlineDocument('doc')} FROM {c} WHERE rid>? ORDER BY rid LIMIT ?`)
    for (let last = 0; ;) {
      const rows = takePage(page.all(last, 1000), 1000, this.documentOf).found.map((row) => rowOf(row)!)
      if (rows.length === 0) return
      for (const row of rows) {
        const { keys, multikey } = index.keysOf(row.raw)
        if (probing) this.#probe(index, keys, row)
        index.add(keys, row.rid)
        if (multikey && !index.multikey) this.#onMultikey(index)
      }
      last = rows.at(-1)!.rid
    }
  }

  #probe(index: Index, keys: readonly Buffer[], { rid, raw }: { rid: number | null; raw: Buffer }): void {
    if (!index.unique) return
    const taken = index.collation
      ? index.collatedHolder(keys, { rid, raw }, this.documentOf) !== null
      : keys.some((key) => index.holder(key, rid) !== null)
    if (taken) throw this.#duplicate(index.name, index.key, decode(raw))
  }

  #duplicateId(raw: Buffer): MongoServerFault {
    return this.#duplicate('_id_', new Map([['_id', 1]]), decode(raw))
  }

  #duplicate(name: string, key: Doc, doc: Doc): MongoServerFault {
    const value: Doc = new Map([...key.keys()].map((path) => [path, valueAt(doc, path) ?? null] as const))
    const text = [...value].map(([path, item]) => `${path}: ${showValue(item)}`).join(', ')
    return mongoError(
      'DuplicateKey',
      `E11000 duplicate key error collection: ${this.ns} index: ${name} dup key: { ${text} }`,
      { keyPattern: key, keyValue: value },
    )
  }
}

function changedKeys(index: Index, before: Buffer, after: Buffer) {
  const old = index.keysOf(before)
  const fresh = index.keysOf(after)
  const had = new Set(old.keys.map((key) => key.toString('latin1')))
  const has = new Set(fresh.keys.map((key) => key.toString('latin1')))
  const added = fresh.keys.filter((key) => !had.has(key.toString('latin1')))
  return {
    removed: old.keys.filter((key) => !has.has(key.toString('latin1'))),
    added,
    // by a collation a key that stays may stand for another text
    probed: index.collation ? fresh.keys : added,
    multikey: fresh.multikey,
  }
}

/** The key of a raw document's `_id`. */
export function idKeyOf(raw: Buffer): Buffer {
  const field = findField(raw, ID_FIELD)!
  return keyOf(decodeValue(raw, field.type, field.value))
}

/** A row of two columns, rid and doc, as node:sqlite gives it. */
export function rowOf(found: unknown): Row | null {
  if (!found) return null
  const [rid, doc] = found as [number, Uint8Array]
  return { rid, raw: Buffer.from(doc.buffer, doc.byteOffset, doc.byteLength) }
}
