// Keywords about a single value: its type, size and form.
import { decimalParts } from '../../bson/decimal.ts'
import { compareNumbers, doubleToDecimal, rankOf, toNumber, toParts, type Num } from '../../bson/number.ts'
import { equal } from '../../bson/order.ts'
import { isNumber, typeName, typeOf, type Value } from '../../bson/value.ts'
import { compileRegex } from '../regex.ts'
import { typeCodes } from '../type-codes.ts'
import {
  demandArray,
  demandCount,
  explained,
  ruleOf,
  unusable,
  wrongType,
  type Keyword,
  type KeywordSource,
  type Rule,
} from './keyword.ts'

const COMPARED = 'comparison failed'

/** JSON's names of types and BSON's. */
const JSON_TYPES: Record<string, string> = {
  array: 'array',
  boolean: 'bool',
  null: 'null',
  number: 'number',
  object: 'object',
  string: 'string',
}

function typeRule(source: KeywordSource, codes: readonly number[]): Rule {
  const wanted = new Set(codes)
  return {
    holds: (value) => value === undefined || wanted.has(typeOf(value)),
    explain(value) {
      const doc = explained(source.name, source.operand, { reason: 'type did not match', value })
      return doc.set('consideredType', typeName(value))
    },
  }
}

function names({ name, operand }: KeywordSource): string[] {
  const list = Array.isArray(operand) ? operand : [operand]
  if (list.length === 0) throw unusable(`$jsonSchema keyword '${name}' must name at least one type`)
  return list.map((item) => {
    if (typeof item !== 'string') throw wrongType(name, 'a string or an array of strings', item)
    return item
  })
}

const bsonType: Keyword = (source) => {
  if (source.schema.has('type'))
    throw unusable("Cannot specify both $jsonSchema keywords 'type' and 'bsonType'")
  return typeRule(source, names(source).flatMap(typeCodes))
}

const jsonType: Keyword = (source) =>
  typeRule(
    source,
    names(source).flatMap((name) => {
      const alias = JSON_TYPES[name]
      if (name === 'integer') throw unusable("$jsonSchema type 'integer' is not currently supported.")
      if (alias === undefined) throw unusable(`Unknown $jsonSchema type: ${name}`)
      return typeCodes(alias)
    }),
  )

const enumeration: Keyword = (source) => {
  const list = demandArray(source)
  list.forEach((item, i) => {
    if (list.slice(0, i).some((other) => equal(item, other)))
      throw unusable("$jsonSchema keyword 'enum' array cannot contain duplicate values.")
  })
  return ruleOf(source, 'value was not found in enum', (value) => list.some((item) => equal(item, value)))
}

function limit(exclusiveName: string, sign: 1 | -1): Keyword {
  return (source) => {
    const { name, operand, schema } = source
    if (!isNumber(operand)) throw wrongType(name, 'a number', operand)
    const exclusive = schema.get(exclusiveName) ?? false
    return ruleOf(source, COMPARED, (value) => {
      if (!isNumber(value)) return true
      const difference = sign * compareNumbers(value, operand)
      return exclusive === true ? difference < 0 : difference <= 0
    })
  }
}

/** Belongs to `maximum` or `minimum`, which asks for it. */
function exclusive(of: string): Keyword {
  return ({ name, operand, schema }) => {
    if (typeof operand !== 'boolean') throw wrongType(name, 'a boolean', operand)
    if (!schema.has(of)) throw unusable(`$jsonSchema keyword '${of}' must be a present if ${name} is present`)
    return null
  }
}

/** By the decimal value, so that 0.3 is a multiple of 0.1. */
function isMultiple(value: Num, of: Num): boolean {
  const [a, b] = [value, of].map((item) =>
    rankOf(item) === 2 ? decimalParts(doubleToDecimal(toNumber(item))) : toParts(item),
  ) as [ReturnType<typeof toParts>, ReturnType<typeof toParts>]
  if (a.kind !== 'finite' || b.kind !== 'finite') return false
  const exponent = Math.min(a.exponent, b.exponent)
  const scaled = (parts: typeof a): bigint => parts.coefficient * 10n ** BigInt(parts.exponent - exponent)
  return scaled(a) % scaled(b) === 0n
}

const multipleOf: Keyword = (source) => {
  const { name, operand } = source
  if (!isNumber(operand)) throw wrongType(name, 'a number', operand)
  if (!(toNumber(operand) > 0)) throw unusable(`$jsonSchema keyword '${name}' must have a positive value`)
  return ruleOf(
    source,
    'considered value is not a multiple of the specified value',
    (value) => !isNumber(value) || isMultiple(value, operand),
  )
}

export function size(
  measure: (value: Value) => number | null,
  holds: (size: number, limit: number) => boolean,
): Keyword {
  return (source) => {
    const count = demandCount(source)
    return ruleOf(source, 'specified size was not satisfied', (value) => {
      const measured = measure(value)
      return measured === null || holds(measured, count)
    })
  }
}

const length = (value: Value): number | null => (typeof value === 'string' ? [...value].length : null)
export const least = (given: number, wanted: number): boolean => given >= wanted
export const most = (given: number, wanted: number): boolean => given <= wanted

const pattern: Keyword = (source) => {
  const { name, operand } = source
  if (typeof operand !== 'string') throw wrongType(name, 'a string', operand)
  const regex = compileRegex(operand, '')
  return ruleOf(
    source,
    'regular expression did not match',
    (value) => typeof value !== 'string' || regex.test(value),
  )
}

const text: Keyword = ({ name, operand }) => {
  if (typeof operand !== 'string') throw wrongType(name, 'a string', operand)
  return null
}

export const VALUE_KEYWORDS: Record<string, Keyword> = {
  bsonType,
  type: jsonType,
  enum: enumeration,
  maximum: limit('exclusiveMaximum', 1),
  minimum: limit('exclusiveMinimum', -1),
  exclusiveMaximum: exclusive('maximum'),
  exclusiveMinimum: exclusive('minimum'),
  multipleOf,
  minLength: size(length, least),
  maxLength: size(length, most),
  pattern,
  title: text,
  description: text,
}
