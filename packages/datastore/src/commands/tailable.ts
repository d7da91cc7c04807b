import type { Doc } from '../bson/value.ts'
import { readBetween } from '../query/between.ts'
import type { Collection } from '../store/collection.ts'
import type { Context } from '../server/context.ts'
import type { Tail } from '../server/cursors.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
import { docOption, flag } from './options.ts'

/**
 * Checks the options by which a `find` follows a collection.
 *
 * @throws FailedToParse (9), BadValue (2), OperationNotSupportedInTransaction (263)
 */
export function checkTailable({ body, owner }: Context): void {
  const tailable = flag(body, 'tailable')
  if (flag(body, 'awaitData') && !tailable)
    throw mongoError('FailedToParse', "Cannot set 'awaitData' without also setting 'tailable'")
  if (!tailable) return
  if (flag(body, 'singleBatch'))
    throw mongoError('BadValue', "cannot use tailable option with the 'singleBatch' option")
  const sort = docOption(body, 'sort')
  if (sort && sort.size > 0 && !isNatural(sort))
    throw mongoError('BadValue', 'cannot use tailable option with a sort other than {$natural: 1}')
  if (readBetween(body)) throw notSupported('A tailable cursor with min or max')
  if (owner.transaction !== null)
    throw mongoError(
      'OperationNotSupportedInTransaction',
      'Cannot use a tailable cursor in a multi-document transaction.',
    )
}

function isNatural(sort: Doc): boolean {
  return sort.size === 1 && sort.get('$natural') === 1
}

/**
 * How the cursor of a `find` goes on at its end; undefined where it ends there: one that is not tailable, or on a collection
 * that holds nothing yet, as in MongoDB.
 *
 * @throws BadValue (2) for a collection that is not capped
 */
export function tailOf({ body, control }: Context, collection: Collection | null): Tail | undefined {
  if (!flag(body, 'tailable') || !collection) return undefined
  if (!collection.cap)
    throw mongoError('BadValue', 'error processing query: tailable cursor requested on non capped collection')
  if (collection.roughCount() === 0) return undefined
  if (!flag(body, 'awaitData')) return { ended: false, wait: null, token: null }
  let seen = control.clock.commits
  return {
    ended: false,
    wait(ms) {
      const { done, stop } = control.clock.wait(seen, ms)
      // what is read after this holds all commits so far
      return { stop, done: done.then(() => void (seen = control.clock.commits)) }
    },
    token: null,
  }
}
