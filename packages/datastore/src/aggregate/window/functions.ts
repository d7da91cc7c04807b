// What is computed over windows: the accumulators of `$group`, and functions that know places and neighbours.
import { toInt64, toNumber } from '../../bson/number.ts'
import { Decimal, double, isDoc, isNumber, typeName, type Doc, type Value } from '../../bson/value.ts'
import { compileExpression, evaluateConstant } from '../../expression/compile.ts'
import type { SortField } from '../../query/sort.ts'
import { locationError, notSupported } from '../../server/mongo-error.ts'
import { ACCUMULATORS, compileAccumulator } from '../accumulators.ts'
import { readWindow } from './bounds.ts'
import {
  accumulate,
  demandSort,
  namedOperands,
  unusable,
  type FunctionSource,
  type Maker,
  type WindowFunction,
} from './function-source.ts'
import { SERIES } from './series.ts'

/** Compiles `{ $sum: …, window: … }`. @throws FailedToParse (9) and the numbers of the functions */
export function compileWindowFunction(
  spec: Value,
  field: string,
  sort: readonly SortField[],
): WindowFunction {
  if (!isDoc(spec)) throw unusable(`The field '${field}' must be an object, found ${typeName(spec)}`)
  const names = [...spec.keys()].filter((name) => name !== 'window')
  const [name] = names
  if (name === undefined || names.length > 1 || !name.startsWith('$'))
    throw unusable(`Expected exactly one window function for the field '${field}'`)
  const source = { name, operand: spec.get(name)!, window: spec.get('window'), sort }
  const make = SPECIAL[name]
  if (make) return make(source)
  if (!ACCUMULATORS.has(name)) throw unusable(`Unrecognized window function, ${name}`)
  return overWindow(source)
}

function overWindow({ name, operand, window, sort }: FunctionSource): WindowFunction {
  const bounds = readWindow(window, sort)
  const make = compileAccumulator(name, operand)
  return accumulate(bounds, (scopes) => {
    const state = make()
    return { add: (at) => state.add(scopes[at]!), result: () => state.result() }
  })
}

/** `$rank`, `$denseRank`, `$documentNumber`. */
function ranking(next: (rank: number, at: number, tied: boolean) => number): Maker {
  return (source) => {
    const { name, operand, window } = source
    if (window !== undefined) throw locationError(5371601, `${name} does not accept a 'window' field`)
    if (!isDoc(operand) || operand.size > 0)
      throw locationError(5371603, `${name} must be specified with '{}'`)
    demandSort(source, name !== '$documentNumber')
    return ({ tied }) => {
      let rank = 0
      return tied.map((same, at) => (rank = next(rank, at, same)))
    }
  }
}

const shift: Maker = (source) => {
  const spec = namedOperands(source, ['output', 'by', 'default'])
  if (source.window !== undefined) throw unusable("$shift does not accept a 'window' field")
  demandSort(source, false)
  const by = spec.get('by')
  const count = isNumber(by) && toInt64(by) !== null ? toNumber(by) : null
  if (count === null) throw unusable("'$shift:by' field must be an integer")
  if (!spec.has('output')) throw unusable("$shift requires 'output'")
  const output = compileExpression(spec.get('output')!)
  const fallback = spec.has('default') ? (evaluateConstant(spec.get('default')!) ?? null) : null
  return ({ scopes }) =>
    scopes.map((_, at) => {
      const other = scopes[at + count]
      return other ? (output(other) ?? null) : fallback
    })
}

const expMovingAvg: Maker = (source) => {
  const spec = namedOperands(source, ['input', 'N', 'alpha'])
  if (source.window !== undefined) throw unusable("$expMovingAvg does not accept a 'window' field")
  demandSort(source, false)
  if (!spec.has('input')) throw unusable("$expMovingAvg requires 'input'")
  if (spec.has('N') === spec.has('alpha')) throw unusable('$expMovingAvg requires exactly one of N and alpha')
  const alpha = alphaOf(spec)
  const input = compileExpression(spec.get('input')!)
  return ({ scopes }) => {
    let average: number | null = null
    return scopes.map((scope) => {
      const value = input(scope)
      if (value instanceof Decimal) throw notSupported('$expMovingAvg of a Decimal128')
      if (!isNumber(value)) return average === null ? null : double(average)
      const number = toNumber(value)
      average = average === null ? number : number * alpha + average * (1 - alpha)
      return double(average)
    })
  }
}

function alphaOf(spec: Doc): number {
  const n = spec.get('N')
  if (n !== undefined) {
    const count = isNumber(n) && toInt64(n) !== null ? toNumber(n) : 0
    if (count <= 0) throw unusable("'N' field must be an integer greater than 0")
    return 2 / (count + 1)
  }
  const alpha = spec.get('alpha')!
  const number = isNumber(alpha) ? toNumber(alpha) : NaN
  if (!(number > 0 && number < 1)) throw unusable("'alpha' must be between 0 and 1 (exclusive)")
  return number
}

const SPECIAL: Readonly<Record<string, Maker>> = {
  $rank: ranking((rank, at, tied) => (tied ? rank : at + 1)),
  $denseRank: ranking((rank, _, tied) => (tied ? rank : rank + 1)),
  $documentNumber: ranking((_, at) => at + 1),
  $shift: shift,
  $expMovingAvg: expMovingAvg,
  ...SERIES,
}
