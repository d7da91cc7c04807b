import { decimalParts, formatDecimal } from './decimal.ts'
import {
  BsonSymbol,
  Binary,
  DateTime,
  Decimal,
  Double,
  isDoc,
  ObjectId,
  Regex,
  Timestamp,
  typeName,
  type Value,
} from './value.ts'

/** A value as MongoDB prints it in error messages, cut at 200 characters. */
export function showValue(value: Value): string {
  const text = show(value)
  return text.length > 200 ? `${text.slice(0, 197)}...` : text
}

function show(value: Value): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[ ${value.map(show).join(', ')} ]`
  if (isDoc(value)) return `{ ${[...value].map(([name, item]) => `${name}: ${show(item)}`).join(', ')} }`
  if (value instanceof ObjectId) return `ObjectId('${value.bytes.toString('hex')}')`
  if (value instanceof DateTime) return `new Date(${value.ms})`
  if (value instanceof Double) return `${value.value}.0`
  if (value instanceof Decimal) return formatDecimal(decimalParts(value))
  if (value instanceof Regex) return `/${value.pattern}/${value.options}`
  if (value instanceof Binary)
    return `BinData(${value.subtype}, ${value.bytes.toString('hex').toUpperCase()})`
  if (value instanceof Timestamp) return `Timestamp(${value.value >> 32n}, ${value.value & 0xffffffffn})`
  if (value instanceof BsonSymbol) return JSON.stringify(value.value)
  return typeName(value)
}
