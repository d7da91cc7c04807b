import type { StatementSync } from 'node:sqlite'
import { storedCollation, type Collation } from '../bson/collation.ts'
import type { Comparison } from '../bson/comparison.ts'
import { createPicker } from '../bson/decode.ts'
import { toNumber, type Num } from '../bson/number.ts'
import { isNumber, type Doc, type Value } from '../bson/value.ts'
import { compileFilter, type Predicate } from '../query/match.ts'
import { mongoError } from '../server/mongo-error.ts'
import { filterFields } from '../query/fields.ts'
import { comparing, comparisonOf } from '../expression/scope.ts'
import { documentKeys, documentTuples, type DocumentKeys, type KeyPattern } from './index-keys.ts'
import { Statements, type Link } from './statements.ts'

const NO_KEYS: DocumentKeys = { keys: [], multikey: false, absent: true }

/** A secondary index: the table `x{id}` of keys, and how documents get theirs. */
export class Index {
  readonly id: number
  readonly spec: Doc
  readonly name: string
  readonly pattern: KeyPattern
  readonly unique: boolean
  readonly sparse: boolean
  readonly partial: Doc | null
  /** By which its texts are compared; its keys then say only which of them may be equal. */
  readonly collation: Collation | null
  multikey: boolean
  /** How often a plan of this connection has used it. */
  uses = 0
  readonly #pick: (raw: Buffer) => Doc
  readonly #order: Comparison
  readonly #accepts: Predicate | null
  readonly #statements: Statements
  #gone = false

  constructor(link: Link, row: { id: number; spec: Doc; multikey: boolean }) {
    this.#statements = new Statements(link, '{x}', `x${row.id}`)
    this.id = row.id
    this.spec = row.spec
    this.multikey = row.multikey
    this.name = row.spec.get('name') as string
    this.pattern = patternOf(row.spec.get('key') as Doc)
    this.unique = truthy(row.spec.get('unique'))
    this.sparse = truthy(row.spec.get('sparse'))
    this.partial = (row.spec.get('partialFilterExpression') as Doc | undefined) ?? null
    this.collation = storedCollation(row.spec)
    const variables = new Map(comparing(this.collation))
    this.#order = comparisonOf(variables)
    this.#accepts = this.partial ? compileFilter(this.partial, variables) : null
    const fields = new Set(this.pattern.paths.map((path) => path[0]!))
    if (this.partial) for (const field of filterFields(this.partial) ?? []) fields.add(field)
    this.#pick = createPicker(fields)
  }

  get key(): Doc {
    return this.spec.get('key') as Doc
  }

  get hidden(): boolean {
    return truthy(this.spec.get('hidden'))
  }

  /** Seconds after which a document goes (TTL), or null. */
  get expireAfterSeconds(): number | null {
    const seconds = this.spec.get('expireAfterSeconds')
    return isNumber(seconds) ? toNumber(seconds as Num) : null
  }

  keysOf(raw: Buffer): DocumentKeys {
    const doc = this.#pick(raw)
    if (this.#accepts && !this.#accepts(doc)) return NO_KEYS
    const found = documentKeys(this.pattern, doc, this.collation?.bucket)
    return this.sparse && found.absent ? NO_KEYS : found
  }

  get gone(): boolean {
    return this.#gone
  }

  /** The index was dropped, or the catalogue read anew. */
  end(): void {
    this.#gone = true
  }

  /**
   * A prepared statement on the index's table, made once. `{x}` in the text stands for the table's name.
   *
   * @throws QueryPlanKilled (175) as MongoDB does when an index goes while an operation yields
   */
  sql(text: string): StatementSync {
    if (this.#gone) throw mongoError('QueryPlanKilled', `index ${this.name} was dropped or changed meanwhile`)
    return this.#statements.get(text)
  }

  add(keys: readonly Buffer[], rid: number): void {
    const insert = this.sql('INSERT INTO {x}(k, rid) VALUES(?, ?)')
    for (const key of keys) insert.run(key, rid)
  }

  remove(keys: readonly Buffer[], rid: number): void {
    const remove = this.sql('DELETE FROM {x} WHERE k=? AND rid=?')
    for (const key of keys) remove.run(key, rid)
  }

  /** The document that holds a key of this unique index, other than `self`. */
  holder(key: Buffer, self: number | null): number | null {
    const row = this.sql('SELECT rid FROM {x} WHERE k=?').get(key) as unknown as [number] | undefined
    return row && row[0] !== self ? row[0] : null
  }

  /**
   * The document, other than itself, whose values a document has in this unique index with a collation: those that share a
   * key with it are looked at.
   */
  collatedHolder(
    keys: readonly Buffer[],
    { rid: self, raw }: { rid: number | null; raw: Buffer },
    documentOf: (rid: number) => Uint8Array,
  ): number | null {
    const own = documentTuples(this.pattern, this.#pick(raw))
    const { equal } = this.#order
    const clashes = (other: Buffer): boolean =>
      documentTuples(this.pattern, this.#pick(other)).some((theirs) =>
        own.some((ours) => ours.every((value, i) => equal(value, theirs[i]!))),
      )
    for (const key of keys) {
      const holders = this.sql('SELECT rid FROM {x} WHERE k=?').all(key) as unknown as [number][]
      for (const [rid] of holders) {
        if (rid === self) continue
        const { buffer, byteOffset, byteLength } = documentOf(rid)
        if (clashes(Buffer.from(buffer, byteOffset, byteLength))) return rid
      }
    }
    return null
  }

  /** The statement that makes the table of an index. Equal keys of a collation need not be equal texts. */
  static tableSql(id: number, { unique, collated }: { unique: boolean; collated: boolean }): string {
    const key = unique && !collated ? 'PRIMARY KEY(k)' : 'PRIMARY KEY(k, rid)'
    return `CREATE TABLE x${id}(k BLOB NOT NULL, rid INTEGER NOT NULL, ${key}) WITHOUT ROWID`
  }
}

function patternOf(key: Doc): KeyPattern {
  const names = [...key.keys()]
  return {
    names,
    paths: names.map((name) => name.split('.')),
    descending: names.map((name) => toNumber(key.get(name) as Num) < 0),
  }
}

function truthy(value: Value | undefined): boolean {
  return value === true || (isNumber(value) && toNumber(value as Num) !== 0)
}
