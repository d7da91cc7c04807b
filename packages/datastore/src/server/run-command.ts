import { isDoc, type Doc } from '../bson/value.ts'
import { optionNumber } from '../bson/number.ts'
import type { Store } from '../store/store.ts'
import type { Access } from './access.ts'
import type { Command, Context } from './context.ts'
import type { Cursors } from './cursors.ts'
import { MongoServerFault, mongoError } from './mongo-error.ts'
import { createPause } from './pause.ts'
import { NO_ATTEMPT, type Retries } from './retries.ts'
import type { Reply, Request } from './wire.ts'
import type { Turn, Writer } from './writer.ts'

/** What commands run on. */
export interface Floor {
  store: Store
  writer: Writer
  cursors: Cursors
  retries: Retries
}

interface Call {
  command: Command
  request: Request
  access: Access
}

function contextOf(
  floor: Floor,
  { request, access }: Call,
  extra: Pick<Context, 'beginWrite' | 'pause' | 'attempt'>,
): Context {
  const { store, cursors } = floor
  return { request, body: request.body, db: request.db, store, access, cursors, ...extra }
}

/** Runs a command that only reads. */
export async function runRead(floor: Floor, call: Call): Promise<Reply> {
  const { request, command } = call
  const pause = createPause({ maxTimeMs: maxTimeOf(request.body) })
  const beginWrite = (): never => {
    throw mongoError('InternalError', `${request.name} must not write`)
  }
  const reply = await command(contextOf(floor, call, { pause, beginWrite, attempt: NO_ATTEMPT }))
  // what was read may be of a turn that is not committed yet
  if (floor.writer.open) await floor.writer.open.committed
  return reply
}

/** Runs a command that may write: in the turn's transaction, answered after its commit (and sync). */
export async function runWrite(floor: Floor, call: Call): Promise<Reply> {
  const { retries, writer } = floor
  const { request, command } = call
  const retry = retries.attempt(request)
  if (retry?.answered) return retry.answered
  const state: { turn: Turn | null } = { turn: null }
  const beginWrite = (): void => {
    state.turn = writer.join()
  }
  const onRest = async (): Promise<void> => {
    const { turn } = state
    state.turn = null
    if (turn) await writer.leave(turn)
    else await new Promise((resume) => setImmediate(resume))
  }
  const pause = createPause({ maxTimeMs: maxTimeOf(request.body), onRest })
  try {
    const reply = await command(contextOf(floor, call, { pause, beginWrite, attempt: retry ?? NO_ATTEMPT }))
    if (retry && reply instanceof Map) {
      beginWrite()
      retry.finish(reply)
    }
    if (state.turn) await writer.finish(state.turn, isJournaled(request.body))
    return reply
  } catch (error) {
    if (error instanceof MongoServerFault) throw error
    // the store may be half changed: nothing of this turn stays
    throw Object.assign(writer.fail(error), { cause: error })
  }
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
