import { toNumber } from '../bson/number.ts'
import { isNumber, T, TYPE_NAMES, type Value } from '../bson/value.ts'
import { mongoError } from '../server/mongo-error.ts'

const NUMBER_TYPES: readonly number[] = [T.double, T.int, T.long, T.decimal]

/** BSON's numbers of the types that an alias, or a number, stands for. @throws BadValue (2), TypeMismatch (14) */
export function typeCodes(given: Value): readonly number[] {
  if (given === 'number') return NUMBER_TYPES
  if (typeof given === 'string') {
    const code = TYPE_NAMES[given]
    if (code === undefined) throw mongoError('BadValue', `Unknown type name alias: ${given}`)
    return [code === -1 ? T.minKey : code]
  }
  const code = isNumber(given) ? toNumber(given) : null
  if (code === null) throw mongoError('TypeMismatch', 'type must be represented as a number or a string')
  if (!Object.values(TYPE_NAMES).includes(code))
    throw mongoError('BadValue', `Invalid numerical type code: ${code}`)
  return [code === -1 ? T.minKey : code]
}
