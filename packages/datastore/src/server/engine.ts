import type { DatabaseSync } from 'node:sqlite'
import { messageOf } from '@m3m/base'
import { optionNumber } from '../bson/number.ts'
import type { Doc, Timestamp, Value } from '../bson/value.ts'
import { expireDocuments } from '../commands/expire.ts'
import { helloReply } from '../commands/diagnostics.ts'
import { COMMANDS, isWrite } from '../commands/index.ts'
import { readTransaction, type TransactionRequest } from '../transaction/read-request.ts'
import type { Access } from './access.ts'
import { checkCommand } from './command-fields.ts'
import { checkApi, checkReadConcern } from './concerns.ts'
import type { ServerControl } from './control.ts'
import { createFloor } from './floor.ts'
import type { Journal } from './journal.ts'
import { MongoServerFault, mongoError } from './mongo-error.ts'
import { sessionKey } from './retries.ts'
import { endTransaction, runInTransaction, runRead, runWrite } from './run-command.ts'
import { demandLogin, mechanismsFor, type Login } from './scram.ts'
import type { Reply, Request } from './wire.ts'

interface Caller {
  access: Access
  /** Where the caller's connection came in: what hello says as the server's address. */
  address: string
  connectionId: number
  login: Login | null
}

/** Answers commands on one store. Never throws: every failure becomes an answer. */
export interface Engine {
  run(request: Request, caller: Caller): Promise<Reply>
  /** Work of the background: idle cursors, old sessions, expired documents. */
  sweep(): Promise<void>
  /** A connection is closed: what it alone needed ends. */
  disconnected(connectionId: number): void
  close(): void
}

interface EngineOptions {
  /** The connection that writes. */
  sqlite: DatabaseSync
  journal: Journal
  onBug: (error: unknown, command: string) => void
  onDamage: (error: Error) => void
}

const HELLO = new Set(['hello', 'ismaster', 'isMaster'])
const SASL = new Set(['saslStart', 'saslContinue'])
/** Beside hello, what MongoDB answers by OP_QUERY since 5.1 (its manual, "Legacy opcodes removed"). */
const BY_OP_QUERY = new Set([...SASL, 'buildInfo', 'buildinfo'])

/** @throws UnsupportedOpQueryCommand (352) */
function checkLegacy(name: string): void {
  if (BY_OP_QUERY.has(name)) return
  throw mongoError(
    'UnsupportedOpQueryCommand',
    `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
  )
}

/** The answer with the time of the last write: a session that is causally consistent reads from there on. */
function stamped(reply: Reply, operationTime: Timestamp): Reply {
  if (!(reply instanceof Map)) return { ...reply, operationTime }
  return new Map<string, Value>([...reply, ['ok', reply.get('ok') ?? 1], ['operationTime', operationTime]])
}

function hello({ body }: Request, { address, connectionId, login }: Caller, now: Timestamp): Doc {
  const reply = helloReply({ address, connectionId, now })
  return login ? new Map([...reply, ...mechanismsFor(body)]) : reply
}

/** Commands of the whole server; the rest belongs to the database it names. */
const ADMIN_ONLY = new Set([
  'listDatabases',
  'renameCollection',
  'replSetGetStatus',
  'getLog',
  'hostInfo',
  'getParameter',
  'setParameter',
  'currentOp',
  'killOp',
  'killSessions',
  'killAllSessions',
])

export function createEngine({ sqlite, journal, onBug, onDamage }: EngineOptions): Engine {
  const { floor, close } = createFloor({ sqlite, journal, onDamage })
  const { control, writer } = floor
  const inSession = createSessionQueue()

  const dispatch = async (request: Request, caller: Caller): Promise<Reply> => {
    const { access, connectionId, login } = caller
    if (HELLO.has(request.name)) return hello(request, caller, control.changes.now())
    if (request.legacy) checkLegacy(request.name)
    if (login && SASL.has(request.name)) return login.answer(request)
    if (login) demandLogin(request, login)
    const transaction = readTransaction(request)
    checkApi(request.name, request.body)
    checkReadConcern(request.body, transaction !== null)
    checkMaxTime(request.body)
    if (ENDINGS.has(request.name))
      return inSession(request, () => endTransaction(floor, request, demand(transaction)))
    const call = { command: permitted(request, access), request, access, connectionId }
    checkCommand(request)
    if (transaction) return inSession(request, () => runInTransaction(floor, call, transaction))
    if (!isWrite(request.name, request.body)) return runRead(floor, call)
    endOlderTransaction(request, control)
    return inSession(request, () => runWrite(floor, call))
  }

  return {
    async run(request, caller) {
      try {
        return stamped(await dispatch(request, caller), control.changes.now())
      } catch (error) {
        const isFault = error instanceof MongoServerFault
        if (!isFault || error.cause) onBug(isFault ? error.cause : error, request.name)
        const fault = isFault ? error : mongoError('UnknownError', messageOf(error))
        return stamped(faultReply(fault), control.changes.now())
      }
    },
    async sweep() {
      const now = Date.now()
      floor.cursors.sweep(now)
      control.transactions.sweep(now)
      await expireDocuments(floor, now)
      while (writer.held) await writer.released()
      const turn = writer.join()
      floor.retries.sweep(now)
      control.changes.trim(now)
      await turn.committed
    },
    disconnected(connectionId) {
      control.operations.disconnected(connectionId)
      control.transactions.disconnected(connectionId)
    },
    close,
  }
}

const ENDINGS = new Set(['commitTransaction', 'abortTransaction'])

function demand(transaction: TransactionRequest | null): TransactionRequest {
  if (transaction) return transaction
  throw mongoError(
    'InvalidOptions',
    'commitTransaction and abortTransaction need autocommit=false and a txnNumber',
  )
}

/** A retryable write with a higher number ends what is open in its session. */
function endOlderTransaction(request: Request, { transactions }: ServerControl): void {
  const number = request.body.get('txnNumber')
  const session = typeof number === 'bigint' ? sessionKey(request) : null
  if (session) transactions.abortOf(session.toString('latin1'), number as bigint)
}

/** The command, when there is one and this connection may give it. */
function permitted({ name, db }: Request, access: Access) {
  if (!access.allows(name, db)) {
    throw mongoError('Unauthorized', `not authorized on ${db} to execute command ${name}`)
  }
  const command = COMMANDS.get(name)
  if (!command) throw mongoError('CommandNotFound', `no such command: '${name}'`)
  if (ADMIN_ONLY.has(name) && db !== 'admin') {
    throw mongoError('Unauthorized', `${name} may only be run against the admin database.`)
  }
  return command
}

/** Retryable writes of one session run one after the other: a repetition finds what the first one noted. */
function createSessionQueue(): (request: Request, run: () => Promise<Reply>) => Promise<Reply> {
  const running = new Map<string, Promise<unknown>>()
  return async (request, run) => {
    const lsid = request.body.has('txnNumber') ? sessionKey(request)?.toString('latin1') : undefined
    if (lsid === undefined) return run()
    const before = running.get(lsid)
    const mine = before ? before.then(run, run) : run()
    running.set(lsid, mine)
    try {
      return await mine
    } finally {
      if (running.get(lsid) === mine) running.delete(lsid)
    }
  }
}

/** @throws TypeMismatch (14), BadValue (2) */
function checkMaxTime(body: Doc): void {
  const given = body.get('maxTimeMS')
  if (given === undefined || given === null) return
  const ms = optionNumber(given)
  if (ms === null) throw mongoError('TypeMismatch', 'maxTimeMS must be a number')
  if (ms < 0 || ms > 2_147_483_647)
    throw mongoError('BadValue', `${ms} value for maxTimeMS is out of range [0, 2147483647]`)
}

function faultReply(fault: MongoServerFault): Doc {
  const reply = new Map<string, Value>([
    ['ok', 0],
    ['errmsg', fault.message],
    ['code', fault.code],
    ['codeName', fault.codeName],
    ...fault.extra,
  ])
  if (fault.labels.length > 0) reply.set('errorLabels', fault.labels)
  return reply
}
