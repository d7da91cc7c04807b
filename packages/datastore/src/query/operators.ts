import { keyOf } from '../bson/key.ts'
import { optionNumber, toInt64, toNumber, type Num } from '../bson/number.ts'
import type { Comparison } from '../bson/comparison.ts'
import { equal, ORDER, orderOf } from '../bson/order.ts'
import {
  Binary,
  BsonSymbol,
  isDoc,
  isNumber,
  Regex,
  typeName,
  typeOf,
  Undefined,
  type Doc,
  type Maybe,
  type Value,
} from '../bson/value.ts'
import { locationError, mongoError, notSupported } from '../server/mongo-error.ts'
import type { MatchPosition } from './path.ts'
import { compileRegex } from './regex.ts'
import { typeCodes } from './type-codes.ts'

/** A test at the end of a path: of the value whole, and (unless absent) of each element when it is an array. */
export interface ValueTest {
  whole: (value: Maybe, position?: MatchPosition | null) => boolean
  element?: (value: Maybe) => boolean
}

interface TestContext {
  path: string
  order: Comparison
  options?: Value | undefined
  negated?: boolean
}

/** True for `{ $gt: 1 }`: a document whose first field is an operator. References (`$ref`) are values. */
export function isOperators(value: Maybe): value is Doc {
  if (!isDoc(value)) return false
  const [first] = value.keys()
  return first !== undefined && first.startsWith('$') && !['$ref', '$id', '$db'].includes(first)
}

/** The test of one operator. Negations, `$all`, `$elemMatch` and `$exists` are made of these in match.ts. */
export function valueTest(name: string, operand: Value, context: TestContext): ValueTest {
  switch (name) {
    case '$eq':
      if (context.negated && operand instanceof Regex)
        throw mongoError('BadValue', "Can't have regex as arg to $ne.")
      return both(equalTest(operand, context.order))
    case '$gt':
      return both(rangeTest(operand, context.order, (difference) => difference > 0))
    case '$gte':
      return both(rangeTest(operand, context.order, (difference) => difference >= 0))
    case '$lt':
      return both(rangeTest(operand, context.order, (difference) => difference < 0))
    case '$lte':
      return both(rangeTest(operand, context.order, (difference) => difference <= 0))
    case '$in':
      return both(inTest(operand, context.order))
    case '$regex':
      return both(regexTest(operand, context.options))
    case '$type':
      return typeTest(operand, context.path)
    case '$mod':
      return both(modTest(operand))
    case '$size':
      return sizeTest(operand)
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return both(bitsTest(name, operand))
    case '$geoWithin':
    case '$geoIntersects':
    case '$near':
    case '$nearSphere':
      throw notSupported(name)
    default:
      throw mongoError('BadValue', `unknown operator: ${name}`)
  }
}

type Test = (value: Maybe) => boolean

function both(test: Test): ValueTest {
  return { whole: test, element: test }
}

function isNothing(value: Maybe): boolean {
  return value === undefined || value === null || value instanceof Undefined
}

function equalTest(wanted: Value, order: Comparison): Test {
  if (isNothing(wanted)) return isNothing
  if (wanted instanceof Regex) {
    const matches = textTest(compileRegex(wanted.pattern, wanted.options))
    return (value) => matches(value) || (value instanceof Regex && equal(value, wanted))
  }
  if (order.collation) return (value) => value !== undefined && order.equal(value, wanted)
  if (typeof wanted === 'string') {
    return (value) => value === wanted || (value instanceof BsonSymbol && value.value === wanted)
  }
  if (typeof wanted === 'boolean') return (value) => value === wanted
  return (value) => value !== undefined && equal(value, wanted)
}

function rangeTest(bound: Value, { compare }: Comparison, holds: (difference: number) => boolean): Test {
  if (bound instanceof Regex) throw mongoError('BadValue', "Can't have RegEx as arg to predicate over field.")
  if (isNothing(bound)) return holds(0) ? isNothing : () => false
  const order = orderOf(bound)
  if (order === ORDER.minKey || order === ORDER.maxKey) {
    return (value) => value !== undefined && holds(compare(value, bound))
  }
  if (order === ORDER.number && Number.isNaN(toNumber(bound as Num))) {
    return (value) => holds(0) && isNumber(value) && Number.isNaN(toNumber(value))
  }
  return (value) => {
    if (value === undefined || orderOf(value) !== order) return false
    if (order === ORDER.number && Number.isNaN(toNumber(value as Num))) return false
    return holds(compare(value, bound))
  }
}

/** Below this many values a list is as fast as a set of keys. */
const FEW = 8

function inTest(operand: Value, order: Comparison): Test {
  if (!Array.isArray(operand)) throw mongoError('BadValue', '$in needs an array')
  for (const item of operand) {
    if (isOperators(item)) throw mongoError('BadValue', 'cannot nest $ under $in')
  }
  const special = operand.filter((item) => operand.length <= FEW || item instanceof Regex || isNothing(item))
  const tests = special.map((item) => equalTest(item, order))
  if (order.collation) return collatedIn(operand, tests, order)
  const strings = new Set<string>()
  const keys = new Set<string>()
  for (const item of operand) {
    if (special.includes(item)) continue
    if (typeof item === 'string') strings.add(item)
    else keys.add(keyOf(item).toString('latin1'))
  }
  return (value) => {
    if (
      typeof value === 'string'
        ? strings.has(value)
        : keys.size > 0 && value !== undefined && keys.has(keyOf(value).toString('latin1'))
    ) {
      return true
    }
    return tests.some((test) => test(value))
  }
}

/** Texts of a collation have no key by which they were found at once: the list is sorted by it and halved. */
function collatedIn(
  list: readonly Value[],
  tests: readonly Test[],
  { compare: compareAll }: Comparison,
): Test {
  const sorted = [...list].sort(compareAll)
  return (value) => {
    if (tests.some((test) => test(value))) return true
    if (value === undefined) return false
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareAll(sorted[middle]!, value) < 0) low = middle + 1
      else high = middle
    }
    const found = sorted[low]
    return found !== undefined && compareAll(found, value) === 0
  }
}

function textTest(regex: RegExp): Test {
  return (value) => {
    if (typeof value === 'string') return regex.test(value)
    return value instanceof BsonSymbol && regex.test(value.value)
  }
}

function regexTest(operand: Value, options: Value | undefined): Test {
  if (options !== undefined && typeof options !== 'string')
    throw mongoError('BadValue', '$options has to be a string')
  if (operand instanceof Regex) {
    if (options !== undefined && operand.options !== '')
      throw locationError(51074, 'options set in both $regex and $options')
    return textTest(compileRegex(operand.pattern, options ?? operand.options))
  }
  if (typeof operand !== 'string') throw mongoError('BadValue', '$regex has to be a string')
  return textTest(compileRegex(operand, options ?? ''))
}

function typeTest(operand: Value, path: string): ValueTest {
  const wanted = new Set((Array.isArray(operand) ? operand : [operand]).flatMap(typeCodes))
  if (wanted.size === 0) throw mongoError('FailedToParse', `${path} must match at least one type`)
  return both((value) => value !== undefined && wanted.has(typeOf(value)))
}

function modTest(operand: Value): Test {
  if (!Array.isArray(operand)) throw mongoError('BadValue', 'malformed mod, needs to be an array')
  if (operand.length < 2) throw mongoError('BadValue', 'malformed mod, not enough elements')
  if (operand.length > 2) throw mongoError('BadValue', 'malformed mod, too many elements')
  const [divisor, remainder] = operand.map(optionNumber)
  if (divisor === null) throw mongoError('BadValue', 'malformed mod, divisor not a number')
  if (remainder === null) throw mongoError('BadValue', 'malformed mod, remainder not a number')
  if (divisor === 0) throw mongoError('BadValue', 'divisor cannot be 0')
  const by = Number(divisor)
  return (value) => {
    const number = isNumber(value) ? optionNumber(value) : null
    return number !== null && number % by === remainder
  }
}

function sizeTest(operand: Value): ValueTest {
  const size = optionNumber(operand)
  if (size === null || !isNumber(operand))
    throw mongoError('BadValue', `Failed to parse $size. Expected a number in: $size: ${typeName(operand)}`)
  if (toNumber(operand) !== size)
    throw mongoError('BadValue', `Failed to parse $size. Expected an integer: $size: ${toNumber(operand)}`)
  if (size < 0)
    throw mongoError('BadValue', `Failed to parse $size. Expected a non-negative number in: $size: ${size}`)
  return { whole: (value) => Array.isArray(value) && value.length === size }
}

function bitsTest(name: string, operand: Value): Test {
  const mask = bitMask(name, operand)
  const holds: Record<string, (bits: bigint) => boolean> = {
    $bitsAllSet: (bits) => (bits & mask) === mask,
    $bitsAllClear: (bits) => (bits & mask) === 0n,
    $bitsAnySet: (bits) => (bits & mask) !== 0n,
    $bitsAnyClear: (bits) => (bits & mask) !== mask,
  }
  const test = holds[name]!
  return (value) => {
    const bits = bitsOf(value)
    return bits !== null && test(bits)
  }
}

function bitMask(name: string, operand: Value): bigint {
  if (Array.isArray(operand)) {
    return operand.reduce<bigint>((mask, item) => {
      const position = optionNumber(item)
      if (position === null || position < 0)
        throw mongoError('FailedToParse', 'bit positions must be integers >= 0')
      return mask | (1n << BigInt(position))
    }, 0n)
  }
  if (operand instanceof Binary) return littleEndian(operand.bytes)
  const number = isNumber(operand) ? toInt64(operand) : null
  if (number === null || number < 0n) {
    throw mongoError('FailedToParse', `Expected a non-negative number in: ${name}: ${typeName(operand)}`)
  }
  return number
}

function bitsOf(value: Maybe): bigint | null {
  if (isNumber(value)) return toInt64(value)
  return value instanceof Binary ? littleEndian(value.bytes) : null
}

function littleEndian(bytes: Buffer): bigint {
  return bytes.reduceRight((sum, item) => (sum << 8n) | BigInt(item), 0n)
}
