// Arrays as sets: the order does not count, nor how often a value is there.
import type { Comparison } from '../bson/comparison.ts'
import type { Value } from '../bson/value.ts'
import { locationError } from '../server/mongo-error.ts'
import { demandList } from './arrays.ts'
import { exactly, isNothing, isTrue, operands } from './operands.ts'
import { comparisonOf, type Expression, type Operator } from './scope.ts'

/** Tells values apart; see {@link Comparison.identities}. */
type Identity = (value: Value) => string

function distinct(lists: readonly Value[][], identity: Identity): Map<string, Value> {
  const found = new Map<string, Value>()
  for (const value of lists.flat()) {
    const key = identity(value)
    // equal numbers of two types: the first one stays
    if (!found.has(key)) found.set(key, value)
  }
  return found
}

/** A union or intersection: nothing among the operands makes nothing. */
function setOf(code: number, run: (lists: Value[][], identity: Identity) => Value): Operator {
  return (source, compile, name) => {
    const list = operands(source, compile)
    return (scope) => {
      const values = list.map((item) => item(scope))
      if (values.some(isNothing)) return null
      const lists = values.map((value) => demandList(value, code, name))
      return run(lists, comparisonOf(scope.variables).identities())
    }
  }
}

/** A question about two sets, each of which must be one. */
function setPair(
  [first, second]: [number, number],
  run: (a: Value[], b: Value[], identity: Identity) => Value,
): Operator {
  return (source, compile, name) => {
    const [a, b] = exactly(2, source, { compile, name }) as [Expression, Expression]
    return (scope) => {
      const identity = comparisonOf(scope.variables).identities()
      return run(demandList(a(scope), first, name), demandList(b(scope), second, name), identity)
    }
  }
}

const setEquals: Operator = (source, compile, name) => {
  const list = operands(source, compile)
  if (list.length < 2) throw locationError(17045, `${name} needs at least two arguments had: ${list.length}`)
  return (scope) => {
    const lists = list.map((item) => demandList(item(scope), 17044, name))
    return equalSets(lists, comparisonOf(scope.variables).identities())
  }
}

const difference: Operator = (source, compile, name) => {
  const [a, b] = exactly(2, source, { compile, name }) as [Expression, Expression]
  return (scope) => {
    const [left, right] = [a(scope), b(scope)]
    if (isNothing(left) || isNothing(right)) return null
    const [first, second] = [demandList(left, 17048, name), demandList(right, 17049, name)]
    return without(first, second, comparisonOf(scope.variables))
  }
}

function without(first: Value[], second: Value[], order: Comparison): Value {
  const identity = order.identities()
  const unwanted = distinct([second], identity)
  return [...distinct([first], identity)].filter(([key]) => !unwanted.has(key)).map(([, value]) => value)
}

function isSubset(a: Value[], b: Value[], identity: Identity): boolean {
  const all = distinct([b], identity)
  return [...distinct([a], identity).keys()].every((key) => all.has(key))
}

function intersection(lists: Value[][], identity: Identity): Value {
  const [first, ...others] = lists.map((list) => distinct([list], identity))
  return [...(first ?? new Map<string, Value>())]
    .filter(([key]) => others.every((other) => other.has(key)))
    .map(([, value]) => value)
}

function equalSets(lists: Value[][], identity: Identity): boolean {
  const keys = lists.map((list) => [...distinct([list], identity).keys()].sort().join())
  return new Set(keys).size <= 1
}

const elements =
  (code: number, holds: (list: Value[]) => boolean): Operator =>
  (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => holds(demandList(operand(scope), code, name))
  }

export const setOperators: [string, Operator][] = [
  ['$setUnion', setOf(17043, (lists, identity) => [...distinct(lists, identity).values()])],
  ['$setIntersection', setOf(17047, intersection)],
  ['$setDifference', difference],
  ['$setEquals', setEquals],
  ['$setIsSubset', setPair([17046, 17042], isSubset)],
  ['$anyElementTrue', elements(17041, (list) => list.some(isTrue))],
  ['$allElementsTrue', elements(17040, (list) => list.every(isTrue))],
]
