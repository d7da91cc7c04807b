// Which fields a command has, and of what type. What MongoDB would not understand must not be passed over: an
// option that is silently ignored gives an answer to another question.
import { isDoc, isNumber, typeName, type Doc, type Value } from '../bson/value.ts'
import { locationError, mongoError } from './mongo-error.ts'
import type { Request } from './wire.ts'

type Kind = 'any' | 'object' | 'array' | 'string' | 'bool' | 'flag' | 'number'

/** Of each field its kind; with `!` it must be there. */
type Fields = Readonly<Record<string, Kind | `${Kind}!`>>

/** Fields that any command may have (mongodb/mongo, src/mongo/idl/generic_argument.idl, release 7.0). */
const GENERIC = new Set([
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'coordinator',
  'stmtId',
  'stmtIds',
  'readConcern',
  'writeConcern',
  'maxTimeMS',
  'maxTimeMSOpOnly',
  'comment',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'clientOperationKey',
  'help',
  'allowImplicitCollectionCreation',
  'databaseVersion',
  'shardVersion',
  'mayBypassWriteBlocking',
  'querySettings',
])

const WRITE: Fields = {
  ordered: 'bool',
  bypassDocumentValidation: 'flag',
  isTimeseriesNamespace: 'bool',
  let: 'object',
  runtimeConstants: 'object',
  encryptionInformation: 'object',
}

const FIND_AND_MODIFY: Fields = {
  query: 'object',
  fields: 'object',
  sort: 'object',
  hint: 'any',
  remove: 'flag',
  update: 'any',
  upsert: 'flag',
  new: 'flag',
  arrayFilters: 'array',
  collation: 'object',
  let: 'object',
  bypassDocumentValidation: 'flag',
  runtimeConstants: 'object',
}

const COMMANDS: Readonly<Record<string, Fields>> = {
  find: {
    filter: 'object',
    projection: 'object',
    sort: 'object',
    hint: 'any',
    collation: 'object',
    skip: 'number',
    limit: 'number',
    batchSize: 'number',
    ntoreturn: 'number',
    singleBatch: 'bool',
    allowDiskUse: 'bool',
    min: 'object',
    max: 'object',
    returnKey: 'bool',
    showRecordId: 'bool',
    tailable: 'bool',
    oplogReplay: 'bool',
    noCursorTimeout: 'bool',
    awaitData: 'bool',
    allowPartialResults: 'bool',
    let: 'object',
  },
  getMore: { collection: 'string!', batchSize: 'number', term: 'number', lastKnownCommittedOpTime: 'any' },
  killCursors: { cursors: 'array!' },
  count: {
    query: 'object',
    limit: 'number',
    skip: 'number',
    hint: 'any',
    collation: 'object',
    fields: 'any',
    queryOptions: 'object',
  },
  distinct: { key: 'string!', query: 'object', collation: 'object', hint: 'any' },
  aggregate: {
    pipeline: 'array!',
    cursor: 'object',
    explain: 'bool',
    allowDiskUse: 'bool',
    bypassDocumentValidation: 'flag',
    collation: 'object',
    hint: 'any',
    let: 'object',
    fromMongos: 'bool',
    needsMerge: 'bool',
    exchange: 'object',
    runtimeConstants: 'object',
  },
  insert: { ...WRITE, documents: 'array!' },
  update: { ...WRITE, updates: 'array!' },
  delete: { ...WRITE, deletes: 'array!' },
  findAndModify: FIND_AND_MODIFY,
  findandmodify: FIND_AND_MODIFY,
  createIndexes: {
    indexes: 'array!',
    ignoreUnknownIndexOptions: 'flag',
    commitQuorum: 'any',
    isTimeseriesNamespace: 'bool',
  },
  dropIndexes: { index: 'any!' },
  listIndexes: { cursor: 'object', includeBuildUUIDs: 'flag', includeIndexBuildInfo: 'flag' },
  listCollections: { filter: 'object', cursor: 'object', nameOnly: 'flag', authorizedCollections: 'flag' },
  listDatabases: { filter: 'object', nameOnly: 'flag', authorizedDatabases: 'flag' },
  create: {
    capped: 'flag',
    autoIndexId: 'flag',
    idIndex: 'object',
    size: 'number',
    max: 'number',
    storageEngine: 'object',
    validator: 'object',
    validationLevel: 'string',
    validationAction: 'string',
    indexOptionDefaults: 'object',
    viewOn: 'string',
    pipeline: 'array',
    collation: 'object',
    changeStreamPreAndPostImages: 'object',
    timeseries: 'object',
    clusteredIndex: 'any',
    expireAfterSeconds: 'any',
    encryptedFields: 'object',
    temp: 'flag',
    flags: 'number',
  },
  convertToCapped: { size: 'number!' },
  drop: {},
  dropDatabase: {},
  renameCollection: { to: 'string!', dropTarget: 'any', stayTemp: 'flag' },
  collMod: {
    index: 'object',
    validator: 'object',
    validationLevel: 'string',
    validationAction: 'string',
    viewOn: 'string',
    pipeline: 'array',
    recordPreImages: 'flag',
    changeStreamPreAndPostImages: 'object',
    expireAfterSeconds: 'any',
    timeseries: 'object',
    clusteredIndex: 'any',
    cappedSize: 'number',
    cappedMax: 'number',
    dryRun: 'flag',
  },
}

const UPDATE_STATEMENT: Fields = {
  q: 'object!',
  u: 'any!',
  c: 'object',
  multi: 'bool',
  upsert: 'bool',
  arrayFilters: 'array',
  hint: 'any',
  collation: 'object',
  upsertSupplied: 'bool',
  sampleId: 'any',
}

const DELETE_STATEMENT: Fields = {
  q: 'object!',
  limit: 'number!',
  hint: 'any',
  collation: 'object',
  sampleId: 'any',
}

/** @throws 40415 for an unknown field, 40414 for one that is missing, TypeMismatch (14) */
export function checkCommand({ name, body, sequences }: Request): void {
  const fields = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!fields) return
  let first = true
  for (const [field, value] of body) {
    if (!first && !field.startsWith('$') && !GENERIC.has(field)) checkField(name, { field, value }, fields)
    first = false
  }
  checkMissing(name, fields, (field) => body.has(field) || sequences.has(field))
}

/** The same for one entry of `updates` or `deletes`. */
export function checkStatement(kind: 'update' | 'delete', statement: Doc): void {
  const [prefix, fields] =
    kind === 'update'
      ? (['update.updates', UPDATE_STATEMENT] as const)
      : (['delete.deletes', DELETE_STATEMENT] as const)
  for (const [field, value] of statement) checkField(prefix, { field, value }, fields)
  checkMissing(prefix, fields, (field) => statement.has(field))
}

function checkMissing(prefix: string, fields: Fields, has: (field: string) => boolean): void {
  for (const field of Object.keys(fields)) {
    if (fields[field]!.endsWith('!') && !has(field))
      throw locationError(40414, `BSON field '${prefix}.${field}' is missing but a required field`)
  }
}

function checkField(prefix: string, { field, value }: { field: string; value: Value }, fields: Fields): void {
  const kind = Object.hasOwn(fields, field) ? fields[field] : undefined
  if (kind === undefined) throw locationError(40415, `BSON field '${prefix}.${field}' is an unknown field.`)
  const wanted = kind.replace('!', '') as Kind
  if (value === null || isOf(wanted, value)) return
  throw mongoError(
    'TypeMismatch',
    `BSON field '${prefix}.${field}' is the wrong type '${typeName(value)}', expected type '${EXPECTED[wanted]}'`,
  )
}

const EXPECTED: Record<Kind, string> = {
  any: 'any',
  object: 'object',
  array: 'array',
  string: 'string',
  bool: 'bool',
  flag: '[bool, long, int, decimal, double]',
  number: '[long, int, decimal, double]',
}

function isOf(kind: Kind, value: Value): boolean {
  switch (kind) {
    case 'any':
      return true
    case 'object':
      return isDoc(value)
    case 'array':
      return Array.isArray(value)
    case 'string':
      return typeof value === 'string'
    case 'bool':
      return typeof value === 'boolean'
    case 'flag':
      return typeof value === 'boolean' || isNumber(value)
    case 'number':
      return isNumber(value)
  }
}
