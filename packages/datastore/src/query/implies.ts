import type { Comparison } from '../bson/comparison.ts'
import { orderOf, equal } from '../bson/order.ts'
import { isDoc, MaxKey, MinKey, Regex, Undefined, type Doc, type Value } from '../bson/value.ts'
import { comparing } from '../expression/scope.ts'
import { compileValueTest } from './match.ts'
import { isOperators } from './operators.ts'

/** True when every document that matches `filter` surely matches `partial` (in doubt: false); both compare by `order`. */
export function impliesPartial(filter: Doc, partial: Doc, order: Comparison): boolean {
  for (const [name, condition] of partial) {
    if (name === '$and' && Array.isArray(condition)) {
      if (!condition.every((part) => isDoc(part) && impliesPartial(filter, part, order))) return false
    } else if (name.startsWith('$')) {
      const given = filter.get(name)
      if (given === undefined || !equal(given, condition)) return false
    } else if (!conditionsOf(filter, name).some((given) => impliesCondition(given, condition, order))) {
      return false
    }
  }
  return true
}

function conditionsOf(filter: Doc, path: string): Value[] {
  const found: Value[] = []
  for (const [name, condition] of filter) {
    if (name === path) found.push(condition)
    if (name === '$and' && Array.isArray(condition)) {
      for (const part of condition) if (isDoc(part)) found.push(...conditionsOf(part, path))
    }
  }
  return found
}

function impliesCondition(given: Value, wanted: Value, order: Comparison): boolean {
  if (equal(given, wanted)) return true
  const exact = isOperators(given) ? given.get('$eq') : given
  if (!isOperators(wanted))
    return (
      exact !== undefined && (equal(exact, wanted) || (!findsOthers(exact) && order.equal(exact, wanted)))
    )
  if (exact !== undefined && !findsOthers(exact))
    return compileValueTest(wanted, new Map(comparing(order.collation)))(exact)
  return (
    isOperators(given) &&
    [...wanted].every(([operator, bound]) => impliesOperator(given, { operator, bound }, order))
  )
}

/** Values that find others than themselves: what is not there, the texts of a pattern, lists that hold one. */
function findsOthers(value: Value): boolean {
  return value === null || value instanceof Undefined || value instanceof Regex || Array.isArray(value)
}

/** A comparison with such a value may find what is not there. */
function findsMissing(value: Value): boolean {
  return value === null || value instanceof Undefined || value instanceof MinKey || value instanceof MaxKey
}

function impliesOperator(
  given: Doc,
  { operator, bound }: { operator: string; bound: Value },
  { compare }: Comparison,
): boolean {
  if (operator === '$exists' && bound === true) {
    return ['$gt', '$gte', '$lt', '$lte'].some((name) => given.has(name) && !findsMissing(given.get(name)!))
  }
  const up = operator === '$gt' || operator === '$gte'
  if (!up && operator !== '$lt' && operator !== '$lte') return false
  const strict = up ? '$gt' : '$lt'
  for (const name of up ? ['$gt', '$gte'] : ['$lt', '$lte']) {
    const own = given.get(name)
    if (own === undefined || orderOf(own) !== orderOf(bound)) continue
    const difference = up ? compare(own, bound) : compare(bound, own)
    if (difference > 0 || (difference === 0 && (operator !== strict || name === strict))) return true
  }
  return false
}
