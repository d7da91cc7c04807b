import type { Comparison } from '../bson/comparison.ts'
import { isDoc, type Maybe, type Value } from '../bson/value.ts'
import { locationError } from '../server/mongo-error.ts'
import { exactly, isNothing, isTrue, operands } from './operands.ts'
import { comparisonOf, type Expression, type Operator } from './scope.ts'

/** Missing sorts before all: comparisons of expressions tell it from null. */
function compareMaybe(a: Maybe, b: Maybe, { compare }: Comparison): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1)
  return compare(a, b)
}

function comparison(holds: (difference: number) => boolean): Operator {
  return (operand, compile, name) => {
    const [left, right] = exactly(2, operand, { compile, name }) as [Expression, Expression]
    return (scope) => holds(compareMaybe(left(scope), right(scope), comparisonOf(scope.variables)))
  }
}

/** Fields of `$cond` and the number of the error when one is missing. */
const COND_PARTS = [
  ['if', 17080],
  ['then', 17081],
  ['else', 17082],
] as const

const cond: Operator = (operand, compile, name) => {
  let parts: (Value | undefined)[]
  if (isDoc(operand)) {
    for (const key of operand.keys()) {
      if (!['if', 'then', 'else'].includes(key))
        throw locationError(17083, `Unrecognized parameter to $cond: ${key}`)
    }
    parts = COND_PARTS.map(([field, code]) => {
      const part = operand.get(field)
      if (part === undefined) throw locationError(code, `Missing '${field}' parameter to $cond`)
      return part
    })
  } else {
    parts = Array.isArray(operand) ? operand : [operand]
  }
  const [test, yes, no] = exactly(3, parts as Value[], { compile, name }) as [
    Expression,
    Expression,
    Expression,
  ]
  return (scope) => (isTrue(test(scope)) ? yes(scope) : no(scope))
}

const switchOperator: Operator = (operand, compile) => {
  if (!isDoc(operand)) throw locationError(40060, '$switch requires an object as an argument')
  for (const field of operand.keys())
    if (field !== 'branches' && field !== 'default')
      throw locationError(40067, `$switch found an unknown argument: ${field}`)
  const branches = operand.get('branches') ?? []
  if (!Array.isArray(branches)) throw locationError(40061, "$switch expected an array for 'branches'")
  const cases = branches.map((branch) => {
    if (!isDoc(branch)) throw locationError(40062, '$switch expected each branch to be an object')
    for (const field of branch.keys())
      if (field !== 'case' && field !== 'then')
        throw locationError(40063, `$switch found an unknown argument to a branch: ${field}`)
    const [test, then] = [branch.get('case'), branch.get('then')]
    if (test === undefined)
      throw locationError(40064, "$switch requires each branch have a 'case' expression")
    if (then === undefined)
      throw locationError(40065, "$switch requires each branch have a 'then' expression.")
    return { test: compile(test), then: compile(then) }
  })
  if (cases.length === 0) throw locationError(40068, '$switch requires at least one branch.')
  const fallback = operand.get('default')
  const otherwise = fallback === undefined ? null : compile(fallback)
  return (scope) => {
    const hit = cases.find(({ test }) => isTrue(test(scope)))
    if (hit) return hit.then(scope)
    if (!otherwise)
      throw locationError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      )
    return otherwise(scope)
  }
}

const ifNull: Operator = (operand, compile) => {
  const list = operands(operand, compile)
  if (list.length < 2) throw locationError(1257300, '$ifNull needs at least two arguments')
  return (scope) => {
    let value: Maybe
    for (const item of list) {
      value = item(scope)
      if (!isNothing(value)) return value
    }
    return value
  }
}

const inOperator: Operator = (operand, compile, name) => {
  const [item, list] = exactly(2, operand, { compile, name }) as [Expression, Expression]
  return (scope) => {
    const values = list(scope)
    if (!Array.isArray(values)) throw locationError(40081, '$in requires an array as a second argument')
    const wanted = item(scope)
    return wanted !== undefined && values.some((value) => comparisonOf(scope.variables).equal(value, wanted))
  }
}

export const logicOperators: [string, Operator][] = [
  ['$literal', (operand) => () => operand],
  ['$const', (operand) => () => operand],
  ['$expr', (operand, compile) => compile(operand)],
  ['$eq', comparison((difference) => difference === 0)],
  ['$ne', comparison((difference) => difference !== 0)],
  ['$gt', comparison((difference) => difference > 0)],
  ['$gte', comparison((difference) => difference >= 0)],
  ['$lt', comparison((difference) => difference < 0)],
  ['$lte', comparison((difference) => difference <= 0)],
  [
    '$cmp',
    (operand, compile, name) => {
      const [left, right] = exactly(2, operand, { compile, name }) as [Expression, Expression]
      return (scope) => Math.sign(compareMaybe(left(scope), right(scope), comparisonOf(scope.variables)))
    },
  ],
  [
    '$and',
    (operand, compile) => {
      const list = operands(operand, compile)
      return (scope) => list.every((item) => isTrue(item(scope)))
    },
  ],
  [
    '$or',
    (operand, compile) => {
      const list = operands(operand, compile)
      return (scope) => list.some((item) => isTrue(item(scope)))
    },
  ],
  [
    '$not',
    (operand, compile, name) => {
      const [item] = exactly(1, operand, { compile, name }) as [Expression]
      return (scope) => !isTrue(item(scope))
    },
  ],
  ['$cond', cond],
  ['$switch', switchOperator],
  ['$ifNull', ifNull],
  ['$in', inOperator],
]
