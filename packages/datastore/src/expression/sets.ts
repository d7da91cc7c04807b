// Arrays as sets: the order does not count, nor how often a value is there.
import { keyOf } from '../bson/key.ts'
import type { Value } from '../bson/value.ts'
import { locationError } from '../server/mongo-error.ts'
import { demandList } from './arrays.ts'
import { exactly, isNothing, isTrue, ofValues, operands } from './operands.ts'
import type { Expression, Operator } from './scope.ts'

function distinct(lists: readonly Value[][]): Map<string, Value> {
  const found = new Map<string, Value>()
  for (const value of lists.flat()) {
    const key = keyOf(value).toString('latin1')
    // equal numbers of two types: the first one stays
    if (!found.has(key)) found.set(key, value)
  }
  return found
}

/** A union or intersection: nothing among the operands makes nothing. */
function setOf(code: number, run: (lists: Value[][]) => Value): Operator {
  return (source, compile, name) => {
    const list = operands(source, compile)
    return (scope) => {
      const values = list.map((item) => item(scope))
      if (values.some(isNothing)) return null
      return run(values.map((value) => demandList(value, code, name)))
    }
  }
}

/** A question about two sets, each of which must be one. */
function setPair([first, second]: [number, number], run: (a: Value[], b: Value[]) => Value): Operator {
  return (source, compile, name) => {
    const [a, b] = exactly(2, source, { compile, name }) as [Expression, Expression]
    return (scope) => run(demandList(a(scope), first, name), demandList(b(scope), second, name))
  }
}

const setEquals: Operator = (source, compile, name) => {
  const list = operands(source, compile)
  if (list.length < 2) throw locationError(17045, `${name} needs at least two arguments had: ${list.length}`)
  return (scope) => equalSets(list.map((item) => demandList(item(scope), 17044, name)))
}

function difference([a, b]: Value[], name: string): Value {
  const [first, second] = [demandList(a, 17048, name), demandList(b, 17049, name)]
  const without = distinct([second])
  return [...distinct([first])].filter(([key]) => !without.has(key)).map(([, value]) => value)
}

function isSubset(a: Value[], b: Value[]): boolean {
  const all = distinct([b])
  return [...distinct([a]).keys()].every((key) => all.has(key))
}

function intersection(lists: Value[][]): Value {
  const [first, ...others] = lists.map((list) => distinct([list]))
  return [...(first ?? new Map<string, Value>())]
    .filter(([key]) => others.every((other) => other.has(key)))
    .map(([, value]) => value)
}

function equalSets(lists: Value[][]): boolean {
  const keys = lists.map((list) => [...distinct([list]).keys()].sort().join())
  return new Set(keys).size <= 1
}

const elements =
  (code: number, holds: (list: Value[]) => boolean): Operator =>
  (source, compile, name) => {
    const [operand] = exactly(1, source, { compile, name }) as [Expression]
    return (scope) => holds(demandList(operand(scope), code, name))
  }

export const setOperators: [string, Operator][] = [
  ['$setUnion', setOf(17043, (lists) => [...distinct(lists).values()])],
  ['$setIntersection', setOf(17047, intersection)],
  ['$setDifference', ofValues(2, difference)],
  ['$setEquals', setEquals],
  ['$setIsSubset', setPair([17046, 17042], isSubset)],
  ['$anyElementTrue', elements(17041, (list) => list.some(isTrue))],
  ['$allElementsTrue', elements(17040, (list) => list.every(isTrue))],
]
