import type { Doc, Value } from '../bson/value.ts'

/** MongoDB's names and numbers of errors (mongodb/mongo, src/mongo/base/error_codes.yml), those that we give. */
const ERROR_CODES = {
  InternalError: 1,
  BadValue: 2,
  UnknownError: 8,
  FailedToParse: 9,
  UserNotFound: 11,
  Unauthorized: 13,
  TypeMismatch: 14,
  Overflow: 15,
  InvalidLength: 16,
  AuthenticationFailed: 18,
  IllegalOperation: 20,
  InvalidBSON: 22,
  LockTimeout: 24,
  NamespaceNotFound: 26,
  IndexNotFound: 27,
  PathNotViable: 28,
  ConflictingUpdateOperators: 40,
  CursorNotFound: 43,
  NamespaceExists: 48,
  MaxTimeMSExpired: 50,
  DollarPrefixedFieldName: 52,
  EmptyFieldName: 56,
  CommandNotFound: 59,
  ImmutableField: 66,
  CannotCreateIndex: 67,
  InvalidOptions: 72,
  InvalidNamespace: 73,
  IndexOptionsConflict: 85,
  IndexKeySpecsConflict: 86,
  OperationFailed: 96,
  WriteConflict: 112,
  ConflictingOperationInProgress: 117,
  CommandNotSupportedOnView: 166,
  OptionNotSupportedOnView: 167,
  InvalidPipelineOperator: 168,
  CannotIndexParallelArrays: 171,
  InvalidIndexSpecificationOption: 197,
  QueryPlanKilled: 175,
  TransactionTooOld: 225,
  ViewDepthLimitExceeded: 165,
  DocumentValidationFailure: 121,
  CappedPositionLost: 136,
  CursorKilled: 237,
  ChangeStreamFatalError: 280,
  TransactionExceededLifetimeLimitSeconds: 290,
  CursorInUse: 12051,
  NotImplemented: 238,
  SnapshotUnavailable: 246,
  NoSuchTransaction: 251,
  TransactionCommitted: 256,
  OperationNotSupportedInTransaction: 263,
  ChangeStreamHistoryLost: 286,
  QueryFeatureNotAllowed: 224,
  NoQueryExecutionPlans: 291,
  QueryExceededMemoryLimitNoDiskUseAllowed: 292,
  InvalidResumeToken: 260,
  APIVersionError: 322,
  APIStrictError: 323,
  ConversionFailure: 241,
  MechanismUnavailable: 334,
  UnsupportedOpQueryCommand: 352,
  IncompatibleCollationVersion: 161,
  AmbiguousIndexKeyPattern: 181,
  ExceededTimeLimit: 262,
  BSONObjectTooLarge: 10334,
  DuplicateKey: 11000,
  Interrupted: 11601,
  InterruptedAtShutdown: 11600,
  MergeStageNoMatchingDocument: 13113,
  OutOfDiskSpace: 14031,
} as const

type ErrorName = keyof typeof ERROR_CODES

/** An answer `ok: 0` of the server, or one entry of `writeErrors`. */
export class MongoServerFault extends Error {
  readonly code: number
  readonly codeName: string
  /** Further fields of the answer, such as `keyPattern` and `keyValue`. */
  readonly extra: Doc
  labels: string[] = []

  constructor(code: number, codeName: string, options: { message: string; extra?: Doc }) {
    super(options.message)
    this.name = 'MongoServerFault'
    this.code = code
    this.codeName = codeName
    this.extra = options.extra ?? new Map()
  }
}

/** An error of MongoDB's by name. */
export function mongoError(
  name: ErrorName,
  message: string,
  extra?: Record<string, Value>,
): MongoServerFault {
  return new MongoServerFault(ERROR_CODES[name], name, {
    message,
    ...(extra && { extra: new Map(Object.entries(extra)) }),
  })
}

/** One of MongoDB's many errors that have a number (an assertion's place) instead of a name. */
export function locationError(code: number, message: string): MongoServerFault {
  return new MongoServerFault(code, `Location${code}`, { message })
}

/** What the embedded server does not do, refused so that nobody gets a near miss. */
export function notSupported(what: string): MongoServerFault {
  return mongoError(
    'NotImplemented',
    `${what} is not supported by the embedded datastore; use a MongoDB server (mongodb.uri).`,
  )
}
