// Functions over numbers that lie along a time or a scale.
import { rankOf, toNumber } from '../../bson/number.ts'
import { DateTime, Decimal, double, isNumber, typeName, type Maybe, type Value } from '../../bson/value.ts'
import { compileExpression } from '../../expression/compile.ts'
import { unitMs } from '../../expression/date-units.ts'
import type { Expression } from '../../expression/scope.ts'
import { locationError, mongoError, notSupported } from '../../server/mongo-error.ts'
import { readWindow, WHOLE } from './bounds.ts'
import { accumulate, demandSort, namedOperands, unusable, type Maker } from './function-source.ts'

/** `$derivative` and `$integral`: of an input over the time or number that is sorted by. */
function slope(compute: (points: readonly Point[]) => number | null, whole: boolean): Maker {
  return (source) => {
    const spec = namedOperands(source, ['input', 'unit'])
    demandSort(source, true)
    if (!spec.has('input')) throw unusable(`${source.name} requires an 'input' expression`)
    const input = compileExpression(spec.get('input')!)
    const given = spec.get('unit')
    const unit = given === undefined ? null : unitMs(given, source.name)
    if (source.window === undefined && !whole)
      throw unusable(`${source.name} requires explicit window bounds`)
    const window = source.window === undefined ? WHOLE : readWindow(source.window, source.sort)
    return ({ scopes, values }) => {
      const bounds = window.open(scopes.length, values)
      const points = scopes.map((scope, at) => pointOf(values[at], input(scope), unit))
      return scopes.map((_, at) => {
        const [first, last] = bounds(at)
        const result = compute(points.slice(first, last + 1))
        return result === null ? null : double(result)
      })
    }
  }
}

interface Point {
  x: number
  y: number
}

function pointOf(at: Maybe, value: Maybe, unit: number | null): Point {
  if (!isNumber(value)) throw locationError(5624902, `input must be a number, but it was ${typeName(value)}`)
  const y = toNumber(value)
  if (at instanceof DateTime) {
    if (unit === null) throw locationError(5624900, "the sortBy is a date, so 'unit' must be specified")
    return { x: at.ms / unit, y }
  }
  if (!isNumber(at) || unit !== null)
    throw locationError(
      5624901,
      `the sortBy must be a ${unit === null ? 'number' : 'date'}, but it was ${typeName(at)}`,
    )
  return { x: toNumber(at), y }
}

function derivative(points: readonly Point[]): number | null {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || points.length < 2) return null
  if (last.x === first.x) return null
  return (last.y - first.y) / (last.x - first.x)
}

/** By trapezoids. */
function integral(points: readonly Point[]): number | null {
  if (points.length === 0) return null
  let sum = 0
  for (let i = 1; i < points.length; i++)
    sum += ((points[i]!.y + points[i - 1]!.y) * (points[i]!.x - points[i - 1]!.x)) / 2
  return sum
}

function covariance(sample: boolean): Maker {
  return ({ name, operand, window, sort }) => {
    if (!Array.isArray(operand) || operand.length !== 2)
      throw unusable(`${name} requires an array of two expressions`)
    const [x, y] = operand.map(compileExpression) as [Expression, Expression]
    return accumulate(readWindow(window, sort), (scopes) => {
      const pairs: Point[] = []
      return {
        add(at) {
          const [a, b] = [x(scopes[at]!), y(scopes[at]!)]
          if (isNumber(a) && isNumber(b)) pairs.push({ x: toNumber(a), y: toNumber(b) })
        },
        result() {
          const divisor = sample ? pairs.length - 1 : pairs.length
          if (divisor <= 0) return null
          const mean = (read: (pair: Point) => number) =>
            pairs.reduce((sum, pair) => sum + read(pair), 0) / pairs.length
          const [meanX, meanY] = [mean((pair) => pair.x), mean((pair) => pair.y)]
          return double(pairs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / divisor)
        },
      }
    })
  }
}

/** The last value that there was. */
const locf: Maker = ({ name, operand, window }) => {
  if (window !== undefined) throw unusable(`${name} does not accept a 'window' field`)
  const input = compileExpression(operand)
  return ({ scopes }) => {
    let last: Value = null
    return scopes.map((scope) => (last = input(scope) ?? last))
  }
}

const linearFill: Maker = (source) => {
  const { name, operand, window, sort } = source
  if (window !== undefined) throw unusable(`${name} does not accept a 'window' field`)
  if (sort.length !== 1)
    throw locationError(
      605001,
      '$linearFill must be specified with a top level sortBy expression with exactly one element',
    )
  const input = compileExpression(operand)
  return ({ scopes, values }) =>
    interpolated(
      scopes.map((scope) => input(scope) ?? null),
      values,
    )
}

function interpolated(list: Value[], values: readonly Maybe[]): Maybe[] {
  const out: Maybe[] = [...list]
  const places = list.flatMap((value, at) => (value === null ? [] : [at]))
  for (const [i, from] of places.entries()) {
    const to = places[i + 1]
    if (to === undefined || to === from + 1) continue
    const [a, b] = [numberOf(list[from]!), numberOf(list[to]!)]
    const [x0, x1] = [placeOf(values[from]), placeOf(values[to])]
    for (let at = from + 1; at < to; at++) {
      const x = placeOf(values[at])
      if (x === x0 || x === x1)
        throw locationError(6050106, 'There can be no repeated values in the sort field')
      out[at] = double(a + ((b - a) * (x - x0)) / (x1 - x0))
    }
  }
  return out
}

function numberOf(value: Value): number {
  if (value instanceof Decimal) throw notSupported('$linearFill of a Decimal128')
  if (isNumber(value)) return toNumber(value)
  throw mongoError(
    'TypeMismatch',
    `Value to be filled must be numeric or nullish, but got ${typeName(value)}`,
  )
}

function placeOf(value: Maybe): number {
  if (value instanceof DateTime) return value.ms
  if (isNumber(value) && rankOf(value) < 3) return toNumber(value)
  throw mongoError(
    'TypeMismatch',
    `$linearFill requires a sortBy of numbers or dates, found ${typeName(value)}`,
  )
}

export const SERIES: Readonly<Record<string, Maker>> = {
  $derivative: slope(derivative, false),
  $integral: slope(integral, true),
  $covariancePop: covariance(false),
  $covarianceSamp: covariance(true),
  $locf: locf,
  $linearFill: linearFill,
}
