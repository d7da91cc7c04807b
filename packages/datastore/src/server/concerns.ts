// Read and write concern, and the versioned API, of a command.
import { optionNumber, toNumber } from '../bson/number.ts'
import { isDoc, isNumber, typeName, type Doc, type Value } from '../bson/value.ts'
import { locationError, mongoError } from './mongo-error.ts'

/** Commands of version 1 of MongoDB's stable API. */
const API_1 = new Set([
  'abortTransaction',
  'aggregate',
  'authenticate',
  'collMod',
  'commitTransaction',
  'count',
  'create',
  'createIndexes',
  'delete',
  'drop',
  'dropDatabase',
  'dropIndexes',
  'endSessions',
  'explain',
  'find',
  'findAndModify',
  'getMore',
  'hello',
  'insert',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'refreshSessions',
  'saslContinue',
  'saslStart',
  'update',
])

/** @throws APIVersionError (322), APIStrictError (323), 4886600 */
export function checkApi(name: string, body: Doc): void {
  const version = body.get('apiVersion')
  const strict = body.get('apiStrict')
  if (version === undefined) {
    if (strict === undefined && body.get('apiDeprecationErrors') === undefined) return
    throw locationError(4886600, 'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion')
  }
  if (version !== '1') throw mongoError('APIVersionError', 'API version must be "1"')
  if (strict === true && !API_1.has(name))
    throw mongoError(
      'APIStrictError',
      `Provided apiStrict:true, but the command ${name} is not in API Version 1.`,
    )
}

const LEVELS = new Set(['local', 'available', 'majority', 'linearizable', 'snapshot'])

/** @throws FailedToParse (9), SnapshotUnavailable (246) */
export function checkReadConcern(body: Doc, inTransaction: boolean): void {
  const concern = body.get('readConcern')
  if (concern === undefined) return
  if (!isDoc(concern))
    throw mongoError('TypeMismatch', "BSON field 'readConcern' is the wrong type, expected type 'object'")
  const level = concern.get('level')
  if (level !== undefined && (typeof level !== 'string' || !LEVELS.has(level)))
    throw mongoError(
      'FailedToParse',
      "readConcern.level must be either 'local', 'majority', 'linearizable', 'available', or 'snapshot'",
    )
  if (!inTransaction && level === 'snapshot')
    throw mongoError(
      'SnapshotUnavailable',
      'Reading from a snapshot outside of a transaction is not supported by the embedded datastore',
    )
}

const CONCERN_FIELDS = new Set(['w', 'j', 'fsync', 'wtimeout', 'provenance', 'getLastError'])

/** MongoDB's limit of members of a replica set. */
const MAX_W = 50

/**
 * What one member cannot promise: the write happens, and the answer says so besides. Null when all is well.
 *
 * @throws FailedToParse (9), 40415 for a write concern that is none: nothing is written then
 */
export function concernError(body: Doc): Doc | null {
  const concern = body.get('writeConcern')
  if (concern === undefined) return null
  if (!isDoc(concern))
    throw mongoError('TypeMismatch', "BSON field 'writeConcern' is the wrong type, expected type 'object'")
  for (const name of concern.keys())
    if (!CONCERN_FIELDS.has(name))
      throw locationError(40415, `BSON field 'writeConcern.${name}' is an unknown field.`)
  const w = concern.get('w')
  checkW(w)
  if (w === undefined || w === 'majority') return null
  if (typeof w === 'string')
    return concernDoc(79, 'UnknownReplWriteConcern', {
      message: `No write concern mode named '${w}' found in replica set configuration`,
      concern,
    })
  if ((optionNumber(w) ?? 0) <= 1) return null
  return concernDoc(100, 'UnsatisfiableWriteConcern', { message: 'Not enough data-bearing nodes', concern })
}

function checkW(w: Value | undefined): void {
  if (w === undefined || typeof w === 'string' || isDoc(w)) return
  if (!isNumber(w))
    throw mongoError('FailedToParse', `w has to be a number, string, or object; found: ${typeName(w)}`)
  const number = toNumber(w)
  if (!(number >= 0 && number <= MAX_W))
    throw mongoError(
      'FailedToParse',
      `w has to be a non-negative number and not greater than ${MAX_W}; found: ${number}`,
    )
}

function concernDoc(code: number, codeName: string, about: { message: string; concern: Doc }): Doc {
  return new Map<string, Value>([
    ['code', code],
    ['codeName', codeName],
    ['errmsg', about.message],
    ['errInfo', new Map([['writeConcern', about.concern]])],
  ])
}
