import { readCollation, type Collation } from '../bson/collation.ts'
import { optionNumber, toNumber } from '../bson/number.ts'
import { DateTime, isDoc, isNumber, Timestamp, type Doc, type Maybe } from '../bson/value.ts'
import { mongoError } from '../server/mongo-error.ts'
import type { Collection } from '../store/collection.ts'
import { evaluateConstant } from '../expression/compile.ts'
import { comparing, type Variables } from '../expression/scope.ts'

/** The collection's name in the first field of a command. */
export function collectionName(body: Doc, command: string): string {
  const name = body.get(command)
  if (typeof name !== 'string') {
    throw mongoError('InvalidNamespace', `collection name has invalid type ${typeof name}`)
  }
  if (name === '') throw mongoError('InvalidNamespace', 'Invalid namespace specified: empty collection name')
  return name
}

/** A field that must be a document when it is there. */
export function docOption(body: Doc, name: string): Doc | undefined {
  const value = body.get(name)
  if (value === undefined || value === null) return undefined
  if (!isDoc(value))
    throw mongoError('TypeMismatch', `BSON field '${name}' is the wrong type, expected type 'object'`)
  return value
}

/** A field that must be a whole number of at least 0 when it is there. */
export function countOption(body: Doc, name: string): number | undefined {
  const value = body.get(name)
  if (value === undefined || value === null) return undefined
  const number = optionNumber(value)
  if (number === null)
    throw mongoError(
      'TypeMismatch',
      `BSON field '${name}' is the wrong type, expected types '[long, int, decimal, double]'`,
    )
  if (number < 0)
    throw mongoError('BadValue', `BSON field '${name}' value must be >= 0, actual value '${number}'`)
  return number
}

export function flag(body: Doc, name: string): boolean {
  const value = body.get(name)
  return value === true || (isNumber(value) && toNumber(value) !== 0)
}

/**
 * By what a command (or statement) compares: its own collation, else that of its collection; null: the simple one.
 *
 * @throws what {@link readCollation} throws
 */
export function collationOf(body: Doc, collection: Collection | null): Collation | null {
  const given = docOption(body, 'collation')
  if (given && given.size > 0) return readCollation(given)
  return collection?.collation ?? null
}

/** MongoDB's size of a first batch when none is asked for. */
export const FIRST_BATCH = 101

/** The variables of a command's `let`, the moment it began, and how it compares. */
export function readLet(body: Doc, collation: Collation | null): Variables {
  const now = Date.now()
  const variables = new Map<string, Maybe>([
    ['NOW', new DateTime(now)],
    ['CLUSTER_TIME', new Timestamp((BigInt(Math.floor(now / 1000)) << 32n) | 1n)],
  ])
  for (const [name, value] of docOption(body, 'let') ?? []) variables.set(name, evaluateConstant(value))
  for (const [name, value] of comparing(collation)) variables.set(name, value)
  return variables
}
