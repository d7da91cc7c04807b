import type { Doc, Value } from '../bson/value.ts'
import type { Context } from '../server/context.ts'
import { MongoServerFault } from '../server/mongo-error.ts'
import { flag } from './options.ts'

/** The statements of an insert, update or delete. */
export interface Statements {
  count: number
  /** Runs one statement; a fault of MongoDB's becomes an entry of `writeErrors`. */
  run(at: number): Promise<void> | void
  /** The answer so far, without errors. */
  reply(): Doc
  /** Takes over the answer of an earlier attempt that did not get to its end. */
  restore(reply: Doc): void
}

/**
 * Runs statements in order, resting between them. `ordered` (the default) stops at the first error. A retryable
 * write notes in the same transaction how far it got, so that a repetition goes on there.
 */
export async function runStatements(context: Context, statements: Statements): Promise<Doc> {
  // an error ends a transaction, so nothing more of it can count
  const inTransaction = context.owner.transaction !== null
  const ordered = inTransaction || !context.body.has('ordered') || flag(context.body, 'ordered')
  const errors: Value[] = []
  let at = 0
  const before = context.attempt.before
  if (before) {
    at = before.done
    statements.restore(before.reply)
    errors.push(...((before.reply.get('writeErrors') as Value[] | undefined) ?? []))
  }
  const soFar = (): Doc => {
    const reply = statements.reply()
    if (errors.length > 0) reply.set('writeErrors', errors)
    return reply
  }
  for (; at < statements.count; at++) {
    if (ordered && errors.length > 0) break
    context.beginWrite()
    try {
      await statements.run(at)
    } catch (error) {
      if (!(error instanceof MongoServerFault) || error.labels.length > 0) throw error
      errors.push(writeError(at, error))
    }
    const resting = context.pause.rest(() => context.attempt.note(at + 1, soFar()))
    if (resting) await resting
  }
  context.beginWrite()
  context.attempt.note(statements.count, soFar())
  return soFar()
}

function writeError(index: number, error: MongoServerFault): Doc {
  return new Map<string, Value>([
    ['index', index],
    ['code', error.code],
    ...error.extra,
    ['errmsg', error.message],
  ])
}
