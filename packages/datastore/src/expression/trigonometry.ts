import { toNumber } from '../bson/number.ts'
import { Decimal, double, isNumber, typeName, type Maybe, type Value } from '../bson/value.ts'
import { locationError, notSupported } from '../server/mongo-error.ts'
import { ofDouble } from './arithmetic.ts'
import { ofValues } from './operands.ts'
import type { Operator } from './scope.ts'

/** Refuses what lies outside of the function's domain; NaN passes. */
function within([low, high]: [number, number], run: (value: number) => number): Operator {
  return ofDouble((value) => {
    if (value < low || value > high)
      throw locationError(50989, `cannot apply the function to ${value}, value must be in [${low},${high}]`)
    return run(value)
  })
}

/** Of all numbers but the infinite ones. */
function finite(run: (value: number) => number): Operator {
  return within([-Number.MAX_VALUE, Number.MAX_VALUE], run)
}

function atan2([y, x]: Value[]): Maybe {
  if (!isNumber(y)) throw locationError(51044, `$atan2 only supports numeric types, not ${typeName(y)}`)
  if (!isNumber(x)) throw locationError(51045, `$atan2 only supports numeric types, not ${typeName(x)}`)
  if (y instanceof Decimal || x instanceof Decimal) throw notSupported('$atan2 of a Decimal128')
  return double(Math.atan2(toNumber(y), toNumber(x)))
}

export const trigonometryOperators: [string, Operator][] = [
  ['$sin', finite(Math.sin)],
  ['$cos', finite(Math.cos)],
  ['$tan', finite(Math.tan)],
  ['$asin', within([-1, 1], Math.asin)],
  ['$acos', within([-1, 1], Math.acos)],
  ['$atan', ofDouble(Math.atan)],
  ['$atan2', ofValues(2, atan2)],
  ['$sinh', ofDouble(Math.sinh)],
  ['$cosh', ofDouble(Math.cosh)],
  ['$tanh', ofDouble(Math.tanh)],
  ['$asinh', ofDouble(Math.asinh)],
  ['$acosh', within([1, Infinity], Math.acosh)],
  ['$atanh', within([-1, 1], Math.atanh)],
]
