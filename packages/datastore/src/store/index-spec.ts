import { toNumber } from '../bson/number.ts'
import { equal } from '../bson/order.ts'
import { isDoc, isNumber, type Doc, type Value } from '../bson/value.ts'
import { compileFilter } from '../query/match.ts'
import { mongoError, notSupported } from '../server/mongo-error.ts'
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

/** Checks one entry of `createIndexes` and gives it its name; the result is what `listIndexes` shows. */
export function normaliseIndexSpec(given: Value): Doc {
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
  checkOptions(given)
  const spec: Doc = new Map<string, Value>([['v', 2]])
  for (const [name, value] of given)
    if (!['v', 'ns', 'background', 'collation'].includes(name)) spec.set(name, value)
  if (typeof spec.get('name') !== 'string') spec.set('name', defaultName(key))
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

function checkOptions(spec: Doc): void {
  const collation = spec.get('collation')
  if (isDoc(collation) && collation.get('locale') !== 'simple')
    throw notSupported('A collation other than simple')
  const partial = spec.get('partialFilterExpression')
  if (partial !== undefined) {
    if (!isDoc(partial))
      throw mongoError('TypeMismatch', "The field 'partialFilterExpression' must be an object")
    if (spec.get('sparse') === true)
      throw mongoError('CannotCreateIndex', "cannot mix 'partialFilterExpression' and 'sparse' options")
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

function defaultName(key: Doc): string {
  return [...key]
    .map(([path, direction]) => `${path}_${isNumber(direction) ? toNumber(direction) : ''}`)
    .join('_')
}

/** True for a key pattern of the same fields in the same order and directions. */
export function sameKey(a: Doc, b: Doc): boolean {
  return equal(new Map(a), new Map(b))
}

/**
 * True when the very index exists.
 *
 * @throws IndexOptionsConflict (85), IndexKeySpecsConflict (86) when one of its name or keys exists otherwise
 */
export function sameIndex(existing: readonly Index[], spec: Doc): boolean {
  const key = spec.get('key') as Doc
  for (const index of existing) {
    const keys = sameKey(index.key, key)
    const options = sameOptions(index.spec, spec)
    if (index.name === spec.get('name')) {
      if (keys && options) return true
      throw mongoError(
        keys ? 'IndexOptionsConflict' : 'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Index: ${index.name}`,
      )
    }
    if (keys && equal(partialOf(index.spec), partialOf(spec))) {
      throw mongoError('IndexOptionsConflict', `Index already exists with a different name: ${index.name}`)
    }
  }
  return false
}

function partialOf(spec: Doc): Value {
  return spec.get('partialFilterExpression') ?? null
}

function sameOptions(a: Doc, b: Doc): boolean {
  const flags = ['unique', 'sparse', 'hidden']
  return (
    flags.every((name) => Boolean(a.get(name)) === Boolean(b.get(name))) &&
    equal(a.get('expireAfterSeconds') ?? null, b.get('expireAfterSeconds') ?? null) &&
    equal(partialOf(a), partialOf(b))
  )
}
