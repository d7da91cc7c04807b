import { isDoc, type Doc, type Value } from '../bson/value.ts'
import { optionNumber } from '../bson/number.ts'
import { COMMANDS, isWrite } from '../commands/index.ts'
import { helloReply } from '../commands/diagnostics.ts'
import type { Store } from '../store/store.ts'
import type { Access } from './access.ts'
import type { Command, Context } from './context.ts'
import { createCursors } from './cursors.ts'
import type { Journal } from './journal.ts'
import { MongoServerFault, mongoError } from './mongo-error.ts'
import { createPause } from './pause.ts'
import { createRetries, NO_ATTEMPT, sessionKey, type RetryState } from './retries.ts'
import type { Reply, Request } from './wire.ts'
import { createWriter, type Turn } from './writer.ts'

export interface Caller {
  access: Access
  connectionId: number
}

/** Answers commands on one store. Never throws: every failure becomes an answer. */
export interface Engine {
  run(request: Request, caller: Caller): Promise<Reply>
  connectionClosed(connectionId: number): void
  /** Work of the background: idle cursors, old sessions, expired documents. */
  sweep(): Promise<void>
}

export interface EngineOptions {
  store: Store
  journal: Journal
  /** What hello says as our address. */
  address: string
  onBug: (error: unknown, command: string) => void
  onDamage: (error: Error) => void
}

const HELLO = new Set(['hello', 'ismaster', 'isMaster'])
const ADMIN_ONLY = new Set([
  'listDatabases',
  'renameCollection',
  'replSetGetStatus',
  'getLog',
  'hostInfo',
  'getParameter',
])

export function createEngine({ store, journal, address, onBug, onDamage }: EngineOptions): Engine {
  const writer = createWriter(store, journal, onDamage)
  const cursors = createCursors()
  const retries = createRetries(store.sqlite)
  /** Retryable writes of one session run one after the other, so that a repetition finds what the first one noted. */
  const sessions = new Map<string, Promise<unknown>>()

  const contextOf = (
    request: Request,
    { access }: Caller,
    extra: Pick<Context, 'beginWrite' | 'pause' | 'attempt'>,
  ): Context => ({
    request,
    body: request.body,
    db: request.db,
    store,
    access,
    cursors,
    ...extra,
  })

  const read = async (command: Command, request: Request, caller: Caller): Promise<Reply> => {
    const pause = createPause({ maxTimeMs: maxTimeOf(request.body) })
    const refuse = (): never => {
      throw mongoError('InternalError', `${request.name} must not write`)
    }
    const reply = await command(
      contextOf(request, caller, { pause, beginWrite: refuse, attempt: NO_ATTEMPT }),
    )
    // what was read may be of a turn that is not committed yet
    if (writer.open) await writer.open.committed
    return reply
  }

  const write = async (command: Command, request: Request, caller: Caller): Promise<Reply> => {
    const retry = retries.attempt(request)
    if (retry?.answered) return retry.answered
    const state: { turn: Turn | null } = { turn: null }
    const pause = createPause({
      maxTimeMs: maxTimeOf(request.body),
      onRest: async () => {
        const { turn } = state
        state.turn = null
        if (turn) await writer.leave(turn)
        else await new Promise((resume) => setImmediate(resume))
      },
    })
    const beginWrite = (): void => {
      state.turn = writer.join()
    }
    const reply = await command(
      contextOf(request, caller, { pause, beginWrite, attempt: retry ?? NO_ATTEMPT }),
    )
    if (retry && reply instanceof Map) finishRetry(retry, reply, beginWrite)
    if (state.turn) await writer.finish(state.turn, isJournaled(request.body))
    return reply
  }

  const inSession = async (request: Request, run: () => Promise<Reply>): Promise<Reply> => {
    const lsid = request.body.has('txnNumber') ? sessionKey(request)?.toString('latin1') : undefined
    if (lsid === undefined) return run()
    const before = sessions.get(lsid)
    const mine = before ? before.then(run, run) : run()
    sessions.set(lsid, mine)
    try {
      return await mine
    } finally {
      if (sessions.get(lsid) === mine) sessions.delete(lsid)
    }
  }

  const dispatch = async (request: Request, caller: Caller): Promise<Reply> => {
    const { name, db } = request
    if (HELLO.has(name)) return helloReply(address, caller.connectionId)
    if (!caller.access.allows(name, db)) {
      throw mongoError('Unauthorized', `not authorized on ${db} to execute command ${name}`)
    }
    const command = COMMANDS.get(name)
    if (!command) throw mongoError('CommandNotFound', `no such command: '${name}'`)
    if (ADMIN_ONLY.has(name) && db !== 'admin')
      throw mongoError('Unauthorized', `${name} may only be run against the admin database.`)
    checkOptions(request.body)
    if (!isWrite(name, request.body)) return read(command, request, caller)
    return inSession(request, () => write(command, request, caller))
  }

  return {
    async run(request, caller) {
      try {
        return withOk(await dispatch(request, caller))
      } catch (error) {
        if (error instanceof MongoServerFault) return faultReply(error)
        onBug(error, request.name)
        return faultReply(writer.fail(error))
      }
    },
    connectionClosed() {},
    async sweep() {
      cursors.sweep(Date.now())
      const turn = writer.join()
      retries.sweep(Date.now())
      await turn.committed
    },
  }
}

function finishRetry(retry: RetryState, reply: Doc, beginWrite: () => void): void {
  beginWrite()
  retry.finish(reply)
}

/** No write concern means durable, as on a replica set since 5.0; `{ w: 1 }` and `{ j: false }` relax it. */
function isJournaled(body: Doc): boolean {
  const concern = body.get('writeConcern')
  if (!isDoc(concern) || concern.size === 0) return true
  if (concern.has('j')) return concern.get('j') === true
  return concern.get('w') === 'majority' || concern.get('w') === undefined
}

function maxTimeOf(body: Doc): number {
  return optionNumber(body.get('maxTimeMS')) ?? 0
}

function checkOptions(body: Doc): void {
  const version = body.get('apiVersion')
  if (version !== undefined && version !== '1') {
    throw mongoError('APIVersionError', 'API version must be "1"')
  }
  const concern = body.get('readConcern')
  if (isDoc(concern) && concern.get('level') === 'snapshot' && body.get('autocommit') !== false) {
    throw mongoError(
      'SnapshotUnavailable',
      'Unable to read from a snapshot outside of a transaction with the embedded datastore',
    )
  }
  if (body.get('autocommit') === false) {
    throw mongoError(
      'NotImplemented',
      'Multi-document transactions are not supported by the embedded datastore',
    )
  }
}

function withOk(reply: Reply): Reply {
  return reply instanceof Map ? new Map([...reply, ['ok', 1] as [string, Value]]) : reply
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
