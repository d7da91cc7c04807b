import * as driver from 'bson'
import {
  Binary,
  BsonSymbol,
  Code,
  DateTime,
  Decimal,
  Double,
  isDoc,
  isInt32,
  MaxKey,
  MinKey,
  ObjectId,
  Regex,
  Timestamp,
  typeName,
  type Doc,
  type Value,
} from '../bson/value.ts'

/**
 * A decoded document in the driver's own types, as a Map: the driver takes no raw bytes for inserts, and objects
 * would lose the order of names like numbers.
 *
 * @throws TypeError for the two old types (undefined, DBPointer) that the driver cannot write
 */
export function toDriver(doc: Doc): Map<string, unknown> {
  return new Map([...doc].map(([name, value]) => [name, valueToDriver(value)] as const))
}

function valueToDriver(value: Value): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return isInt32(value) ? new driver.Int32(value) : new driver.Double(value)
  if (typeof value === 'bigint') return driver.Long.fromBigInt(value)
  if (Array.isArray(value)) return value.map(valueToDriver)
  return isDoc(value) ? toDriver(value) : objectToDriver(value)
}

function objectToDriver(
  value: Exclude<Value, null | string | boolean | number | bigint | Value[] | Doc>,
): unknown {
  if (value instanceof ObjectId) return new driver.ObjectId(value.bytes)
  if (value instanceof DateTime) return new Date(value.ms)
  if (value instanceof Double) return new driver.Double(value.value)
  if (value instanceof Decimal) return new driver.Decimal128(value.bytes)
  if (value instanceof Binary) return new driver.Binary(value.bytes, value.subtype)
  if (value instanceof Regex) return new driver.BSONRegExp(value.pattern, value.options)
  if (value instanceof Timestamp)
    return driver.Timestamp.fromBits(Number(BigInt.asIntN(32, value.value)), Number(value.value >> 32n))
  if (value instanceof Code) return new driver.Code(value.code, value.scope ? toDriver(value.scope) : null)
  if (value instanceof BsonSymbol) return new driver.BSONSymbol(value.value)
  if (value instanceof MinKey) return new driver.MinKey()
  if (value instanceof MaxKey) return new driver.MaxKey()
  throw new TypeError(`a value of the old type ${typeName(value)} cannot be written by the driver`)
}
