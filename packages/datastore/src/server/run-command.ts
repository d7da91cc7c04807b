import { isDoc, type Doc } from '../bson/value.ts'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { optionNumber } from '../bson/number.ts'
import { isWrite } from '../commands/index.ts'
import type { Store } from '../store/store.ts'
import { isHeavy } from '../worker/is-heavy.ts'
import { ThreadLost, type ReadingThread } from '../worker/reading-thread.ts'
import type { TransactionRequest } from '../transaction/read-request.ts'
import type { Access } from './access.ts'
import { concernError } from './concerns.ts'
import type { Command, Context } from './context.ts'
import type { ServerControl } from './control.ts'
import type { Cursors } from './cursors.ts'
import type { Journal } from './journal.ts'
import { MongoServerFault, mongoError } from './mongo-error.ts'
import type { Operation } from './operations.ts'
import { createPause, type Pause } from './pause.ts'
import { NO_ATTEMPT, sessionKey, type Retries } from './retries.ts'
import type { Reply, Request } from './wire.ts'
import type { Turn, Writer } from './writer.ts'

/** What commands run on. */
export interface Floor {
  store: Store
  writer: Writer
  journal: Journal
  cursors: Cursors
  retries: Retries
  /** Where long reading commands run. */
  reading: ReadingThread
  control: ServerControl
}

interface Call {
  command: Command
  request: Request
  access: Access
  connectionId: number
}

type Inside = Pick<Context, 'beginWrite' | 'attempt' | 'store' | 'noteRead' | 'owner'>

function contextOf(
  { cursors, control }: Floor,
  { request, access }: Call,
  given: Inside & { pause: Pause },
): Context {
  return { request, body: request.body, db: request.db, access, cursors, control, ...given }
}

/** Shows a command among the operations while it runs. */
async function asOperation<T>(
  { control }: Floor,
  given: Omit<Operation, 'id' | 'startedMs'>,
  run: () => Promise<T>,
): Promise<T> {
  const operation = control.operations.begin(given)
  try {
    return await run()
  } finally {
    control.operations.end(operation)
  }
}

/** Runs a command that only reads. */
export function runRead(floor: Floor, call: Call): Promise<Reply> {
  const { request, command, connectionId } = call
  const { store, writer } = floor
  const pause = createPause({ maxTimeMs: maxTimeOf(request) })
  const beginWrite = (): never => {
    throw mongoError('InternalError', `${request.name} must not write`)
  }
  const owner = ownerOf(request, null)
  return asOperation(floor, { request, connectionId, pause, outlives: false }, async () => {
    if (mayBeHeavy(request, store)) return runBeside(floor, call, { pause, owner })
    const reply = await command(
      contextOf(floor, call, { pause, beginWrite, attempt: NO_ATTEMPT, store, owner }),
    )
    // what was read may be of a turn that is not committed yet
    if (writer.open) await writer.open.committed
    return reply
  })
}

/** What cannot be judged is left to the command, which will say what is wrong with it. */
function mayBeHeavy(request: Request, store: Store): boolean {
  try {
    return isHeavy(request, store)
  } catch {
    return false
  }
}

/** As often a command whose thread went begins again, as long as its client has seen nothing of it. */
const MAX_BEGINNINGS = 5

/** Runs a reading command in the reading thread; only its cursor is ours. */
async function runBeside(
  floor: Floor,
  call: Call,
  given: { pause: Pause; owner: Context['owner'] },
): Promise<Reply> {
  for (let beginning = 1; ; beginning++) {
    try {
      return await readBeside(floor, call, given)
    } catch (error) {
      if (!(error instanceof ThreadLost) || beginning === MAX_BEGINNINGS) throw error
    }
  }
}

async function readBeside(
  { reading, cursors }: Floor,
  { request, access }: Call,
  { pause, owner }: { pause: Pause; owner: Context['owner'] },
): Promise<Reply> {
  const { name, db, body } = request
  const job = await reading.run({ name, db, body: encode(body), onlyDatabase: access.only }, pause)
  const { cursor, reply } = job
  if (!cursor) return decode(reply!)
  const source = (inner: Pause): Promise<Buffer[]> => job.page(inner)
  const { id, documents } = await cursors.open({
    ...cursor,
    source,
    pause,
    owner,
    onClose: () => job.close(),
  })
  return { ns: cursor.ns, id, batch: documents, field: 'firstBatch' }
}

/** Runs a command that may write: in the turn's transaction, answered after its commit (and sync). */
export function runWrite(floor: Floor, call: Call): Promise<Reply> {
  const { writer } = floor
  const { request, connectionId } = call
  const state: { turn: Turn | null } = { turn: null }
  const untilFree = async (): Promise<void> => {
    while (writer.held) {
      await writer.released(pause.leftMs())
      pause.check()
    }
  }
  const onRest = async (): Promise<void> => {
    const { turn } = state
    state.turn = null
    if (turn) await writer.leave(turn)
    else await new Promise((resume) => setImmediate(resume))
    await untilFree()
  }
  const pause = createPause({ maxTimeMs: maxTimeOf(request), onRest })
  return asOperation(floor, { request, connectionId, pause, outlives: true }, async () => {
    if (writer.held) await untilFree()
    return writeInTurns(floor, call, { pause, state })
  })
}

async function writeInTurns(
  floor: Floor,
  call: Call,
  { pause, state }: { pause: Pause; state: { turn: Turn | null } },
): Promise<Reply> {
  const { retries, writer, store } = floor
  const { request, command } = call
  const concern = concernError(request.body)
  const retry = retries.attempt(request)
  if (retry?.answered) return retry.answered
  const beginWrite = (): void => {
    state.turn = writer.join()
  }
  try {
    const attempt = retry ?? NO_ATTEMPT
    const reply = await command(
      contextOf(floor, call, { pause, beginWrite, attempt, store, owner: ownerOf(request, null) }),
    )
    if (retry && reply instanceof Map) {
      beginWrite()
      retry.finish(reply)
    }
    if (state.turn) await writer.finish(state.turn, isJournaled(request.body))
    return concern && reply instanceof Map ? new Map([...reply, ['writeConcernError', concern]]) : reply
  } catch (error) {
    if (error instanceof MongoServerFault) throw error
    // the store may be half changed: nothing of this turn stays
    throw Object.assign(writer.fail(error), { cause: error })
  }
}

/** Runs a command of a transaction: on its snapshot, or on the writer that it holds. */
export function runInTransaction(floor: Floor, call: Call, given: TransactionRequest): Promise<Reply> {
  const { request, connectionId, command } = call
  const pause = createPause({ maxTimeMs: maxTimeOf(request) })
  const writes = isWrite(request.name, request.body)
  return asOperation(floor, { request, connectionId, pause, outlives: false }, () =>
    floor.control.transactions.run(given, {
      request,
      connectionId,
      pause,
      writes,
      run: (inside) =>
        command(
          contextOf(floor, call, {
            ...inside,
            pause,
            attempt: NO_ATTEMPT,
            owner: ownerOf(request, given.number),
          }),
        ),
    }),
  )
}

/** Commits or aborts. A commit is answered when it is on the disk, also when it is asked for again. */
export async function endTransaction(
  floor: Floor,
  request: Request,
  given: TransactionRequest,
): Promise<Doc> {
  const { transactions } = floor.control
  if (request.db !== 'admin')
    throw mongoError('Unauthorized', `${request.name} may only be run against the admin database.`)
  const concern = concernError(request.body)
  if (request.name === 'abortTransaction') {
    transactions.abort(given)
  } else {
    transactions.commit(given)
    if (isJournaled(request.body)) await floor.journal.sync()
  }
  return concern ? new Map([['writeConcernError', concern]]) : new Map()
}

function ownerOf(request: Request, transaction: bigint | null): Context['owner'] {
  return { session: sessionKey(request)?.toString('latin1') ?? null, transaction }
}

/** No write concern means durable, as on a replica set since 5.0; `{ w: 1 }` and `{ j: false }` relax it. */
function isJournaled(body: Doc): boolean {
  const concern = body.get('writeConcern')
  if (!isDoc(concern) || concern.size === 0) return true
  if (concern.has('j')) return concern.get('j') === true
  return concern.get('w') === 'majority' || concern.get('w') === undefined
}

/** Of `getMore` it is the time to wait for something new. */
function maxTimeOf({ name, body }: Request): number {
  return name === 'getMore' ? 0 : (optionNumber(body.get('maxTimeMS')) ?? 0)
}
