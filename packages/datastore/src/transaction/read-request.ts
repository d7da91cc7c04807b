import { isDoc, type Doc } from '../bson/value.ts'
import { writesOutput } from '../commands/aggregate.ts'
import { mongoError } from '../server/mongo-error.ts'
import { sessionKey } from '../server/retries.ts'
import type { Request } from '../server/wire.ts'
import type { TransactionId } from './transaction.ts'

/** The transaction that a command says it belongs to. */
export interface TransactionRequest extends TransactionId {
  /** The first command of it. */
  starts: boolean
}

/** Reads what a command says of its transaction; null when it is in none. */
export function readTransaction(request: Request): TransactionRequest | null {
  const { body } = request
  if (body.get('autocommit') !== false) {
    if (body.has('startTransaction'))
      throw mongoError('InvalidOptions', 'Specifying startTransaction=true requires autocommit=false')
    return null
  }
  const number = body.get('txnNumber')
  const session = sessionKey(request)
  if (typeof number !== 'bigint' || !session)
    throw mongoError(
      'InvalidOptions',
      "'autocommit' field requires a transaction number to also be specified",
    )
  return { session: session.toString('latin1'), number, starts: body.get('startTransaction') === true }
}

/** MongoDB's list (manual, "Transactions and Operations"), as far as we have the command. */
const ALLOWED = new Set([
  'find',
  'getMore',
  'killCursors',
  'aggregate',
  'distinct',
  'insert',
  'update',
  'delete',
  'findAndModify',
  'findandmodify',
  'create',
  'createIndexes',
])

const REFUSED_STAGES = [
  '$changeStream',
  '$collStats',
  '$currentOp',
  '$indexStats',
  '$planCacheStats',
  '$listSessions',
]

/** @throws OperationNotSupportedInTransaction (263), InvalidOptions (72) */
export function checkInTransaction({ name, db, body }: Request, starts: boolean): void {
  if (!ALLOWED.has(name))
    throw mongoError(
      'OperationNotSupportedInTransaction',
      name === 'count'
        ? "Cannot run 'count' in a multi-document transaction. Please see http://dochub.mongodb.org/core/transaction-count for a recommended alternative."
        : `Cannot run '${name}' in a multi-document transaction.`,
    )
  if (db === 'admin' || db === 'config' || db === 'local')
    throw mongoError(
      'OperationNotSupportedInTransaction',
      `Cannot run command against the '${db}' database in a transaction.`,
    )
  if (body.has('writeConcern'))
    throw mongoError('InvalidOptions', 'writeConcern is not allowed within a multi-statement transaction')
  if (!starts && body.has('readConcern'))
    throw mongoError('InvalidOptions', 'Only the first command in a transaction may specify a readConcern')
  if (name === 'aggregate') checkStages(body)
}

function checkStages(body: Doc): void {
  const pipeline = body.get('pipeline')
  const names = (Array.isArray(pipeline) ? pipeline : []).flatMap((stage) =>
    isDoc(stage) ? [...stage.keys()] : [],
  )
  const refused = names.find((stage) => REFUSED_STAGES.includes(stage))
  const output = writesOutput(body) ? names.at(-1) : undefined
  if (refused ?? output)
    throw mongoError(
      'OperationNotSupportedInTransaction',
      `Operation not permitted in transaction :: caused by :: Aggregation stage ${refused ?? output} cannot run within a multi-document transaction`,
    )
}
