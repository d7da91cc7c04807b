import { readCollation, sameCollation, type Collation } from '../bson/collation.ts'
import { toNumber } from '../bson/number.ts'
import { equal } from '../bson/order.ts'
import { showValue } from '../bson/show.ts'
import { isDoc, isNumber, Regex, type Doc, type Value } from '../bson/value.ts'
import { compileFilter } from '../query/match.ts'
import { mongoError } from '../server/mongo-error.ts'
import type { Index } from './indexes.ts'

const KNOWN = new Set([
  'v',
  'key',
  'name',
  'ns',
  'unique',
  'sparse',
  'background',
  'hidden',
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
])

/**
 * Checks one entry of `createIndexes` and gives it its name; the result is what `listIndexes` shows. One that names no
 * collation has the collection's.
 */
export function normaliseIndexSpec(given: Value, inherited: Collation | null): Doc {
  if (!isDoc(given)) throw mongoError('TypeMismatch', 'The elements of the indexes array must be objects')
  const key = given.get('key')
  if (!isDoc(key))
    throw mongoError('FailedToParse', "The 'key' field is a required property of an index specification")
  checkKey(key)
  for (const name of given.keys()) {
    if (!KNOWN.has(name)) {
      throw mongoError(
        'InvalidIndexSpecificationOption',
        `The field '${name}' is not valid for an index specification.`,
      )
    }
  }
  const own = given.get('collation')
  const collation = isDoc(own) ? readCollation(own) : inherited
  checkIdIndex(given, { collation, inherited })
  checkOptions(given)
  const name = given.get('name')
  if (typeof name !== 'string')
    throw mongoError('FailedToParse', "The 'name' field is a required property of an index specification")
  if (name === '' || name === '*')
    throw mongoError(
      'CannotCreateIndex',
      name === '' ? 'index names cannot be empty' : "The index name '*' is not valid.",
    )
  const spec: Doc = new Map<string, Value>([['v', 2]])
  for (const [field, value] of given) if (!['v', 'ns', 'collation'].includes(field)) spec.set(field, value)
  if (collation) spec.set('collation', collation.spec)
  return spec
}

function checkKey(key: Doc): void {
  if (key.size === 0) throw mongoError('CannotCreateIndex', 'Index keys cannot be an empty object')
  if (key.size > 32) throw mongoError('CannotCreateIndex', 'Index has too many fields, the maximum is 32')
  for (const [path, direction] of key) {
    if (typeof direction === 'string') {
      throw mongoError(
        'CannotCreateIndex',
        `Index type '${direction}' is not supported by the embedded datastore`,
      )
    }
    if (!isNumber(direction))
      throw mongoError(
        'CannotCreateIndex',
        `Values in v:2 index key pattern cannot be of type ${typeof direction}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      )
    const number = toNumber(direction)
    if (number === 0 || Number.isNaN(number))
      throw mongoError('CannotCreateIndex', 'Values in the index key pattern cannot be 0.')
    if (path === '$**' || path.endsWith('.$**'))
      throw mongoError('CannotCreateIndex', 'Wildcard indexes are not supported by the embedded datastore')
    if (path === '' || path.split('.').includes(''))
      throw mongoError('CannotCreateIndex', 'Index keys cannot contain an empty field.')
    if (path.split('.').some((part) => part.startsWith('$')))
      throw mongoError('CannotCreateIndex', `Index key contains an illegal field name: ${path}`)
  }
}

/** What a partial index may say of its documents (manual, "Partial Indexes"). */
const PARTIAL = new Set(['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$in'])

/** @throws CannotCreateIndex (67) */
function checkPartial(filter: Doc): void {
  for (const [name, value] of filter) {
    if (name === '$and' || name === '$or') {
      if (Array.isArray(value)) for (const part of value) if (isDoc(part)) checkPartial(part)
      continue
    }
    const operators = isDoc(value) && [...value.keys()][0]?.startsWith('$') ? [...value] : []
    const bad = name.startsWith('$')
      ? name
      : value instanceof Regex
        ? '$regex'
        : operators.find(([operator, operand]) => !PARTIAL.has(operator) || denies(operator, operand))?.[0]
    if (bad !== undefined)
      throw mongoError('CannotCreateIndex', `Expression not supported in partial index: ${bad} (${name})`)
  }
}

/** `$exists: false` is a negation, which a partial index cannot have. */
function denies(operator: string, operand: Value): boolean {
  return operator === '$exists' && (operand === false || (isNumber(operand) && toNumber(operand) === 0))
}

/** The index of `_id` is there already and has no options. */
function checkIdIndex(
  spec: Doc,
  { collation, inherited }: { collation: Collation | null; inherited: Collation | null },
): void {
  const key = spec.get('key') as Doc
  if (key.size !== 1 || !key.has('_id')) return
  if (!sameCollation(collation, inherited))
    throw mongoError('BadValue', 'The _id index must have the same collation as the collection.')
  if (spec.get('hidden') === true) throw mongoError('BadValue', "can't hide _id index")
  for (const name of spec.keys())
    if (!['key', 'name', 'ns', 'v', 'collation', 'background', 'unique', 'hidden'].includes(name))
      throw mongoError(
        'InvalidIndexSpecificationOption',
        `The field '${name}' is not valid for an _id index specification.`,
      )
}

function checkOptions(spec: Doc): void {
  for (const name of ['unique', 'sparse', 'hidden', 'background']) {
    const value = spec.get(name)
    if (value !== undefined && typeof value !== 'boolean' && !isNumber(value))
      throw mongoError('TypeMismatch', `The field '${name}' has a value which is not convertible to bool`)
  }
  const collation = spec.get('collation')
  if (collation !== undefined && !isDoc(collation))
    throw mongoError('TypeMismatch', "The field 'collation' must be an object")
  const partial = spec.get('partialFilterExpression')
  if (partial !== undefined) {
    if (!isDoc(partial))
      throw mongoError('TypeMismatch', "The field 'partialFilterExpression' must be an object")
    if (spec.get('sparse') === true)
      throw mongoError('CannotCreateIndex', "cannot mix 'partialFilterExpression' and 'sparse' options")
    checkPartial(partial)
    compileFilter(partial)
  }
  const seconds = spec.get('expireAfterSeconds')
  if (
    seconds !== undefined &&
    (!isNumber(seconds) || toNumber(seconds) < 0 || toNumber(seconds) > 0x7fffffff)
  ) {
    throw mongoError(
      'CannotCreateIndex',
      "TTL index 'expireAfterSeconds' option must be within 0 and 2147483647",
    )
  }
  const key = spec.get('key') as Doc
  if (seconds !== undefined && key.size > 1) {
    throw mongoError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL',
    )
  }
}

/** True for a key pattern of the same fields in the same order and directions. */
export function sameKey(a: Doc, b: Doc): boolean {
  return equal(new Map(a), new Map(b))
}

/**
 * True when the very index exists. The key, `unique`, `sparse` and the partial filter tell indexes apart; what else
 * differs is a conflict.
 *
 * @throws IndexOptionsConflict (85), IndexKeySpecsConflict (86) when one of its name or keys exists otherwise
 */
export function sameIndex(existing: readonly Index[], spec: Doc): boolean {
  const named = existing.find((index) => index.name === spec.get('name'))
  if (named) {
    if (!sameSignature(named.spec, spec))
      throw mongoError(
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${showValue(spec)}, existing index: ${showValue(named.spec)}`,
      )
    if (sameRest(named.spec, spec)) return true
    throw mongoError(
      'IndexOptionsConflict',
      `An equivalent index already exists with the same name but different options. Requested index: ${showValue(spec)}, existing index: ${showValue(named.spec)}`,
    )
  }
  const other = existing.find((index) => sameSignature(index.spec, spec))
  if (!other) return false
  throw mongoError(
    'IndexOptionsConflict',
    sameRest(other.spec, spec)
      ? `Index already exists with a different name: ${other.name}`
      : `An equivalent index already exists with a different name and options. Requested index: ${showValue(spec)}, existing index: ${showValue(other.spec)}`,
  )
}

function sameSignature(a: Doc, b: Doc): boolean {
  return (
    sameKey(a.get('key') as Doc, b.get('key') as Doc) &&
    ['unique', 'sparse'].every((name) => isSet(a.get(name)) === isSet(b.get(name))) &&
    equal(a.get('partialFilterExpression') ?? null, b.get('partialFilterExpression') ?? null) &&
    equal(a.get('collation') ?? null, b.get('collation') ?? null)
  )
}

function sameRest(a: Doc, b: Doc): boolean {
  return (
    isSet(a.get('hidden')) === isSet(b.get('hidden')) &&
    equal(a.get('expireAfterSeconds') ?? null, b.get('expireAfterSeconds') ?? null)
  )
}

function isSet(value: Value | undefined): boolean {
  return value === true || (isNumber(value) && toNumber(value) !== 0)
}
