import { compareNumbers, toNumber } from '../bson/number.ts'
import { double, isNumber, typeName, type Doc, type Maybe, type Value } from '../bson/value.ts'
import { locationError, mongoError } from '../server/mongo-error.ts'
import { isNothing, named, operands } from './operands.ts'
import type { Compile, Operator } from './scope.ts'

/** How far numbers lie from their mean, by Welford's method; null where there are too few. */
export function createDeviation(sample: boolean): { add(value: Maybe): void; result(): Value } {
  let count = 0
  let mean = 0
  let squares = 0
  return {
    add(value) {
      if (!isNumber(value)) return
      count++
      const number = toNumber(value)
      const delta = number - mean
      mean += delta / count
      squares += delta * (number - mean)
    },
    result() {
      const divisor = sample ? count - 1 : count
      return divisor <= 0 ? null : double(Math.sqrt(squares / divisor))
    },
  }
}

/** `$stdDevPop: "$list"` or of several operands. */
function deviation(sample: boolean): Operator {
  return (source, compile) => {
    const list = operands(source, compile)
    return (scope) => {
      const values = list.map((item) => item(scope))
      const [only] = values
      const state = createDeviation(sample)
      for (const value of values.length === 1 && Array.isArray(only) ? only : values) state.add(value)
      return state.result()
    }
  }
}

/** What `$percentile` and `$median` ask for: values between 0 and 1. */
export function readPercentile(spec: Value, name: string, compile: Compile) {
  const several = name === '$percentile'
  const args = named(spec, name, { required: several ? ['input', 'p', 'method'] : ['input', 'method'] })
  if (args.get('method') !== 'approximate')
    throw mongoError('BadValue', "Currently only 'approximate' can be used as percentile 'method'.")
  const ranks = several ? ranksOf(args) : [0.5]
  return {
    input: compile(args.get('input')!),
    pick(values: Value[]): Value {
      const found = percentiles(values, ranks)
      return several ? found : found[0]!
    },
  }
}

function ranksOf(args: Doc): number[] {
  const given = args.get('p')!
  if (!Array.isArray(given) || given.length === 0)
    throw locationError(
      7750301,
      `The $percentile 'p' field must be an array of numbers, found ${typeName(given)}`,
    )
  return given.map((rank) => {
    if (!isNumber(rank))
      throw locationError(
        7750302,
        `The $percentile 'p' field must be an array of numbers, found ${typeName(rank)}`,
      )
    const number = toNumber(rank)
    if (number < 0 || number > 1)
      throw locationError(7750303, `The $percentile 'p' values must be in [0, 1], found ${number}`)
    return number
  })
}

/** Discrete percentiles, as MongoDB takes them of few values: the value of rank `ceil(n * p)`. */
function percentiles(values: readonly Value[], ranks: readonly number[]): Value[] {
  const numbers = values.filter(isNumber).sort(compareNumbers)
  return ranks.map((rank) => {
    const at = Math.max(0, Math.ceil(numbers.length * rank) - 1)
    return numbers.length === 0 ? null : double(toNumber(numbers[at]!))
  })
}

const percentile: Operator = (source, compile, name) => {
  const { input, pick } = readPercentile(source, name, compile)
  return (scope) => {
    const value = input(scope)
    return pick(Array.isArray(value) ? value : isNothing(value) ? [] : [value])
  }
}

export const statisticOperators: [string, Operator][] = [
  ['$stdDevPop', deviation(false)],
  ['$stdDevSamp', deviation(true)],
  ['$median', percentile],
  ['$percentile', percentile],
]
