import { readCollation } from '../bson/collation.ts'
import { encode } from '../bson/encode.ts'
import { showValue } from '../bson/show.ts'
import { equal } from '../bson/order.ts'
import { Binary, isDoc, type Doc, type Value } from '../bson/value.ts'
import { compileFilter } from '../query/match.ts'
import type { Collection } from '../store/collection.ts'
import { normaliseIndexSpec, sameIndex, sameKey } from '../store/index-spec.ts'
import type { Index } from '../store/indexes.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
import type { Reply } from '../server/wire.ts'
import { cappedOptions, changedCap } from './capped.ts'
import { validationOptions } from './document-validation.ts'
import { ID_INDEX } from '../store/id-index.ts'
import { writableCollection } from './insert.ts'
import { FIRST_BATCH, collectionName, countOption, docOption, flag } from './options.ts'
import { checkView, refuseView } from './views.ts'

const UNSUPPORTED_OPTIONS = ['timeseries', 'clusteredIndex', 'encryptedFields', 'expireAfterSeconds']

function refuseOptions(body: Doc): void {
  for (const option of UNSUPPORTED_OPTIONS) {
    const value = body.get(option)
    if (value !== undefined && value !== false && !(isDoc(value) && value.size === 0))
      throw notSupported(`create with ${option}`)
  }
}

export const create: Command = (context) => {
  const { body, db, store } = context
  const name = collectionName(body, 'create')
  refuseOptions(body)
  const options = new Map([...cappedOptions(body), ...validationOptions(body), ...collationOption(body)])
  if (body.has('viewOn')) {
    checkView(body)
    if (options.has('capped'))
      throw mongoError(
        'InvalidOptions',
        "Cannot create a view with the 'capped' option: it holds no documents",
      )
    for (const field of ['viewOn', 'pipeline']) if (body.has(field)) options.set(field, body.get(field)!)
  }
  const existing = collectionOf(context, name)
  if (existing) {
    if (encode(existing.options).equals(encode(options))) return new Map()
    throw mongoError('NamespaceExists', `Collection ${db}.${name} already exists.`)
  }
  context.beginWrite()
  store.create(db, name, options)
  return new Map()
}

/** The collation that commands on a new collection use unless they name one. @throws BadValue (2) and others */
function collationOption(body: Doc): Doc {
  const given = docOption(body, 'collation')
  if (!given) return new Map()
  if (given.size === 0) throw mongoError('BadValue', "'collation' cannot be an empty document.")
  const collation = readCollation(given)
  return collation ? new Map([['collation', collation.spec]]) : new Map()
}

export const drop: Command = (context) => {
  const { body, db, store, cursors } = context
  const name = collectionName(body, 'drop')
  const collection = collectionOf(context, name)
  if (!collection) return new Map<string, Value>([['ns', `${db}.${name}`]])
  context.beginWrite()
  const count = collection.indexCount
  store.drop(collection)
  cursors.collectionGone(collection.ns)
  return new Map<string, Value>([
    ['nIndexesWas', count],
    ['ns', `${db}.${name}`],
  ])
}

export const dropDatabase: Command = (context) => {
  const { db, store, access, cursors } = context
  access.check(db)
  context.beginWrite()
  for (const collection of [...store.collections]) {
    if (collection.db !== db) continue
    store.drop(collection)
    cursors.collectionGone(collection.ns)
  }
  store.recorder.databaseDropped(db)
  return new Map([['dropped', db]])
}

export const renameCollection: Command = (context) => {
  const { body, store, access, cursors } = context
  const [fromDb, from] = splitNamespace(body.get('renameCollection'))
  const [toDb, to] = splitNamespace(body.get('to'))
  access.check(fromDb)
  access.check(toDb)
  const source = store.get(fromDb, from)
  if (!source) throw mongoError('NamespaceNotFound', `Source collection ${fromDb}.${from} does not exist`)
  const target = store.get(toDb, to)
  if (target === source) throw mongoError('IllegalOperation', "Can't rename a collection to itself")
  if (target && !flag(body, 'dropTarget')) throw mongoError('NamespaceExists', 'target namespace exists')
  context.beginWrite()
  if (target) {
    store.drop(target)
    cursors.collectionGone(target.ns)
  }
  cursors.collectionGone(source.ns)
  store.rename(source, toDb, to)
  return new Map()
}

function splitNamespace(ns: Value | undefined): [string, string] {
  const dot = typeof ns === 'string' ? ns.indexOf('.') : -1
  if (dot <= 0) throw mongoError('InvalidNamespace', `Invalid namespace specified '${String(ns)}'`)
  return [(ns as string).slice(0, dot), (ns as string).slice(dot + 1)]
}

export const createIndexes: Command = (context) => {
  const { body, store } = context
  const name = collectionName(body, 'createIndexes')
  const given = body.get('indexes')
  if (!Array.isArray(given))
    throw mongoError(
      'TypeMismatch',
      "BSON field 'createIndexes.indexes' is the wrong type, expected type 'array'",
    )
  if (given.length === 0) throw mongoError('BadValue', 'Must specify at least one index to create')
  refuseView(context, name)
  const existing = collectionOf(context, name)
  const existed = existing !== null
  const specs = given.map((spec) => normaliseIndexSpec(spec, existing?.collation ?? null))
  context.beginWrite()
  const collection = writableCollection(context, name)
  if (collection.cap && specs.some((spec) => spec.has('expireAfterSeconds')))
    throw mongoError('CannotCreateIndex', 'Cannot create TTL index on a capped collection')
  if (existed && context.owner.transaction !== null) refuseIndexInTransaction(context, collection, specs)
  const before = collection.indexCount
  for (const spec of specs) if (!isIdIndex(spec)) store.createIndex(collection, spec)
  const after = collection.indexCount
  const reply = new Map<string, Value>([
    ['numIndexesBefore', before],
    ['numIndexesAfter', after],
    ['createdCollectionAutomatically', !existed],
  ])
  if (before === after) reply.set('note', 'all indexes already exist')
  return reply
}

/** As in MongoDB, a transaction may make indexes on empty collections of its own only. */
function refuseIndexInTransaction(context: Context, collection: Collection, specs: readonly Doc[]): void {
  const own = !context.control.exists(collection.db, collection.name) && collection.roughCount() === 0
  const all = specs.every((spec) => isIdIndex(spec) || sameIndex(collection.indexes, spec))
  if (own || all) return
  throw mongoError(
    'OperationNotSupportedInTransaction',
    `Cannot create new indexes on existing collection ${collection.ns} in a multi-document transaction.`,
  )
}

function isIdIndex(spec: Doc): boolean {
  return equal(spec.get('key')!, new Map([['_id', 1]]))
}

export const listIndexes: Command = async (context) => {
  const { body, db } = context
  const name = collectionName(body, 'listIndexes')
  const collection = collectionOf(context, name)
  if (!collection) throw mongoError('NamespaceNotFound', `ns does not exist: ${db}.${name}`)
  refuseView(context, name)
  return listed(context, `${db}.${name}`, listedIndexes(collection))
}

/** As MongoDB shows them: that of `_id` is unique without saying so. */
function listedIndexes(collection: Collection): Doc[] {
  if (!collection.idIndex) return [ID_INDEX, ...collection.indexes.map((index) => index.spec)]
  return collection.indexes.map(({ name, spec }) =>
    name === '_id_' ? new Map([...spec].filter(([field]) => field !== 'unique')) : spec,
  )
}

async function listed(context: Context, ns: string, docs: readonly Doc[]): Promise<Reply> {
  const batchSize = countOption(docOption(context.body, 'cursor') ?? new Map(), 'batchSize') ?? FIRST_BATCH
  let pages = [docs.map((doc) => encode(doc))]
  const source = async () => pages.splice(0, 1)[0] ?? []
  const { pause, owner } = context
  const { id, documents } = await context.cursors.open({ ns, source, batchSize, pause, owner })
  pages = id === 0n ? [] : pages
  return { ns, id, batch: documents, field: 'firstBatch' }
}

export const dropIndexes: Command = (context) => {
  const { body, db, store } = context
  const [command] = body.keys()
  const name = collectionName(body, command!)
  const collection = collectionOf(context, name)
  if (!collection) throw mongoError('NamespaceNotFound', `ns not found ${db}.${name}`)
  const count = collection.indexCount
  const wanted = body.get('index')
  const found = (Array.isArray(wanted) ? wanted : [wanted]).flatMap((item) => indexesToDrop(collection, item))
  context.beginWrite()
  for (const index of found) store.dropIndex(collection, index)
  return new Map([['nIndexesWas', count]])
}

function indexesToDrop(collection: Collection, wanted: Value | undefined): Index[] {
  if (wanted === '*') return collection.indexes.filter(({ name }) => name !== '_id_')
  if (wanted === '_id_' || (isDoc(wanted) && equal(wanted, new Map([['_id', 1]])))) {
    throw mongoError('InvalidOptions', 'cannot drop _id index')
  }
  const index = findIndex(collection, wanted)
  if (index) return [index]
  throw mongoError(
    'IndexNotFound',
    typeof wanted === 'string' ? `index not found with name [${wanted}]` : "can't find index with key",
  )
}

/** @throws AmbiguousIndexKeyPattern (181) where several have these fields, each with another collation */
function findIndex(collection: Collection, wanted: Value | undefined): Index | undefined {
  const [found, other] = collection.indexes.filter((index) =>
    isDoc(wanted) ? sameKey(index.key, wanted) : index.name === wanted,
  )
  if (other)
    throw mongoError(
      'AmbiguousIndexKeyPattern',
      `several indexes have the key ${showValue(wanted!)}: name one, for instance ${other.name}`,
    )
  return found
}

export const collMod: Command = (context) => {
  const { body, db, store } = context
  const name = collectionName(body, 'collMod')
  const collection = collectionOf(context, name)
  if (!collection) throw mongoError('NamespaceNotFound', `ns does not exist: ${db}.${name}`)
  for (const field of body.keys()) {
    if (['changeStreamPreAndPostImages', 'timeseries', 'expireAfterSeconds'].includes(field))
      throw notSupported(`collMod with ${field}`)
  }
  context.beginWrite()
  if (body.has('viewOn')) {
    checkView(body)
    store.setOptions(
      collection,
      new Map([
        ...collection.options,
        ['viewOn', body.get('viewOn')!],
        ['pipeline', body.get('pipeline') ?? []],
      ]),
    )
  }
  const changed = new Map([...changedCap(body, collection), ...validationOptions(body)])
  const change = docOption(body, 'index')
  const reply = change ? changeIndex(context, collection, change) : new Map<string, Value>()
  if (changed.size > 0) store.setOptions(collection, new Map([...collection.options, ...changed]))
  return reply
}

function changeIndex({ store }: Context, collection: Collection, change: Doc): Doc {
  const index = findIndex(collection, change.get('name') ?? change.get('keyPattern'))
  if (!index)
    throw mongoError(
      'IndexNotFound',
      `cannot find index ${String(change.get('name') ?? '')} for ns ${collection.ns}`,
    )
  const spec = new Map(index.spec)
  const reply: Doc = new Map()
  for (const field of ['expireAfterSeconds', 'hidden']) {
    const value = change.get(field)
    if (value === undefined) continue
    if (spec.has(field)) reply.set(`${field}_old`, spec.get(field)!)
    spec.set(field, value)
    reply.set(`${field}_new`, value)
  }
  store.setIndexSpec(index, normaliseIndexSpec(spec, null))
  return reply
}

export const listCollections: Command = async (context) => {
  const { body, db, store, access } = context
  access.check(db)
  const matches = compileFilter(docOption(body, 'filter') ?? new Map())
  const brief = flag(body, 'nameOnly')
  const docs = [...store.collections]
    .filter((collection) => collection.db === db)
    .map((collection) => describe(collection, brief))
    .filter((doc) => matches(doc))
  return listed(context, `${db}.$cmd.listCollections`, docs)
}

function describe(collection: Collection, brief: boolean): Doc {
  const view = collection.options.has('viewOn')
  const doc = new Map<string, Value>([
    ['name', collection.name],
    ['type', view ? 'view' : 'collection'],
  ])
  if (brief) return doc
  doc.set('options', collection.options)
  const info = new Map<string, Value>([['readOnly', view]])
  if (!view) info.set('uuid', new Binary(4, collection.uuid))
  doc.set('info', info)
  if (!view) doc.set('idIndex', listedIndexes(collection)[0]!)
  return doc
}

export const listDatabases: Command = ({ body, store, access }) => {
  const names = new Set([...store.collections].map((collection) => collection.db))
  const matches = compileFilter(docOption(body, 'filter') ?? new Map())
  const brief = flag(body, 'nameOnly')
  const docs = [...names]
    .filter((name) => access.mayList(name))
    .sort()
    .map((name) => new Map<string, Value>([['name', name], ...(brief ? [] : sizes(store, name))]))
    .filter((doc) => matches(doc))
  const reply = new Map<string, Value>([['databases', docs]])
  if (brief) return reply
  const total = docs.reduce((sum, doc) => sum + Number(doc.get('sizeOnDisk')), 0)
  return reply.set('totalSize', BigInt(total)).set('totalSizeMb', BigInt(Math.floor(total / 1048576)))
}

function sizes(store: Context['store'], db: string): [string, Value][] {
  let bytes = 0
  for (const collection of store.collections) {
    if (collection.db === db) bytes += store.tableBytes(collection)
  }
  return [
    ['sizeOnDisk', BigInt(bytes)],
    ['empty', bytes === 0],
  ]
}
