import { optionNumber } from '../bson/number.ts'
import type { Doc, Value } from '../bson/value.ts'
import type { Collection } from '../store/collection.ts'
import { collectionOf, type Command, type Context } from '../server/context.ts'
import { mongoError } from '../server/mongo-error.ts'
import { collectionName, flag } from './options.ts'
import { refuseView } from './views.ts'

const PETABYTE = 2 ** 50
/** What MongoDB takes for no limit of documents. */
const UNLIMITED = 0x7fffffff

/**
 * What `create` says about the limits of a capped collection; nothing for another one. The size is kept as it is: MongoDB
 * rounds none since 6.2.
 *
 * @throws InvalidOptions (72) without a size, BadValue (2) out of bounds
 */
export function cappedOptions(body: Doc): Doc {
  const size = bounded(body, 'size', { least: 1, most: PETABYTE })
  const max = bounded(body, 'max', { least: -Infinity, most: UNLIMITED })
  if (!flag(body, 'capped')) return new Map()
  if (size === null) throw mongoError('InvalidOptions', "the 'size' field is required when 'capped' is true")
  const options = new Map<string, Value>([
    ['capped', true],
    ['size', whole(size)],
  ])
  if (max !== null) options.set('max', documentsOf(max))
  return options
}

/**
 * The options of a capped collection after a `collMod`; what is too much goes with the next insert.
 *
 * @throws InvalidOptions (72) for one that is not capped
 */
export function changedCap(body: Doc, collection: Collection): Doc {
  const size = bounded(body, 'cappedSize', { least: 1, most: PETABYTE })
  const max = bounded(body, 'cappedMax', { least: -Infinity, most: UNLIMITED })
  if (size === null && max === null) return new Map()
  if (!collection.cap) throw mongoError('InvalidOptions', 'Collection must be capped.')
  const options: Doc = new Map()
  if (size !== null) options.set('size', whole(size))
  if (max !== null) options.set('max', documentsOf(max))
  return options
}

export const convertToCapped: Command = (context) => {
  const { body, db, store, cursors } = context
  const name = collectionName(body, 'convertToCapped')
  const size = optionNumber(body.get('size')) ?? 0
  if (size <= 0) throw mongoError('InvalidOptions', 'Capped collection size must be greater than zero')
  bounded(body, 'size', { least: 1, most: PETABYTE })
  refuseView(context, name)
  const collection = collectionOf(context, name)
  if (!collection) throw mongoError('NamespaceNotFound', `source collection ${db}.${name} does not exist`)
  context.beginWrite()
  const options = new Map<string, Value>([...collection.options, ['capped', true], ['size', whole(size)]])
  options.delete('max')
  store.convertToCapped(collection, options)
  cursors.collectionGone(collection.ns)
  return new Map()
}

/** @throws OperationNotSupportedInTransaction (263), as MongoDB does, whatever is to be written */
export function refuseCappedInTransaction(context: Context, name: string): void {
  if (context.owner.transaction === null || !collectionOf(context, name)?.cap) return
  throw mongoError(
    'OperationNotSupportedInTransaction',
    `Collection '${context.db}.${name}' is a capped collection. Writes in transactions are not allowed on capped collections.`,
  )
}

/** A whole number within bounds; null: not given. @throws BadValue (2) */
function bounded(body: Doc, field: string, { least, most }: { least: number; most: number }): number | null {
  const value = optionNumber(body.get(field))
  if (value === null) return null
  if (value < least || value > most)
    throw mongoError(
      'BadValue',
      `BSON field '${field}' value must be ${value < least ? `>= ${least}` : `<= ${most}`}, actual value '${value}'`,
    )
  return value
}

function documentsOf(max: number): number {
  return max <= 0 ? UNLIMITED : max
}

/** Sizes beyond an int32 are stored as an int64. */
function whole(size: number): Value {
  return size > 0x7fffffff ? BigInt(size) : size
}
